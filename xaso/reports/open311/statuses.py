"""Our nine states in the standard's two words, or in the finer words FixMyStreet knows."""

from xaso.reports.models import Report, State
from xaso.reports.models.words import AnswerKind

OPEN, CLOSED = "open", "closed"
CLOSED_STATES = (State.CLOSED, State.REJECTED)
# An answer is the commune's claim; closed is what the sender accepted.
_FINER = {
    State.NEW: "open",
    State.ACCEPTED: "investigating",
    State.IN_PROGRESS: "in_progress",
    State.WAITING_INFO: "investigating",
    State.FORWARDED: "internal_referral",
    State.REJECTED: "closed",
    State.DUPLICATE: "duplicate",
}
_BY_ANSWER = {
    AnswerKind.FIXED: "fixed",
    AnswerKind.PLANNED: "action_scheduled",
    AnswerKind.EXPLAINED: "no_further_action",
    AnswerKind.NOT_OURS: "not_councils_responsibility",
    AnswerKind.NOT_POSSIBLE: "no_further_action",
}


def of(report: Report) -> str:
    """Return `open` or `closed`; a duplicate has the status of what it was merged into."""
    shown = report.parent if report.state == State.DUPLICATE and report.parent else report
    return CLOSED if shown.state in CLOSED_STATES else OPEN


def after(state: str, report: Report, kind: str = "", *, is_finer: bool = False) -> str:
    """Return the status that a step led to; `kind` is that of the answer given so far."""
    if not is_finer:
        if state == State.DUPLICATE:
            return of(report)
        return CLOSED if state in CLOSED_STATES else OPEN
    if state in (State.ANSWERED, State.CLOSED):
        return _BY_ANSWER.get(AnswerKind(kind), "closed") if kind else "closed"
    return _FINER[State(state)]
