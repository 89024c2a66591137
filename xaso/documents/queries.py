"""What other rooms and the pages may ask."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from xaso.documents import builtin, checking, verdicts
from xaso.documents.checking import Checked
from xaso.documents.models import (
    Book,
    Certificate,
    CheckKey,
    Document,
    Number,
    RevocationList,
    State,
    TemplateVersion,
    TrustRoot,
)
from xaso.documents.refusals import NoTemplate
from xaso.documents.rendering import sheets
from xaso.documents.rendering.sheets import Sheet
from xaso.documents.signing import court
from xaso.documents.signing.parts import Verdict
from xaso.kernel.places.models import Commune


@dataclass(frozen=True, slots=True)
class InForce:
    """A template on a day: its sheet, from when, and the commune's row (None: built in)."""

    sheet: Sheet
    valid_from: date
    row: TemplateVersion | None

    @property
    def version(self) -> str:
        """Name of the version, for the record: `1` or `2026-12`; built-in ones say so."""
        return self.row.version if self.row else f"xaso-{self.sheet.version}"


def template(code: str, on: date, *, commune: Commune) -> InForce:
    """Return the template of a form in force on a day: the commune's own, else the built-in one.

    Refuses with NoTemplate.
    """
    rows = TemplateVersion.objects.filter(
        commune=commune, code=code, state=TemplateVersion.State.PUBLISHED, valid_from__lte=on
    )
    row = rows.order_by("-valid_from").first()
    if row is not None and row.valid_from:
        return InForce(sheets.read(row.text), row.valid_from, row)
    sheet = builtin.sheets().get(code)
    if sheet is None or sheet.valid_from > on:
        raise NoTemplate(code=code)
    return InForce(sheet, sheet.valid_from, None)


def template_versions(commune: Commune, code: str = "") -> QuerySet[TemplateVersion]:
    """Return the commune's own versions, the newest first."""
    rows = TemplateVersion.objects.filter(commune=commune).order_by("code", "-made_at")
    return rows.filter(code=code) if code else rows


def forms(on: date, *, commune: Commune) -> Sequence[InForce]:
    """Return every form with the template in force on a day, in order of their codes."""
    rows = TemplateVersion.objects.filter(
        commune=commune, state=TemplateVersion.State.PUBLISHED, valid_from__lte=on
    )
    own = {row.code: row for row in rows.order_by("valid_from")}
    found = {
        code: InForce(sheet, sheet.valid_from, None)
        for code, sheet in builtin.sheets().items()
        if sheet.valid_from <= on
    }
    for code, row in own.items():
        if row.valid_from:
            found[code] = InForce(sheets.read(row.text), row.valid_from, row)
    return [found[code] for code in sorted(found)]


def book(code: str, *, commune: Commune) -> Book | None:
    """Return a book of numbers, or None before its first number."""
    return Book.objects.filter(commune=commune, code=code).first()


def numbers_of(code: str, year: int, *, commune: Commune) -> QuerySet[Number]:
    """Return the numbers of a book in a year, in order; void ones among them."""
    rows = Number.objects.filter(commune=commune, book__code=code, year=year)
    return rows.select_related("book").order_by("number")


def check_address(text: str) -> str:
    """Return the path of the checking page for a signed text; make it absolute for a QR."""
    return checking.address(text)


def devices(commune: Commune) -> Sequence[CheckKey]:
    """Return the counter machines ever registered, the newest first."""
    return checking.devices(commune)


def device(kid: str, *, commune: Commune) -> CheckKey:
    """Return a counter machine of this commune, retired or not. Refuses with UnknownDevice."""
    return checking.device(kid, commune=commune)


def signed_by(row: CheckKey, message: str, signature: str) -> None:
    """Refuse with WrongSignature what this machine did not sign word for word."""
    checking.signed_by(row, message, signature)


def checked(text: str, *, commune: Commune) -> Checked:
    """Return the verdict on the signed text of a slip, as of now and this commune."""
    return checking.checked(text, commune=commune)


