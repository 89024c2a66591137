"""Questions to other units and agencies, answered beside the dossier's own step."""

from xaso.dossiers.actions import steps
from xaso.dossiers.actions.steps import NOTHING, Seen
from xaso.dossiers.given import Asked, Opinion
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier, SubTask
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import clean_line, clean_text


@steps.action
def ask_opinion(dossier: Dossier, what: Asked, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Ask a unit or an agency; a mandatory question holds the signature, never the clock."""
    step = steps.begin(
        dossier, "lay_y_kien", by=by, seen=seen,
        agency=what.agency, question=what.question, due_at=what.due_at,
    )  # fmt: skip
    step.rows.append(
        SubTask(
            commune_id=dossier.commune_id,
            dossier=dossier,
            agency=clean_line(what.agency)[:150],
            unit_id=what.unit_id,
            question=clean_text(what.question)[:2_000],
            is_mandatory=what.is_mandatory,
            asked_at=step.now,
            asked_by=by.id,
            due_at=what.due_at,
        )
    )
    return step.finish(Said(facts={"mandatory": what.is_mandatory}))


@steps.action
def give_opinion(
    dossier: Dossier, task: int, opinion: Opinion, *, by: Actor, seen: Seen = NOTHING
) -> Dossier:
    """Answer a question, as the unit that was asked or as whoever passes its letter on."""
    found = _task(dossier, task)
    step = steps.begin(dossier, "tra_loi", by=by, seen=seen, task=found, answer=opinion.answer)
    found.state, found.answer = SubTask.State.ANSWERED, clean_text(opinion.answer)[:4_000]
    found.answered_at, found.answered_by = step.now, by.id
    found.document_no = clean_line(opinion.document_no)[:60]
    step.rows.append(found)
    return step.finish(Said(facts={"task": found.pk}))


@steps.action
def waive_opinion(
    dossier: Dossier, task: int, reason: str, *, by: Actor, seen: Seen = NOTHING
) -> Dossier:
    """Wait no longer for an answer, with the reason."""
    found = _task(dossier, task)
    step = steps.begin(dossier, "khong_cho", by=by, seen=seen, task=found, answer=reason)
    found.state, found.answer = SubTask.State.WAIVED, clean_text(reason)[:1_000]
    found.answered_at, found.answered_by = step.now, by.id
    step.rows.append(found)
    return step.finish(Said(internal=clean_text(reason)[:1_000], facts={"task": found.pk}))


def _task(dossier: Dossier, key: int) -> SubTask:
    found = SubTask.objects.filter(dossier=dossier, pk=key).first()
    if found is None:
        raise NotFound
    return found
