"""Reports as rows of a table: for officials by any filter, for everybody the published ones.

Neither holds a name, a phone, an exact point or unpublished words: a file leaves the house.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid, Sentence
from xaso.kernel.text import dates
from xaso.reports import catalogue, states
from xaso.reports.models import OPEN, Outcome, Report, State, Visibility
from xaso.reports.models.words import Channel
from xaso.reports.queries import stones
from xaso.reports.queries.inbox import InboxFilter, wanted_rows

MOST = 50_000
Row = dict[str, str | int | float | bool | date | datetime | None]

# Column → what it says. The names are the file's own: plain ASCII, the same in every language.
STAFF: Mapping[str, Sentence] = {
    "code": _("Mã phản ánh"),
    "received_at": _("Nhận lúc"),
    "category_code": _("Mã loại việc"),
    "category": _("Loại việc"),
    "village_code": _("Mã bản"),
    "village": _("Bản"),
    "landmark": _("Chỗ cụ thể"),
    "lat": _("Vĩ độ, làm tròn khoảng 100 mét"),
    "lon": _("Kinh độ, làm tròn khoảng 100 mét"),
    "channel": _("Cách gửi"),
    "state": _("Trạng thái"),
    "unit": _("Đơn vị"),
    "assignee": _("Người làm"),
    "due_at": _("Hẹn trả lời"),
    "first_due_at": _("Hẹn lần đầu"),
    "answered_at": _("Trả lời lúc"),
    "on_time": _("Đúng hẹn lần đầu"),
    "outcome": _("Kết quả"),
    "reopened": _("Số lần mở lại"),
    "followers": _("Số người cùng gặp"),
    "public_text": _("Lời đã đăng công khai"),
}
OPEN_DATA: Mapping[str, Sentence] = {
    "code": _("Mã phản ánh"),
    "received_on": _("Ngày nhận; phản ánh đã xóa theo quy định chỉ còn tháng, ghi ngày 1"),
    "category_code": _("Mã loại việc, theo Open311"),
    "category": _("Loại việc"),
    "village_code": _("Mã bản"),
    "village": _("Bản"),
    "lat": _("Vĩ độ, làm tròn khoảng 100 mét; trống với loại việc nhạy cảm"),
    "lon": _("Kinh độ, làm tròn như vĩ độ"),
    "status": _("open: còn chờ trả lời; closed: đã xong"),
    "state": _("Trạng thái bằng lời"),
    "due_on": _("Ngày hẹn trả lời"),
    "first_due_on": _("Ngày hẹn lần đầu"),
    "answered_on": _("Ngày trả lời"),
    "on_time": _("Trả lời đúng hẹn lần đầu hay không; trống khi chưa trả lời"),
    "reopened": _("Số lần mở lại"),
    "followers": _("Số người cùng gặp"),
    "url": _("Trang công khai của phản ánh"),
}
_COLUMNS = (
    "code", "received_at", "category_id", "village__code", "village__kind", "village__name",
    "landmark", "public_lat", "public_lon", "channel", "state", "unit__name",
    "assignee__full_name", "due_at", "first_due_at", "answered_at", "outcome", "reopen_count",
    "follower_count", "public_text", "visibility",
)  # fmt: skip


@dataclass(frozen=True)
class Between:
    """From a day up to and with a day, in the commune's time."""

    first: date
    last: date

    def narrow(self, rows: QuerySet[Report]) -> QuerySet[Report]:
        """Keep what came in these days."""
        start = datetime.combine(self.first, time.min, dates.ZONE)
        end = datetime.combine(self.last + timedelta(days=1), time.min, dates.ZONE)
        return rows.filter(received_at__gte=start, received_at__lt=end)


class TooManyRows(Invalid):
    """More rows than one file may hold."""

    sentence = _("Nhiều hơn 50.000 dòng. Bác chọn khoảng ngày ngắn hơn rồi tải từng phần.")


def staff_rows(
    commune: Commune, wanted: InboxFilter, between: Between, *, by: Actor
) -> Iterator[Row]:
    """Yield the rows of a filter and a period, newest first; sealed ones never.

    Refuses with TooManyRows before the first row.
    """
    kinds = catalogue.of(commune.id)
    rows = between.narrow(wanted_rows(commune, wanted, kinds, by))
    rows = rows.exclude(visibility=Visibility.SEALED)
    return (_staff(row, kinds) for row in _read(rows))


