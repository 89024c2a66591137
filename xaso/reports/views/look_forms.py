"""What the page of decisions sends: stretches to blank, and for each photo what becomes of it.

Every box works without script: words are ticked in the text, photos by a grid of cells. A script
adds boxes drawn on the picture, as JSON in a hidden field.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from xaso.kernel.attachments.formats.boxes import WHOLE, Box, of_cells
from xaso.reports import redaction
from xaso.reports.actions import Seen, Words
from xaso.reports.models import Photo
from xaso.reports.models.photos import PROTECTED
from xaso.reports.queries.looking import Shot, Work
from xaso.reports.redaction import Span

COLUMNS, ROWS = 12, 9
_CELL = re.compile(r"(\d{1,2})-(\d{1,2})")
_SPAN = re.compile(r"(\d{1,4})-(\d{1,4})")
_MOST_WORDS = 30  # lines of words to blank besides


@dataclass(frozen=True)
class PhotoGiven:
    """What a form says about one photo, to be drawn again after a refusal or a preview."""

    decision: str = ""
    reason: str = ""
    boxes: str = "[]"
    cells: frozenset[str] = frozenset()
    fault: str = ""


@dataclass
class Given:
    """What a form says about one report."""

    words: str = ""
    spans: list[Span] = field(default_factory=list)
    more: str = ""
    note: str = ""
    photos: dict[int, PhotoGiven] = field(default_factory=dict)
    fault: str = ""


def read(said: QueryDict, work: Work) -> Given:
    """Return a sent form; what cannot be read is as if it had not been sent."""
    text = work.report.text or ""
    more = said.get("them", "")[:2_000]
    spans = [span for value in said.getlist("che") if (span := _span(value, text))]
    spans += [mark.span for mark in redaction.added(text, more.splitlines()[:_MOST_WORDS])]
    return Given(
        words=said.get("loi", ""),
        spans=sorted(set(spans)),
        more=more,
        note=said.get("ghi_chu", "")[:1_000],
        photos={shot.id: _photo(said, shot) for shot in work.photos},
    )


def words(given: Given, work: Work) -> Words | None:
    """Return the decision about the words, or None when there is none."""
    if not given.words:
        return None
    left = [mark.kind for mark in work.marks if not _is_covered(mark.span, given.spans)]
    return Words(given.words, tuple(given.spans), tuple(left), note=given.note)


def seen(given: Given) -> dict[int, Seen]:
    """Return the decisions about photos; a reason alone keeps a protected picture hidden."""
    found = {}
    for key, photo in given.photos.items():
        decision = photo.decision
        if not decision and photo.reason in PROTECTED:
            decision = Photo.Moderation.HIDDEN
        if decision:
            found[key] = Seen(decision, photo.reason, tuple(_boxes(photo)))
    return found


def blame(given: Given, errors: Mapping[str, list[str]]) -> None:
    """Write what an action refused beside its photo, else above the whole."""
    for name, sentences in errors.items():
        key = int(name.removeprefix("photo_")) if name.startswith("photo_") else 0
        if key in given.photos:
            given.photos[key] = replace(given.photos[key], fault=" ".join(sentences))
        else:
            given.fault = " ".join(sentences)


def preview(given: Given, work: Work) -> str:
    """Return the words as everybody would read them."""
    if given.words not in ("", "ok"):
        return _("(không đăng lời)")
    return redaction.masked(work.report.text or "", given.spans)


def cells() -> list[tuple[str, str]]:
    """Return the cells of the grid over a picture, row by row: value and what a reader says."""
    return [
        (f"{column}-{row}", _("Hàng %(r)s, cột %(c)s") % {"r": row + 1, "c": column + 1})
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


def _photo(said: QueryDict, shot: Shot) -> PhotoGiven:
    return PhotoGiven(
        decision=said.get(f"anh_{shot.id}", "")[:10],
        reason=said.get(f"ly_do_{shot.id}", "")[:20],
        boxes=said.get(f"khung_{shot.id}", "[]")[:4_000] or "[]",
        cells=frozenset(said.getlist(f"o_{shot.id}")[: COLUMNS * ROWS]),
    )


def _boxes(photo: PhotoGiven) -> list[Box]:
    """Return what was drawn and what was ticked, as boxes in thousandths."""
    ticked = [(int(m[1]), int(m[2])) for cell in photo.cells if (m := _CELL.fullmatch(cell))]
    return [*_drawn(photo.boxes), *of_cells(ticked, COLUMNS, ROWS)]


def _drawn(text: str) -> list[Box]:
    try:
        found = json.loads(text)
    except ValueError:
        return []
    rows = found if isinstance(found, list) else []
    return [box for row in rows[:100] if (box := _box(row)) is not None]


def _box(row: object) -> Box | None:
    """Return a drawn box, cut to the picture."""
    if not isinstance(row, list) or len(row) != 4 or not all(type(n) is int for n in row):
        return None
    x, y = (min(max(n, 0), WHOLE) for n in row[:2])
    width, height = min(row[2], WHOLE - x), min(row[3], WHOLE - y)
    return (x, y, width, height) if width > 0 and height > 0 else None


def _span(value: str, text: str) -> Span | None:
    found = _SPAN.fullmatch(value)
    if found is None:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= len(text) else None


def _is_covered(span: Span, spans: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)
