"""A commune's centre is opened: its settings, and the first catalogue as drafts."""

from dataclasses import dataclass

from django.db import transaction

from xaso.dossiers import seeds
from xaso.dossiers.actions import publishing
from xaso.dossiers.codes import NATIONAL
from xaso.dossiers.models import CentreSettings, Procedure
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line


@dataclass(frozen=True)
class Settings:
    """What one commune decides about its centre."""

    code_prefix: str = ""
    is_refusal_by_leader: bool = False
    is_extension_late: bool = True
    response_hours: int = 8
    near_due_hours: int = 8


@transaction.atomic
def set_up(commune: Commune, *, by: Actor) -> int:
    """Load the first catalogue as drafts, each with its mark; return how many were added.

    Nothing is published: an administrator compares each with the province's decision first.
    """
    CentreSettings.objects.get_or_create(commune=commune)
    known = set(Procedure.objects.filter(commune=commune).values_list("code", flat=True))
    new = [each for each in seeds.seeds() if each.code not in known]
    for each in new:
        publishing.add_procedure(
            publishing.NewProcedure(
                each.code,
                each.name,
                each.field_code,
                each.field_name,
                is_national=each.is_national,
            ),
            each.content,
            by=by,
            commune=commune,
        )
    return len(new)


@transaction.atomic
def set_settings(commune: Commune, new: Settings, *, by: Actor) -> CentreSettings:
    """Write what the commune decides. Refuses with Invalid for a prefix that makes no code."""
    prefix = clean_line(new.code_prefix).upper()
    if prefix and not NATIONAL.fullmatch(f"{prefix}-261008-0001"):
        raise Invalid(errors={"code_prefix": ["H35.50.05.13"]})
    row, _made = CentreSettings.objects.select_for_update().get_or_create(commune=commune)
    row.code_prefix = prefix
    row.is_refusal_by_leader = new.is_refusal_by_leader
    row.is_extension_late = new.is_extension_late
    row.response_hours, row.near_due_hours = new.response_hours, new.near_due_hours
    row.save()
    changes = {"prefix": prefix, "refusal_by_leader": new.is_refusal_by_leader}
    audit.record("dossiers.settings_changed", row, by=by, commune=commune.id, changes=changes)
    return row
