"""How long something is kept: a rule of the book becomes a day of the commune."""

from datetime import date, datetime, time, timedelta

from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.engine import add_months
from xaso.reports.models import FINAL, Report
from xaso.reports.rulebook import Rules

_MONTHS = {"month": 1, "year": 12}


def ends(rules: Rules, key: str, begins: datetime) -> date:
    """Return the last day on which something that began at a moment is kept."""
    return moved(dates.local(begins).date(), rules, key, 1)


def cutoff(rules: Rules, key: str, now: datetime) -> datetime:
    """Return the moment: what began before it was kept to the end of its last day."""
    day = moved(dates.local(now).date(), rules, key, -1)
    return datetime.combine(day, time.min, dates.ZONE)


def moved(day: date, rules: Rules, key: str, sign: int) -> date:
    """Return a day moved by the amount of a rule, forwards (1) or back (-1)."""
    held = rules.held(key)
    amount = sign * (held.amount or 0)
    months = _MONTHS.get(held.known.unit)
    return add_months(day, amount * months) if months else day + timedelta(days=amount)


def over_since(report: Report) -> datetime | None:
    """Return since when nothing is owed any more: it was closed, rejected or joined to another."""
    if report.state not in FINAL:
        return None
    return report.closed_at or report.state_since


def today() -> date:
    """Return the commune's day."""
    return dates.local(clock.now()).date()
