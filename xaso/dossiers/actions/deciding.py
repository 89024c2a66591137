"""How it ends: signed and numbered, answered that it cannot be done, returned to the person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xaso.dossiers import agreements, owing
from xaso.dossiers.actions import authorising, handing, paying, steps
from xaso.dossiers.actions.steps import NOTHING, Seen, Step
from xaso.dossiers.given import Authority, Declining, Signed
from xaso.dossiers.history import Said
from xaso.dossiers.models import (
    Delivery,
    Dossier,
    FilingConsent,
    Finance,
    HelpScope,
    PauseReading,
    Result,
    Supplement,
)
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import clean_line, clean_text, dates
from xaso.kernel.working_time import clock


class NumberTaken(Refusal):
    """Another result holds this number of the register."""

    sentence = _("Số này đã cấp cho kết quả khác trong sổ. Xin lấy số mới.")


@dataclass(frozen=True)
class Handed:
    """How a result was given: the way, the proof, and who fetched it where the holder did not.

    That is an official who helped (`helper_id`) or somebody with a paper of authority. `paid`: how
    what was still to pay is paid now; ignored where nothing is.
    """

    way: str  # a Delivery: da_giao_truc_tiep, da_giao_dien_tu, buu_chinh
    proof: str  # "ký nhận", a postal code, an e-receipt
    helper_id: int | None = None  # an official who fetches it for the holder
    note: str = ""
    authority: Authority | None = None
    paid: paying.Paid | None = None


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
    if owing.owed(dossier):
        dossier.finance = Finance.DUE  # what is paid when the result is given
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
    """Give the result to the holder, or to whom they allowed to fetch it; with a proof.

    That is a helper whose agreement goes so far, or somebody with a paper of authority. The
    history keeps who received it and by what right. What is still to pay is paid before or with
    `how.paid`. Refuses with Invalid (errors by field of `Authority`; `receipt`: a transfer without
    its number) and with GuardRefused where money is owed, or where the agreement or the paper does
    not allow it, was taken back or is over. Being late never stands in the way.
    """
    owed, paid = owing.owed(dossier), how.paid
    if owed and paid is not None and not paid.is_proven:
        raise Invalid(errors={"receipt": [str(paying.NotProven.sentence)]})
    agreed = agreements.of(dossier) if how.helper_id is not None else None
    is_theirs = agreed is not None and agreed.helper_id == how.helper_id
    brought = how.authority
    step = steps.begin(
        dossier, "tra", by=by, seen=seen, proof=how.proof, way=how.way,
        is_fetched_by_another=how.helper_id is not None or brought is not None,
        may_fetch=brought is not None
        or (is_theirs and agreements.allows(agreed, HelpScope.RECEIVE, clock.now())),
        paper_problem=authorising.check(dossier, brought) if brought else "",
        owed=owed if paid is None else 0,
    )  # fmt: skip
    dossier.delivery = how.way
    dossier.returned_at = dossier.ended_at = step.now
    facts = {"way": how.way, "proof": clean_line(how.proof)[:200]} | _right(agreed, brought)
    if owed and paid is not None:
        paying.mark(dossier, paid, step.now, by)
        paying.write_down(dossier, paid, by)
        facts |= {"paid": owed, "paid_by": paid.way}
    if brought is not None:
        step.rows.append(authorising.row(dossier, brought, by))
    return step.finish(
        Said(
            public=str(_("Người có giấy ủy quyền của bà con đã nhận.")) if brought else "",
            internal=clean_text(how.note)[:1_000],
            facts=facts,
        )
    )


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


def _right(agreed: FilingConsent | None, brought: Authority | None) -> dict[str, object]:
    """Return by what right somebody received a result, as the history keeps it: no name."""
    if brought is not None:
        return {
            "right": "authority", "relation": brought.relation, "certified": brought.is_certified,
            "sha256": brought.evidence.sha256 if brought.evidence else "",
        }  # fmt: skip
    if agreed is None:
        return {"right": "holder"}
    day = dates.local(agreed.given_at).date().isoformat()
    return {
        "right": "helper", "receiver": agreed.helper_id,
        "consent": agreed.consent_id, "agreed_on": day,
    }  # fmt: skip


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
