"""The sum: exact fractions inside, two digits half up outside, and no silent zero.

A missing input is not 0: the metric says "no data", its group and the total are provisional, and
the score carries the share of points that data stand behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xaso.ioc.kpi.definition import Definition, Group, Metric


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many; fractions where only a share is known (then of 1)."""

    part: Fraction
    whole: Fraction

    @classmethod
    def of(cls, part: float | str | Fraction, whole: float | str | Fraction = 1) -> "Ratio":
        """Return the ratio of two exact numbers; a float is read as it is written."""
        return cls(_exact(part), _exact(whole))


Given = Mapping[str, Ratio | None]


@dataclass(frozen=True, slots=True)
class Scored:
    """A metric with what was counted and the points it gives; `points` None: no data."""

    metric: Metric
    ratio: Ratio | None
    points: Fraction | None

    @property
    def shown(self) -> Decimal | None:
        """Return the points with two digits."""
        return None if self.points is None else half_up(self.points)

    @property
    def lost(self) -> Fraction:
        """Return how many points are missing to the maximum; without data all of them."""
        return self.metric.maximum - (self.points or 0)

    @property
    def is_convention(self) -> bool:
        """Return whether points come from an empty denominator alone."""
        return self.ratio is not None and self.ratio.whole == 0 and bool(self.points)


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group's points; provisional while a metric of it has no data."""

    group: Group
    metrics: Sequence[Scored]

    @property
    def points(self) -> Fraction:
        """Return the sum of the metrics that have data."""
        return sum((m.points or Fraction(0) for m in self.metrics), Fraction(0))

    @property
    def shown(self) -> Decimal:
        """Return the points with two digits, rounded from the exact sum."""
        return half_up(self.points)

    @property
    def is_provisional(self) -> bool:
        """Return whether something is missing."""
        return any(m.points is None for m in self.metrics)


@dataclass(frozen=True, slots=True)
class Score:
    """A whole score under one definition."""

    definition: Definition
    groups: Sequence[GroupScore]

    @property
    def metrics(self) -> dict[str, Scored]:
        """Return every metric by its code."""
        return {m.metric.code: m for group in self.groups for m in group.metrics}

    @property
    def points(self) -> Fraction:
        """Return the exact total of what has data."""
        return sum((group.points for group in self.groups), Fraction(0))

    @property
    def shown(self) -> Decimal:
        """Return the total with two digits; it may differ from the sum of the shown groups."""
        return half_up(self.points)

    @property
    def is_provisional(self) -> bool:
        """Return whether a metric has no data."""
        return any(group.is_provisional for group in self.groups)

    @property
    def coverage(self) -> Fraction:
        """Return the share of the maximum that data stand behind, 0 to 1."""
        there = (m.metric.maximum for m in self.metrics.values() if m.points is not None)
        return sum(there, Fraction(0)) / self.definition.maximum

    @property
    def by_convention(self) -> Fraction:
        """Return the points that come from empty denominators alone, to be shown apart."""
        found = (m.points for m in self.metrics.values() if m.is_convention)
        return sum((points or Fraction(0) for points in found), Fraction(0))


def score(definition: Definition, given: Given) -> Score:
    """Return the score of what was counted; a code that is not given has no data."""
    return Score(
        definition,
        [
            GroupScore(
                group,
                [
                    _scored(metric, given.get(metric.code))
                    for metric in definition.of_group(group.code)
                ],
            )
            for group in definition.groups
        ],
    )


def after(definition: Definition, given: Given, code: str, pieces: int) -> Fraction:
    """Return by how many points the total changes when `pieces` more count (negative: fewer).

    The numerator stays between 0 and the denominator; without data nothing changes.
    """
    ratio = given.get(code)
    if ratio is None:
        return Fraction(0)
    part = max(Fraction(0), min(ratio.whole, ratio.part + pieces))
    changed = dict(given) | {code: Ratio(part, ratio.whole)}
    return score(definition, changed).points - score(definition, given).points


def half_up(value: Fraction) -> Decimal:
    """Return a number with two digits, halves away from zero, decided on the exact value."""
    sign = -1 if value < 0 else 1
    cents = (abs(value) * 200 + 1) // 2
    return Decimal(sign * int(cents)).scaleb(-2)


def _scored(metric: Metric, ratio: Ratio | None) -> Scored:
    if ratio is None:
        return Scored(metric, None, None)
    if ratio.whole == 0:
        empty = {"full": metric.maximum, "zero": Fraction(0), "not_counted": None}
        return Scored(metric, ratio, empty[metric.on_zero])
    share = max(Fraction(0), min(Fraction(1), ratio.part / ratio.whole))
    return Scored(metric, ratio, min(metric.factor * share, metric.maximum))


def _exact(number: float | str | Fraction) -> Fraction:
    return number if isinstance(number, Fraction) else Fraction(str(number))


def half_up_decimal(value: Decimal | None) -> Decimal | None:
    """Return a stored number with two digits, halves away from zero; nothing for nothing."""
    return None if value is None else half_up(Fraction(value))
