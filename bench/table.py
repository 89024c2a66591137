"""Results as a table for people and as JSON for machines."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One measured figure beside its goal; without a goal it is there to read the others by."""

    what: str
    value: float
    unit: str
    goal: float | None
    at_least: bool = False  # the goal is a floor, not a ceiling
    note: str = ""
    rounds: tuple[float, ...] = ()  # what was measured each time; `value` is one of them

    @property
    def is_met(self) -> bool:
        """Return whether the goal is met."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def verdict(self) -> str:
        """Return `ok`, by how much it falls short, or nothing without a goal."""
        if self.goal is None:
            return ""
        gap = f"{abs(self.value - self.goal):.4g} {self.unit}".strip()
        return "ok" if self.is_met else f"SHORT by {gap}"

    @property
    def spread(self) -> str:
        """Return the least, the middle and the most that was measured."""
        if len(self.rounds) < 2:
            return ""
        middle = statistics.median(self.rounds)
        seen = (min(self.rounds), middle, max(self.rounds))
        return "–".join(f"{each:.4g}" for each in seen) + f" in {len(self.rounds)} rounds"


def best(what: str, rounds: Sequence[float], unit: str, goal: float | None, note: str = "") -> Row:
    """Return a row that takes the least of several rounds: other work only ever adds."""
    return Row(what, min(rounds), unit, goal, note=note, rounds=tuple(rounds))


def show(rows: list[Row]) -> None:
    """Print the table; what falls short says by how much."""
    print(f"\n{'what':<58} {'measured':>12} {'goal':>12}")
    for row in rows:
        goal = (
            f"{'≥' if row.at_least else '≤'} {row.goal:g} {row.unit}"
            if row.goal is not None
            else ""
        )
        value = f"{row.value:.4g} {row.unit}"
        told = "; ".join(filter(None, (row.spread, row.note)))
        print(f"{row.what:<58} {value:>12} {goal:>12}  {row.verdict}  {told}")


def keep(rows: list[Row], name: str = "last") -> Path:
    """Write the results as JSON and return the file; rows not measured this time stay as they were.

    Each row carries its own moment, so that sections may be measured one by one.
    """
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    at = datetime.now(UTC).isoformat(timespec="seconds")
    machine = {"processors": os.cpu_count(), "system": platform.platform()}
    known = json.loads(file.read_text(encoding="utf-8"))["rows"] if file.exists() else []
    fresh = {row.what: asdict(row) | {"verdict": row.verdict, "at": at} for row in rows}
    body = {
        "machine": machine | {"python": platform.python_version()},
        "rows": [fresh.pop(old["what"], old) for old in known] + list(fresh.values()),
    }
    file.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file
