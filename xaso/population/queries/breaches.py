"""Incidents with their clocks and steps, and whom the looks of an account in a period concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.population.models import Breach, BreachDeed, BreachStep, FieldGroup, Person

MOST = 100
_SLOT = timedelta(minutes=10)  # looks within ten minutes are one row, with the time of the first
_ENDS = (BreachStep.CLOSED, BreachStep.DISMISSED)
WAYS = {
    "record": _("mở hồ sơ, hộ, danh sách trên màn hình"),
    "search": _("hiện trong kết quả tìm"),
    "import": _("trong danh sách nhập vào"),
    "export": _("xuất ra tệp"),
}
_LOOKED = """
    WITH looked AS (
        SELECT v.person_id, v.groups, v.at, CASE v.purpose
            WHEN 'population.export' THEN 'export'
            WHEN 'population.import' THEN 'import' ELSE 'record' END AS way
        FROM population_viewlog v
        WHERE v.commune_id = %(commune)s AND v.viewer_kind = 'official' AND v.viewer = %(viewer)s
            AND v.slot >= %(slot)s AND v.at BETWEEN %(early)s AND %(end)s
        UNION ALL
        SELECT p.id, '{basic}'::varchar[], s.at, 'search'
        FROM population_searchlog s CROSS JOIN unnest(s.persons) AS shown (id)
            JOIN population_person p ON p.id = shown.id
        WHERE s.commune_id = %(commune)s AND s.viewer_kind = 'official' AND s.viewer = %(viewer)s
            AND s.at BETWEEN %(start)s AND %(end)s
    )
"""
_COUNTED = """
    SELECT 'all', '', count(DISTINCT person_id) FROM looked
    UNION ALL SELECT 'group', g, count(DISTINCT person_id)
        FROM looked CROSS JOIN unnest(groups) AS g GROUP BY g
    UNION ALL SELECT 'way', way, count(DISTINCT person_id) FROM looked GROUP BY way
"""
_NAMED = """
    SELECT l.person_id, array_agg(DISTINCT g), array_agg(DISTINCT l.way), max(l.at)
    FROM looked l LEFT JOIN unnest(l.groups) AS g ON true
        JOIN population_person p ON p.id = l.person_id
    GROUP BY l.person_id, p.sort_key ORDER BY p.sort_key, l.person_id
    LIMIT %(most)s OFFSET %(first)s
