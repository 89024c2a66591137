"""What is written beside the steps: a draft's words, its papers, a note."""

from collections.abc import Mapping

from xaso.dossiers import catalogue
from xaso.dossiers.actions import drawing, steps, supplementing
from xaso.dossiers.actions.steps import NOTHING, Seen
from xaso.dossiers.content import answers
from xaso.dossiers.given import Editing
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line, clean_text


@steps.action
def edit(dossier: Dossier, what: Editing, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Change the applicant, the subject or the papers of what is not accepted yet."""
    step = steps.begin(dossier, "sua", by=by, seen=seen)
    changed = []
    if what.applicant is not None:
        if errors := drawing.faults_of(what.applicant):
            raise Invalid(errors=errors)
        drawing.put_applicant(dossier, what.applicant)
        dossier.save(update_fields=["id_number", "phone", "email", "address"])
        changed.append("applicant")
    if what.subject:
        dossier.subject = clean_line(what.subject)[:500]
        changed.append("subject")
    if what.papers:
        supplementing.put_papers(step, what.papers)
        changed.append("papers")
    return step.finish(Said(facts={"changed": changed}))


@steps.action
def answer(
    dossier: Dossier, said: Mapping[str, str], *, by: Actor, seen: Seen = NOTHING
) -> Dossier:
    """Write down answers that were not asked when the dossier came; others stay as they are.

    Refuses with Invalid (errors by field, `q_` and the question's code), and where nothing is said.
    """
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    if errors := answers.faults(content, said):
        raise Invalid(errors=errors)
    new = {code: clean_text(str(text)) for code, text in said.items() if str(text).strip()}
    step = steps.begin(dossier, "ghi_to_khai", by=by, seen=seen, answered=new)
    dossier.form = dossier.form | new
    dossier.unanswered = len(answers.unanswered(content, dossier.form))
    return step.finish(Said(facts={"answered": sorted(new), "left": dossier.unanswered}))


@steps.action
def note(dossier: Dossier, text: str, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Write a note for the office."""
    step = steps.begin(dossier, "ghi_chu", by=by, seen=seen, text=text)
    return step.finish(Said(internal=clean_text(text)[:2_000]))
