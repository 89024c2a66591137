"""How much two records look like one person, in points. No number of points decides by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from xaso.kernel.text import similarity
from xaso.population.births import Partial, may_be_same
from xaso.population.models.words import Precision, Sex

SURE, POSSIBLE = 100, 70
_ALIKE = 0.6


@dataclass(frozen=True)
class Side:
    """What of a record is compared."""

    fold: str
    tight: str
    sound: str
    sex: str = Sex.UNKNOWN
    birth: Partial = field(default_factory=Partial)
    village: int | None = None
    households: frozenset[object] = frozenset()
    numbers: frozenset[bytes] = frozenset()


def score(a: Side, b: Side) -> int:
    """Return the points of a pair."""
    return sum(points for _signal, points in signals(a, b))


def signals(a: Side, b: Side) -> Sequence[tuple[str, int]]:
    """Return each signal that speaks for or against, with its points."""
    found = [*_name(a, b), *_birth(a.birth, b.birth)]
    if a.numbers & b.numbers:
        found.append(("same_number", 100))
    elif a.numbers and b.numbers:
        found.append(("other_number", -80))
    if a.households & b.households:
        found.append(("same_household", 25))
    elif a.village is not None and a.village == b.village:
        found.append(("same_village", 10))
    if {a.sex, b.sex} == {Sex.MALE, Sex.FEMALE}:
        found.append(("other_sex", -30))
    return found


def is_same_name(a: Side, b: Side) -> bool:
    """Return whether the names speak for one person at all."""
    return bool(_name(a, b))


def _name(a: Side, b: Side) -> list[tuple[str, int]]:
    if a.tight == b.tight:
        return [("same_name", 40)]
    if a.sound == b.sound:
        return [("same_sound", 30)]
    return [("alike_name", 20)] if similarity(a.fold, b.fold) >= _ALIKE else []


def _birth(a: Partial, b: Partial) -> list[tuple[str, int]]:
    if a.day is None or b.day is None:
        return []
    if a.precision == b.precision == Precision.DAY and a.day == b.day:
        return [("same_birth", 30)]
    if a.day.year == b.day.year or may_be_same(a, b):
        return [("same_year", 15)]
    apart = abs(a.day.year - b.day.year)
    if apart == 1:
        return [("next_year", 5)]
    return [("far_years", -40)] if apart > 2 else []
