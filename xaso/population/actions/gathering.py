"""What goes over from an absorbed record to the one that stays."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from xaso.kernel.working_time import clock
from xaso.population import naming, rulebook
from xaso.population.models import (
    Membership,
    Person,
    PersonContact,
    PersonFlag,
    PersonIdentifier,
    PersonName,
    Role,
    Status,
)

# What is chosen together: a date without its precision would be another date.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("display_name", "exact", "fold", "fold_tight", "sound", "sound_given", "sort_key",
             "is_unnamed"),
    "sex": ("sex",),
    "birth": ("birth_date", "birth_precision", "birth_year", "birth_note"),
    "death": ("status", "death_date", "death_precision"),
    "ethnic": ("ethnic_code", "local_group"),
    "languages": ("spoken_languages", "needs_interpreter"),
    "mother": ("mother_id",),
    "father": ("father_id",),
}  # fmt: skip
ABSORBED = "absorbed"


def gather(survivor: Person, absorbed: Person, choices: Mapping[str, str]) -> None:
    """Move names, numbers, contacts, flags and memberships; set the chosen fields.

    Every name of the absorbed record becomes another name of the survivor, so that searching for it
    still finds the person. A membership the database forbids beside the survivor's own is dropped:
    the merge keeps its row.
    """
    names = {survivor.display_name, absorbed.display_name}
    for field, columns in FIELDS.items():
        if choices.get(field) == ABSORBED:
            for column in columns:
                setattr(survivor, column, getattr(absorbed, column))
    survivor.version, survivor.updated_at = survivor.version + 1, clock.now()
    absorbed.status, absorbed.merged_into = Status.DUPLICATE, survivor
    absorbed.version, absorbed.updated_at = absorbed.version + 1, clock.now()
    absorbed.village = None
    absorbed.save()
    survivor.save()
    _names(survivor, absorbed, names - {survivor.display_name})
    belongs: tuple[Any, ...] = (PersonIdentifier, PersonContact, PersonFlag)
    for model in belongs:
        for row in model.objects.filter(person=absorbed):
            _move(row, survivor)
    for membership in Membership.objects.filter(person=absorbed).order_by("period"):
        _go(membership, survivor)


def _names(survivor: Person, absorbed: Person, names: set[str]) -> None:
    for row in PersonName.objects.filter(person=absorbed):
        _move(row, survivor)
    known = set(PersonName.objects.filter(person=survivor).values_list("name", flat=True))
    classes = rulebook.classes(survivor.commune_id)
    for name in sorted(names - known):
        if not (absorbed.is_unnamed and name == absorbed.display_name):
            PersonName.objects.create(
                commune_id=survivor.commune_id,
                person=survivor,
                **naming.written(name, classes).for_other(),
            )


def _move(row: Any, survivor: Person) -> bool:  # noqa: ANN401  (a row of a table)
    """Give a row to the survivor; one the survivor has too is dropped."""
    try:
        with transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(person=survivor)
    except IntegrityError:
        row.delete()
        return False
    return True


def _go(row: Membership, survivor: Person) -> None:
    """Move a membership; where the survivor is a member already, the head's place is kept."""
    if _move(row, survivor) or row.role != Role.HEAD:
        return
    own = Membership.objects.filter(
        person=survivor, household=row.household_id, period__overlap=row.period
    ).first()
    if own is not None and own.role != Role.HEAD:
        own.role = Role.HEAD
        try:
            with transaction.atomic():
                own.save(update_fields=["role"])
        except IntegrityError:  # somebody else is head in part of that time
            return
