"""Codes by which residents open their own record: printed by an official, never guessed."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.actions import tries
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.sealing import boxes
from xaso.kernel.text import spoken_code
from xaso.kernel.working_time import clock
from xaso.population import births, rulebook
from xaso.population.actions.persons import locked
from xaso.population.models import Person, ResidentKey, Status

_CONTEXT = "population.resident_key"
_TRIES, _PER = 5, timedelta(hours=1)


class NoSuchRecord(NotFound):
    """Code and birth open no record; which of both was wrong is not said."""

    sentence = _("Mã hoặc ngày sinh chưa đúng, hoặc mã đã hết hạn. Bác xem lại tờ giấy xã đưa.")


@transaction.atomic
def make_key(person: Person, *, by: Actor) -> str:
    """Return a fresh code of nine digits for a person; earlier ones no longer open anything."""
    row = locked(person)
    now = clock.now()
    ResidentKey.objects.filter(person=row, revoked_at__isnull=True).update(revoked_at=now)
    code = spoken_code.new()
    days = rulebook.amount(row.commune_id, "rights.key_days")
    key = ResidentKey.objects.create(
        commune_id=row.commune_id,
        person=row,
        digest=_digest(code),
        made_by=by.id[:64],
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record("population.key_made", key, by=by, commune=row.commune_id)
    return code


def open_record(code: str, birth: str, *, commune: Commune) -> Person:
    """Return whose record a code opens together with the date of birth as it is registered.

    Five tries an hour for each code. Refuses with NoSuchRecord, TooMany.
    """
    digits = "".join(c for c in code if c in "0123456789")
    tries.take(f"own record {digits}", limit=_TRIES, per=_PER, commune=commune.id)
    now = clock.now()
    key = (
        ResidentKey.objects.filter(
            commune=commune, digest=_digest(digits), revoked_at__isnull=True, expires_at__gt=now
        )
        .select_related("person")
        .first()
    )
    if key is None or not _is_born(key.person, birth):
        raise NoSuchRecord
    ResidentKey.objects.filter(pk=key.pk).update(used_at=now)
    return key.person


def _is_born(person: Person, birth: str) -> bool:
    """Return whether what was typed is the registered birth, as far as that is known."""
    if person.status == Status.DUPLICATE:
        return False
    try:
        typed = births.parse(birth, today=clock.now().date())
    except births.NoSuchDay:
        return False
    if typed.day is None or person.birth_date is None:
        return False
    return births.may_be_same(typed, births.Partial(person.birth_date, person.birth_precision))


def _digest(code: str) -> str:
    return boxes.blind(code, context=_CONTEXT)
