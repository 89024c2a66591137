"""Somebody is away: who stands in, from when to when."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models import Absence
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock


@dataclass(frozen=True)
class Away:
    """Who is away, from when to when, and who stands in."""

    official_id: int
    since: datetime
    until: datetime
    stand_in_id: int | None = None
    reason: str = ""


@transaction.atomic
def note_absence(away: Away, *, by: Actor, commune: Commune) -> Absence:
    """Note that somebody is away; hand-overs go to the stand-in from then on."""
    errors: dict[str, list[str]] = {}
    if away.until <= away.since:
        errors["until"] = [str(_("Ngày về phải sau ngày đi."))]
    if identity.official(away.official_id, commune) is None:
        errors["official"] = [str(_("Chọn cán bộ của xã."))]
    if away.stand_in_id is not None:
        is_self = away.stand_in_id == away.official_id
        if is_self or identity.official(away.stand_in_id, commune) is None:
            errors["stand_in"] = [str(_("Chọn một cán bộ khác làm thay."))]
    if errors:
        raise Invalid(errors=errors)
    row = Absence.objects.create(
        commune=commune,
        official_id=away.official_id,
        stand_in_id=away.stand_in_id,
        since=away.since,
        until=away.until,
        reason=clean_line(away.reason)[:200],
        noted_by=by.id,
    )
    changes = {"official": row.official_id, "stand_in": row.stand_in_id}
    audit.record("dossiers.absence_noted", row, by=by, commune=commune.id, changes=changes)
    return row


@transaction.atomic
def end_absence(absence: Absence, *, by: Actor) -> Absence:
    """Note that somebody came back."""
    row = Absence.objects.select_for_update().get(pk=absence.pk)
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        audit.record("dossiers.absence_ended", row, by=by, commune=row.commune_id)
    return row
