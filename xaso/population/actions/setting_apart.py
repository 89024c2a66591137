"""Set a record apart instead of deleting it: kept, and no longer used (decree 356/2025/NĐ-CP)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.population.actions.persons import locked
from xaso.population.models import Person, Restriction, SubjectRequest

MOST, LEAST = 1_000, 5  # characters of a reason


class WhyMissing(Invalid):
    """Setting a record apart and using it again are explained."""

    sentence = _("Bác ghi lý do, ít nhất vài chữ.")


class ApartAlready(Refusal):
    """The record is set apart."""

    sentence = _("Hồ sơ này đang khóa rồi.")


@transaction.atomic
def set_apart(
    person: Person, reason: str, *, by: Actor, request: SubjectRequest | None = None
) -> Restriction:
    """Lock a record: kept, but listed and found by nobody who does not look after rights.

    Refuses with WhyMissing, ApartAlready, NotFound (somebody else's request).
    """
    row = locked(person)
    why = _said(reason)
    if request is not None and request.person_id != row.pk:
        raise NotFound
    if Restriction.objects.filter(person=row, ended_at__isnull=True).exists():
        raise ApartAlready
    kept = Restriction.objects.create(
        commune_id=row.commune_id,
        person=row,
        request=request,
        reason=why,
        began_at=clock.now(),
        began_by=by.id[:64],
    )
    audit.record("population.set_apart", kept, by=by, commune=row.commune_id)
    return kept


@transaction.atomic
def use_again(restriction: UUID, reason: str, *, by: Actor) -> Restriction:
    """Unlock a record. Refuses with WhyMissing, NotFound (none, or over already)."""
    rows = Restriction.objects.select_for_update()
    row = rows.filter(pk=restriction, ended_at__isnull=True).first()
    if row is None:
        raise NotFound
    row.end_reason, row.ended_at, row.ended_by = _said(reason), clock.now(), by.id[:64]
    row.save()
    audit.record("population.used_again", row, by=by, commune=row.commune_id)
    return row


def _said(reason: str) -> str:
    why = clean_text(reason)[:MOST]
    if len(why) < LEAST:
        raise WhyMissing(errors={"reason": [str(WhyMissing.sentence)]})
    return why
