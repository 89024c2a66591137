"""The commune comes first: drafts for those who are due, and those who do not want one.

A draft is opened once for a person and a reminder, however often it is asked for. It is a draft
only: it is handed in by the person, or when they have said yes (NĐ 224/2026/NĐ-CP art. 16).
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as gl

from xaso.dossiers import catalogue, proactive, registered
from xaso.dossiers.actions import telling
from xaso.dossiers.actions.receiving import OtherContent, Receipt, open_draft
from xaso.dossiers.given import Applicant, NewDossier
from xaso.dossiers.models import (
    DueKind,
    ProactiveAnswer,
    ProactiveDraft,
    ProactiveRefusal,
    ProactiveRule,
    Procedure,
)
from xaso.dossiers.proactive import Due, Rule
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line, fold
from xaso.kernel.working_time import clock
from xaso.population import queries as population
from xaso.population.models import FlagKind, Sureness

_MOST = {"amount": 365, "ahead_days": 3_650, "behind_days": 3_650}


class OnlyReminds(Refusal):
    """The reminder prepares nothing."""

    sentence = gl("Việc này chỉ nhắc bà con, chưa soạn hồ sơ nháp được.")


class NoPhoneAgreed(Refusal):
    """Nobody agreed to be texted, or no phone is known."""

    sentence = gl("Người này chưa đồng ý nhận tin nhắn của xã, hoặc chưa có số. Bác đến hỏi thăm.")


class TextedBefore(Refusal):
    """They were texted about it, or answered."""

    sentence = gl("Đã nhắn tin, hoặc bà con đã trả lời rồi. Không nhắn lần nữa.")


class NoChannel(Refusal):
    """The commune sends no texts."""

    sentence = gl("Xã chưa mở kênh nhắn tin nào. Quản trị mở ở mục Kênh nhắn tin.")


@dataclass(frozen=True)
class Reminder:
    """Whom a reminder reached: the person, by which rule, in whose villages (None: all)."""

    person: UUID
    code: str
    villages: frozenset[int] | None = None


@dataclass(frozen=True)
class NewRule:
    """A reminder as it shall be from a day on; numbers in days, or years for an age."""

    code: str
    valid_from: date
    amount: int
    ahead_days: int
    behind_days: int
    level: int
    procedure: str
    is_on: bool
    sureness: str
    source: str
    name: str = ""  # of a commune's own reminder, with its kind
    kind: str = ""
    flag: str = ""  # of a kind that ends: what ends


@transaction.atomic
def propose(reminder: Reminder, *, by: Actor, commune: Commune) -> Receipt:
    """Open the draft for somebody who is due, filled in from the register.

    Neither phone nor number of a paper is copied: the person says those. Asking again returns the
    first draft. Refuses with NotFound (not due, refused, of another village), OnlyReminds,
    NoVersionToday.
    """
    rule, line = _line(reminder, commune)
    if rule.level < proactive.PREPARE or not rule.procedure:
        raise OnlyReminds
    if line.draft is not None:
        return _first(line, commune)
    new = _new(rule, line, commune)
    try:
        with transaction.atomic():
            receipt = open_draft(new, by=by, commune=commune)
    except OtherContent as known:
        return Receipt(known.dossier, is_new=False)
    ProactiveDraft.objects.get_or_create(
        commune=commune,
        dossier=receipt.dossier,
        defaults={"code": rule.code, "person": line.person.pk},
    )
    return receipt


@transaction.atomic
def note_answer(
    reminder: Reminder, said: ProactiveAnswer.Said, *, by: Actor, commune: Commune
) -> ProactiveAnswer:
    """Note that somebody was asked, and what they said; a no is remembered as `decline` does.

    Every asking is a row of its own. Refuses with NotFound (not due, refused, of another village).
    """
    _rule, line = _line(reminder, commune)
    row = ProactiveAnswer.objects.create(
        commune=commune,
        person=line.person.pk,
        code=reminder.code,
        said=said,
        asked_by=by.id[:64],
        asked_at=clock.now(),
    )
    told = {"code": reminder.code, "said": str(said)}
    audit.record("dossiers.reminder_answered", row, by=by, commune=commune.id, changes=told)
    if said == ProactiveAnswer.Said.NO:
        decline(reminder, by=by, commune=commune)
    return row


def answer_yes(reminder: Reminder, *, by: Actor, commune: Commune) -> ProactiveAnswer:
    """Note a yes, as `note_answer` does."""
    return note_answer(reminder, ProactiveAnswer.Said.YES, by=by, commune=commune)


def answer_no(reminder: Reminder, *, by: Actor, commune: Commune) -> ProactiveAnswer:
    """Note a no, as `note_answer` does."""
    return note_answer(reminder, ProactiveAnswer.Said.NO, by=by, commune=commune)


def not_reached(reminder: Reminder, *, by: Actor, commune: Commune) -> ProactiveAnswer:
    """Note that nobody was met, as `note_answer` does."""
    return note_answer(reminder, ProactiveAnswer.Said.NOT_REACHED, by=by, commune=commune)


@transaction.atomic
def text(reminder: Reminder, *, by: Actor, commune: Commune) -> ProactiveAnswer:
    """Send a short text to somebody who is due, once for each time they are; what for it hides.

    Only to who agreed to the commune's notices and gave a phone; for a child, to the mother. Who
    answered is not texted. Refuses with NotFound as `note_answer` does, NoPhoneAgreed,
    TextedBefore, NoChannel.
    """
    rule, line = _line(reminder, commune)
    if not line.may_be_texted:
        raise TextedBefore
    whom = proactive.spoken_to(line.person)
    found = population.reachable(commune, [whom])
    if not found:
        raise NoPhoneAgreed
    row = note_answer(reminder, ProactiveAnswer.Said.TEXTED, by=by, commune=commune)
    said = telling.text_people(
        "reminded",
        row,
        {f"person:{whom}": found[0].phone},
        key=f"remind/{rule.code}/{line.person.pk}/{line.first}",
        facts={"address": telling.page(commune, "dat-lich/")},
    )
    if not said:
        raise NoChannel
    return row


@transaction.atomic
def decline(reminder: Reminder, *, by: Actor, commune: Commune) -> None:
    """Note that somebody does not want this; they are not listed for it again."""
    _rule, line = _line(reminder, commune)
    row, is_new = ProactiveRefusal.objects.get_or_create(
        commune=commune,
        person=line.person.pk,
        code=reminder.code,
        ended_at=None,
        defaults={"noted_by": by.id[:64], "noted_at": clock.now()},
    )
    if is_new:
        said = {"code": reminder.code}
        audit.record("dossiers.reminder_refused", row, by=by, commune=commune.id, changes=said)


@transaction.atomic
def want_again(reminder: Reminder, *, by: Actor, commune: Commune) -> None:
    """Note that somebody who said no wants it after all. Refuses with NotFound."""
    rule = _rule(reminder.code, commune)
    found = proactive.refusers(commune, rule, proactive.today(), reminder.villages)
    if reminder.person not in {each.person.pk for each in found}:
        raise NotFound
    rows = ProactiveRefusal.objects.select_for_update().filter(
        commune=commune,
        code=rule.code,
        person__in=proactive.keys_of(reminder.person),
        ended_at__isnull=True,
    )
    for row in rows:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        said = {"code": rule.code}
        audit.record("dossiers.reminder_wanted", row, by=by, commune=commune.id, changes=said)


@transaction.atomic
def add_reminder(new: NewRule, *, by: Actor, commune: Commune) -> ProactiveRule:
    """Write a reminder of the commune's own making; its code is taken from its name.

    Refuses with Invalid, errors by field, also for a name another own reminder has.
    """
    code = own_code(new.name)
    if ProactiveRule.objects.filter(commune=commune, code=code).exists():
        raise Invalid(errors={"name": [_("Đã có việc nhắc mang tên này.")]})
    return set_reminder(replace(new, code=code), by=by, commune=commune)


def own_code(name: str) -> str:
    """Return the code of a commune's own reminder, which no shipped one can have."""
    return f"xa-{slugify(fold(name))}"[:30].rstrip("-")


