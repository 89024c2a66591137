"""Reports that may be of one thing: candidates by one indexed statement, then scored.

Officials compare with everything that is not sealed, by the exact place. Residents compare with
what is published, by published words, photos and the coarse place alone: neither the list, nor the
score, nor the distance may tell more than the board does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from xaso.kernel.text import fold
from xaso.reports import catalogue, likeness
from xaso.reports.models import Photo, Report

MOST = 50  # candidates
MOST_SHOWN = 5
AROUND = 0.005  # degrees
ANSWERED_WITHIN = timedelta(days=14)
COARSE_M = 200  # a published point less exact than this is a village, not a pin

_OPEN = "state IN ('new', 'accepted', 'in_progress', 'waiting_info', 'forwarded')"
_KEYS = """
    (SELECT id, received_at FROM reports_report
     WHERE commune_id = %(commune)s AND {where} AND {only}
     ORDER BY received_at DESC LIMIT {most})
"""
_ROWS = """
    SELECT r.id, r.code, r.version, r.category_id, r.village_id, v.kind, v.name, r.{text},
           r.landmark, r.km_post, r.{lat}, r.{lon}, r.{slack}, r.state, r.received_at,
           r.answered_at, r.device_hash, r.follower_count, photos.hashes, photos.digests,
           said.decision
    FROM ({keys} ORDER BY received_at DESC LIMIT {most}) AS near
    JOIN reports_report r ON r.id = near.id
    LEFT JOIN places_village v ON v.id = r.village_id
    LEFT JOIN LATERAL (
        SELECT array_agg(a.phash) FILTER (WHERE a.phash IS NOT NULL) AS hashes,
               array_agg(p.sha256 ORDER BY p."order", p.id) AS digests
        FROM reports_photo p LEFT JOIN attachments_attachment a ON a.id = p.attachment_id
        WHERE p.report_id = r.id AND p.role <> 'after' AND {photos}
    ) AS photos ON true
    LEFT JOIN reports_duplicatesuggestion said
        ON said.report_id = %(without)s AND said.other_id = r.id AND said.shown_to = %(asks)s
    WHERE r.id <> %(without)s
    ORDER BY r.received_at DESC
