"""What was counted for a month, from every room that has part of it.

Dossiers and petitions never meet: each room answers for itself and this composes them. A metric no
room can answer is left out, so that it says "no data" instead of 0.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from xaso.dossiers.queries import score as dossiers
from xaso.ioc.kpi.scoring import Given, Ratio
from xaso.kernel.places.models import Commune
from xaso.reports.queries import petitions


def gather(commune: Commune, first: date, last: date) -> Given:
    """Return numerator and denominator of each metric for the days `first` to `last`, inclusive."""
    seen = petitions.counted(commune, first, last)
    found = dossiers.counted(commune, first, last)
    return {
        **{code: Ratio.of(each.part, each.whole) for code, each in found.items()},
        "PETITION_PROCESSING_ON_TIME": Ratio.of(seen.on_time, seen.received),
        "PETITION_HANDLING_SATISFACTION": Ratio.of(seen.satisfied, seen.rated),
    }


def missing(commune: Commune, first: date, last: date, code: str) -> Sequence[str]:
    """Return the codes of the dossiers or procedures a metric misses, at most 200."""
    found = dossiers.counted(commune, first, last).get(code)
    return found.missing if found else ()


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """Return the last day of a month given by its first."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def read_number(text: str) -> Decimal | None:
    """Return a number as people type it ("0,98", "1 234"), or None for an empty cell.

    Raises ValueError for anything else.
    """
    plain = text.replace(" ", "").replace("\xa0", "").replace(",", ".")
    if not plain:
        return None
    try:
        found = Decimal(plain)
    except ArithmeticError as error:
        raise ValueError(text) from error
    if not found.is_finite() or found < 0 or found >= Decimal(10) ** 12:
        raise ValueError(text)
    return found
