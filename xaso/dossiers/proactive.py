"""Who is due for something and has not asked: reminders and drafts (NĐ 224/2026/NĐ-CP art. 16).

Shipped rules say how sure they are; a dated row of `ProactiveRule` comes before them. Somebody of
whom only the year of birth is known is listed as soon as they *may* be due: a list to go and ask
by, never a decision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xaso.dossiers.models import (
    Dossier,
    ProactiveAnswer,
    ProactiveDraft,
    ProactiveRefusal,
    ProactiveRule,
    State,
)
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.population import queries as population
from xaso.population.models import FlagKind, Person, Precision, Sureness

BIRTH, AGE, ENDING = "birth", "age", "ending"
REMIND, PREPARE = 1, 2
PURPOSE = "proactive"  # a purpose of the register
_GROWN = 16  # years; about a younger one their mother is spoken to


@dataclass(frozen=True)
class Rule:
    """One reminder as it holds on a day; `since` is None for the shipped one."""

    code: str
    name: str  # to be translated
    kind: str
    amount: int
    ahead: int
    behind: int
    level: int
    procedure: str
    sureness: str
    source: str
    is_on: bool = True
    since: date | None = None
    flag: str = ""  # of a paper that ends: which sensitive fact
    is_own: bool = False  # of the commune's making; its name is as it was typed

    @property
    def title(self) -> str:
        """Return what it is called in the reader's language, with its threshold."""
        if self.is_own:
            return self.name
        return gettext(self.name) % {"amount": self.amount}

    @property
    def needs_flags(self) -> bool:
        """Return whether the list says something sensitive about those who are on it."""
        return self.kind == ENDING


