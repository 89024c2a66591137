"""Which requests a client asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from xaso.reports.open311 import moments
from xaso.reports.open311.faults import Fault, Faulty

MOST_CODES = 100
MOST_ROWS = 1_000
_DEEPEST = 1_000_000  # rows before the page asked for
_STATUSES = frozenset({"open", "closed"})

T = TypeVar("T")
Params = Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """What to show; `codes` overrides everything else."""

    codes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: frozenset[str] = field(default_factory=frozenset)  # empty: all
    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    page: int = 1
    size: int = MOST_ROWS
    is_extended: bool = False

    @property
    def before(self) -> int:
        """Return how many rows lie on earlier pages."""
        return (self.page - 1) * self.size


def wanted(params: Params, now: datetime) -> Wanted:
    """Return what a client asks for. Refuses with Faulty, naming everything that is wrong."""
    is_extended = params.get("extensions", "").strip().lower() == "true"
    codes = _words(params, "service_request_id")
    if len(codes) > MOST_CODES:
        raise Faulty(Fault("service_request_id", _("nhiều nhất 100 mã một lần")))
    if codes:
        return Wanted(codes=tuple(dict.fromkeys(codes)), is_extended=is_extended)
    faults: list[Fault] = []
    tell = _collecting(faults)
    start, end = tell(lambda: _period(params, now)) or (now, now)
    page, size = tell(lambda: _page(params)) or (1, MOST_ROWS)
    found = Wanted(
        services=_words(params, "service_code"),
        statuses=tell(lambda: _statuses(params)) or frozenset(),
        start=start,
        end=end,
        updated_after=tell(lambda: moment(params, "updated_after")),
        updated_before=tell(lambda: moment(params, "updated_before")),
        page=page,
        size=size,
        is_extended=is_extended,
    )
    if faults:
        raise Faulty(*faults)
    return found


def moment(params: Params, name: str) -> datetime | None:
    """Return the moment a parameter names; an empty one is no moment. Refuses with Faulty."""
    text = params.get(name, "").strip()
    return moments.read(name, text) if text else None


def updates(params: Params, now: datetime) -> tuple[datetime, datetime]:
    """Return the period of updates asked for: both ends or neither. Refuses with Faulty."""
    start, end = moment(params, "start_date"), moment(params, "end_date")
    if (start is None) != (end is None):
        raise Faulty(Fault("start_date", _("cần cả start_date và end_date, hoặc bỏ cả hai")))
    return moments.window(start, end, now)


def _collecting(faults: list[Fault]) -> Callable[[Callable[[], T]], T | None]:
    """Return a function that tries something and keeps what is wrong with it."""

    def tell(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Faulty as error:
            faults.extend(error.faults)
            return None

    return tell


def _period(params: Params, now: datetime) -> tuple[datetime, datetime]:
    faults: list[Fault] = []
    tell = _collecting(faults)
    start = tell(lambda: moment(params, "start_date"))
    end = tell(lambda: moment(params, "end_date"))
    if faults:
        raise Faulty(*faults)
    return moments.window(start, end, now)


def _statuses(params: Params) -> frozenset[str]:
    asked = frozenset(_words(params, "status"))
    if asked - _STATUSES:
        raise Faulty(Fault("status", _("chỉ nhận open, closed hoặc cả hai")))
    return asked


def _page(params: Params) -> tuple[int, int]:
    size = _number(params, "page_size", MOST_ROWS, MOST_ROWS)
    page = _number(params, "page", 1, _DEEPEST)
    if (page - 1) * size > _DEEPEST:
        raise Faulty(Fault("page", _("trang xa quá, xin thu hẹp khoảng ngày")))
    return page, size


def _number(params: Params, name: str, usual: int, most: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= most):
        sentence = _("cần một số từ 1 đến %(most)d") % {"most": most}
        raise Faulty(Fault(name, sentence))
    return int(text)


def _words(params: Params, name: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in params.get(name, "").split(","))))
