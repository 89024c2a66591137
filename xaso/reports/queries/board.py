"""The public board: published reports, newest first, found without accents, on a list and a map."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.places.models import Commune
from xaso.reports import catalogue, states
from xaso.reports.models import OPEN, Report, State, Visibility
from xaso.reports.queries.finding import MOST_FOUND, matching

PAGE = 10  # a first page of more photos would weigh over 50 kB
MOST = 100
MOST_POINTS = 300
_TITLE = 80  # characters
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_COLUMNS = (
    "id", "code", "category_id", "village__kind", "village__name", "landmark", "state",
    "received_at", "answered_at", "due_at", "first_due_at", "public_text", "cover",
    "follower_count", "public_lat", "public_lon",
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What to show: words, category code, village key, `open` or `done`. Empty shows all."""

    words: str = ""
    category: str = ""
    village: int | None = None
    status: str = ""  # open, done


@dataclass(frozen=True)
class Line:
    """One published report in a list."""

    code: str
    title: str
    text: str
    category: str
    icon: str
    village: str
    place: str
    state: str
    state_text: str
    received_at: datetime
    answered_at: datetime | None
    due_at: datetime
    follower_count: int
    picture: Picture | None
    lat: float | None = None
    lon: float | None = None

    @property
    def is_done(self) -> bool:
        """Return whether the commune has answered."""
        return self.state in (State.ANSWERED, State.CLOSED)

    @property
    def is_open(self) -> bool:
        """Return whether the commune still owes an answer."""
        return self.state in OPEN


@dataclass(frozen=True)
class Page:
    """One page of a list, and the cursors to its neighbours (empty when there is none)."""

    lines: Sequence[Line]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True)
class Point:
    """A place on the map: one report, or several of one cell of the grid."""

    lat: float
    lon: float
    count: int
    code: str = ""
    title: str = ""
    state: str = ""


def public_list(
    commune: Commune,
    wanted: Filter | None = None,
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE,
) -> Page:
    """Return published reports, newest first; `after` goes on to older ones, `before` back.

    Three statements, whatever the size of the table: categories, rows, cover photos.
    """
    kinds = catalogue.of(commune.id)
    size = max(1, min(size, MOST))
    wanted = wanted or Filter()
    is_first = not (before or after) and wanted == Filter(words=wanted.words)
    rows = _rows(commune, wanted, kinds, most=size + 1 if is_first else MOST_FOUND)
    order = ("-received_at", "-id")
    if before:
        rows, order = rows.filter(_beyond(before, "gt")), ("received_at", "id")
    elif after:
        rows = rows.filter(_beyond(after, "lt"))
    found = list(rows.order_by(*order).values(*_COLUMNS)[: size + 1])
    is_more, found = len(found) > size, found[:size]
    if before:
        found.reverse()
    lines = _lines(found, kinds, commune)
    has_newer = is_more if before else bool(after)
    has_older = bool(before) or is_more
    return Page(
        lines,
        newer=_cursor(found[0]) if found and has_newer else "",
        older=_cursor(found[-1]) if found and has_older else "",
    )


def recent_answers(commune: Commune, limit: int = 5) -> Sequence[Line]:
    """Return the published reports that were answered last."""
    kinds = catalogue.of(commune.id)
    rows = _published(commune).filter(answered_at__isnull=False)
    rows = rows.filter(state__in=[State.ANSWERED, State.CLOSED])
    return _lines(list(rows.order_by("-answered_at").values(*_COLUMNS)[:limit]), kinds, commune)


def points(commune: Commune, wanted: Filter | None = None) -> Sequence[Point]:
    """Return at most 300 public points; more are put together on a coarser grid.

    Only the rounded points that may be seen by everybody are read.
    """
    kinds = catalogue.of(commune.id)
    rows = _rows(commune, wanted or Filter(), kinds).filter(public_lat__isnull=False)
    columns = ("code", "category_id", "public_text", "state", "public_lat", "public_lon")
    found = list(rows.order_by("-received_at").values(*columns)[: MOST_POINTS * 5])
    for decimals in (3, 2, 1):
        clusters = _clustered(found, decimals)
        if len(clusters) <= MOST_POINTS:
            break
    return [_point(group, kinds) for group in clusters.values()][:MOST_POINTS]


def title(text: str, category: str, village: str = "") -> str:
    """Return a heading: the first sentence of the published words, else what and where."""
    first = text.replace("\n", ". ").split(". ")[0].strip().rstrip(".")
    if not first:
        return f"{category}, {village}" if village else category
    if len(first) <= _TITLE:
        return first
    return first[:_TITLE].rsplit(" ", 1)[0] + "…"