_BENEFIT = "XA-TRO-CAP-HANG-THANG"
_DECREE = "Nghị định 224/2026/NĐ-CP, Điều 16"
SHIPPED = (
    Rule("birth", _("Trẻ chưa khai sinh"), BIRTH, 45, 0, 1_825, PREPARE, "1.001193",
         Sureness.SOURCE, f"{_DECREE}; Luật Hộ tịch 60/2014/QH13, Điều 15"),
    Rule("age-75", _("Sắp đủ %(amount)s tuổi"), AGE, 75, 30, 365, PREPARE, _BENEFIT,
         Sureness.UNVERIFIED, f"{_DECREE}; Luật Bảo hiểm xã hội 41/2024/QH15, Điều 21"),
    Rule("age-80", _("Sắp đủ %(amount)s tuổi"), AGE, 80, 30, 365, PREPARE, _BENEFIT,
         Sureness.UNVERIFIED, f"{_DECREE}; Nghị định 20/2021/NĐ-CP, Điều 5"),
    Rule("disability", _("Giấy xác nhận khuyết tật sắp hết hạn"), ENDING, 0, 60, 180, REMIND, "",
         Sureness.UNVERIFIED, _DECREE, flag=FlagKind.DISABLED),
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """The dossier that was opened for a reminder."""

    id: int
    uuid: UUID
    state: str


@dataclass(frozen=True)
class Due:
    """Somebody on the list: from when they are due, at the earliest and at the latest."""

    person: Person
    first: date | None
    last: date | None
    draft: Draft | None = None
    answer: ProactiveAnswer | None = None  # the newest, where somebody asked

    @property
    def is_exact(self) -> bool:
        """Return whether the day itself is known."""
        return self.first is not None and self.first == self.last

    @property
    def may_be_texted(self) -> bool:
        """Return whether nobody answered yet, and no text was sent."""
        return self.answer is None or self.answer.said == ProactiveAnswer.Said.NOT_REACHED


def spoken_to(person: Person) -> UUID:
    """Return the key of who is spoken to about somebody: of a child, the mother where known."""
    is_child = person.birth_year is not None and today().year - person.birth_year < _GROWN
    return person.mother_id if is_child and person.mother_id is not None else person.pk


def today() -> date:
    """Return today in Vietnam."""
    return dates.local(clock.now()).date()


def rules(commune: Commune, day: date) -> Sequence[Rule]:
    """Return every reminder as it holds on a day, the commune's own ones last; one statement."""
    rows = ProactiveRule.objects.filter(commune=commune, valid_from__lte=day)
    newest = {row.code: row for row in rows.order_by("code", "-valid_from").distinct("code")}
    own = [_own(row) for row in newest.values() if row.name]
    return [_as_set(each, newest.get(each.code)) for each in SHIPPED] + own


def _as_set(shipped: Rule, row: ProactiveRule | None) -> Rule:
    if row is None:
        return shipped
    return Rule(
        shipped.code, shipped.name, shipped.kind, row.amount, row.ahead_days, row.behind_days,
        row.level, row.procedure, row.sureness, row.source, row.is_on, row.valid_from,
        flag=shipped.flag,
    )  # fmt: skip


def _own(row: ProactiveRule) -> Rule:
    return Rule(
        row.code, row.name, row.kind, row.amount, row.ahead_days, row.behind_days, row.level,
        row.procedure, row.sureness, row.source, row.is_on, row.valid_from, row.flag, is_own=True,
    )  # fmt: skip


def key_of(commune: Commune, code: str, person: UUID) -> UUID:
    """Return the key of the draft for somebody and a reminder: always the same one."""
    return uuid5(commune.id, f"{PURPOSE}:{code}:{person}")


def due(
    commune: Commune, rule: Rule, day: date, villages: frozenset[int] | None = None
) -> Sequence[Due]:
    """Return who is due, of some villages or of all, earliest first.

    Who said no, and whose dossier was handed in, is not listed. The number of statements does not
    depend on how many people there are.
    """
    found = _of_villages(_found(commune, rule, day), villages)
    keys = _keys(found)
    refused = _refused(commune, rule, keys)
    opened = _opened(commune, rule, keys)
    answered = _answered(commune, rule, keys)
    lines = []
    for each in found:
        mine = keys[each.person.pk]
        draft = next((opened[key] for key in mine if key in opened), None)
        is_over = draft is not None and draft.state != State.DRAFT
        if not is_over and not refused & set(mine):
            said = [answered[key] for key in mine if key in answered]
            newest = max(said, key=lambda row: (row.asked_at, row.pk), default=None)
            lines.append(Due(each.person, each.first, each.last, draft, newest))
    return lines


def refusers(
    commune: Commune, rule: Rule, day: date, villages: frozenset[int] | None = None
) -> Sequence[Due]:
    """Return who would be due, but said that they do not want it."""
    found = _of_villages(_found(commune, rule, day), villages)
    keys = _keys(found)
    refused = _refused(commune, rule, keys)
    return [each for each in found if refused & set(keys[each.person.pk])]


def keys_of(person: UUID) -> Sequence[UUID]:
    """Return every key somebody is or was known by, through merges."""
    return [person, *population.former_ids_of([person])[person]]


def waits_for_a_yes(dossier: Dossier) -> ProactiveDraft | None:
    """Return what prepared a draft while its person has not said yes; None for any other dossier.

    The newest word of the person counts; a text that was sent is no word of theirs.
    """
    draft = ProactiveDraft.objects.filter(dossier=dossier).first()
    if draft is None:
        return None
    rows = ProactiveAnswer.objects.filter(
        commune=dossier.commune_id, code=draft.code, person__in=keys_now(draft.person)
    )
    theirs = rows.filter(said__in=[ProactiveAnswer.Said.YES, ProactiveAnswer.Said.NO])
    newest = theirs.order_by("-asked_at", "-id").first()
    return None if newest and newest.said == ProactiveAnswer.Said.YES else draft


def keys_now(person: UUID) -> Sequence[UUID]:
    """Return every key of whoever a key stands for now; a record that is gone keeps its own."""
    try:
        return keys_of(population.resolve_person(person).pk)
    except NotFound:
        return [person]


def dossier_of(line: Due, commune: Commune) -> Dossier:
    """Return the dossier of a line that has one."""
    rows = Dossier.objects.select_related("unit", "procedure")
    return rows.get(commune=commune, pk=line.draft.id if line.draft else 0)


def _found(commune: Commune, rule: Rule, day: date) -> Sequence[Due]:
    """Return who is due by the register alone."""
    first, last = day - timedelta(days=rule.behind), day + timedelta(days=rule.ahead)
    if rule.kind == AGE:
        told = population.turning_age(commune, rule.amount, (last - first).days, first)
        return [Due(each.person, each.first, each.last) for each in told]
    if rule.kind == ENDING:
        flags = population.flags_ending(commune, rule.flag, first, last)
        return [Due(person, end, end) for person, end in flags]
    children = population.births_without_registration(commune, first)
    listed = [_child(each, rule.amount) for each in children]
    return [each for each in listed if each.first is None or each.first <= last]


def _child(person: Person, days: int) -> Due:
    """Return when a child has waited so many days, counted from the earliest possible birth."""
    born = person.birth_date
    if born is None:
        return Due(person, None, None)
    latest = born
    if person.birth_precision == Precision.YEAR:
        latest = date(born.year, 12, 31)
    elif person.birth_precision == Precision.MONTH:
        latest = date(born.year + born.month // 12, born.month % 12 + 1, 1) - timedelta(days=1)
    return Due(person, born + timedelta(days=days), latest + timedelta(days=days))


def _of_villages(found: Iterable[Due], villages: frozenset[int] | None) -> Sequence[Due]:
    if villages is None:
        return list(found)
    return [each for each in found if each.person.village_id in villages]


def _keys(found: Sequence[Due]) -> dict[UUID, Sequence[UUID]]:
    """Return every key each person is or was known by, through merges."""
    former = population.former_ids_of([each.person.pk for each in found])
    return {each.person.pk: [each.person.pk, *former[each.person.pk]] for each in found}


def _refused(commune: Commune, rule: Rule, keys: dict[UUID, Sequence[UUID]]) -> set[UUID]:
    every = [key for group in keys.values() for key in group]
    rows = ProactiveRefusal.objects.filter(
        commune=commune, code=rule.code, person__in=every, ended_at__isnull=True
    )
    return set(rows.values_list("person", flat=True))


def _answered(
    commune: Commune, rule: Rule, keys: dict[UUID, Sequence[UUID]]
) -> dict[UUID, ProactiveAnswer]:
    """Return what each was answered last, by the person's key of then; one statement."""
    every = [key for group in keys.values() for key in group]
    rows = ProactiveAnswer.objects.filter(commune=commune, code=rule.code, person__in=every)
    newest = rows.order_by("person", "-asked_at", "-id").distinct("person")
    return {row.person: row for row in newest}


def _opened(commune: Commune, rule: Rule, keys: dict[UUID, Sequence[UUID]]) -> dict[UUID, Draft]:
    """Return the dossiers that were opened for this reminder, by the person's key of then."""
    asked = {
        key_of(commune, rule.code, key): key for group in keys.values() for key in group
    }  # fmt: skip
    rows = Dossier.objects.filter(commune=commune, uuid__in=list(asked))
    found = rows.values_list("id", "uuid", "state")
    return {asked[uuid]: Draft(pk, uuid, state) for pk, uuid, state in found}
