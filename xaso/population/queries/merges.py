"""Merges: the newest ones, and one in three columns: before, merged, now."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from xaso.kernel.places.models import Commune
from xaso.population import births, images
from xaso.population.models import Merge

MOST = 30
Cells = tuple[str, str, str, str]  # survivor before, absorbed before, merged, now


def recent(commune: Commune | UUID) -> Sequence[Merge]:
    """Return the newest merges, proposed ones first."""
    rows = Merge.objects.filter(commune=commune, undone_at__isnull=True)
    found = rows.select_related("survivor", "absorbed").order_by("-asked_at")[:MOST]
    return sorted(found, key=lambda row: row.done_at is not None)


def is_changed(merge: Merge) -> bool:
    """Return whether anything was changed after a merge."""
    if merge.done_at is None:
        return False
    return bool(images.of([merge.survivor_id, merge.absorbed_id]) != merge.after)


def three(merge: Merge) -> Sequence[tuple[str, Cells]]:
    """Return what both were, what became of them, and what is there now, field by field."""
    keys = str(merge.survivor_id), str(merge.absorbed_id)
    now = images.of([merge.survivor_id, merge.absorbed_id])["person"]
    before = merge.before.get("person") or now
    after = merge.after.get("person") or now
    sides = (before[keys[0]], before[keys[1]], after[keys[0]], now[keys[0]])
    return [
        ("name", _cells(sides, lambda row: str(row["display_name"]))),
        ("birth", _cells(sides, _birth)),
        ("sex", _cells(sides, lambda row: str(row["sex"]))),
    ]


def _cells(sides: tuple[images.Row, ...], said: Callable[[images.Row], str]) -> Cells:
    one, two, merged, now = (said(row) for row in sides)
    return one, two, merged, now


def _birth(row: images.Row) -> str:
    day = date.fromisoformat(row["birth_date"]) if row["birth_date"] else None
    return births.shown(day, row["birth_precision"])
