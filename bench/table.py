"""Results as a table for people and as JSON for machines."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One measured figure beside its goal."""

    what: str
    value: float
    unit: str
    goal: float
    at_least: bool = False  # the goal is a floor, not a ceiling
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Return whether the goal is met."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def show(rows: list[Row]) -> None:
    """Print the table; what falls short says by how much."""
    print(f"\n{'what':<58} {'measured':>12} {'goal':>12}")
    for row in rows:
        goal = f"{'≥' if row.at_least else '≤'} {row.goal:g} {row.unit}"
        verdict = "ok" if row.is_met else f"SHORT by {abs(row.value - row.goal):.4g} {row.unit}"
        value = f"{row.value:.4g} {row.unit}"
        print(f"{row.what:<58} {value:>12} {goal:>12}  {verdict}  {row.note}")


def keep(rows: list[Row], name: str = "last") -> Path:
    """Write the results as JSON beside earlier ones and return the file."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    machine = {"processors": os.cpu_count(), "system": platform.platform()}
    body = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine | {"python": platform.python_version()},
        "rows": [asdict(row) | {"is_met": row.is_met} for row in rows],
    }
    file.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file
