"""Cases of two records that may be one person: found by a program, decided by a human."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock
from xaso.population import rulebook, scoring
from xaso.population.models import CaseState, DuplicateCase, Person
from xaso.population.queries import alike
from xaso.population.scoring import Score

_NUMBERS = {"national_id", "birth_cert"}
_AT_ONCE = 2_000


class AlreadyDecided(Refusal):
    """Somebody decided about this pair meanwhile."""

    sentence = _("Cặp này đã có người xử lý. Bác mở lại danh sách.")


@transaction.atomic
def look_for_duplicates(commune: Commune, *, by: Actor = SYSTEM) -> int:
    """Compare the whole register and keep pairs that may be one person; return how many are new.

    Decides nothing. A pair called two people stays so, unless a number says otherwise.
    """
    new = _keep(commune.id, alike.pairs(commune.id), "nightly")
    audit.record(
        "population.duplicates_sought", commune, by=by, commune=commune.id, changes={"new": new}
    )
    return new


@transaction.atomic
def look_at(person: Person) -> int:
    """Compare one record that was just written; keep pairs likely enough to interrupt somebody."""
    return _keep(person.commune_id, alike.pairs_of(person), "possible")


@transaction.atomic
def decide(case: DuplicateCase, state: str, note: str = "", *, by: Actor) -> DuplicateCase:
    """Say that two records are two people, or look later. Refuses with AlreadyDecided."""
    row = DuplicateCase.objects.select_for_update().filter(pk=case.pk).first()
    if row is None or state not in (CaseState.DISTINCT, CaseState.POSTPONED):
        raise NotFound
    if row.state not in (CaseState.OPEN, CaseState.POSTPONED):
        raise AlreadyDecided
    row.state, row.decided_at, row.decided_by = state, clock.now(), by.id[:64]
    row.note = clean_line(note)[:300]
    row.save()
    audit.record(
        "population.case_decided", row, by=by, commune=row.commune_id, changes={"state": state}
    )
    return row


@transaction.atomic
def open_case(one: Person, other: Person, *, by: Actor) -> DuplicateCase:
    """Return the case of two records that an official wants to compare; refuses one with itself."""
    if one.pk == other.pk:
        raise NotFound
    first, second = sorted((one.pk, other.pk))
    facts = alike.facts([first, second])
    if len(facts) < 2:
        raise NotFound
    found = scoring.score(facts[first], facts[second], rulebook.points(one.commune_id))
    fresh = _case(one.commune_id, first, second, found)
    kept = {"score": fresh.score, "reasons": fresh.reasons, "found_at": fresh.found_at}
    row, is_new = DuplicateCase.objects.get_or_create(
        commune_id=one.commune_id, first_id=first, second_id=second, defaults=kept
    )
    if not is_new and row.state in (CaseState.DISTINCT, CaseState.UNDONE):
        row.state = CaseState.OPEN
        row.save(update_fields=["state"])
    audit.record("population.case_opened", row, by=by, commune=row.commune_id)
    return row


def sweep_all() -> None:
    """Look for duplicates of every commune at night: what the worker calls."""
    for commune in Commune.objects.all():
        with tenancy.inside(commune.id):
            if Person.objects.exists():
                look_for_duplicates(commune)


def _keep(commune: UUID, pairs: Iterable[tuple[UUID, UUID]], band: str) -> int:
    wanted = list(pairs)
    if not wanted:
        return 0
    known, points = _known(wanted), rulebook.points(commune)
    facts = alike.facts(key for pair in wanted for key in pair)
    fresh = []
    for first, second in wanted:
        if first not in facts or second not in facts:
            continue
        found = scoring.score(facts[first], facts[second], points)
        case = known.get((first, second))
        if case is not None:
            _again(case, found)
        elif found.total >= points[band]:
            fresh.append(_case(commune, first, second, found))
    made = DuplicateCase.objects.bulk_create(fresh, _AT_ONCE, ignore_conflicts=True)
    return len(made)


def _known(pairs: list[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], DuplicateCase]:
    keys = {first for first, _ in pairs}
    rows = DuplicateCase.objects.filter(first__in=keys)
    return {(row.first_id, row.second_id): row for row in rows}


def _again(case: DuplicateCase, found: Score) -> None:
    """Look at a known pair: an open one gets its new points, one called distinct stays so.

    Only a number that is the same now and was not before opens it again.
    """
    before = {reason[0] for reason in case.reasons} & _NUMBERS
    now = {name for name, _ in found.reasons} & _NUMBERS
    if case.state == CaseState.DISTINCT and now - before:
        case.state = CaseState.OPEN
    elif case.state not in (CaseState.OPEN, CaseState.POSTPONED) or case.score == found.total:
        return
    case.score, case.reasons = found.total, [list(reason) for reason in found.reasons]
    case.save(update_fields=["state", "score", "reasons"])


def _case(commune: UUID, first: UUID, second: UUID, found: Score) -> DuplicateCase:
    return DuplicateCase(
        commune_id=commune,
        first_id=first,
        second_id=second,
        score=found.total,
        reasons=[list(reason) for reason in found.reasons],
        found_at=clock.now(),
    )
