"""What a demo commune does before people ask: reminders answered, a draft for who agreed."""

from datetime import datetime, timedelta
from uuid import uuid5

from xaso.demo import names
from xaso.demo.towns import Town
from xaso.dossiers import actions, proactive
from xaso.dossiers.models import HelpScope
from xaso.kernel.identity.models import Consent
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.population.models import Sureness

_BIRTH = "1.001193"
_PHONE = "0912 345 678"  # of the helper, invented


def happen(town: Town, until: datetime, seed: int) -> int:
    """Ask people who are due, and let a team fill in a draft; return how many were asked."""
    with tenancy.inside(town.id), clock.at(until - timedelta(days=40)):
        _own_reminder(town)
    with tenancy.inside(town.id), clock.at(until - timedelta(hours=5)):
        asked = sum(_asked(town, rule) for rule in _rules(town))
        _helped(town, seed)
        return asked


def _rules(town: Town) -> list[proactive.Rule]:
    day = dates.local(clock.now()).date()
    return [
        rule for rule in proactive.rules(town.commune, day) if rule.is_on and not rule.needs_flags
    ]


def _own_reminder(town: Town) -> None:
    """Let the commune remind of something of its own: the wishes for a long life."""
    day = dates.local(clock.now()).date()
    wishes = actions.NewRule(
        code="", valid_from=day, amount=70, ahead_days=60, behind_days=1_095,
        level=proactive.REMIND, procedure="", is_on=True, sureness=Sureness.COMMUNE,
        source="QĐ-MẪU/2026 của UBND xã (dữ liệu mẫu)", name="Mừng thọ tuổi 70",
        kind=proactive.AGE,
    )  # fmt: skip
    actions.add_reminder(wishes, by=town.actor("quantri"), commune=town.commune)


def _asked(town: Town, rule: proactive.Rule) -> int:
    """Let the first three answer in three ways: yes with a draft, no, nobody at home."""
    by, commune = town.actor("motcua"), town.commune
    people = [each.person for each in proactive.due(commune, rule, proactive.today())[:3]]
    answers = (actions.answer_yes, actions.answer_no, actions.not_reached)
    for person, answer in zip(people, answers, strict=False):
        reminder = actions.Reminder(person.pk, rule.code)
        try:
            if answer is actions.answer_yes and rule.level == proactive.PREPARE:
                actions.propose(reminder, by=by, commune=commune)
            answer(reminder, by=by, commune=commune)
        except Refusal:  # the procedure is not run here: the reminder stands without a draft
            continue
    return len(people)


def _helped(town: Town, seed: int) -> None:
    """Fill in a birth registration for a resident who agreed, as the digital team of a village."""
    by, village = town.actor("congnghe"), town.villages[0]
    new = actions.NewAgreement(
        uuid=uuid5(town.id, "helped"),
        procedure=_BIRTH,
        scopes=(HelpScope.SUBMIT.value, HelpScope.RECEIVE.value),
        method=Consent.Method.SCREEN,
        language="vie",
        village_id=village.pk,
        helper_phone=_PHONE,
    )
    agreed = actions.agree_to_help(new, by=by, commune=town.commune)
    who = actions.Applicant(names.person(seed, town.commune.slug, "helped"))
    note = "Bà con mang giấy chứng sinh lên xã sáng mai (mẫu)."
    actions.file_for(agreed, actions.Filled(who, note=note), by=by, commune=town.commune)
