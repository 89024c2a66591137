"""What waits for somebody's yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import spoken_code
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.calendar import DAY_MINUTES, Calendar
from xaso.reports import catalogue, deadlines, guards
from xaso.reports.models import OPEN, Approval
from xaso.reports.queries import board


@dataclass(frozen=True)
class Request:
    """One request as a page shows it."""

    id: int
    code: str
    title: str
    unit: str
    kind: str
    why: str
    text: str
    asked_by: str
    asked_at: datetime
    due_at: datetime
    new_due_at: datetime | None
    note: str  # why only a leader may decide
    is_mine: bool
    may_decide: bool

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


def waiting(commune: Commune, by: Actor) -> Sequence[Request]:
    """Return the open requests this official may decide or has made, oldest first.

    Three statements, however many requests.
    """
    rows = Approval.objects.filter(commune=commune, state=Approval.State.OPEN)
    rows = rows.filter(report__state__in=OPEN)
    if not by.is_one_of("leader"):
        rows = rows.filter(Q(report__unit__head=int(by.id)) | Q(asked_by=int(by.id)))
    rows = rows.select_related("report__unit", "report__village", "asked_by")
    kinds = catalogue.of(commune.id)
    calendar = deadlines.calendar(commune.id)
    drawer = _Drawer(kinds, calendar, by)
    return [drawer.request(row) for row in rows.order_by("asked_at", "id")]


def one(commune: Commune, key: int) -> Approval:
    """Return a request. Refuses with NotFound."""
    found = Approval.objects.select_related("report").filter(commune=commune, pk=key).first()
    if found is None:
        raise NotFound
    return found


class _Drawer:
    """Makes lines from rows; what is the same for every row is read once."""

    def __init__(self, kinds: catalogue.Categories, calendar: Calendar, by: Actor) -> None:
        self.kinds, self.calendar, self.by = kinds, calendar, by
        self.now = clock.now()

    def request(self, row: Approval) -> Request:
        """Return one line."""
        report, asked = row.report, row.order
        kind = self.kinds.by_id[report.category_id]
        village = report.village.full_name if report.village else ""
        is_mine = str(row.asked_by_id) == self.by.id
        note = self._note(row)
        reasons = {**guards.EXTEND_REASONS, **guards.REJECT_REASONS}
        return Request(
            id=row.pk,
            code=report.code,
            title=board.title("" if report.is_sealed else report.text or "", kind.name, village),
            unit=report.unit.name if report.unit else "",
            kind=str(row.get_kind_display()),
            why=str(reasons.get(asked.get("reason", ""), "")),
            text=asked.get("text", ""),
            asked_by=str(row.asked_by),
            asked_at=row.asked_at,
            due_at=report.due_at,
            new_due_at=self._new_due(row),
            note=note,
            is_mine=is_mine,
            may_decide=not is_mine and (not note or self.by.is_one_of("leader")),
        )

    def _new_due(self, row: Approval) -> datetime | None:
        days = int(row.order.get("days") or 0)
        if not days:
            return None
        minutes = days * DAY_MINUTES
        return deadlines.later(max(row.report.due_at, self.now), minutes, self.calendar)

    def _note(self, row: Approval) -> str:
        if row.kind != Approval.Kind.EXTEND:
            return ""
        if row.report.extension_count:
            return _("Hẹn lại lần hai: lãnh đạo xã duyệt.")
        return _("Đã quá hạn: lãnh đạo xã duyệt.") if row.report.due_at < self.now else ""