def pictures(commune: Commune | UUID, digests: Sequence[str]) -> dict[str, Attachment]:
    """Return the stored photos by digest, in one statement."""
    wanted = {digest for digest in digests if digest}
    if not wanted:
        return {}
    rows = Attachment.objects.filter(commune=commune, sha256__in=wanted)
    return {row.sha256: row for row in rows}


def _published(commune: Commune) -> QuerySet[Report]:
    return Report.objects.filter(commune=commune, visibility=Visibility.PUBLIC)


def _rows(
    commune: Commune, wanted: Filter, kinds: catalogue.Categories, *, most: int = MOST_FOUND
) -> QuerySet[Report]:
    rows = _published(commune)
    if wanted.category:
        kind = kinds.by_code.get(wanted.category)
        rows = rows.filter(category=kind.id) if kind else rows.none()
    if wanted.village:
        rows = rows.filter(village=wanted.village)
    if wanted.status == "open":
        rows = rows.filter(state__in=OPEN)
    elif wanted.status == "done":
        rows = rows.filter(state__in=[State.ANSWERED, State.CLOSED])
    return matching(rows, wanted.words, is_public=True, most=most)


def _lines(
    found: Sequence[dict[str, Any]], kinds: catalogue.Categories, commune: Commune
) -> list[Line]:
    covers = pictures(commune, [row["cover"] for row in found])
    return [_line(row, kinds, covers.get(row["cover"])) for row in found]


def _line(row: dict[str, Any], kinds: catalogue.Categories, cover: Attachment | None) -> Line:
    kind = kinds.by_id[row["category_id"]]
    name = row["village__name"]
    village = f"{row['village__kind'].capitalize()} {name}" if name else ""
    heading = title(row["public_text"], kind.name, village)
    alt = _("Ảnh bà con gửi: %(title)s") % {"title": heading}
    return Line(
        code=row["code"],
        title=heading,
        text=row["public_text"],
        category=kind.name,
        icon=kind.icon,
        village=village,
        place=", ".join(filter(None, (row["landmark"], village))),
        state=row["state"],
        state_text=str(states.PUBLIC[State(row["state"])]),
        received_at=row["received_at"],
        answered_at=row["answered_at"],
        due_at=row["due_at"],
        follower_count=row["follower_count"],
        picture=_shown(cover, alt),
        lat=row["public_lat"],
        lon=row["public_lon"],
    )


def _shown(cover: Attachment | None, alt: str) -> Picture | None:
    """Return the cover photo once it is developed and while it is public."""
    if cover is None or not cover.is_public:
        return None
    found = attachments.picture(cover, alt, step=attachments.THUMBNAIL)
    return found if found.is_ready else None


def _clustered(
    found: Sequence[dict[str, Any]], decimals: int
) -> dict[tuple[float, float], list[dict[str, Any]]]:
    cells: dict[tuple[float, float], list[dict[str, Any]]] = {}
    for row in found:
        cell = (round(row["public_lat"], decimals), round(row["public_lon"], decimals))
        cells.setdefault(cell, []).append(row)
    return cells


def _point(group: Sequence[dict[str, Any]], kinds: catalogue.Categories) -> Point:
    first = group[0]
    lat = sum(row["public_lat"] for row in group) / len(group)
    lon = sum(row["public_lon"] for row in group) / len(group)
    if len(group) > 1:
        return Point(round(lat, 5), round(lon, 5), len(group))
    heading = title(first["public_text"], kinds.name(first["category_id"]))
    return Point(lat, lon, 1, first["code"], heading, first["state"])


def _cursor(row: dict[str, Any]) -> str:
    micros = (row["received_at"] - _EPOCH) // timedelta(microseconds=1)
    return urlsafe_b64encode(f"{micros:x}.{row['id']:x}".encode()).decode().rstrip("=")


def _beyond(cursor: str, side: str) -> Q:
    """Return the condition for rows on one side of a cursor; nothing for a broken one."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        micros, key = urlsafe_b64decode(padded).decode("ascii").split(".")
        moment = _EPOCH + timedelta(microseconds=int(micros, 16))
        number = int(key, 16)
    except (NotBase64, UnicodeDecodeError, ValueError, OverflowError):
        return Q(pk__in=[])
    if not 0 <= number < 2**63:
        return Q(pk__in=[])
    inclusive = {f"received_at__{side}e": moment}
    strict = Q(**{f"received_at__{side}": moment}) | Q(**{f"id__{side}": number})
    return Q(**inclusive) & strict