"""


@dataclass(frozen=True)
class Step:
    """One step in words: taken by whom and when, and how long after the one before."""

    code: str
    label: str
    deed: BreachDeed | None
    who: str = ""
    took: timedelta | None = None


@dataclass(frozen=True)
class Incident:
    """One incident with its clock; `left` below zero is over, None once nothing runs any more."""

    breach: Breach
    account: str
    opened_by: str
    steps: Sequence[Step]
    left: timedelta | None
    told_in: timedelta | None  # how long after the notice the authority was told
    is_over: bool  # closed or dismissed

    @property
    def next(self) -> Step | None:
        """Return the step that waits."""
        return None if self.is_over else next((s for s in self.steps if s.deed is None), None)

    @property
    def may_dismiss(self) -> bool:
        """Return whether it may still turn out that nothing got out: assessed, nobody told."""
        return self.next is not None and self.next.code == BreachStep.AUTHORITY

    @property
    def was_late(self) -> bool:
        """Return whether the authority was told after the time was over."""
        return self.told_in is not None and self.breach.noticed_at + self.told_in > (
            self.breach.due_at
        )

    def note_of(self, code: str) -> str:
        """Return what was written at a step."""
        return next((s.deed.note for s in self.steps if s.code == code and s.deed), "")

    @property
    def measures(self) -> str:
        """Return what was done to stop it."""
        return self.note_of(BreachStep.CONTAINED)

    @property
    def cause(self) -> str:
        """Return what the assessment found."""
        return self.note_of(BreachStep.ASSESSED)


@dataclass(frozen=True)
class Concerned:
    """How many different persons an account saw in a period: in all, by data, by way."""

    persons: int
    groups: Sequence[tuple[str, int]]
    ways: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Shown:
    """One person concerned, and what of them was seen."""

    person: Person
    groups: str
    ways: str
    at: datetime  # the last look


def listed(commune: Commune, *, is_drill: bool, by: Actor) -> Sequence[Incident]:
    """Return incidents or exercises, newest first, but for those about whoever asks. Three SQL."""
    rows = Breach.objects.filter(commune=commune, is_drill=is_drill).prefetch_related("deeds")
    return _told([row for row in rows.order_by("-noticed_at")[:MOST] if not _is_own(row, by)])


def incident(commune: Commune, key: UUID, *, by: Actor) -> Incident | None:
    """Return one incident, unless it is about whoever asks."""
    rows = Breach.objects.filter(commune=commune, pk=key).prefetch_related("deeds")
    return next(iter(_told([row for row in rows if not _is_own(row, by)])), None)


def count_open(commune: Commune) -> int:
    """Return how many incidents are not closed; exercises are none."""
    rows = Breach.objects.filter(commune=commune, is_drill=False)
    return rows.exclude(deeds__step__in=_ENDS).count()


def concerned(breach: Breach) -> Concerned | None:
    """Count whom the looks of the account concern, in one statement; None without an account."""
    if breach.account_id is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOKED + _COUNTED,
            _values(breach),
        )
        found = {(kind, code): n for kind, code, n in cursor.fetchall()}
    return Concerned(
        found["all", ""],
        [
            (str(g.label), found["group", g.value])
            for g in FieldGroup
            if ("group", g.value) in found
        ],
        [(str(words), found["way", w]) for w, words in WAYS.items() if ("way", w) in found],
    )


def people(breach: Breach, *, page: int, per_page: int) -> Sequence[Shown]:
    """Return one page of the persons concerned, by name; two statements."""
    if breach.account_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOKED + _NAMED,
            _values(breach) | {"most": per_page, "first": (page - 1) * per_page},
        )
        found = cursor.fetchall()
    held = Person.objects.in_bulk([row[0] for row in found])
    return [
        Shown(
            held[key],
            ", ".join(str(g.label) for g in FieldGroup if g.value in groups),
            ", ".join(str(words) for way, words in WAYS.items() if way in ways),
            at,
        )
        for key, groups, ways, at in found
    ]


def _values(breach: Breach) -> dict[str, Any]:
    """Return the bounds of a period; a row of ten minutes that had begun before it counts too."""
    return {
        "commune": breach.commune_id,
        "viewer": str(breach.account_id),
        "slot": int(breach.began_at.timestamp()) // int(_SLOT.total_seconds()),
        "early": breach.began_at - _SLOT,
        "start": breach.began_at,
        "end": breach.ended_at,
    }


def _is_own(row: Breach, by: Actor) -> bool:
    return by.kind == "official" and str(row.account_id) == by.id


def _told(rows: Sequence[Breach]) -> list[Incident]:
    """Put incidents into words; one statement for the names of everybody in them."""
    deeds = [deed for row in rows for deed in row.deeds.all()]
    keys = {deed.by for deed in deeds} | {row.opened_by for row in rows}
    keys |= {str(row.account_id) for row in rows}
    found = Official.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    names = {str(each.pk): str(each) for each in found}
    return [_incident(row, names) for row in rows]


def _incident(row: Breach, names: dict[str, str]) -> Incident:
    taken = {deed.step: deed for deed in row.deeds.all()}
    is_over = bool(taken.keys() & set(_ENDS))
    steps, before = [], row.noticed_at
    for step in BreachStep:
        deed = taken.get(step)
        if deed is None and (step == BreachStep.DISMISSED or BreachStep.DISMISSED in taken):
            continue
        took = deed.at - before if deed else None
        before = deed.at if deed else before
        who = names.get(deed.by, gettext("phần mềm")) if deed else ""
        steps.append(Step(step.value, str(step.label), deed, who, took))
    told = taken.get(BreachStep.AUTHORITY)
    return Incident(
        row,
        names.get(str(row.account_id), ""),
        names.get(row.opened_by, gettext("phần mềm")),
        steps,
        None if told or is_over else row.due_at - clock.now(),
        told.at - row.noticed_at if told else None,
        is_over,
    )