@dataclass(frozen=True, slots=True)
class SignatureStatus:
    """How far a document's signatures are, for the room that asked for them.

    `state` is a `models.State`; `number` as printed and `dated` once given; `sha256` and
    `attachment` (its row's key) of the issued original; `trouble` says why the last step failed.
    """

    uuid: UUID
    state: str
    number: str
    dated: date | None
    code: str
    signer: str
    trouble: str
    reason: str
    sha256: str
    attachment: int | None
    issued_at: datetime | None

    @property
    def is_issued(self) -> bool:
        """Whether it is in force: issued, and neither replaced nor recalled."""
        return self.state == State.ISSUED


def document(uuid: UUID, *, commune: Commune) -> Document | None:
    """Return a document by its asker's key."""
    return _documents(commune).filter(uuid=uuid).first()


def by_check_code(code: str, *, commune: Commune) -> Document | None:
    """Return an issued document (also one that was replaced or recalled) by the code on it."""
    told = (State.ISSUED, State.REPLACED, State.RECALLED)
    return _documents(commune).filter(code=code.lower(), state__in=told).first()


def by_original(sha256: str, *, commune: Commune) -> Document | None:
    """Return the issued document whose original has this digest."""
    told = (State.ISSUED, State.REPLACED, State.RECALLED)
    return _documents(commune).filter(original__sha256=sha256, state__in=told).first()


def of_file(pdf: bytes, *, commune: Commune) -> Document | None:
    """Return the issued document these bytes are the original of."""
    return by_original(hashlib.sha256(pdf).hexdigest(), commune=commune)


def signature_status(uuid: UUID, *, commune: Commune) -> SignatureStatus | None:
    """Return how far a document's signatures are; None for a key nobody used."""
    found = document(uuid, commune=commune)
    if found is None:
        return None
    original = found.original
    return SignatureStatus(
        uuid=found.uuid,
        state=found.state,
        number=found.number.shown if found.number else "",
        dated=found.dated,
        code=found.code,
        signer=found.signer_name,
        trouble=found.trouble,
        reason=found.reason,
        sha256=original.sha256 if original else "",
        attachment=original.pk if original else None,
        issued_at=found.issued_at,
    )


def verify(pdf: bytes, *, commune: Commune) -> Verdict:
    """Return our verdict on any PDF, reached in a process of its own.

    By every rule where the file is an issued original of this commune, else by the rules that hold
    for a stranger's (V1 to V5).
    """
    known = of_file(pdf, commune=commune)
    if known is None:
        return court.verdict(pdf, verdicts.plain_case(commune))
    return court.verdict(pdf, verdicts.case_of(known, commune, needs_agency=True))


def to_sign(official: int, *, commune: Commune) -> QuerySet[Document]:
    """Return what waits for an official: to be approved, then to be signed; oldest first."""
    mine = _documents(commune).filter(signer=official)
    return mine.filter(state__in=(State.SUBMITTED, State.NUMBERED)).order_by("id")


def to_seal(*, commune: Commune) -> QuerySet[Document]:
    """Return what waits for the agency's signature or its time stamp, oldest first."""
    rows = _documents(commune).filter(state__in=(State.SIGNED, State.SEALED))
    return rows.order_by("id")


def documents(*, commune: Commune, state: str = "") -> QuerySet[Document]:
    """Return documents, the newest first."""
    rows = _documents(commune).order_by("-id")
    return rows.filter(state=state) if state else rows


def certificates(commune: Commune) -> QuerySet[Certificate]:
    """Return the register of certificates, those that end first at the top."""
    rows = Certificate.objects.filter(commune=commune).select_related("official")
    return rows.order_by("ended_at", "valid_to")


def roots(commune: Commune) -> QuerySet[TrustRoot]:
    """Return the roots that are trusted."""
    return TrustRoot.objects.filter(commune=commune, is_trusted=True).order_by("name")


def revocation_lists(commune: Commune) -> QuerySet[RevocationList]:
    """Return the lists at hand, without their bytes."""
    return RevocationList.objects.filter(commune=commune).defer("der").order_by("issuer")


def _documents(commune: Commune) -> QuerySet[Document]:
    rows = Document.objects.filter(commune=commune)
    return rows.select_related("number", "original", "frozen", "replaced_by", "signer")
