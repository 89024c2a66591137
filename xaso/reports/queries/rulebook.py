"""The list of routing rules as pages show it, and what a changed list would change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.text import spoken_code
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.models import OPEN, Report, RoutingRule, RuleBook, State
from xaso.reports.queries import board
from xaso.reports.routing import checking, deciding, reading, wording
from xaso.reports.routing.rules import Around, By, Decision, Rule

TRIED = 200  # reports replayed by a dry run


@dataclass(frozen=True)
class Row:
    """One row as a page shows it."""

    key: UUID
    number: int
    name: str
    asks: Sequence[str]
    target: str
    tells: str
    is_enabled: bool
    warnings: Sequence[str]


@dataclass(frozen=True)
class Change:
    """A report that a changed list would send elsewhere."""

    id: int
    code: str
    title: str
    state: str
    received_at: datetime
    before: str
    after: str
    is_open: bool
    is_by_hand: bool  # an official had chosen another unit than the old list

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


@dataclass(frozen=True)
class DryRun:
    """How many reports were tried, and those that would change."""

    tried: int
    changes: Sequence[Change]


def draft(commune: Commune) -> RuleBook | None:
    """Return the version somebody is changing, if any."""
    return RuleBook.objects.filter(commune=commune, state=RuleBook.State.DRAFT).first()


def in_force(commune: Commune, back: int = 0) -> RuleBook | None:
    """Return the version in force, or the one `back` versions before."""
    rows = RuleBook.objects.filter(commune=commune, state=RuleBook.State.PUBLISHED)
    return rows.order_by("-version")[back : back + 1].first()


def rows(commune: Commune, book: RuleBook | None) -> Sequence[Row]:
    """Return a version's rows in words, each with what is wrong with it."""
    if book is None:
        return []
    there = reading.around(commune.id, clock.now())
    kinds = catalogue.of(commune.id)
    rules = reading.read(book.pk)
    found = checking.warnings(rules, there, groups(kinds))
    keys = dict(RoutingRule.objects.filter(book=book).values_list("pk", "key"))
    named = names(commune, kinds)
    return [_row(rule, keys[rule.id], found.get(rule.id), named, there) for rule in rules]


def names(commune: Commune, kinds: catalogue.Categories) -> wording.Names:
    """Return what codes and keys of a commune are called."""
    units = {f"unit:{unit.pk}": unit.name for unit in identity.units(commune)}
    people = {f"person:{p.pk}": str(p) for p in identity.members(commune)}
    return wording.Names(
        categories={kind.code: kind.name for kind in kinds.by_id.values()},
        tells=units | people,
    )


def groups(kinds: catalogue.Categories) -> Mapping[str, frozenset[str]]:
    """Return the categories of each group, by the group's code."""
    found: dict[str, set[str]] = defaultdict(set)
    for kind in kinds.by_id.values():
        parent = kinds.by_id.get(kind.parent_id or 0)
        if parent is not None:
            found[parent.code].add(kind.code)
    return {code: frozenset(leaves) for code, leaves in found.items()}


def dry_run(
    commune: Commune, before: RuleBook | None, after: RuleBook | None, *, is_open: bool = False
) -> DryRun:
    """Replay the last 200 reports, or all that are open, through two versions of the list.

    Both are read with the people of today. Five statements, however many reports.
    """
    there = reading.around(commune.id, clock.now())
    kinds = catalogue.of(commune.id)
    old, new = (reading.read(book.pk) if book else () for book in (before, after))
    found = list(_tried(commune, is_open=is_open))
    changes = []
    for report in found:
        matter = reading.matter_of(report, kinds, there)
        was, will = (deciding.decide(rules, matter, there) for rules in (old, new))
        if (was.unit_id, was.person_id) != (will.unit_id, will.person_id):
            changes.append(_change(report, was, will, kinds, there))
    return DryRun(len(found), changes)


def chosen(commune: Commune, keys: Iterable[int]) -> Sequence[Report]:
    """Return open reports by key, as actions take them."""
    rows = Report.objects.filter(commune=commune, pk__in=list(keys), state__in=OPEN)
    return list(rows.select_related("village", "unit").order_by("pk"))


def _tried(commune: Commune, *, is_open: bool) -> Iterable[Report]:
    rows = Report.objects.filter(commune=commune).exclude(visibility="sealed")
    rows = rows.select_related("village")
    if is_open:
        rows = rows.filter(state__in=OPEN)
        return rows.order_by("due_at", "id")[: TRIED * 5]
    return rows.order_by("-received_at", "-id")[:TRIED]


def _change(
    report: Report, was: Decision, will: Decision, kinds: catalogue.Categories, there: Around
) -> Change:
    kind = kinds.by_id[report.category_id]
    words = report.text or ""
    village = report.village.full_name if report.village else ""
    is_taken = report.state not in (State.NEW, State.WAITING_INFO) and report.unit_id is not None
    return Change(
        id=report.pk,
        code=report.code,
        title=board.title(words, kind.name, village),
        state=str(report.get_state_display()),
        received_at=report.received_at,
        before=_target(was, there),
        after=_target(will, there),
        is_open=report.is_open,
        is_by_hand=is_taken and report.unit_id != was.unit_id,
    )


def _target(decision: Decision, there: Around) -> str:
    if decision.rule is not None:
        unit = there.units.get(decision.rule.unit_id, decision.rule.unit_name)
        return ", ".join(filter(None, (unit, decision.rule.person_name)))
    unit = there.units.get(decision.unit_id or 0, "")
    return _("Cán bộ trực") + (f" ({unit})" if unit else "") if decision.by != By.NOBODY else "—"


def _row(
    rule: Rule,
    key: UUID,
    warned: checking.Warned | None,
    named: wording.Names,
    there: Around,
) -> Row:
    unit = there.units.get(rule.unit_id, rule.unit_name)
    return Row(
        key=key,
        number=rule.number,
        name=rule.name,
        asks=wording.asked(rule, named),
        target=", ".join(filter(None, (unit, rule.person_name))),
        tells=", ".join(named.tells.get(each, each) for each in rule.also_tell),
        is_enabled=rule.is_enabled,
        warnings=_warned(warned) if warned else (),
    )


def _warned(warned: checking.Warned) -> list[str]:
    found = []
    if warned.is_broken:
        found.append(_("Khu vực trên bản đồ của luật này không đọc được."))
    if warned.shadowed_by:
        said: dict[str, object] = {"n": warned.shadowed_by}
        found.append(_("Không bao giờ dùng tới: luật %(n)s ở trên đã nhận hết.") % said)
    if warned.shadowed_together:
        said = {"n": ", ".join(str(n) for n in warned.shadowed_together)}
        found.append(_("Không bao giờ dùng tới: các luật %(n)s ở trên cùng nhận hết.") % said)
    if warned.nobody:
        found.append(_("Bị bỏ qua: %(why)s.") % {"why": wording.skipped(warned.nobody)})
    return found
