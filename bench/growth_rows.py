"""The small town beside the province: what 100,000 reports cost more than 600."""

import json
from typing import Any

from bench.table import Row
from bench.town import Town

TURNS = 2  # small, large, small, large: what disturbs one disturbs the other
MOST = 1.5  # times; and a quarter of a millisecond is nothing
_NOTHING_MS = 0.25
_CALL = "at 100,000 reports: {}, CPU"


def compared(small: Town, large: Town) -> list[Row]:
    """Measure both in turns and return one row per page and call."""
    low, high, goals = _measured(small, large)
    sizes = f"{low.pop('reports')['count']} and {high.pop('reports')['count']} reports"
    other = [name for name in low if low[name]["sql"] != high[name]["sql"]]
    rows = [
        Row("pages whose statements grow with the table", len(other), "", 0, note=", ".join(other))
    ]
    for name in low:
        ratio = (_whole(high[name]) + _NOTHING_MS) / (_whole(low[name]) + _NOTHING_MS)
        note = f"{sizes}; {_told(low[name])} → {_told(high[name])}"
        rows.append(Row(f"growth of {name}, SQL {high[name]['sql']}", ratio, "×", MOST, note=note))
        if name in goals:
            rows.append(Row(_CALL.format(name), _whole(high[name]), "ms", goals[name]))
    return rows


def _measured(small: Town, large: Town) -> tuple[dict[str, Any], dict[str, Any], dict[str, float]]:
    """Return the least of each figure in both towns, and the goals of calls."""
    low: dict[str, Any] = {}
    high: dict[str, Any] = {}
    goals: dict[str, float] = {}
    for _ in range(TURNS):
        for town, kept in ((small, low), (large, high)):
            found = json.loads(town.python("bench.growth"))
            goals = found.pop("goals")
            for name, cost in found.items():
                kept[name] = min(kept.get(name, cost), cost, key=_whole)
    return low, high, goals


def _whole(cost: dict[str, float]) -> float:
    return cost.get("app", 0.0) + cost.get("database", 0.0)


def _told(cost: dict[str, float]) -> str:
    return f"{cost['app']:.1f} + {cost['database']:.1f} ms (ours + database)"
