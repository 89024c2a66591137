"""What other rooms and the pages may ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from xaso.documents import builtin, checking
from xaso.documents.checking import Checked
from xaso.documents.models import Book, Number, TemplateVersion
from xaso.documents.refusals import NoTemplate
from xaso.documents.rendering import sheets
from xaso.documents.rendering.sheets import Sheet
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


def checked(text: str, *, commune: Commune) -> Checked:
    """Return the verdict on the signed text of a slip, as of now and this commune."""
    return checking.checked(text, commune=commune)
