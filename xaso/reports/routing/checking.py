"""What is wrong with a list before it is used: rows that can never match, rows without people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely.errors import ShapelyError

from xaso.reports.routing import covering, deciding
from xaso.reports.routing.rules import Around, Rule


@dataclass(frozen=True)
class Warned:
    """What to say about one row: shadowed by an earlier one, nobody there, or unreadable."""

    shadowed_by: int | None = None  # the number of the earlier row
    shadowed_together: Sequence[int] = ()  # numbers of earlier rows that do so only together
    nobody: str = ""  # rules.Skip
    is_broken: bool = False


def warnings(
    rules: Sequence[Rule], around: Around, groups: Mapping[str, frozenset[str]]
) -> dict[int, Warned]:
    """Return what is wrong, by key of the row; `groups` are the categories of each group.

    A row is shadowed when one earlier row, with somebody there, takes everything it could take, or
    several do so together.
    """
    found: dict[int, Warned] = {}
    for position, rule in enumerate(rules):
        is_broken = _is_broken(rule)
        taking = [a for a in rules[:position] if not deciding.why_nobody(a, around)]
        earlier = () if is_broken else taking
        above = next((a.number for a in earlier if _shadows(a, rule, groups)), None)
        nobody = deciding.why_nobody(rule, around) if rule.is_enabled else None
        together: Sequence[int] = ()
        if rule.is_enabled and above is None and not is_broken:
            sound = [a for a in taking if a.is_enabled and not _is_broken(a)]
            together = covering.together(sound, rule, groups)
        number = above if rule.is_enabled else None
        warned = Warned(number, together, str(nobody or ""), is_broken)
        if warned != Warned():
            found[rule.id] = warned
    return found


def _is_broken(rule: Rule) -> bool:
    if rule.area is None:
        return False
    try:
        return not rule.shape.is_valid or rule.shape.is_empty
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        return True


def _shadows(above: Rule, below: Rule, groups: Mapping[str, frozenset[str]]) -> bool:
    """Return whether the row above takes everything the row below could take."""
    if not above.is_enabled or _is_broken(above):
        return False
    pairs = [
        (covering.leaves(above.categories, groups), covering.leaves(below.categories, groups)),
        (above.villages, below.villages),
        (above.streams, below.streams),
        (above.severities, below.severities),
        (above.channels, below.channels),
        (above.weekdays, below.weekdays),
    ]
    return (
        all(_holds(outer, inner) for outer, inner in pairs)
        and _covers_area(above, below)
        and _covers_hours(above, below)
        and _covers_days(above, below)
        and above.answers.items() <= below.answers.items()
    )


def _holds(outer: frozenset[Any], inner: frozenset[Any]) -> bool:
    """Return whether one condition lets through all that the other does; empty means any."""
    return not outer or (bool(inner) and inner <= outer)


def _covers_area(above: Rule, below: Rule) -> bool:
    if above.area is None:
        return True
    return below.area is not None and bool(above.shape.covers(below.shape))


def _covers_hours(above: Rule, below: Rule) -> bool:
    if above.time_from is None and above.time_to is None:
        return True
    minutes = [m for m in range(24 * 60) if deciding.covers_time(below, m)]
    return all(deciding.covers_time(above, m) for m in minutes)


def _covers_days(above: Rule, below: Rule) -> bool:
    starts = above.valid_from is None or (
        below.valid_from is not None and above.valid_from <= below.valid_from
    )
    ends = above.valid_to is None or (
        below.valid_to is not None and below.valid_to <= above.valid_to
    )
    return starts and ends