def open_rows(commune: Commune, between: Between, *, root: str = "") -> Iterator[Row]:
    """Yield the published reports of a period, newest first; `root` goes before each page's path.

    Refuses with TooManyRows before the first row.
    """
    kinds = catalogue.of(commune.id)
    rows = Report.objects.filter(commune=commune, visibility=Visibility.PUBLIC)
    rows = rows.exclude(state=State.DUPLICATE)  # counted as a follower of the first report
    board = root + reverse("reports:board")
    kept = (_open(row, kinds, board) for row in _read(between.narrow(rows)))
    return chain(kept, _erased(commune, between, kinds, board))


def _erased(
    commune: Commune, between: Between, kinds: catalogue.Categories, board: str
) -> Iterator[Row]:
    """Yield a row for each published report that was erased: sums and shares stay."""
    found = stones.published(commune, between.first, between.last)
    villages = Village.objects.filter(commune=commune, code__in={s.village for s in found})
    names = {village.code: village.full_name for village in villages}
    nothing: Row = dict.fromkeys(OPEN_DATA)
    for stone in found:
        kind = kinds.by_code.get(stone.category)
        facts: Row = {
            "code": stone.code,
            "received_on": stone.received_month,
            "category_code": stone.category,
            "category": kind.name if kind else None,
            "village_code": stone.village or None,
            "village": names.get(stone.village),
            "status": "closed",
            "state": str(states.PUBLIC[State(stone.state)]),
            "on_time": stone.on_time == "first" if stone.on_time else None,
            "reopened": stone.reopen_count,
            "followers": stone.follower_count,
            "url": f"{board}{stone.code}/",
        }
        yield nothing | facts


def _read(rows: QuerySet[Report]) -> Iterator[dict[str, Any]]:
    found = rows.order_by("-received_at", "-id").values(*_COLUMNS)
    if found[MOST : MOST + 1].exists():
        raise TooManyRows
    rows_of: Iterator[dict[str, Any]] = found[:MOST].iterator(chunk_size=2_000)
    return rows_of


def _common(row: dict[str, Any], kinds: catalogue.Categories) -> Row:
    kind = kinds.by_id[row["category_id"]]
    name = row["village__name"]
    answered = row["answered_at"]
    return {
        "code": row["code"],
        "category_code": kind.code,
        "category": kind.name,
        "village_code": row["village__code"],
        "village": f"{row['village__kind'].capitalize()} {name}" if name else None,
        "lat": row["public_lat"],
        "lon": row["public_lon"],
        "on_time": None if answered is None else answered <= row["first_due_at"],
        "reopened": row["reopen_count"],
        "followers": row["follower_count"],
    }


def _staff(row: dict[str, Any], kinds: catalogue.Categories) -> Row:
    is_public = row["visibility"] == Visibility.PUBLIC
    facts = _common(row, kinds) | {
        "received_at": row["received_at"],
        "landmark": row["landmark"],
        "channel": str(Channel(row["channel"]).label),
        "state": str(State(row["state"]).label),
        "unit": row["unit__name"],
        "assignee": row["assignee__full_name"],
        "due_at": row["due_at"],
        "first_due_at": row["first_due_at"],
        "answered_at": row["answered_at"],
        "outcome": str(Outcome(row["outcome"]).label) if row["outcome"] else None,
        "public_text": row["public_text"] if is_public else None,
    }
    return {name: facts[name] for name in STAFF}


def _open(row: dict[str, Any], kinds: catalogue.Categories, board: str) -> Row:
    state = State(row["state"])
    facts = _common(row, kinds) | {
        "received_on": _day(row["received_at"]),
        "status": "open" if state in OPEN or state == State.ANSWERED else "closed",
        "state": str(states.PUBLIC[state]),
        "due_on": _day(row["due_at"]),
        "first_due_on": _day(row["first_due_at"]),
        "answered_on": _day(row["answered_at"]),
        "url": f"{board}{row['code']}/",
    }
    return {name: facts[name] for name in OPEN_DATA}


def _day(at: datetime | None) -> date | None:
    return dates.local(at).date() if at else None
