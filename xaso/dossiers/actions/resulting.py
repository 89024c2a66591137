"""The result as a signed paper: drafted here, signed in `documents`, and back in force as a result.

The dossier ends when the paper is issued, by the very signer, number and digest the paper carries;
nobody types them again. A paper that is sent back leaves the dossier where it is, with the reason.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.documents import actions as documents
from xaso.documents import queries as signed_papers
from xaso.documents.models import Document
from xaso.dossiers import catalogue, guards
from xaso.dossiers.actions import deciding, editing
from xaso.dossiers.given import Signed
from xaso.dossiers.models import Dossier, State
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import clean_line, clean_text, dates
from xaso.kernel.working_time import clock

FORM, KIND = "ket-qua", "ket-qua"
FOLLOW_UP = "dossiers.result_moved"
_UNDER_WAY = ("drafting", "submitted", "approved", "numbered", "signed", "sealed")


class NotAtSigning(Refusal):
    """The dossier does not stand where results are signed."""

    sentence = gettext_lazy("Hồ sơ chưa tới bước trình ký.")


class AlreadySubmitted(Refusal):
    """A result of this dossier waits for its signature."""

    sentence = gettext_lazy("Kết quả của hồ sơ này đang chờ ký. Bác xem ở mục Văn bản.")


@dataclass(frozen=True)
class NewResult:
    """What the paper says; `uuid` is made by the caller, so that a retry is the same paper."""

    uuid: UUID
    signer: Official
    position: str
    text: str
    title: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)
    check_root: str = ""


@transaction.atomic
def submit_result(dossier: Dossier, new: NewResult, *, commune: Commune, by: Actor) -> Document:
    """Put a dossier's result before its signer; the same key gives the same paper.

    Refuses with NotAtSigning, AlreadySubmitted, Invalid, and as `documents.submit_for_signature`.
    """
    known = signed_papers.document(new.uuid, commune=commune)
    if known is not None:
        return known
    row = Dossier.objects.select_for_update(of=("self",)).get(commune=commune, pk=dossier.pk)
    content = catalogue.kept(commune.id, row.frozen_id)
    facts = {"dossier": row, "content": content}
    if row.state != State.IN_PROGRESS or guards.is_at_signing(facts) or row.is_mirror:
        raise NotAtSigning
    if papers_of(row).filter(state__in=_UNDER_WAY).exists():
        raise AlreadySubmitted
    text = clean_text(new.text)[:4_000]
    if not text:
        raise Invalid(errors={"text": [_("Bác ghi nội dung kết quả.")]})
    document = documents.submit_for_signature(
        documents.NewDocument(
            uuid=new.uuid,
            kind=KIND,
            form_code=FORM,
            subject=f"{content.result.name or row.procedure.name} – {row.code}",
            signer=new.signer,
            signer_position=clean_line(new.position)[:120],
            data=_data(row, new, text, commune),
            book=KIND,
            notation="KQ-UBND",
            check_root=new.check_root,
            origin=origin(row),
            follow_up=FOLLOW_UP,
        ),
        commune=commune,
        by=by,
    )
    said = {"document": str(new.uuid), "signer": new.signer.pk}
    audit.record("dossier.result_submitted", row, by=by, commune=commune.id, changes=said)
    return document


def result_moved(uuid: UUID, *, commune: Commune) -> Dossier | None:
    """Follow a result's paper: issued ends the dossier, sent back says why. Twice changes nothing.

    Raises nothing for a paper that belongs to no dossier.
    """
    paper = signed_papers.document(uuid, commune=commune)
    key = paper.origin.partition("dossiers:")[2] if paper else ""
    row = Dossier.objects.filter(commune=commune, uuid=key).first() if key else None
    if paper is None or row is None:
        return None
    status = signed_papers.signature_status(uuid, commune=commune)
    if status is None or row.state != State.IN_PROGRESS:
        return row
    signer = Actor("official", str(paper.signer_id), "job", frozenset({"leader"}))
    if status.state == "returned":
        return editing.note(row, _("Kết quả bị trả lại: %s") % status.reason, by=signer)
    if not status.is_issued or status.dated is None or paper.original is None:
        return row
    number, _slash, _sign = status.number.partition("/")
    return deciding.sign(
        row,
        Signed(
            number=number,
            register=KIND,
            signed_on=status.dated,
            signer_id=paper.signer_id,
            name=paper.data.get("title", ""),
            attachment=paper.original,
            sha256=status.sha256,
            certificate={"document": str(uuid), "number": status.number},
            is_electronic=True,
            electronic_code=status.code,
            link=f"{paper.check_root}kiem-tra/van-ban/{status.code}/",
        ),
        by=signer,
    )


def papers_of(dossier: Dossier) -> QuerySet[Document]:
    """Return the papers that were made as this dossier's result, the newest first."""
    rows = Document.objects.filter(commune=dossier.commune_id, origin=origin(dossier))
    return rows.order_by("-id")


def origin(dossier: Dossier) -> str:
    """Return how a paper says which dossier asked for it."""
    return f"dossiers:{dossier.uuid}"


def _data(row: Dossier, new: NewResult, text: str, commune: Commune) -> dict[str, object]:
    content = catalogue.kept(commune.id, row.frozen_id)
    return {
        "agency": {
            "name": f"UBND {commune.full_name}",
            "parent": "",
            "place": commune.name,
        },
        "title": clean_line(new.title)[:200] or content.result.name or row.procedure.name,
        "about": f"Về việc {row.procedure.name}",
        "applicant": {"name": row.applicant, "address": row.address},
        "dossier": {"code": row.code, "procedure": row.procedure.name},
        "lines": [
            {"name": clean_line(name)[:200], "value": clean_line(value)[:500]}
            for name, value in new.lines
            if name.strip()
        ],
        "text": text,
        "keep": "TTPVHCC",
        "received": dates.local(row.accepted_at or clock.now()).date().isoformat(),
    }
