"""What routing needs from the database: who is there, in one statement, and rows kept in memory."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from xaso.kernel.identity import permissions
from xaso.kernel.identity.models import Official, Role, RoleAssignment, Unit, UnitKind
from xaso.kernel.places.models import Village
from xaso.kernel.text import dates, fold
from xaso.reports import catalogue
from xaso.reports.models import DutyShift, Report, RoutingRule, RuleBook
from xaso.reports.routing.rules import Around, Duty, Matter, Rule

ABOUT = "about_unit"  # the question that asks which unit a complaint is about; answer: unit code
STAFF = "STAFF"  # categories whose reports complain about officials

# Who is there, as one JSON value read together with something else: a create costs no statement
# more for it. Duty: the roster, else heads of the office, else leaders, as `queries.on_duty` says.
_AROUND = """(
    WITH working AS (
        SELECT a.official_id, a.role, a.unit_id, a.valid_from, a.id
        FROM {assignment} a JOIN {official} o ON o.id = a.official_id AND o.is_active
        WHERE a.commune_id = %s AND a.valid_from <= %s AND (a.valid_to IS NULL OR a.valid_to > %s)
    ), place AS (
        SELECT DISTINCT ON (official_id) official_id, unit_id FROM working
        WHERE unit_id IS NOT NULL ORDER BY official_id, valid_from, id
    ), opened AS (
        SELECT id, code, name, kind, head_id FROM {unit} WHERE commune_id = %s AND is_open
    ), called AS (
        SELECT 1 AS rank, s."order" AS nth, s.starts_at AS since, s.id, s.official_id,
               p.unit_id, 'roster' AS source
        FROM {shift} s LEFT JOIN place p USING (official_id)
        WHERE s.commune_id = %s AND s.removed_at IS NULL AND s.starts_at <= %s AND s.ends_at > %s
          AND EXISTS (SELECT 1 FROM working w WHERE w.official_id = s.official_id)
        UNION ALL
        SELECT 2, 1, NULL, u.id, u.head_id, u.id, 'head_of_office' FROM opened u
        WHERE u.kind = %s AND EXISTS (SELECT 1 FROM working w WHERE w.official_id = u.head_id)
        UNION ALL
        SELECT 3, 1, w.valid_from, w.id, w.official_id, w.unit_id, 'leader'
        FROM working w WHERE w.role = %s
    )
    SELECT json_build_object(
        'book', (SELECT json_build_array(b.id, b.version, b.published_at) FROM {book} b
                 WHERE b.commune_id = %s AND b.state = 'published'
                 ORDER BY b.version DESC LIMIT 1),
        'units', (SELECT json_agg(json_build_array(id, code, name)) FROM opened),
        'staffed', (SELECT json_agg(DISTINCT unit_id) FROM working WHERE unit_id IS NOT NULL),
        'people', (SELECT json_agg(DISTINCT official_id) FROM working WHERE role = ANY (%s)),
        'duty', (SELECT json_agg(json_build_array(official_id, unit_id, source)
                                 ORDER BY rank, nth, since, id) FROM called)
    )::text
)"""
_SQL = _AROUND.format(
    assignment=RoleAssignment._meta.db_table,
    official=Official._meta.db_table,
    unit=Unit._meta.db_table,
    shift=DutyShift._meta.db_table,
    book=RuleBook._meta.db_table,
)
_WORKERS = sorted(str(role) for role in permissions.roles_with("reports.work"))


def around_of(commune: UUID, now: datetime) -> RawSQL:
    """Return who is there as an expression, to be read together with something else."""
    return RawSQL(_SQL, _params(commune, now), output_field=TextField())  # noqa: S611  (no words of people)


def around(commune: UUID, now: datetime) -> Around:
    """Return who is there at a moment, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_SQL}", _params(commune, now))
        (found,) = cursor.fetchone()
    return seen(found)


def seen(text: str | None) -> Around:
    """Return who is there from the JSON value of the statement."""
    if not text:
        return Around()
    found: dict[str, Any] = json.loads(text)
    ranked = [Duty(person, unit, source) for person, unit, source in found["duty"] or ()]
    book, version, stamp = found["book"] or (None, None, "")
    return Around(
        book_id=book,
        book_version=version,
        book_stamp=stamp,
        units={key: name for key, _code, name in found["units"] or ()},
        codes={code: key for key, code, _name in found["units"] or ()},
        staffed=frozenset(found["staffed"] or ()),
        people=frozenset(found["people"] or ()),
        duty=ranked,
    )


@lru_cache(maxsize=512)
def rules_of(book_id: int | None, _stamp: str) -> tuple[Rule, ...]:
    """Return the rows of a published version; it never changes, so it is kept in memory.

    The moment it was published is part of the key: another database has other rows under a number.
    """
    return read(book_id) if book_id else ()


def read(book_id: int) -> tuple[Rule, ...]:
    """Return the rows of a version, a draft included."""
    found = RoutingRule.objects.filter(book=book_id).select_related("to_unit", "to_person")
    rows = list(found.order_by("order"))
    wanted = {key for row in rows for key in row.village_in}
    villages = dict(Village.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return tuple(_rule(row, number, villages) for number, row in enumerate(rows, 1))


def matter_of(report: Report, kinds: catalogue.Categories, there: Around) -> Matter:
    """Return what a report is, as far as rows can ask; its village must have been read."""
    kind = kinds.by_id[report.category_id]
    group = kinds.by_id.get(kind.parent_id or 0)
    is_about = kind.code.startswith(STAFF)
    return Matter(
        category=kind.code,
        group=group.code if group else "",
        category_name=kind.plain_name,
        stream=str(report.stream),
        severity=str(report.severity),
        channel=str(report.channel),
        at=dates.local(report.received_at),
        village_id=report.village_id,
        village_name=report.village.name if report.village else "",
        lat=report.lat,
        lon=report.lon,
        answers=report.answers,
        about_units=about_units(report, there) if is_about else frozenset(),
    )


def about_units(report: Report, there: Around) -> frozenset[int]:
    """Return the units a complaint is about: the one that was chosen, else those its words name."""
    chosen = there.codes.get(str(report.answers.get(ABOUT, "")))
    if chosen is not None:
        return frozenset({chosen})
    return units_in(report.text or "", there)


def units_in(said: str, there: Around) -> frozenset[int]:
    """Return the open units that words name."""
    words = f" {fold(said)} "
    return frozenset(key for key, name in there.units.items() if f" {fold(name)} " in words)


def _rule(row: RoutingRule, number: int, villages: dict[int, str]) -> Rule:
    return Rule(
        id=row.pk,
        number=number,
        name=row.name,
        unit_id=row.to_unit_id,
        unit_name=row.to_unit.name,
        person_id=row.to_person_id,
        person_name=str(row.to_person) if row.to_person else "",
        categories=frozenset(row.category_in),
        villages=frozenset(row.village_in),
        village_names=tuple(villages.get(key, str(key)) for key in row.village_in),
        area=row.area,
        streams=frozenset(row.stream_in),
        severities=frozenset(row.severity_in),
        channels=frozenset(row.channel_in),
        weekdays=frozenset(row.weekday_in),
        time_from=row.time_from,
        time_to=row.time_to,
        answers=row.answers,
        also_tell=tuple(row.also_tell),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_enabled=row.is_enabled,
    )


def _params(commune: UUID, now: datetime) -> list[Any]:
    return [
        commune, now, now, commune, commune, now, now,
        UnitKind.OFFICE.value, Role.LEADER.value, commune, _WORKERS,
    ]  # fmt: skip
