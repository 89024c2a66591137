"""Counters that the operations centre reads, so that it never scans the table of reports."""

from datetime import datetime

from xaso.kernel.measures import actions as measures
from xaso.kernel.text import dates
from xaso.reports.models import Report

RECEIVED = "reports.received"
ANSWERED = "reports.answered"
_METRICS = {
    "receive": RECEIVED,
    "answer": ANSWERED,
    "relay_answer": ANSWERED,
    "reject": "reports.rejected",
    "mark_duplicate": "reports.merged",
    "reopen": "reports.reopened",
    "close": "reports.closed",
    "withdraw": "reports.withdrawn",
    "extend": "reports.extended",
}


def count(report: Report, action: str, now: datetime) -> None:
    """Count a step under the local day on which it happened."""
    metric = _METRICS.get(action)
    if metric is None:
        return
    day = dates.local(now).date()
    measures.count(metric, commune=report.commune_id, day=day, dims=_dims(report, metric))


def _dims(report: Report, metric: str) -> dict[str, str]:
    if metric == RECEIVED:
        return {"category": str(report.category_id), "village": str(report.village_id or "")}
    if metric == ANSWERED:
        return {"unit": str(report.unit_id or ""), "on_time": _on_time(report)}
    return {"reason": report.reason_code} if report.reason_code else {}


def _on_time(report: Report) -> str:
    """Return `first` (in the first promise), `later` (in the extended one) or `no`."""
    at = report.answered_at or report.touched_at
    if at <= report.first_due_at:
        return "first"
    return "later" if at <= report.due_at else "no"
