"""A yes to what the commune prepared, said when it is handed in."""

from xaso.dossiers import proactive
from xaso.dossiers.models import ProactiveAnswer, ProactiveDraft, ProactiveRefusal
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.working_time import clock


def say_yes(draft: ProactiveDraft, *, by: Actor) -> ProactiveAnswer:
    """Write down that the person wants it; a no from before ends. Within a step's transaction."""
    now, keys = clock.now(), proactive.keys_now(draft.person)
    row = ProactiveAnswer.objects.create(
        commune_id=draft.commune_id,
        person=keys[0],
        code=draft.code,
        said=ProactiveAnswer.Said.YES,
        asked_by=by.id[:64],
        asked_at=now,
    )
    refused = ProactiveRefusal.objects.filter(
        commune=draft.commune_id, code=draft.code, person__in=keys, ended_at__isnull=True
    )
    refused.update(ended_at=now)
    told = {"code": draft.code, "said": str(row.said)}
    audit.record("dossiers.reminder_answered", row, by=by, commune=draft.commune_id, changes=told)
    return row
