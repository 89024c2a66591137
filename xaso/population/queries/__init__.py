"""What others may ask about persons and households."""

from xaso.population.queries.counting import Heads, heads, heads_by_village
from xaso.population.queries.doors import (
    Counts,
    Turning,
    births_without_registration,
    counts,
    flags_ending,
    former_ids_of,
    turning_age,
)
from xaso.population.queries.finding import Found, Line, by_number, find_persons, lines, read
from xaso.population.queries.households import household
from xaso.population.queries.people import (
    former_ids,
    household_of,
    members,
    person,
    residence_on,
    resolve_person,
)
from xaso.population.queries.reaching import Reach, reachable

__all__ = [
    "Counts",
    "Found",
    "Heads",
    "Line",
    "Reach",
    "Turning",
    "births_without_registration",
    "by_number",
    "counts",
    "find_persons",
    "flags_ending",
    "former_ids",
    "former_ids_of",
    "heads",
    "heads_by_village",
    "household",
    "household_of",
    "lines",
    "members",
    "person",
    "reachable",
    "read",
    "residence_on",
    "resolve_person",
    "turning_age",
]
