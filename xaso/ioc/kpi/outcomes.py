"""The mission's own meters against their recorded baselines; without one no reduction is said.

Working hours are compared like with like: a fixed mix, each procedure weighted by its share of the
baseline's cases (resolution target NQ09). A procedure with fewer than 30 dossiers says too little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xaso.dossiers.queries import outcomes
from xaso.ioc.models import Baseline
from xaso.kernel.places.models import Commune

ENOUGH = 30


@dataclass(frozen=True)
class Meter:
    """A meter: now, before, and the change in per cent where both are known."""

    now: float | None
    before: float | None
    change: float | None
    cases: int
    evidence: str = ""


@dataclass(frozen=True)
class Mix:
    """The fixed-mix change of working hours, and which procedures it rests on."""

    change: float | None
    compared: Sequence[tuple[str, float, float, int]]  # code, before, now, cases now
    too_few: Sequence[str]


@dataclass(frozen=True)
class Outcomes:
    """The three meters of a month."""

    hours: Mix
    paper: Meter
    per_officer: Meter


def read(commune: Commune, first: date, last: date, baselines: Sequence[Baseline]) -> Outcomes:
    """Return the meters for the days `first` to `last`, inclusive."""
    own = {(row.meter, row.key): row for row in baselines}
    paper = outcomes.paper(commune, first, last)
    share = 100 * paper.on_paper / paper.finished if paper.finished else None
    output = outcomes.output(commune, first, last)
    return Outcomes(
        hours=mix(outcomes.hours(commune, first, last), baselines),
        paper=_meter(share, own.get((Baseline.Meter.PAPER, "")), paper.finished),
        per_officer=_meter(
            output.per_officer_and_day,
            own.get((Baseline.Meter.PER_OFFICER, "")),
            output.finished,
        ),
    )


def mix(now: Mapping[str, outcomes.Hours], baselines: Sequence[Baseline]) -> Mix:
    """Return Σ share × (median now / median before) − 1, in per cent, over procedures compared.

    Shares are those of the baseline's cases among the procedures that can be compared.
    """
    before = {row.key: row for row in baselines if row.meter == Baseline.Meter.HOURS and row.key}
    fit = {code: row for code, row in before.items() if code in now and now[code].n >= ENOUGH}
    weights = {code: row.cases or 0 for code, row in fit.items()}
    total = sum(weights.values())
    change = None
    if total:
        index = sum(
            Decimal(weights[code]) / total * (Decimal(str(now[code].median)) / row.value)
            for code, row in fit.items()
        )
        change = float(100 * (index - 1))
    return Mix(
        change,
        [(code, float(row.value), now[code].median, now[code].n) for code, row in fit.items()],
        sorted(set(before) - set(fit)),
    )


def _meter(now: float | None, before: Baseline | None, cases: int) -> Meter:
    was = float(before.value) if before else None
    change = 100 * (now / was - 1) if now is not None and was else None
    return Meter(now, was, change, cases, before.evidence if before else "")
