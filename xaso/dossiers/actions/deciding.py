"""How it ends: signed and numbered, answered that it cannot be done, returned to the person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xaso.dossiers import agreements
from xaso.dossiers.actions import handing, steps
from xaso.dossiers.actions.steps import NOTHING, Seen, Step
from xaso.dossiers.given import Declining, Signed
from xaso.dossiers.history import Said
from xaso.dossiers.models import (
    Delivery,
    Dossier,
    HelpScope,
    PauseReading,
    Result,
    Supplement,
)
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import clean_line, clean_text, dates
from xaso.kernel.working_time import clock


class NumberTaken(Refusal):
    """Another result holds this number of the register."""

    sentence = _("Số này đã cấp cho kết quả khác trong sổ. Xin lấy số mới.")


@dataclass(frozen=True)
class Handed:
    """How a result was given: the way, the proof, and the helper where the holder did not come."""

    way: str  # a Delivery: da_giao_truc_tiep, da_giao_dien_tu, buu_chinh
    proof: str  # "ký nhận", a postal code, an e-receipt
    helper_id: int | None = None  # an official who fetches it for the holder
    note: str = ""


@steps.action
def sign(dossier: Dossier, what: Signed, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Sign and issue: the clock stops here, whatever day the person comes to fetch it.

    Refuses with NumberTaken. Signatures are verified by the room that makes them; what it found
    stands in `certificate`.
    """
    problem = what.certificate.get("problem") if what.certificate else None
    step = steps.begin(
        dossier, "ky_ban_hanh", by=by, seen=seen, signer=what.signer_id, number=what.number,
        register=what.register, signature_problem=problem,
        open_questions=handing.open_mandatory(dossier),
    )  # fmt: skip
    _keep_result(step, what)
    dossier.resolved_at = step.now
    dossier.delivery = Delivery.READY
    judge(dossier, list(dossier.supplements.all()))
    return step.finish(Said(facts={"register": what.register, "number": what.number}))


@steps.action
def cannot_resolve(dossier: Dossier, why: Declining, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Answer with a signed letter that it cannot be resolved, with reason and legal basis."""
    letter = why.letter
    step = steps.begin(
        dossier, "khong_giai_quyet", by=by, seen=seen, reason=why.reason,
        legal_basis=why.legal_basis, number=letter.number, register=letter.register,
    )  # fmt: skip
    _keep_result(step, letter)
    dossier.ended_at = step.now
    facts = {"legal_basis": why.legal_basis, "number": letter.number}
    return step.finish(Said(public=clean_text(why.reason)[:1_000], facts=facts))


@steps.action
def give_result(dossier: Dossier, how: Handed, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Give the result to the holder, or to the helper they allowed to fetch it; with a proof.

    The history keeps who received it and by what right. Refuses with GuardRefused where the
    agreement does not go so far, was taken back or is over. Being late never stands in the way.
    """
    agreed = agreements.of(dossier) if how.helper_id is not None else None
    is_theirs = agreed is not None and agreed.helper_id == how.helper_id
    step = steps.begin(
        dossier, "tra", by=by, seen=seen, proof=how.proof, way=how.way,
        fetched_by=how.helper_id,
        may_fetch=is_theirs and agreements.allows(agreed, HelpScope.RECEIVE, clock.now()),
    )  # fmt: skip
    dossier.delivery = how.way
    dossier.returned_at = dossier.ended_at = step.now
    facts: dict[str, object] = {
        "way": how.way, "proof": clean_line(how.proof)[:200], "right": "holder",
    }  # fmt: skip
    if agreed is not None:
        day = dates.local(agreed.given_at).date().isoformat()
        facts |= {
            "right": "helper", "receiver": agreed.helper_id,
            "consent": agreed.consent_id, "agreed_on": day,
        }  # fmt: skip
    return step.finish(Said(internal=clean_text(how.note)[:1_000], facts=facts))


@steps.action
def not_fetched(dossier: Dossier, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Note that nobody came for a result that is ready."""
    step = steps.begin(dossier, "khong_den_nhan", by=by, seen=seen)
    dossier.delivery = Delivery.NOT_FETCHED
    return step.finish()


def judge(dossier: Dossier, supplements: list[Supplement]) -> None:
    """Write both readings of "on time" at the end of processing.

    Ours: the end is no later than the promise (an extended one counts late only by setting, which
    boards apply by `extension_count`). The national one: by the reading that holds that day, and
    more than one supplement counts overdue whatever the dates.
    """
    end = dossier.resolved_at
    if end is None or dossier.promise_at is None or dossier.first_promise_at is None:
        return
    dossier.on_time_internal = end <= dossier.promise_at
    if dossier.supplement_count > 1:
        dossier.on_time_kpi = False
    elif _reading(dossier, end) == "elapsed":
        away = sum((_length(each) for each in supplements), timedelta())
        dossier.on_time_kpi = end - away <= dossier.first_promise_at
    else:
        dossier.on_time_kpi = end <= dossier.promise_at


def _reading(dossier: Dossier, at: datetime) -> str:
    day = dates.local(at).date()
    rows = PauseReading.objects.filter(commune=dossier.commune_id, valid_from__lte=day)
    found = rows.order_by("-valid_from").values_list("reading", flat=True).first()
    return found or "new_due"


def _length(each: Supplement) -> timedelta:
    is_counted = each.stage == Supplement.Stage.PROCESSING and each.issued_at and each.received_at
    if not is_counted:
        return timedelta()
    assert each.issued_at is not None  # noqa: S101
    assert each.received_at is not None  # noqa: S101
    return each.received_at - each.issued_at


def _keep_result(step: Step, what: Signed) -> None:
    """Store the result; its number belongs to one result of the register and year alone."""
    dossier = step.dossier
    row = Result(
        commune_id=dossier.commune_id,
        dossier=dossier,
        name=clean_line(what.name)[:250] or step.content.result.name or dossier.subject[:250],
        register=clean_line(what.register)[:40],
        year=what.signed_on.year,
        number=clean_line(what.number)[:40],
        signed_on=what.signed_on,
        signer_id=what.signer_id,
        numbered_by=step.by.id,
        attachment=what.attachment,
        sha256=what.attachment.sha256 if what.attachment else what.sha256,
        certificate=what.certificate,
        is_electronic=what.is_electronic,
        electronic_code=what.electronic_code[:60],
        link=what.link[:300],
        valid_until=what.valid_until,
        created_at=step.now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "result_number_once" in str(error):
            raise NumberTaken from error
        raise
