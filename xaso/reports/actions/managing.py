"""Categories of a commune: set up with the defaults, and changed for one report."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, deadlines, defaults, searching
from xaso.reports.actions import placing, routing, ruling, steps
from xaso.reports.history import Said
from xaso.reports.models import (
    Body,
    Catalogue,
    Category,
    CategoryQuestion,
    CategoryTerm,
    ClockEntry,
    Report,
)


@transaction.atomic
def set_up(
    commune: Commune, *, by: Actor, on: date, units: dict[str, Unit] | None = None
) -> Catalogue:
    """Give a commune the default categories, terms from a day on, and usual outside bodies.

    `units` names the usual unit by category code. Doing it twice adds only what is missing.
    """
    groups = _categories(_group(commune, g, n) for n, g in enumerate(defaults.GROUPS))
    rows = _categories(
        _category(commune, kind, groups[kind.group], number)
        for number, kind in enumerate(defaults.KINDS)
    )
    for code, unit in (units or {}).items():
        if code in rows and rows[code].unit_id is None:
            Category.objects.filter(pk=rows[code].pk).update(unit=unit)
    _terms(rows, on)
    _questions(rows, on)
    _bodies(commune)
    ruling.set_up(commune, by=by, on=on)
    stamp = {"stamp": uuid4(), "changed_at": clock.now()}
    stamped, _new = Catalogue.objects.update_or_create(commune=commune, defaults=stamp)
    audit.record("reports.set_up", stamped, by=by, commune=commune.id)
    return stamped


@transaction.atomic
def recategorise(report: Report, code: str, *, by: Actor, version: int | None = None) -> Report:
    """Put a report under another category; the date is computed anew from its receipt."""
    current = steps.locked(report)
    kinds = catalogue.of(current.commune_id)
    kind = kinds.by_code.get(code)
    if kind is None or not kind.terms:
        raise Invalid(errors={"category": [str(_("Bác chọn loại việc."))]})
    term = kind.term(current.received_at.date())
    by_calendar = deadlines.calendar(current.commune_id)
    due = deadlines.resolve(term, current.received_at, by_calendar)
    moved = deadlines.later(due.due, _paused(current), by_calendar)
    step = steps.take(current, "recategorise", by=by, version=version, due_at=moved)
    _move_due(step, moved, due.legal)
    current.category_id, current.term = kind.id, term
    current.stream = kind.stream
    placing.coarsen(current, kind.sensitivity)
    searching.index(current, kind.plain_name)
    said = {"category": kind.id, "category_name": kind.plain_name, "due_at": moved.isoformat()}
    done = step.finish(Said(facts=said))
    routing.propose_again(done)
    return done


def _move_due(step: steps.Step, due: datetime, legal: datetime) -> None:
    report = step.report
    if due == report.due_at:
        return
    step.clock.append(
        deadlines.entry(
            report,
            ClockEntry.Clock.RESOLVE,
            effect=ClockEntry.Effect.CALENDAR,
            from_at=step.now,
            due_before=report.due_at,
            due_at=due,
            reason_code="category",
            by=step.by.id,
        )
    )
    report.due_at, report.legal_due_at = due, max(due, legal)


def _paused(report: Report) -> int:
    rows = report.clock_entries.filter(effect=ClockEntry.Effect.PAUSE)
    return sum(minutes or 0 for minutes in rows.values_list("minutes", flat=True))


def _categories(wanted: Iterable[Category]) -> dict[str, Category]:
    """Add those whose code the commune does not have; returns all of these codes as they stand."""
    rows = {row.code: row for row in wanted}
    commune_id = next(iter(rows.values())).commune_id
    there = Category.objects.filter(commune_id=commune_id, code__in=rows)
    known = set(there.values_list("code", flat=True))
    missing = [row for code, row in rows.items() if code not in known]
    # Somebody may do the same at this moment: theirs stand then.
    Category.objects.bulk_create(missing, ignore_conflicts=True)
    return {row.code: row for row in there.all()}


def _group(commune: Commune, group: defaults.Group, order: int) -> Category:
    return Category(
        commune=commune, code=group.code, name=group.name, icon=group.icon, order=order * 100
    )


def _category(commune: Commune, kind: defaults.Kind, parent: Category, order: int) -> Category:
    return Category(
        commune=commune,
        code=kind.code,
        parent=parent,
        name=kind.name,
        hint=kind.hint,
        keywords=kind.keywords,
        icon=kind.icon,
        order=parent.order + order + 1,
        stream=kind.stream,
        pin=kind.pin,
        sensitivity=kind.sensitivity,
        is_publishable=kind.is_publishable,
        is_after_photo_required=kind.is_after_photo_required,
        alike_days=defaults.alike_days(kind),
    )


def _terms(rows: dict[str, Category], on: date) -> None:
    """Give a term to each category that has none yet."""
    known = set(
        CategoryTerm.objects.filter(category__in=rows.values()).values_list(
            "category_id", flat=True
        )
    )
    CategoryTerm.objects.bulk_create(
        CategoryTerm(
            commune_id=rows[kind.code].commune_id,
            category=rows[kind.code],
            valid_from=on,
            ack_minutes=kind.ack,
            resolve_unit=kind.unit,
            resolve_amount=kind.amount,
            warn=defaults.WARN,
            source=kind.source,
            note=kind.note,
        )
        for kind in defaults.KINDS
        if rows[kind.code].pk not in known
    )


def _questions(rows: dict[str, Category], on: date) -> None:
    """Ask the usual questions of each category that asks none yet."""
    asking = CategoryQuestion.objects.filter(category__in=rows.values())
    known = set(asking.values_list("category_id", flat=True))
    since = datetime.combine(on, time(), ZONE)
    CategoryQuestion.objects.bulk_create(
        CategoryQuestion(
            commune_id=rows[code].commune_id,
            category=rows[code],
            code=each.code,
            datatype=each.datatype,
            is_asked=each.is_asked,
            is_required=each.is_required,
            is_public=each.is_public,
            order=number,
            text=each.text,
            hint=each.hint,
            choices=[{"key": key, "name": name} for key, name in each.choices],
            valid_from=since,
        )
        for code, asked in defaults.QUESTIONS.items()
        if code in rows and rows[code].pk not in known
        for number, each in enumerate(asked, start=1)
    )


def _bodies(commune: Commune) -> None:
    """Name the usual outside bodies the commune does not know yet."""
    known = set(Body.objects.filter(commune=commune).values_list("name", flat=True))
    Body.objects.bulk_create(
        (
            Body(commune=commune, name=body.name, usual_days=body.usual_days, kind=body.kind)
            for body in defaults.BODIES
            if body.name not in known
        ),
        ignore_conflicts=True,
    )
