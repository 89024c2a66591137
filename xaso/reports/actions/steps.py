"""The frame of every step: lock the row, ask the table, write it back with history and log."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.live import actions as live
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.workflow.table import GuardRefused, Transition
from xaso.kernel.working_time import clock
from xaso.reports import hats, history, readers, states
from xaso.reports.actions import counting, exposing, telling
from xaso.reports.history import Said
from xaso.reports.models import ClockEntry, Report, Visibility

TOPIC = "reports"


_OF_SEALED = frozenset({"restream", "seal", "settle", "follow_calendar"})


class KeptSealed(GuardRefused):
    """A sealed report takes no step that would write about it where others read."""

    sentence = _("Đơn này được giữ kín, không làm bước này được.")


class Stale(Refusal):
    """Somebody changed the report after this page was drawn."""

    sentence = _("Có người vừa cập nhật phản ánh này. Bác xem bản mới rồi làm tiếp.")


@dataclass
class Step:
    """A step under way: the locked report, the row of the table, who takes it."""

    report: Report
    transition: Transition
    by: Actor
    now: datetime
    came_from: str
    was_visible: str
    clock: list[ClockEntry] = field(default_factory=list)

    def finish(self, said: Said | None = None, *, tells: bool = True) -> Report:
        """Move the report, write history, log, count, tell; return the changed report."""
        report = self.report
        action = self.transition.action
        target = self.transition.lands(self.came_from)
        if target != self.came_from:
            report.state, report.state_since = target, self.now
        report.touched_at = self.now
        self._expose()
        line = history.event(report, action, self.came_from, said or Said(), self.by)
        line.save(force_insert=True)
        if self.clock:
            ClockEntry.objects.bulk_create(self.clock)
        report.save(force_update=True)
        record(report, action, by=self.by, came_from=self.came_from)
        counting.count(report, action, self.now)
        if tells:
            telling.tell(report, line)
        announce(report)
        return report

    def _expose(self) -> None:
        """Let files follow when the report became public or private; note what waits for a look."""
        report = self.report
        if report.visibility != self.was_visible:
            exposing.settle(report, by=self.by)
        if exposing.is_unseen(report):
            report.look_since = None
        elif report.visibility == Visibility.PENDING:
            report.look_since = report.look_since or self.now


def locked(report: Report) -> Report:
    """Return the report, locked for the rest of the transaction, with its unit."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("unit", "village")
    found = rows.filter(pk=report.pk, commune=report.commune_id).first()
    if found is None:
        raise NotFound
    return found


def begin(
    report: Report, action: str, *, by: Actor, version: int | None = None, **facts: object
) -> Step:
    """Lock a report and take one row of the table for it.

    `version` is the one the person saw. Refuses with Stale, NotAllowed, NotYours, GuardRefused.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A step runs inside the transaction of its action.")
    return take(locked(report), action, by=by, version=version, **facts)


def take(
    current: Report, action: str, *, by: Actor, version: int | None = None, **facts: object
) -> Step:
    """Take one row of the table for a report that is locked already."""
    if version is not None and version != current.version:
        raise Stale
    if current.is_sealed and action not in _OF_SEALED:
        raise KeptSealed
    readers.refuse_named(current, by)
    now = clock.now()
    known = {"report": current, "now": now, "hats": hats.worn(current, by)} | facts
    row = states.TABLE.step(current.state, action, by, to=None, **known)
    return Step(current, row, by, now, current.state, current.visibility)


def record(report: Report, action: str, *, by: Actor, came_from: str) -> None:
    """Write the step into the sealed log book: states and numbers, never people's words."""
    audit.record(
        f"report.{action}",
        report,
        by=by,
        commune=report.commune_id,
        changes={"state": [str(came_from), str(report.state)], "version": report.version},
    )


def announce(report: Report) -> None:
    """Tell open screens that a report changed; they read the rest by themselves."""
    payload: dict[str, str | int] = {
        "id": report.pk,
        "version": report.version,
        "state": str(report.state),
    }
    live.announce(TOPIC, commune=report.commune_id, payload=payload)
