"""Counters that boards and scorecards read, so that no page ever scans the table of reports.

What follows from an answer (rated, reopened, extended before it) is counted under the day of the
answer and the unit that gave it: a share then has one and the same whole.
"""

from collections.abc import Iterator
from datetime import date, datetime

from xaso.kernel.measures import actions as measures
from xaso.kernel.measures.cells import Cell
from xaso.kernel.text import dates
from xaso.reports import deadlines
from xaso.reports.models import Answer, Follower, Report, ReportEvent, Severity

RECEIVED = "reports.received"
ANSWERED = "reports.answered"
SEALED = "reports.sealed"
REJECTED = "reports.rejected"
REOPENED = "reports.reopened"
GIVEN = "reports.given"  # to a unit
ACKNOWLEDGED_IN = "reports.acknowledged_in"  # tenths of a working hour
ANSWERED_IN = "reports.answered_in"  # the same, of first answers
EXTENDED_BEFORE = "reports.extended_before"  # answers whose date had been moved
ASKED = "reports.asked"  # people asked what they think of an answer
RATED = "reports.rated"
GATE_REFUSED = "reports.gate_refused"
GATE_RULE = "reports.gate_rule"  # which rule refused
_METRICS = {
    "receive": RECEIVED,
    "answer": ANSWERED,
    "relay_answer": ANSWERED,
    "reject": REJECTED,
    "mark_duplicate": "reports.merged",
    "close": "reports.closed",
    "withdraw": "reports.withdrawn",
    "extend": "reports.extended",
}
_ANSWERS = ("answer", "relay_answer")
_FIRST_LOOKS = ("accept", "ask_info", "forward", "reject", "mark_duplicate")
_TENTH = 6  # minutes


def forget_place(report: Report) -> None:
    """Take a report that is being sealed out of the counts by village and category."""
    if report.is_drill or report.is_sealed:
        return
    first = ReportEvent.objects.filter(report=report, kind="receive").first()
    category = first.payload.get("category") if first and not first.digests else None
    dims = _dims(report, RECEIVED) | {"category": str(category or report.category_id)}
    day = dates.local(report.received_at).date()
    measures.count(RECEIVED, commune=report.commune_id, day=day, n=-1, dims=dims)


def count_sealed(report: Report) -> None:
    """Count a sealed report by its stream alone; it is shown per month, from five on."""
    day = dates.local(report.received_at).date()
    measures.count(SEALED, commune=report.commune_id, day=day, dims={"stream": report.stream})


def count(report: Report, action: str, now: datetime) -> None:
    """Count a step, in one statement: under its local day, or the day of the answer it is about."""
    if report.is_drill or report.is_sealed:
        return
    measures.count_all(_cells(report, action, now), commune=report.commune_id)


def given(report: Report, now: datetime) -> None:
    """Count that another unit took over."""
    cells = [Cell(GIVEN, _day(now), _unit(report), 1)]
    measures.count_all(cells, commune=report.commune_id)


def rated(report: Report, answer: Answer, score: int, n: int = 1) -> None:
    """Count what somebody thinks of an answer; `n=-1` when they change their mind."""
    dims = {"score": str(score), "unit": str(answer.unit_id or "")}
    cells = [Cell(RATED, _day(answer.answered_at), dims, n)]
    measures.count_all(cells, commune=report.commune_id)


def refused(report: Report, rules: list[str], now: datetime) -> None:
    """Count an answer the gate refused, once, and once for each rule that refused it."""
    unit = _unit(report)
    cells = [Cell(GATE_REFUSED, _day(now), unit, 1)]
    cells += [Cell(GATE_RULE, _day(now), {"rule": rule, **unit}, 1) for rule in rules]
    measures.count_all(cells, commune=report.commune_id)


def on_time(report: Report) -> str:
    """Return `first` (in the first promise), `later` (in the extended one) or `no`."""
    at = report.answered_at or report.touched_at
    if at <= report.first_due_at:
        return "first"
    return "later" if at <= report.due_at else "no"


def _cells(report: Report, action: str, now: datetime) -> Iterator[Cell]:
    if metric := _METRICS.get(action):
        yield Cell(metric, _day(now), _dims(report, metric), 1)
    if action == "accept":
        yield Cell(GIVEN, _day(now), _unit(report), 1)
    if action in _FIRST_LOOKS and report.acked_at == now:
        yield from _took(report, ACKNOWLEDGED_IN, now)
    if action in _ANSWERS:
        yield from _answered(report, now)
    if action == "reopen" and report.answered_at:
        yield Cell(REOPENED, _day(report.answered_at), _unit(report), 1)


def _answered(report: Report, now: datetime) -> Iterator[Cell]:
    """Count what belongs to an answer: how long it took, and how many may say what they think."""
    unit = _unit(report)
    if report.reopen_count == 0:
        yield from _took(report, ANSWERED_IN, now)
    if report.extension_count:
        yield Cell(EXTENDED_BEFORE, _day(now), unit, 1)
    waiting = Follower.objects.filter(report=report, ended_at__isnull=True)
    yield Cell(ASKED, _day(now), unit, 1 + waiting.count())


def _took(report: Report, metric: str, now: datetime) -> Iterator[Cell]:
    """Count the working time since receipt; hazards run on the wall's clock and are left out."""
    if report.severity == Severity.HAZARD:
        return
    tenths = round(deadlines.worked(report, now) / _TENTH)
    yield Cell(metric, _day(now), {"tenths": str(tenths), **_unit(report)}, 1)


def _dims(report: Report, metric: str) -> dict[str, str]:
    if metric == RECEIVED:
        return {"category": str(report.category_id), "village": str(report.village_id or "")}
    if metric == ANSWERED:
        return {**_unit(report), "on_time": on_time(report)}
    if metric == REJECTED:
        return {"reason": report.reason_code, **_unit(report)}
    return {"reason": report.reason_code} if report.reason_code else {}


def _unit(report: Report) -> dict[str, str]:
    return {"unit": str(report.unit_id or "")}


def _day(at: datetime) -> date:
    return dates.local(at).date()
