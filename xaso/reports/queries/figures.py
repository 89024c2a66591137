"""Figures about reports, each with what it was counted from; never a scan of the whole table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.measures import queries as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates, numbers
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.actions import counting
from xaso.reports.models import OPEN, Report, ReportEvent, Visibility
from xaso.reports.queries import alarms, board
from xaso.reports.queries.inbox import ends

WINDOW = timedelta(days=30)  # today and the 29 days before it
_COUNTED = (
    "all", "new", "mine", "paused", "late", "today", "week", "later", "asked", "ringing",
    "look",
)  # fmt: skip
# Counting by group is what the desk asks most; the planner sees the very words of the index.
_COUNTS = """
    SELECT count(*),
           count(*) FILTER (WHERE state = 'new'),
           count(*) FILTER (WHERE assignee_id = %s),
           count(*) FILTER (WHERE NOT runs),
           count(*) FILTER (WHERE runs AND due_at < %s),
           count(*) FILTER (WHERE runs AND due_at >= %s AND due_at < %s),
           count(*) FILTER (WHERE runs AND due_at >= %s AND due_at < %s),
           count(*) FILTER (WHERE runs AND due_at >= %s),
           (SELECT count(*) FROM reports_approval WHERE commune_id = %s AND state = 'open'),
           (SELECT count(*) FROM reports_alarm WHERE commune_id = %s AND ended_at IS NULL
            AND raised_at > %s AND taken_at IS NULL AND NOT is_grouped),
           (SELECT count(*) FROM reports_report
            WHERE commune_id = %s AND look_since IS NOT NULL),
           (SELECT stamp FROM reports_catalogue WHERE commune_id = %s),
           (SELECT json_agg(json_build_array(id, name, query) ORDER BY name)
            FROM reports_savedfilter WHERE commune_id = %s AND official_id = %s),
           (SELECT json_object_agg(stream, n) FROM
               (SELECT stream, count(*) AS n FROM reports_report
                WHERE commune_id = %s AND visibility = 'sealed' AND state = 'forwarded'
                  AND NOT (is_apart AND EXISTS (
                    SELECT FROM reports_keptfrom k LEFT JOIN identity_unit u ON u.id = k.unit_id
                    WHERE k.report_id = reports_report.id AND (
                      k.official_id = %s OR u.head_id = %s OR k.unit_id IN (
                        SELECT unit_id FROM identity_roleassignment
                        WHERE official_id = %s AND (valid_to IS NULL OR valid_to > %s)))))
                GROUP BY stream) AS sealed),
           (SELECT code FROM identity_unit WHERE commune_id = %s AND id = %s AND is_open)
    FROM (SELECT state, assignee_id, due_at, state <> 'waiting_info' AS runs
          FROM reports_report
          WHERE commune_id = %s
            AND state IN ('new', 'accepted', 'in_progress', 'waiting_info', 'forwarded')
            AND visibility <> 'sealed' AND NOT is_drill) AS open
"""
_SHOWN = ("receive", "accept", "forward", "answer", "relay_answer", "reject", "reopen", "close")


@dataclass(frozen=True)
class Share:
    """A share with the two numbers it was made of, and until when they were counted."""

    part: int
    whole: int
    as_of: datetime

    @property
    def text(self) -> str:
        """Return the share in per cent; empty when there is nothing to share."""
        return numbers.share(self.part, self.whole)


@dataclass(frozen=True)
class Event:
    """Something that just happened, fit for a wall everybody can read."""

    at: datetime
    kind: str
    title: str
    village: str
    code: str


@dataclass(frozen=True)
class WallFigures:
    """What the wall shows of a commune's reports."""

    as_of: datetime
    received_today: int
    received: int
    waiting: int
    overdue: int
    answered_today: int
    on_time: Share
    events: Sequence[Event]
    points: Sequence[board.Point]


def wall_figures(commune: Commune) -> WallFigures:
    """Return the wall's figures: counters for what was done, the open index for what waits."""
    now = clock.now()
    today = dates.local(now).date()
    since, tomorrow = last_days(today)
    waiting = desk_counts(commune)
    received = measures.by_day(counting.RECEIVED, commune.id, since, tomorrow)
    answered = measures.total(counting.ANSWERED, commune.id, today, tomorrow).n
    return WallFigures(
        as_of=now,
        received_today=received[today].n if today in received else 0,
        received=sum(day.n for day in received.values()),
        waiting=waiting["all"],
        overdue=waiting["late"],
        answered_today=answered,
        on_time=on_time(commune, since, tomorrow),
        events=last_events(commune),
        points=board.points(commune, board.Filter(status="open")),
    )


