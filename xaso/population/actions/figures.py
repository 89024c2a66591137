"""Monthly tables, small cells hidden, as they are published and stay."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.population import rulebook, suppression
from xaso.population.models import FigureSnapshot, Person
from xaso.population.queries import people, tables
from xaso.population.queries.tables import Counted

PYRAMID, ETHNIC, ETHNIC_VILLAGE = "pyramid", "ethnic", "ethnic_village"
VILLAGES, MOVEMENTS = "villages", "movements"


@transaction.atomic
def publish_figures(commune: Commune, *, by: Actor = SYSTEM) -> dict[str, FigureSnapshot]:
    """Make the tables of this month, unless they are made; return them by name.

    They show the first of the month at the latest: two looks within a month show the same.
    """
    today = people.today()
    month = today.replace(day=1)
    known = FigureSnapshot.objects.filter(commune=commune, month=month)
    found = {row.table: row for row in known}
    if found:
        return found
    least = rulebook.amount(commune.id, "figures.least")
    least_total = rulebook.amount(commune.id, "figures.least_total")
    for name, counted in _counted(commune, today).items():
        raw = _steady(commune, name, month, counted, least)
        shown = _published(name, counted, raw, (least, least_total))
        found[name] = _kept(commune, name, month, (counted, raw, shown))
    # the commune's row of the other table: made apart it would give its hidden sums away
    found[ETHNIC] = _of_commune(commune, month, found[ETHNIC_VILLAGE])
    audit.record("population.figures_published", commune, by=by, commune=commune.id)
    return found


def publish_all() -> None:
    """Make the tables of every commune: what the worker calls on the first of a month."""
    for commune in Commune.objects.all():
        with tenancy.inside(commune.id):
            if Person.objects.exists():
                publish_figures(commune)


def _kept(
    commune: Commune, name: str, month: date, made: tuple[Counted, list[list[int]], dict[str, Any]]
) -> FigureSnapshot:
    counted, raw, shown = made
    row, _ = FigureSnapshot.objects.get_or_create(
        commune=commune,
        table=name,
        month=month,
        defaults={
            "raw": {"rows": list(counted.rows), "counts": raw},
            "shown": shown,
            "made_at": clock.now(),
        },
    )
    return row


def _of_commune(commune: Commune, month: date, grid: FigureSnapshot) -> FigureSnapshot:
    """Keep the totals of the table by village, hidden as they are there, as a table of its own."""
    counts = grid.raw["counts"]
    columns = grid.shown["columns"]
    sums = [sum(row[j] for row in counts) for j in range(len(columns))]
    cells, total = grid.shown["totals"], grid.shown["total"]
    line = {"name": commune.full_name, "cells": cells, "total": total}
    shown = {"columns": columns, "rows": [line], "totals": cells, "total": total}
    made = (Counted(columns, [commune.full_name], [sums]), [sums], shown)
    return _kept(commune, ETHNIC, month, made)


def _published(
    name: str, counted: Counted, raw: list[list[int]], limits: tuple[int, int]
) -> dict[str, Any]:
    if name == VILLAGES:
        return _heads(counted, raw, limits[0])
    if name == MOVEMENTS:
        return _lines(counted, raw, limits[0])
    return _shown(counted, raw, limits)


def _counted(commune: Commune, day: date) -> Mapping[str, Counted]:
    return {
        PYRAMID: tables.pyramid(commune, day),
        ETHNIC_VILLAGE: tables.by_ethnic(commune, day),
        VILLAGES: tables.villages(commune, day),
        MOVEMENTS: tables.movements(commune, day),
    }


def _steady(
    commune: Commune, name: str, month: date, counted: Counted, least: int
) -> list[list[int]]:
    """Return the counts to use, steadied by the month before where the table has the same lines."""
    now = [list(row) for row in counted.counts]
    before = FigureSnapshot.objects.filter(commune=commune, table=name, month__lt=month)
    last = before.order_by("-month").first()
    if last is None or name == MOVEMENTS:
        return now
    old = dict(zip(last.raw["rows"], last.raw["counts"], strict=True))
    steadied = []
    for label, row in zip(counted.rows, now, strict=True):
        was = old.get(label)
        fits = was is not None and len(was) == len(row)
        steadied.append(suppression.steady(row, was or [], least) if fits else row)
    return steadied


def _shown(counted: Counted, raw: list[list[int]], limits: tuple[int, int]) -> dict[str, Any]:
    """Return a table whose rows and columns add up, with its totals."""
    made = suppression.table(raw, *limits)
    return {
        "columns": list(counted.columns),
        "rows": [
            {"name": name, "cells": list(cells), "total": total}
            for name, cells, total in zip(counted.rows, made.cells, made.rows, strict=True)
        ],
        "totals": list(made.columns),
        "total": made.total,
    }


def _heads(counted: Counted, raw: list[list[int]], least: int) -> dict[str, Any]:
    """Return the villages with their sums; who is present follows from the steadied others."""
    for row in raw:
        row[4] = row[0] + row[1] + row[2] - row[3]
    made = suppression.heads(raw, least)
    rows = [
        {"name": name, "cells": list(cells), "total": None}
        for name, cells in zip(counted.rows, made.cells, strict=True)
    ]
    totals = list(made.columns) if len(rows) > 1 else None
    return {"columns": list(counted.columns), "rows": rows, "totals": totals, "total": None}


def _lines(counted: Counted, raw: list[list[int]], least: int) -> dict[str, Any]:
    """Return a table whose rows stand for themselves, without totals."""
    rows = [
        {"name": name, "cells": list(suppression.plain(row, least)), "total": None}
        for name, row in zip(counted.rows, raw, strict=True)
    ]
    return {"columns": list(counted.columns), "rows": rows, "totals": None, "total": None}