@transaction.atomic
def set_reminder(new: NewRule, *, by: Actor, commune: Commune) -> ProactiveRule:
    """Write how a reminder is from a day on; the same day again replaces that day's row.

    Refuses with Invalid, errors by field.
    """
    if errors := _faults(new, commune):
        raise Invalid(errors=errors)
    row, _made = ProactiveRule.objects.update_or_create(
        commune=commune,
        code=new.code,
        valid_from=new.valid_from,
        defaults={
            "name": clean_line(new.name)[:120],
            "kind": new.kind,
            "flag": new.flag if new.kind == proactive.ENDING else "",
            "amount": new.amount,
            "ahead_days": new.ahead_days,
            "behind_days": new.behind_days,
            "level": new.level,
            "procedure": new.procedure,
            "is_on": new.is_on,
            "sureness": new.sureness,
            "source": clean_line(new.source)[:300],
            "set_by": by.id[:64],
            "set_at": clock.now(),
        },
    )
    said = {"code": new.code, "valid_from": new.valid_from.isoformat(), "amount": new.amount}
    audit.record("dossiers.reminder_set", row, by=by, commune=commune.id, changes=said)
    return row


def _faults(new: NewRule, commune: Commune) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    shipped = {each.code for each in proactive.SHIPPED}
    is_own = bool(clean_line(new.name) or new.kind)
    if (new.code in shipped) == is_own:
        raise NotFound
    if is_own:
        errors |= _own_faults(new)
    if not clean_line(new.source):
        errors["source"] = [_("Ghi văn bản hoặc quyết định làm căn cứ.")]
    if new.sureness not in Sureness.values:
        errors["sureness"] = [_("Chọn mức chắc chắn.")]
    errors |= {
        name: [_("Ghi số từ 0 đến %(most)s.") % {"most": most}]
        for name, most in _MOST.items()
        if not 0 <= getattr(new, name) <= most
    }
    if new.level not in {proactive.REMIND, proactive.PREPARE}:
        errors["level"] = [_("Chọn nhắc, hoặc soạn nháp.")]
    known = Procedure.objects.filter(commune=commune, code=new.procedure)
    if new.level == proactive.PREPARE and not known.exists():
        errors["procedure"] = [_("Chọn thủ tục để soạn nháp.")]
    return errors


