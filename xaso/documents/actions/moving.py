"""One step of a document along its table: locked, checked, written down, told."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from xaso.documents.models import Document, DocumentEvent, State
from xaso.documents.states import TABLE
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.workflow.table import START
from xaso.kernel.working_time import clock

# Moves that a room above waits for; its task is put off with the document's uuid and state.
_TOLD = {State.RETURNED, State.ISSUED, State.VOID, State.REPLACED, State.RECALLED}


@dataclass(frozen=True)
class Step:
    """What is written down about a step: a text for people, the digest of the file it made."""

    text: str = ""
    sha256: str = ""


def locked(uuid: UUID, *, commune: Commune) -> Document:
    """Return a document, locked until this transaction ends. Refuses with NotFound."""
    rows = Document.objects.select_for_update(of=("self",)).select_related("number", "frozen")
    document = rows.filter(commune=commune, uuid=uuid).first()
    if document is None:
        raise NotFound
    return document


def moved(
    document: Document,
    action: str,
    *,
    by: Actor,
    said: Step = Step(),
    **facts: Any,  # noqa: ANN401
) -> Document:
    """Take a step along the table and save the document. Refuses as the table does."""
    known = {
        "signer": str(document.signer_id),
        "frozen": document.frozen_id,
        "awaits_stamp": document.awaits_stamp,
        "reason": document.reason,
    }
    before = document.state if document.pk else START
    step = TABLE.step(before, action, by, **{**known, **facts})
    document.state = step.lands(before)
    if document.pk:
        document.version += 1
    document.save()
    DocumentEvent.objects.create(
        commune_id=document.commune_id,
        document=document,
        seq=document.version,
        kind=action,
        from_state=before,
        to_state=document.state,
        actor_kind=by.kind,
        actor_id=by.id,
        at=clock.now(),
        text=said.text[:500],
        sha256=said.sha256,
    )
    changes = {"from": before, "to": document.state, "sha256": said.sha256}
    audit.record(
        f"documents.{action}", document, by=by, commune=document.commune_id, changes=changes
    )
    _tell(document)
    return document


def _tell(document: Document) -> None:
    if document.follow_up and document.state in _TOLD:
        jobs.later(
            document.follow_up,
            commune=document.commune_id,
            key=f"{document.uuid}/{document.version}",
            args={"document": str(document.uuid), "state": document.state},
        )
