"""Dossiers beside a dossier: a correction of a result, and the copy of another system's dossier."""

from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from xaso.dossiers import catalogue, codes, history
from xaso.dossiers.actions import drawing, steps
from xaso.dossiers.actions.steps import NOTHING, Seen
from xaso.dossiers.given import Applicant, NewDossier
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier, DossierCode, Sync, SyncState
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import clean_text, dates
from xaso.kernel.workflow.table import START


class CodeKnown(Refusal):
    """That code of that system belongs to another dossier here."""

    sentence = _("Mã này đã ghi cho hồ sơ khác. Xin tìm mã đó trong danh sách.")


@steps.action
def correct(dossier: Dossier, reason: str, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Open a linked correction dossier; the signed result itself is never edited.

    Returns the first dossier; the new one is the newest of its `corrections`.
    """
    step = steps.begin(dossier, "dinh_chinh", by=by, seen=seen, reason=reason)
    new = _correction(step, reason)
    said = Said(internal=clean_text(reason)[:1_000], facts={"correction": str(new.uuid)})
    return step.finish(said)


def _correction(step: steps.Step, reason: str) -> Dossier:
    """Store a draft with the same applicant, linked to the first."""
    first, commune = step.dossier, Commune.objects.get(pk=step.dossier.commune_id)
    held = catalogue.held(commune.id, first.procedure.code, dates.local(step.now).date())
    who = Applicant(
        first.applicant, first.applicant_kind, first.person, first.id_number, first.phone,
        first.email, first.address, first.village_id,
    )  # fmt: skip
    given = NewDossier(uuid4(), first.procedure.code, who, subject=first.subject, note=reason)
    new = drawing.draft(given, held, commune, step.now)
    new.parent = first
    new.save()
    line = history.event(new, "lap", came_from=START, said=Said(), by=step.by)
    line.dossier = new
    line.save(force_insert=True)
    for row in drawing.components(new, held.content, (), step.by.id, step.now):
        row.save()
    new.save(update_fields=["version", "last_hash"])
    steps.after(new, [line], by=step.by)
    return new


@steps.action
def hand_to_system(
    dossier: Dossier, target: str, external_code: str, *, by: Actor, seen: Seen = NOTHING
) -> Dossier:
    """Note the code another system gave: ours becomes its copy, read-only from now on.

    The clock is not restarted. Refuses with NotACode, CodeKnown.
    """
    code = codes.check(external_code)
    step = steps.begin(dossier, "chuyen_tuyen", by=by, seen=seen, target=target, external_code=code)
    known = DossierCode.objects.filter(commune=dossier.commune_id, system=target, code=code)
    if known.exclude(dossier=dossier).exists():
        raise CodeKnown
    dossier.is_mirror, dossier.mirror_of = True, target
    is_first = not dossier.code
    if is_first:
        dossier.code = code
    if not known.exists():
        row = codes.row(dossier.commune_id, target, code, step.now, is_primary=is_first)
        row.dossier = dossier
        step.rows.append(row)
    state = SyncState.objects.filter(dossier=dossier, target=target).first()
    fresh = SyncState(commune_id=dossier.commune_id, dossier=dossier, target=target)
    state = state or fresh
    state.state, state.since = Sync.CONFIRMED, step.now
    step.rows.append(state)
    return step.finish(Said(facts={"target": target}))
