"""Make a paper from a form and data: the one door for every room above."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xaso.documents import queries
from xaso.documents.refusals import NoSuchLayout
from xaso.documents.rendering import filling, press
from xaso.documents.rendering.sheets import A4, ROLL
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.tenancy import queries as tenancy
from xaso.kernel.working_time import clock

# what a caller asks for → paper and press
OUTPUTS: Mapping[str, tuple[str, str]] = {
    "pdf": (A4, press.PDF),
    "pdf80": (ROLL, press.PDF),
    "docx": (A4, press.DOCX),
}
DEMO_MARK = "THỬ NGHIỆM"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A paper: bytes, media type, file name, pages (0 for DOCX), and which template made it.

    `fields` are places kept for signatures: {name, page, x, y, w, h}, points from the top left.
    """

    content: bytes
    media_type: str
    name: str
    pages: int
    fields: tuple[Mapping[str, Any], ...]
    template: str
    version: str


def render(form_code: str, data: Mapping[str, Any], on_date: date, output: str = "pdf") -> Rendered:
    """Return a form filled with data, by the template in force on a day in the present commune.

    `output` is `pdf` (A4), `pdf80` (80 mm roll) or `docx`. `data` are plain values: texts, whole
    numbers (đồng), dates, aware datetimes, lists of mappings; text is shown as it is and never
    read as markup. Papers of a demo commune carry "THỬ NGHIỆM" across the page. Takes some tenths
    of a second in a process of its own: not inside the lock of a book of numbers.
    Refuses with NoTemplate, NoSuchLayout, MissingData (names what is missing), PressFailed.
    """
    commune = _commune()
    found = queries.template(form_code, on_date, commune=commune)
    return made(found, data, output, mark=DEMO_MARK if commune.is_demo else "")


def made(
    found: queries.InForce, data: Mapping[str, Any], output: str, *, mark: str = ""
) -> Rendered:
    """Return a paper by one template, whether it is in force or only tried."""
    if output not in OUTPUTS:
        raise NoSuchLayout(code=f"{found.sheet.code}/{output}")
    paper, kind = OUTPUTS[output]
    filled = filling.filled(found.sheet, data, paper=paper, watermark=mark)
    file = press.made(filled, output=kind, at=clock.now())
    return Rendered(
        content=file.content,
        media_type=press.MEDIA[kind],
        name=f"{found.sheet.code}.{kind}",
        pages=file.pages,
        fields=file.fields,
        template=found.sheet.code,
        version=found.version,
    )


def _commune() -> Commune:
    """Return the commune the open transaction is inside of."""
    current = tenancy.current()
    commune = next((c for c in places.communes() if c.id == current), None)
    if commune is None:
        raise NotFound
    return commune
