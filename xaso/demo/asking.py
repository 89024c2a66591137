"""A few requests for a later date that wait for somebody's yes when the demo opens."""

from datetime import datetime

from xaso.demo.towns import Town
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports.models import Report, State

MOST = 3
_SORRY = "Xin lỗi bà con, mấy hôm nay mưa nên đội thợ chưa làm được, xã xin hẹn thêm ít ngày."


def ask(town: Town, until: datetime) -> int:
    """Let the people in charge ask for more time; return how many did."""
    asked = 0
    with tenancy.inside(town.id), clock.at(until):
        rows = Report.objects.filter(commune=town.commune, state=State.IN_PROGRESS)
        for report in rows.exclude(assignee=None).select_related("assignee").order_by("due_at"):
            if asked == MOST:
                break
            asked += _try(report, town)
    return asked


def _try(report: Report, town: Town) -> int:
    assert report.assignee is not None  # noqa: S101  (the caller left the others out)
    by: Actor = identity.official_actor(report.assignee, town.commune)
    try:
        reports.ask_approval(report, reports.Asking("extend", _SORRY, "weather", 3), by=by)
    except Refusal:
        return 0
    return 1