def last_days(today: date) -> tuple[date, date]:
    """Return the first of the last thirty days, today included, and the day after the last."""
    return today + timedelta(days=1) - WINDOW, today + timedelta(days=1)


def on_time(commune: Commune, since: date, until: date) -> Share:
    """Return the answers given within the first promise, out of all answers of a period.

    Everywhere called "đúng hẹn đầu". The wall's "giữ đúng hẹn" is another figure: there what is
    overdue now counts against it, so that who does not answer at all does not look punctual.
    """
    found = measures.by_dim("on_time", counting.ANSWERED, commune.id, since, until)
    whole = sum(each.n for each in found.values())
    return Share(found["first"].n if "first" in found else 0, whole, clock.now())


def desk_counts(commune: Commune, by: Actor | None = None) -> dict[str, int]:
    """Return how many open reports there are, by group of the inbox and together (`all`).

    `new` are those nobody looked at, `mine` those assigned to the actor; `asked` are requests that
    wait for a yes, `ringing` alarms that nobody took, `look` reports with words or photos to look
    at before everybody does. One statement over the index of open reports.
    """
    return head(commune, by).counts


@dataclass(frozen=True)
class Kept:
    """A filter of the inbox the official kept: its key, name and query string."""

    key: int
    name: str
    query: str


@dataclass(frozen=True)
class Head:
    """What stands above the inbox: counts, the stamp of the categories, the official's filters."""

    counts: dict[str, int]
    stamp: UUID | None
    filters: Sequence[Kept]
    sealed: Mapping[str, int]  # open sealed reports by stream; not everybody may know of them
    unit_code: str  # of the official's unit, while it is open


def head(commune: Commune, by: Actor | None = None) -> Head:
    """Return what stands above the inbox, in one statement over the index of open reports."""
    now = clock.now()
    tonight, sunday = ends(now)
    mine = int(by.id) if by and by.kind == "official" else 0
    here = commune.id
    given: list[Any] = [mine, now, now, tonight, tonight, sunday, sunday]
    given += [here, here, now - alarms.SHOWN, here, here, here, mine]
    given += [here, mine, mine, mine, now, here, by.unit_id if by else None, here]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, given)
        *found, stamp, filters, sealed, code = cursor.fetchone()
    counts = dict(zip(_COUNTED, map(int, found), strict=True))
    return Head(counts, stamp, [Kept(*each) for each in filters or []], sealed or {}, code or "")


def count_unanswered(commune: Commune) -> int:
    """Return how many reports still wait for an answer."""
    rows = Report.objects.filter(commune=commune, state__in=OPEN, is_drill=False)
    return rows.exclude(visibility=Visibility.SEALED).count()


def last_events(commune: Commune, limit: int = 8) -> Sequence[Event]:
    """Return the last steps everybody may know of: what and where, never anybody's words."""
    kinds = catalogue.of(commune.id)
    rows = ReportEvent.objects.filter(commune=commune, kind__in=_SHOWN)
    rows = (
        rows.exclude(report__visibility="sealed")
        .exclude(report__is_drill=True)
        .order_by("-server_time", "-id")
    )
    found = rows.values(
        "server_time", "kind", "report__category_id", "report__village__name", "report__code"
    )
    return [
        Event(
            at=row["server_time"],
            kind=row["kind"],
            title=f"{_said(row['kind'])}: {kinds.name(row['report__category_id'])}",
            village=row["report__village__name"] or "",
            code=row["report__code"],
        )
        for row in found[:limit]
    ]


def _said(kind: str) -> str:
    said = {
        "receive": _("Bà con gửi"),
        "accept": _("Đã tiếp nhận"),
        "forward": _("Đã chuyển"),
        "reject": _("Không xử lý"),
        "reopen": _("Mở lại"),
        "close": _("Đã xong"),
    }
    return said.get(kind, _("Đã trả lời"))