def _own_faults(new: NewRule) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(clean_line(new.name)) < 2 or new.code == "xa":
        errors["name"] = [_("Đặt tên cho việc nhắc.")]
    if new.kind not in DueKind.values:
        errors["kind"] = [_("Chọn cách tính mốc.")]
    if new.kind == proactive.ENDING and new.flag not in FlagKind.values:
        errors["flag"] = [_("Chọn giấy tờ, chế độ nào sắp hết hạn.")]
    return errors


def _rule(code: str, commune: Commune) -> Rule:
    found = {each.code: each for each in proactive.rules(commune, proactive.today()) if each.is_on}
    if code not in found:
        raise NotFound
    return found[code]


def _line(reminder: Reminder, commune: Commune) -> tuple[Rule, Due]:
    """Return the rule and the line of somebody who is due now. Refuses with NotFound."""
    rule = _rule(reminder.code, commune)
    found = proactive.due(commune, rule, proactive.today(), reminder.villages)
    line = next((each for each in found if each.person.pk == reminder.person), None)
    if line is None:
        raise NotFound
    return rule, line


def _first(line: Due, commune: Commune) -> Receipt:
    return Receipt(proactive.dossier_of(line, commune), is_new=False)


def _new(rule: Rule, line: Due, commune: Commune) -> NewDossier:
    """Return the draft as the register fills it in: for a child, the mother asks."""
    person = line.person
    asks = person
    if rule.kind == proactive.BIRTH and person.mother is not None:
        asks = person.mother
    held = catalogue.held(commune.id, rule.procedure, proactive.today())
    facts = registered.facts(person, asks)
    return NewDossier(
        uuid=proactive.key_of(commune, rule.code, person.pk),
        procedure=rule.procedure,
        applicant=Applicant(
            asks.display_name,
            person=asks.pk,
            address=facts["person.village"],
            village_id=person.village_id,
        ),
        subject=f"{held.procedure.name}: {person.display_name}",
        form=registered.filled(held.content, facts),
        note=_("Xã soạn sẵn từ sổ dân cư (%(source)s). Chỉ nộp khi bà con đã đồng ý.")
        % {"source": rule.source},
    )
