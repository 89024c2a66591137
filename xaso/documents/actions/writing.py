"""From a draft to a numbered, frozen page: submit, return, approve, number, freeze."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from xaso.documents import numbers, queries
from xaso.documents.actions.moving import Step, locked, moved
from xaso.documents.actions.numbering import NumberWanted, take_number, void_number
from xaso.documents.actions.rendering import DEMO_MARK, Rendered, made
from xaso.documents.models import Document, State
from xaso.documents.rendering.filling import filled
from xaso.documents.signing.parts import NAMES
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
_CODE = 12
PREVIEW_MARK = "DỰ THẢO"


@dataclass(frozen=True)
class NewDocument:
    """A document to be signed.

    `uuid` is the asker's key: the same one again is the same document. `kind` is a key of
    `numbers.TYPES`, `form_code` a form whose template keeps places `person` and `agency`; `data`
    are the form's values as JSON allows them (times in ISO 8601) without number, date, signer and
    QR, which the office adds. `check_root` is the absolute address of the commune's home, for the
    QR. `follow_up` names a task of the asker, put off with {document, state} when the document is
    returned, issued, void, replaced or recalled.
    """

    uuid: UUID
    kind: str
    form_code: str
    subject: str
    signer: Official
    signer_position: str
    data: Mapping[str, Any] = field(default_factory=dict)
    agency: str = ""
    unit: str = ""  # abbreviation, for a công văn's sign
    book: str = "di"
    notation: str | None = None  # None: made from kind, "UBND" and unit
    check_root: str = ""
    is_public: bool = False
    origin: str = ""
    follow_up: str = ""


@transaction.atomic
def submit_for_signature(new: NewDocument, *, commune: Commune, by: Actor) -> Document:
    """Draft a document and put it before its signer in one go; a known key gives its document.

    Refuses with Invalid (kind, signer who may not sign), NoTemplate, MissingData.
    """
    known = Document.objects.filter(commune=commune, uuid=new.uuid).first()
    if known is not None:
        return known
    document = _drafted(new, commune=commune)
    document.made_by, document.made_at = by.id, clock.now()
    _check_form(document, commune)
    document = moved(document, "draft", by=by)
    return moved(document, "submit", by=by)


@transaction.atomic
def resubmit(uuid: UUID, data: Mapping[str, Any], *, commune: Commune, by: Actor) -> Document:
    """Put a returned document before its signer again, with other contents."""
    document = locked(uuid, commune=commune)
    document.data, document.reason = _plain(data), ""
    document.data_hash = _hash(document.data)
    _check_form(document, commune)
    return moved(document, "submit", by=by)


@transaction.atomic
def send_back(uuid: UUID, reason: str, *, commune: Commune, by: Actor) -> Document:
    """Return a document to its writer, with the reason; only its signer may."""
    document = locked(uuid, commune=commune)
    document.reason = clean_line(reason)[:500]
    return moved(document, "return", by=by, said=Step(document.reason))


@transaction.atomic
def approve(uuid: UUID, *, commune: Commune, by: Actor) -> Document:
    """Approve the contents; the system gives number and date at once, a job freezes the page.

    Nothing of the contents changes from here on. Refuses as the table and `take_number` do.
    """
    document = moved(locked(uuid, commune=commune), "approve", by=by)
    wanted = NumberWanted(document.book, document.uuid, document.notation, document.subject)
    document.number = take_number(wanted, commune=commune, by=by)
    document.dated = document.number.on
    document = moved(document, "number", by=SYSTEM, said=Step(document.number.shown))
    jobs.later("documents.freeze", commune=commune.id, key=str(uuid), args={"document": str(uuid)})
    return document


def freeze(uuid: UUID, *, commune: Commune) -> Document:
    """Make the page with number, date and both fields, and freeze its bytes; once is enough."""
    from xaso.documents.signing import engine  # noqa: PLC0415 - large, and few processes sign

    document = Document.objects.select_related("number").get(commune=commune, uuid=uuid)
    if document.frozen_id or document.state != State.NUMBERED or document.dated is None:
        return document
    found = queries.template(document.form_code, document.dated, commune=commune)
    mark = DEMO_MARK if commune.is_demo else ""
    paper = made(found, whole_data(document), "pdf", mark=mark)
    places = [each for each in paper.fields if each["name"] in NAMES]
    pdf = engine.prepared(paper.content, places)
    with transaction.atomic():
        document = locked(uuid, commune=commune)
        name = f"{document.code}.pdf"
        document.frozen = attachments.store_document(pdf, name=name, commune=commune, by=SYSTEM)
        document.pages, document.form_version = paper.pages, found.version
        document.save(update_fields=["frozen", "pages", "form_version"])
    return document


@transaction.atomic
def void_document(uuid: UUID, reason: str, *, commune: Commune, by: Actor) -> Document:
    """Give up a numbered document that will not be signed; its number stays as "Huỷ số"."""
    document = locked(uuid, commune=commune)
    document.reason = clean_line(reason)[:500]
    document = moved(document, "void", by=by, said=Step(document.reason))
    if document.number:
        void_number(document.number, document.reason[:300], by=by)
    return document


@transaction.atomic
def recall(uuid: UUID, reason: str, *, commune: Commune, by: Actor) -> Document:
    """Recall an issued document; the page of checking says so from now on."""
    document = locked(uuid, commune=commune)
    document.reason = clean_line(reason)[:500]
    return moved(document, "recall", by=by, said=Step(document.reason))


@transaction.atomic
def replace(uuid: UUID, by_document: UUID, *, commune: Commune, by: Actor) -> Document:
    """Say which issued document stands in place of this one."""
    document = locked(uuid, commune=commune)
    other = Document.objects.filter(commune=commune, uuid=by_document, state=State.ISSUED).first()
    if other is None or other.pk == document.pk:
        raise Invalid(errors={"by": [_("Bản thay thế phải là văn bản đã phát hành.")]})
    document.replaced_by = other
    return moved(document, "replace", by=by)


def preview(document: Document, *, commune: Commune) -> Rendered:
    """Return what was submitted as a paper, before it has a number."""
    today = dates.local(clock.now()).date()
    found = queries.template(document.form_code, document.dated or today, commune=commune)
    return made(found, whole_data(document), "pdf", mark=PREVIEW_MARK)


def whole_data(document: Document) -> dict[str, Any]:
    """Return what the form is filled with: the contents, then number, date, signer and QR."""
    check = f"{document.check_root}kiem-tra/van-ban/{document.code}/" if document.check_root else ""
    signer = dict(document.data.get("signer", {}))
    signer |= {"name": document.signer_name, "position": document.signer_position}
    return {
        **document.data,
        "number": document.number.shown if document.number else "",
        "dated": document.dated or dates.local(clock.now()).date(),
        "signer": signer,
        "qr": check or document.code,
        "check_address": check.partition("://")[2] or document.code,
    }


def _drafted(new: NewDocument, *, commune: Commune) -> Document:
    if new.kind not in numbers.TYPES:
        raise Invalid(errors={"kind": [_("Loại văn bản này chưa có trong danh mục.")]})
    signers = {person.pk for person in identity.members(commune, permission="documents.sign")}
    if new.signer.pk not in signers:
        raise Invalid(errors={"signer": [_("Người này không có quyền ký. Bác chọn người khác.")]})
    own = new.notation
    sign = numbers.notation(new.kind, "UBND", new.unit) if own is None else own
    data = _plain(new.data)
    return Document(
        commune=commune,
        uuid=new.uuid,
        code="".join(secrets.choice(_LETTERS) for _at in range(_CODE)),
        kind=new.kind,
        form_code=new.form_code,
        subject=clean_line(new.subject)[:500],
        data=data,
        data_hash=_hash(data),
        book=new.book,
        notation=sign,
        agency=clean_line(new.agency or f"UBND {commune.kind} {commune.name}")[:200],
        check_root=new.check_root[:200],
        is_public=new.is_public,
        signer=new.signer,
        signer_name=str(new.signer)[:120],
        signer_position=clean_line(new.signer_position)[:120],
        origin=new.origin[:80],
        follow_up=new.follow_up[:80],
    )


def _check_form(document: Document, commune: Commune) -> None:
    """Refuse now what the press would refuse after the number was taken."""
    today = dates.local(clock.now()).date()
    found = queries.template(document.form_code, today, commune=commune)
    filled(found.sheet, whole_data(document))


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as JSON keeps them; times become texts."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(data), default=str))
    return plain


def _hash(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
