"""Head counts: always four numbers and their sum."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from xaso.kernel.places.models import Commune

# Absent: permanent members whose newest declaration of absence is open on the day.
_SQL = """
    WITH away AS (
        SELECT DISTINCT ON (e.person_id) e.person_id, e.kind, e.until
        FROM population_residenceevent e
        WHERE e.commune_id = %(commune)s AND e.kind IN ('absence_declared', 'absence_end')
          AND e.on <= %(day)s AND e.reverses_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM population_residenceevent r WHERE r.reverses_id = e.id)
        ORDER BY e.person_id, e.on DESC, (e.kind = 'absence_end') DESC
    )
    SELECT h.village_id,
           count(*) FILTER (WHERE m.residence_kind = 'permanent'),
           count(*) FILTER (WHERE m.residence_kind = 'temporary'),
           count(*) FILTER (WHERE m.residence_kind = 'living_only'),
           count(*) FILTER (WHERE m.residence_kind = 'permanent'
               AND a.kind = 'absence_declared' AND (a.until IS NULL OR a.until >= %(day)s)),
           count(DISTINCT m.household_id)
    FROM population_membership m
    JOIN population_household h ON h.id = m.household_id
    LEFT JOIN away a ON a.person_id = m.person_id
    WHERE m.commune_id = %(commune)s AND h.commune_id = %(commune)s
      AND lower(m.period) <= %(day)s AND (upper_inf(m.period) OR upper(m.period) > %(day)s)
    GROUP BY h.village_id
"""


@dataclass(frozen=True)
class Heads:
    """Permanent (the absent included), temporary, living without registration, absent."""

    permanent: int = 0
    temporary: int = 0
    living: int = 0
    absent: int = 0
    households: int = 0

    @property
    def present(self) -> int:
        """Return the sum: permanent + temporary + living - absent."""
        return self.permanent + self.temporary + self.living - self.absent

    def __add__(self, other: "Heads") -> "Heads":
        """Return both together."""
        return Heads(*(a + b for a, b in zip(self.numbers, other.numbers, strict=True)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the numbers in the order of the fields."""
        return self.permanent, self.temporary, self.living, self.absent, self.households


def heads_by_village(commune: Commune | UUID, day: date) -> dict[int | None, Heads]:
    """Return the head counts of each village on a day; under None who has no village."""
    key = commune.id if isinstance(commune, Commune) else commune
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"commune": key, "day": day})
        return {row[0]: Heads(*row[1:]) for row in cursor.fetchall()}


def heads(commune: Commune | UUID, day: date) -> Heads:
    """Return the head count of the commune on a day."""
    total = Heads()
    for each in heads_by_village(commune, day).values():
        total += each
    return total
