"""How likely two records are one person: points with reasons, never a decision. Pure.

Twins share household, day and parents, so nothing counts without a sign in the name or in a number.
The points are a design of ours, shipped as data: a commune's own come from `rulebook.points`. Lists
that offices send are compared by the same table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from xaso.kernel.text import similarity
from xaso.population import births
from xaso.population.births import Partial
from xaso.population.models.words import Precision, Sex

POINTS = {
    "national_id": 100,
    "birth_cert": 80,
    "name": 40,
    "sound": 30,
    "alike": 20,
    "birth_day": 30,
    "birth_year": 15,
    "year_near": 5,
    "year_far": -40,
    "household": 25,
    "village": 10,
    "kin": 25,
    "sex": -30,
    "other_id": -80,
}
BANDS = {"sure": 100, "possible": 70, "nightly": 50}  # from so many points on
Points = Mapping[str, int]  # of signals and bands together
SHIPPED: dict[str, int] = POINTS | BANDS
_NAME = frozenset({"name", "sound", "alike"})
NAME_OR_NUMBER = _NAME | {"national_id", "birth_cert"}
ALIKE = 0.6


@dataclass(frozen=True)
class Facts:
    """What is compared of one record."""

    fold: str
    fold_tight: str
    sound: str
    birth: Partial = field(default_factory=Partial)
    sex: str = Sex.UNKNOWN
    households: frozenset[UUID] = frozenset()
    village: int | None = None
    kin: frozenset[UUID] = frozenset()
    numbers: frozenset[bytes] = frozenset()  # blind indexes of national numbers
    verified: frozenset[bytes] = frozenset()  # of those, the verified ones
    certificates: frozenset[bytes] = frozenset()


@dataclass(frozen=True)
class Score:
    """Points and their reasons, strongest first; the band is a key of `BANDS` or nothing."""

    total: int
    reasons: tuple[tuple[str, int], ...]
    band: str = ""


def score(a: Facts, b: Facts, points: Points = SHIPPED) -> Score:
    """Return how much two records agree; 0 without a sign in the name or in a number."""
    found = [(name, points[name]) for name in _signals(a, b)]
    if not any(name in NAME_OR_NUMBER for name, _ in found):
        return Score(0, ())
    found.sort(key=lambda pair: -pair[1])
    total = sum(each for _, each in found)
    return Score(total, tuple(found), next((b for b in BANDS if total >= points[b]), ""))


def is_same_name(a: Facts, b: Facts) -> bool:
    """Return whether the names speak for one person at all."""
    return not _NAME.isdisjoint(_names(a, b))


def is_far(a: Facts, b: Facts) -> bool:
    """Return whether the years of birth are too far apart for one person."""
    return "year_far" in _births(a.birth, b.birth)


def _signals(a: Facts, b: Facts) -> Iterator[str]:
    yield from _numbers(a, b)
    yield from _names(a, b)
    yield from _births(a.birth, b.birth)
    if a.households & b.households:
        yield "household"
    elif a.village is not None and a.village == b.village:
        yield "village"
    if a.kin & b.kin:
        yield "kin"
    if a.sex != b.sex and Sex.UNKNOWN not in (a.sex, b.sex):
        yield "sex"


def _names(a: Facts, b: Facts) -> Iterator[str]:
    if a.fold_tight == b.fold_tight:
        yield "name"
    elif a.sound == b.sound:
        yield "sound"
    elif similarity(a.fold, b.fold) >= ALIKE:
        yield "alike"


def _numbers(a: Facts, b: Facts) -> Iterator[str]:
    if a.numbers & b.numbers:
        yield "national_id"
    elif a.verified and b.verified:
        yield "other_id"
    if a.certificates & b.certificates:
        yield "birth_cert"


def _births(a: Partial, b: Partial) -> Iterator[str]:
    if a.day is None or b.day is None:
        return
    apart = abs(a.day.year - b.day.year)
    if {a.precision, b.precision} == {Precision.DAY} and a.day == b.day:
        yield "birth_day"
    elif apart == 0 or births.may_be_same(a, b):
        yield "birth_year"
    elif apart == 1:
        yield "year_near"
    elif apart > 2:
        yield "year_far"


def born(year: int, month: int = 0, day: int = 0) -> Partial:
    """Return a birth as far as it is told."""
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return Partial(date(year, month or 1, day or 1), precision)
