"""Counts for the tables that may be published: defined here, never put together by the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.population import ethnic
from xaso.population.queries.counting import Heads, heads_by_village

BANDS = [*(f"{age}–{age + 4}" for age in range(0, 85, 5)), "85+"]
MONTHS = 12
MOVES = ("birth", "death", "permanent_in", "permanent_out", "temporary_in", "temporary_out")
_HERE = """
    SELECT DISTINCT p.id, p.sex, p.ethnic_code, p.village_id,
        extract(year FROM age(%(day)s::date, p.birth_date))::int AS age
    FROM population_person p
    JOIN population_membership m ON m.person_id = p.id AND m.commune_id = p.commune_id
    WHERE p.commune_id = %(commune)s AND lower(m.period) <= %(day)s
      AND (upper_inf(m.period) OR upper(m.period) > %(day)s)
"""


@dataclass(frozen=True)
class Counted:
    """A table before anything is hidden: names of its columns and rows, and the counts."""

    columns: Sequence[str]
    rows: Sequence[str]
    counts: Sequence[Sequence[int]]


def pyramid(commune: Commune, day: date) -> Counted:
    """Return people by five years of age and sex; unknown ages are left out."""
    found = _asked(
        f"SELECT least(age / 5, 17), sex, count(*) FROM ({_HERE}) h "  # noqa: S608  (our own text)
        "WHERE age >= 0 AND sex <> 'unknown' GROUP BY 1, 2",
        commune, day,
    )  # fmt: skip
    by_key = {(band, sex): n for band, sex, n in found}
    counts = [[by_key.get((n, sex), 0) for sex in ("male", "female")] for n in range(len(BANDS))]
    return Counted(["male", "female"], BANDS, counts)


def by_ethnic(commune: Commune, day: date) -> Counted:
    """Return people by ethnic group and village; who has none recorded counts as not known."""
    found = _asked(
        f"SELECT village_id, ethnic_code, count(*) FROM ({_HERE}) h GROUP BY 1, 2",  # noqa: S608
        commune, day,
    )  # fmt: skip
    there = places.named_villages(commune)
    codes = sorted({code or ethnic.UNKNOWN for _, code, _ in found})
    by_key: dict[tuple[Any, str], int] = {}
    for village, code, n in found:
        key = (village, code or ethnic.UNKNOWN)
        by_key[key] = by_key.get(key, 0) + n
    counts = [[by_key.get((v.pk, code), 0) for code in codes] for v in there]
    return Counted([ethnic.name(code) for code in codes], [v.full_name for v in there], counts)


def villages(commune: Commune, day: date) -> Counted:
    """Return the four numbers, their sum and the households of each village."""
    heads = heads_by_village(commune, day)
    there = places.named_villages(commune)
    counts = []
    for village in there:
        each = heads.get(village.pk, Heads())
        counts.append([*each.numbers[:4], each.present, each.households])
    columns = ["permanent", "temporary", "living", "absent", "present", "households"]
    return Counted(columns, [v.full_name for v in there], counts)


def movements(commune: Commune, day: date) -> Counted:
    """Return births, deaths and moves of the last twelve whole months."""
    first = _months_back(day.replace(day=1), MONTHS)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT date_trunc('month', e.on)::date, e.kind, count(*)
            FROM population_residenceevent e
            WHERE e.commune_id = %s AND e.kind = ANY (%s) AND e.on >= %s AND e.on < %s
              AND e.reverses_id IS NULL
              AND NOT EXISTS (SELECT 1 FROM population_residenceevent r WHERE r.reverses_id = e.id)
            GROUP BY 1, 2
            """,
            [commune.id, list(MOVES), first, day.replace(day=1)],
        )
        by_key = {(month, kind): n for month, kind, n in cursor.fetchall()}
    months = [_months_back(day.replace(day=1), back) for back in range(MONTHS, 0, -1)]
    counts = [[by_key.get((month, kind), 0) for kind in MOVES] for month in months]
    return Counted(list(MOVES), [f"{m.month:02d}/{m.year}" for m in months], counts)


def _months_back(month: date, back: int) -> date:
    number = month.year * 12 + month.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def _asked(sql: str, commune: Commune | UUID, day: date) -> list[tuple[Any, ...]]:
    key = commune.id if isinstance(commune, Commune) else commune
    with connection.cursor() as cursor:
        cursor.execute(sql, {"commune": key, "day": day})
        return list(cursor.fetchall())