"""
_STAFF = {
    "text": "text",
    "lat": "lat",
    "lon": "lon",
    "slack": "accuracy_m",
    "only": "visibility <> 'sealed'",
    "photos": "true",
    "pinned": "lat IS NOT NULL",
    "answered": "state IN ('answered', 'closed')",
}
_PUBLIC = {
    "text": "public_text",
    "lat": "public_lat",
    "lon": "public_lon",
    "slack": "public_precision_m",
    "only": "visibility = 'public'",
    "photos": "p.public_file_id = p.attachment_id AND a.is_public",
    "pinned": f"public_precision_m <= {COARSE_M}",
    "answered": "state = 'answered'",
}
_COLUMNS = (
    "id", "code", "version", "category_id", "village_id", "kind", "village", "text", "landmark",
    "km_post", "lat", "lon", "slack", "state", "received_at", "answered_at", "device_hash",
    "follower_count", "hashes", "digests", "decision",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What somebody saw: a a report, or one being written. Degrees WGS 84, metres."""

    category_id: int
    at: datetime
    village_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    spot: frozenset[str] = frozenset()
    text: str = ""
    hashes: tuple[int, ...] = ()
    digests: frozenset[str] = frozenset()
    device_hash: str = ""
    key: int = 0  # of the report itself, when there is one

    @property
    def pin(self) -> tuple[float, float] | None:
        """Return the point, if both numbers are known."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


@dataclass(frozen=True)
class Other:
    """A report that may be the same matter, with why."""

    id: int
    code: str
    version: int
    category_id: int
    village: str
    landmark: str
    text: str
    state: str
    received_at: datetime
    answered_at: datetime | None
    follower_count: int
    digest: str  # of its first photo
    distance_m: float | None
    likeness: likeness.Likeness
    decision: str = ""

    @property
    def people(self) -> int:
        """Return how many told of it: the sender and those who said "me too"."""
        return self.follower_count + 1


def of_report(report: Report) -> Seen:
    """Return what a report says, for officials: the exact place, all photos."""
    rows = Photo.objects.filter(report=report).exclude(role=Photo.Role.AFTER)
    photos = list(rows.values_list("sha256", "attachment__phash"))
    return Seen(
        category_id=report.category_id,
        at=report.received_at,
        village_id=report.village_id,
        lat=report.lat,
        lon=report.lon,
        accuracy_m=report.accuracy_m,
        spot=likeness.spot(report.landmark, report.km_post),
        text=report.text or "",
        hashes=tuple(phash for _sha, phash in photos if phash is not None),
        digests=frozenset(sha for sha, _phash in photos),
        device_hash=report.device_hash,
        key=report.pk,
    )


def for_officials(report: Report, kinds: catalogue.Categories) -> Sequence[Other]:
    """Return what a report may repeat, the likest first; what was called different is left out."""
    if report.is_sealed:
        return ()
    found = _scored(report.commune_id, of_report(report), kinds, is_public=False)
    return [other for other in found if other.decision != "different"][:MOST_SHOWN]


def for_residents(commune: UUID, seen: Seen, kinds: catalogue.Categories) -> Sequence[Other]:
    """Return published matters that may be what somebody is about to send, the likest first."""
    return _scored(commune, seen, kinds, is_public=True)[:MOST_SHOWN]


def pair(report: Report, other: Report, kinds: catalogue.Categories) -> likeness.Likeness:
    """Return how alike two reports are, by everything officials know."""
    seen, known = of_report(report), of_report(other)
    return likeness.compare(_signs(seen, known, kinds, is_same_place=_same_place(seen, known)))


def candidates(commune: UUID, seen: Seen, *, is_public: bool) -> list[dict[str, Any]]:
    """Return at most fifty reports near in place and time, newest first, in one statement."""
    wheres = _wheres(seen, _PUBLIC if is_public else _STAFF)
    if not wheres:
        return []
    words = _PUBLIC if is_public else _STAFF
    keys = " UNION ".join(
        _KEYS.format(where=where, only=words["only"], most=MOST) for where in wheres
    )
    lat, lon = seen.lat or 0, seen.lon or 0
    given: dict[str, Any] = {
        "commune": commune,
        "without": seen.key,
        "asks": "resident" if is_public else "official",
        "village": seen.village_id or 0,
        "south": lat - AROUND,
        "north": lat + AROUND,
        "west": lon - AROUND,
        "east": lon + AROUND,
        "since": seen.at - ANSWERED_WITHIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(keys=keys, most=MOST, **words), given)
        return [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _wheres(seen: Seen, words: dict[str, str]) -> list[str]:
    """Return the conditions to look under: around the pin, in the village, answered lately."""
    box = "{lat} BETWEEN %(south)s AND %(north)s AND {lon} BETWEEN %(west)s AND %(east)s"
    near = box.format(**words)
    village = "village_id = %(village)s"
    places = []
    if seen.pin:
        places = [f"{near} AND {words['pinned']}"]
        if seen.village_id:
            places.append(f"{village} AND ({words['pinned']}) IS NOT TRUE")
    elif seen.village_id:
        places = [village]
    if not places:
        return []
    either = " OR ".join(f"({place})" for place in places)
    answered = f"{words['answered']} AND answered_at >= %(since)s AND ({either})"
    return [*(f"{_OPEN} AND {place}" for place in places), answered]


def _scored(
    commune: UUID, seen: Seen, kinds: catalogue.Categories, *, is_public: bool
) -> list[Other]:
    rows = candidates(commune, seen, is_public=is_public)
    found = [_other(row, seen, kinds, is_public=is_public) for row in rows]
    return sorted(
        (other for other in found if other.likeness.is_shown),
        key=lambda other: (-other.likeness.score, other.received_at),
    )


def _other(
    row: dict[str, Any], seen: Seen, kinds: catalogue.Categories, *, is_public: bool
) -> Other:
    known = _known(row, is_public=is_public)
    signs = _signs(seen, known, kinds, is_same_place=_same_place(seen, known))
    return Other(
        id=row["id"],
        code=row["code"],
        version=row["version"],
        category_id=row["category_id"],
        village=f"{row['kind'].capitalize()} {row['village']}" if row["village"] else "",
        landmark=row["landmark"],
        text=row["text"] or "",
        state=row["state"],
        received_at=row["received_at"],
        answered_at=row["answered_at"],
        follower_count=row["follower_count"],
        digest=next(iter(row["digests"] or ()), ""),
        distance_m=signs.distance_m,
        likeness=likeness.compare(signs),
        decision=row["decision"] or "",
    )


def _known(row: dict[str, Any], *, is_public: bool) -> Seen:
    is_pin = not is_public or (row["slack"] or COARSE_M + 1) <= COARSE_M
    return Seen(
        category_id=row["category_id"],
        at=row["received_at"],
        village_id=row["village_id"],
        lat=row["lat"] if is_pin else None,
        lon=row["lon"] if is_pin else None,
        accuracy_m=row["slack"],
        spot=likeness.spot(row["landmark"], row["km_post"]),
        text=row["text"] or "",
        hashes=tuple(row["hashes"] or ()),
        digests=frozenset(row["digests"] or ()),
        device_hash=row["device_hash"],
        key=row["id"],
    )


def _signs(
    seen: Seen, known: Seen, kinds: catalogue.Categories, *, is_same_place: bool
) -> likeness.Signs:
    kind = kinds.by_id[seen.category_id]
    has_pins = seen.pin is not None and known.pin is not None
    hours = abs((seen.at - known.at).total_seconds()) / 3_600
    return likeness.Signs(
        hours=hours,
        category=_category(kind, kinds.by_id[known.category_id]),
        distance_m=likeness.metres(seen.pin, known.pin) if seen.pin and known.pin else None,
        slack_m=(seen.accuracy_m or 0) + (known.accuracy_m or 0) if has_pins else 0,
        place=_place(seen, known),
        text=likeness.words_alike(seen.text, known.text),
        photo_bits=likeness.bits_apart(seen.hashes, known.hashes),
        within_m=kind.alike_within_m,
        days=kind.alike_days,
        is_sent_again=_is_sent_again(seen, known, hours, is_same_place=is_same_place),
    )


def _category(kind: catalogue.Kind, other: catalogue.Kind) -> float:
    if kind.id == other.id:
        return 1.0
    return likeness.SAME_GROUP if kind.parent_id and kind.parent_id == other.parent_id else 0.0


def _place(seen: Seen, known: Seen) -> float:
    """Return how near two places are, where one of them has no pin."""
    if seen.village_id is None or seen.village_id != known.village_id:
        return 0.0
    return likeness.SAME_SPOT if seen.spot & known.spot else likeness.SAME_VILLAGE


def _same_place(seen: Seen, known: Seen) -> bool:
    where = (seen.village_id, seen.spot, seen.pin)
    return where == (known.village_id, known.spot, known.pin)


def _is_sent_again(seen: Seen, known: Seen, hours: float, *, is_same_place: bool) -> bool:
    """Return whether one hand sent it twice: the same photo, or the same words and place."""
    if hours <= likeness.PHOTO_HOURS and seen.device_hash and seen.digests & known.digests:
        return seen.device_hash == known.device_hash
    is_quick = hours * 60 <= likeness.WORDS_MINUTES
    return bool(is_quick and is_same_place and seen.text and fold(seen.text) == fold(known.text))


def digests(found: Iterable[Other]) -> list[str]:
    """Return the first photos of what was found."""
    return [other.digest for other in found if other.digest]
