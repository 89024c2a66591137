"""The open reports whose time runs out, for one official: computed when the page is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import spoken_code
from xaso.kernel.working_time.calendar import Calendar
from xaso.reports import catalogue, deadlines, lateness
from xaso.reports.lateness import Pressed
from xaso.reports.models import OPEN, Report, State
from xaso.reports.queries import board

LABELS: dict[int, Sentence] = {
    lateness.OVER: _("Quá hạn trên 2 ngày làm việc"),
    lateness.FULL: _("Quá hạn"),
    lateness.MOST: _("Đã dùng 80% thời gian"),
    lateness.HALF: _("Đã dùng một nửa thời gian"),
}


@dataclass(frozen=True)
class Line:
    """One report whose time runs out, as a page shows it."""

    code: str
    title: str
    who: str
    state: str
    due_at: datetime
    level: int

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


def pressing_me(
    commune: Commune, by: Actor, now: datetime
) -> Sequence[tuple[int, Sentence, Sequence[Line]]]:
    """Return what one official is told of, in groups; a leader sees all that used 80 %.

    Six statements, however many reports.
    """
    kinds = catalogue.of(commune.id)
    found = [each for each in lateness.pressed(commune.id, now) if _is_mine(each, by)]
    lines = [_line(each, kinds) for each in found]
    return [
        (level, label, of_level)
        for level, label in LABELS.items()
        if (of_level := [line for line in lines if line.level == level])
    ]


def moved_by(commune: Commune, by: Calendar) -> int:
    """Return how many open promises a calendar would move later; for the preview of a draft."""
    rows = Report.objects.filter(commune=commune, state__in=OPEN, is_drill=False)
    rows = rows.exclude(state=State.WAITING_INFO).select_related("term")
    found = rows.prefetch_related("clock_entries")
    return sum(deadlines.followed(report, by) is not None for report in found)


def _is_mine(each: Pressed, by: Actor) -> bool:
    is_led = by.is_one_of("leader") and each.level >= lateness.MOST
    return is_led or int(by.id) in each.told


def _line(each: Pressed, kinds: catalogue.Categories) -> Line:
    report = each.report
    kind = kinds.by_id[report.category_id]
    village = report.village.full_name if report.village else ""
    unit = report.unit.name if report.unit else ""
    return Line(
        code=report.code,
        title=board.title(report.text or "", kind.name, village),
        who=str(report.assignee) if report.assignee else unit,
        state=str(report.get_state_display()),
        due_at=report.due_at,
        level=each.level,
    )
