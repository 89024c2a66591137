"""A report finds its unit by ordered rules, and says why it came there."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.text.dates import ZONE
from xaso.kernel.workflow.table import GuardRefused
from xaso.kernel.working_time import clock
from xaso.reports import actions, queries
from xaso.reports.models import Report, RoutingRule, RoutingTrace, RuleBook
from xaso.reports.queries import detail, rulebook
from xaso.reports.routing import checking, deciding, reading, wording
from xaso.reports.routing.rules import Around, By, Duty, Matter, Result, Rule
from xaso.reports.tests.conftest import MONDAY, RESIDENT

Filled = Callable[..., actions.NewReport]
NAMES = wording.Names({"WASTE": "Rác", "ROADS": "Đường, cầu", "ROAD-BLOCKED": "Sạt lở nhỏ"})
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[103.6, 22.3], [103.7, 22.3], [103.7, 22.4], [103.6, 22.4], [103.6, 22.3]]],
}
HERE = Around(
    units={1: "Phòng Kinh tế", 2: "Tổ vệ sinh"},
    staffed=frozenset({1, 2}),
    people=frozenset({7}),
    duty=(Duty(7, 1, "roster"),),
)


def rule(number: int = 1, **facts: object) -> Rule:
    usual: dict[str, object] = {"id": number, "number": number, "name": f"Luật thử {number}"}
    usual |= {"unit_id": 2, "unit_name": "Tổ vệ sinh"}
    return Rule(**usual | facts)  # type: ignore[arg-type]


def matter(**facts: object) -> Matter:
    usual: dict[str, object] = {
        "category": "WASTE",
        "group": "ENVIRONMENT",
        "category_name": "Rác",
        "stream": "field",
        "severity": "normal",
        "channel": "pwa",
        "at": MONDAY,
        "village_id": 5,
        "village_name": "Nà Tăm",
    }
    return Matter(**usual | facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asks", "is_taken"),
    [
        ({}, True),
        ({"categories": frozenset({"WASTE"})}, True),
        ({"categories": frozenset({"ENVIRONMENT"})}, True),  # the whole group
        ({"categories": frozenset({"ROADS"})}, False),
        ({"villages": frozenset({5, 6})}, True),
        ({"villages": frozenset({6})}, False),
        ({"streams": frozenset({"regulation"})}, False),
        ({"severities": frozenset({"normal", "urgent"})}, True),
        ({"channels": frozenset({"zalo"})}, False),
        ({"weekdays": frozenset({1})}, True),  # a Monday
        ({"weekdays": frozenset({6, 7})}, False),
        ({"time_from": time(13), "time_to": time(14, 1)}, True),
        ({"time_from": time(13), "time_to": time(14)}, False),  # the end is outside
        ({"time_from": time(22), "time_to": time(5)}, False),
        ({"time_from": time(13), "time_to": time(5)}, True),  # past midnight
        ({"area": SQUARE}, False),  # no pin
        ({"answers": {"so_cot": "12"}}, False),
        ({"valid_from": date(2026, 11, 24)}, False),
        ({"valid_to": date(2026, 11, 23)}, True),  # the last day counts
        ({"is_enabled": False}, False),
    ],
)
def test_every_condition_of_a_row(asks: dict[str, object], is_taken: bool) -> None:
    decision = deciding.decide([rule(**asks)], matter(), HERE)
    assert (decision.by is By.RULE) == is_taken
    assert decision.unit_id == (2 if is_taken else 1)  # else who is on duty


def test_a_pin_inside_the_area_and_an_answer() -> None:
    area = rule(area=SQUARE, answers={"so_cot": "12"})
    inside = matter(lat=22.35, lon=103.65, answers={"so_cot": "12"})
    assert deciding.decide([area], inside, HERE).by is By.RULE
    outside = matter(lat=22.45, lon=103.65, answers={"so_cot": "12"})
    assert deciding.decide([area], outside, HERE).by is By.DUTY


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ({"unit_id": 9, "unit_name": "Đội cũ"}, "đơn vị đã đóng"),
        ({"person_id": 99, "person_name": "Ông Pâng"}, "người nhận đã thôi việc"),
    ],
)
def test_a_row_without_anybody_is_passed_over_with_a_red_flag(
    target: dict[str, object], why: str
) -> None:
    decision = deciding.decide([rule(1, **target), rule(2)], matter(), HERE)
    assert (decision.by, decision.rule and decision.rule.number) == (By.RULE, 2)
    told = _told(decision)
    assert told.flags == [f"Luật 1 “Luật thử 1” bị bỏ qua: {why}."]


def test_a_unit_whose_people_left_is_passed_over() -> None:
    empty = Around(units=HERE.units, staffed=frozenset({1}), duty=HERE.duty)
    decision = deciding.decide([rule()], matter(), empty)
    assert (decision.by, decision.skipped[0].on) == (By.DUTY, "unit_empty")


def test_a_broken_row_stops_there_and_says_so() -> None:
    broken = rule(1, area={"type": "Polygon", "coordinates": "nonsense"})
    decision = deciding.decide([broken, rule(2)], matter(lat=22.35, lon=103.65), HERE)
    assert (decision.by, decision.unit_id, len(decision.steps)) == (By.ERROR, 1, 1)
    assert "Luật 1 “Luật thử 1” bị lỗi" in _told(decision).error


def test_a_complaint_never_goes_to_the_unit_it_is_about() -> None:
    rules = [rule(1, unit_id=1, unit_name="Phòng Kinh tế"), rule(2)]
    decision = deciding.decide(rules, matter(about_units=frozenset({1})), HERE)
    assert (decision.unit_id, decision.skipped[0].on) == (2, "about_unit")
    nobody = deciding.decide([], matter(about_units=frozenset({1})), HERE)
    assert (nobody.by, nobody.unit_id) == (By.NOBODY, None)


def test_the_trace_reads_as_the_handbook_writes_it() -> None:
    rules = [
        rule(1, name="Đường", categories=frozenset({"ROADS", "ROAD-BLOCKED"})),
        rule(2, name="Ban đêm", time_from=time(22), time_to=time(5)),
        rule(3, name="Cũ", valid_to=date(2025, 12, 31)),
        rule(
            4,
            name="Rác ở bản",
            categories=frozenset({"WASTE"}),
            villages=frozenset({5}),
            village_names=("Nà Tăm",),
        ),
    ]
    told = _told(deciding.decide(rules, matter(), HERE))
    assert told.headline == "Luật 4 “Rác ở bản”: loại = Rác ✔, bản = Nà Tăm ✔ → Tổ vệ sinh."
    assert told.others == [
        "Luật 1 “Đường” cần loại Sạt lở nhỏ, Đường, cầu; ở đây là Rác.",
        "Luật 2 “Ban đêm” cần giờ gửi 22:00 đến 5:00; ở đây là 14:00.",
        "Luật 3 “Cũ” chỉ áp dụng đến hết thứ Tư 31/12/2025.",
    ]
    fallback = _told(deciding.decide(rules[:1], matter(), HERE))
    assert fallback.headline.startswith("Không luật nào khớp, phản ánh về cán bộ trực hôm đó →")


def _told(decision: deciding.Decision) -> wording.Told:
    trace = {
        "steps": [step.stored() for step in decision.steps],
        "decided_by": str(decision.by),
        "error": decision.error,
        "facts": {"duty": decision.duty.source} if decision.duty else {},
        "unit_name": HERE.units.get(decision.unit_id or 0, ""),
    }
    return wording.told(trace, NAMES)


_RULES = st.lists(
    st.builds(
        lambda n, cats, days, villages, on, unit: (n, cats, days, villages, on, unit),
        st.integers(1, 999),
        st.frozensets(st.sampled_from(["WASTE", "ROADS", "ENVIRONMENT"])),
        st.frozensets(st.integers(1, 7)),
        st.frozensets(st.integers(4, 6)),
        st.booleans(),
        st.sampled_from([1, 2, 9]),
    ),
    max_size=8,
)


@given(_RULES, st.sampled_from(["WASTE", "ROADS"]), st.integers(0, 6), st.integers(4, 6))
def test_the_first_row_that_fits_wins_whatever_the_list(
    drawn: list[tuple], category: str, days: int, village: int
) -> None:
    rules = [
        rule(n, id=n, categories=c, weekdays=d, villages=v, is_enabled=on, unit_id=u)
        for n, (_key, c, d, v, on, u) in enumerate(drawn, 1)
    ]
    asked = matter(category=category, at=MONDAY + timedelta(days=days), village_id=village)
    decision = deciding.decide(rules, asked, HERE)
    assert decision == deciding.decide(rules, asked, HERE)
    alone = [deciding.decide([each], asked, HERE).by is By.RULE for each in rules]
    first = alone.index(True) if any(alone) else None
    assert (decision.rule and decision.rule.number) == (None if first is None else first + 1)
    read = len(rules) if first is None else first + 1
    assert len(decision.steps) == read  # nothing is silent
    told = _told(decision)
    matched = [step for step in decision.steps if step.result is Result.MATCHED]
    said = len(told.others) + len(told.flags) + len(matched)
    assert said == read
    shadowed = checking.warnings(rules, HERE, {"ENVIRONMENT": frozenset({"WASTE"})})
    if first is not None:
        found = shadowed.get(rules[first].id, checking.Warned())
        assert not found.shadowed_by
        assert not found.shadowed_together


def _square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [corners]}


def _together(*rules: Rule, groups: dict[str, frozenset[str]] | None = None) -> tuple[int, ...]:
    warned = checking.warnings(list(rules), HERE, groups or {})
    return tuple(warned.get(rules[-1].id, checking.Warned()).shadowed_together)


def test_rows_that_leave_nothing_together_are_found() -> None:
    day, night = (
        rule(1, time_from=time(5), time_to=time(21)),
        rule(2, time_from=time(21), time_to=time(5)),
    )
    assert _together(day, night, rule(3)) == (1, 2)
    assert _together(day, rule(2, time_from=time(21), time_to=time(4)), rule(3)) == ()
    work = rule(1, weekdays=frozenset({1, 2, 3, 4, 5}))
    rest = rule(2, weekdays=frozenset({6, 7}), time_from=time(5), time_to=time(21))
    assert _together(work, rest, rule(3)) == ()
    assert _together(
        work, rest, rule(4, weekdays=frozenset({5, 6}), time_from=time(9), time_to=time(10))
    ) == (1, 2)
    both = rule(3, categories=frozenset({"ENVIRONMENT"}))
    waste, noise = (
        rule(1, categories=frozenset({"WASTE"})),
        rule(2, categories=frozenset({"NOISE"})),
    )
    groups = {"ENVIRONMENT": frozenset({"WASTE", "NOISE"})}
    assert _together(waste, noise, both, groups=groups) == (1, 2)
    assert _together(waste, noise, rule(3), groups=groups) == ()  # there are other categories
    yes, other = rule(1, answers={"A": "yes"}), rule(2, answers={"A": "no"})
    assert _together(yes, other, rule(3)) == ()  # whoever does not answer
    before = rule(1, valid_to=date(2026, 11, 30))
    after = rule(2, valid_from=date(2026, 12, 1))
    assert _together(before, after, rule(3)) == (1, 2)
    assert _together(before, rule(2, valid_from=date(2026, 12, 2)), rule(3)) == ()


def test_areas_that_cover_one_together_are_found() -> None:
    west, east = (
        rule(1, area=_square(103, 22, 103.5, 23)),
        rule(2, area=_square(103.5, 22, 104, 23)),
    )
    assert _together(west, east, rule(3, area=_square(103.2, 22.2, 103.8, 22.8))) == (1, 2)
    assert _together(west, east, rule(3, area=_square(103.2, 22.2, 104.1, 22.8))) == ()
    assert _together(west, east, rule(3)) == ()  # reports without a point


def test_too_many_cells_say_nothing() -> None:
    rows = [rule(n, answers={f"Q{k}": str(n) for k in range(8)}) for n in range(1, 9)]
    assert _together(*rows, rule(9)) == ()


def test_shadowed_rows_are_found() -> None:
    groups = {"ENVIRONMENT": frozenset({"WASTE"})}
    wide, narrow = (
        rule(1, categories=frozenset({"ENVIRONMENT"})),
        rule(2, categories=frozenset({"WASTE"}), weekdays=frozenset({6})),
    )
    assert checking.warnings([wide, narrow], HERE, groups)[2].shadowed_by == 1
    assert checking.warnings([narrow, wide], HERE, groups) == {}
    night = rule(1, time_from=time(21), time_to=time(5))
    late = rule(2, time_from=time(22), time_to=time(4))
    assert checking.warnings([night, late], HERE, {})[2].shadowed_by == 1
    assert checking.warnings([late, night], HERE, {}) == {}
    broken = rule(1, area={"type": "Polygon"})
    assert checking.warnings([broken, rule(2)], HERE, {})[1].is_broken


# --- with a database ------------------------------------------------------------------------------
@pytest.fixture
def waste(town: Commune, other_unit: Unit, officer_in: Callable[[Unit], Official]) -> RuleBook:
    """Rules in force: rubbish goes to the other unit."""
    officer_in(other_unit)
    return _publish(town, actions.RuleGiven("Rác", other_unit.pk, categories=["WASTE"]))


@pytest.fixture
def officer_in() -> Callable[[Unit], Official]:
    def put(unit: Unit) -> Official:
        person = Official.objects.create(username=f"o-{unit.code}", full_name="Lò Thị Mai")
        RoleAssignment.objects.create(
            commune=unit.commune, official=person, role="officer", unit=unit, valid_from=MONDAY
        )
        return person

    return put


@pytest.fixture
def two_units(
    unit: Unit, other_unit: Unit, officer: Official, officer_in: Callable[[Unit], Official]
) -> tuple[Unit, Unit]:
    """Two units with somebody in each."""
    if not RoleAssignment.objects.filter(unit=other_unit).exists():
        officer_in(other_unit)
    return unit, other_unit


@pytest.fixture
def both(clerk_actor: Actor, leader_actor: Actor) -> tuple[Actor, Actor]:
    return clerk_actor, leader_actor


def _publish(town: Commune, *rules: actions.RuleGiven) -> RuleBook:
    actions.open_rules(town, by=SYSTEM)
    for each in rules:
        actions.save_rule(each, commune=town, by=SYSTEM)
    return actions.publish_rules(commune=town, by=SYSTEM)


def _send(town: Commune, new_report: Filled, **facts: object) -> Report:
    new = new_report(**{"uuid": uuid4(), "category": "WASTE"} | facts)
    return actions.receive(new, by=RESIDENT, commune=town).report


@pytest.mark.django_db
def test_a_report_is_received_with_its_proposal(
    town: Commune, waste: RuleBook, new_report: Filled, other_unit: Unit, clerk_actor: Actor
) -> None:
    report = _send(town, new_report)
    trace = RoutingTrace.objects.get(report=report)
    assert (trace.decided_by, trace.unit, trace.book_version) == ("rule", other_unit, 1)
    done = actions.accept(report, actions.Accepting(), by=clerk_actor)
    assert done.unit == other_unit
    shown = detail.file(queries.with_route(town, report.code), by=clerk_actor, now=MONDAY)
    assert shown.route is not None
    assert shown.route.headline == "Luật 1 “Rác”: loại = Rác, xác động vật ✔ → Văn phòng."


@pytest.mark.django_db
def test_another_unit_by_hand_needs_a_reason(
    town: Commune, waste: RuleBook, new_report: Filled, unit: Unit, clerk_actor: Actor
) -> None:
    report = _send(town, new_report)
    with pytest.raises(GuardRefused, match="khác đơn vị máy đề nghị"):
        actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    order = actions.Accepting(unit.pk, reason="Rác trên đường xã đang sửa")
    assert actions.accept(report, order, by=clerk_actor).unit == unit
    event = report.events.get(kind="accept")
    assert (event.payload["by_hand"], event.internal_text) == (True, "Rác trên đường xã đang sửa")


@pytest.mark.django_db
def test_without_rules_who_is_on_duty_has_it_and_no_reason_is_asked(
    town: Commune, new_report: Filled, unit: Unit, officer: Official, clerk_actor: Actor
) -> None:
    today = date(2026, 11, 23)
    shift = actions.NewShifts(officer.pk, today, today)
    actions.add_shifts(shift, commune=town, by=SYSTEM)
    report = _send(town, new_report)
    trace = RoutingTrace.objects.get(report=report)
    assert (trace.decided_by, trace.person, trace.unit) == ("duty", officer, unit)
    assert trace.facts == {"duty": "roster"}
    found = queries.on_duty(town, clock.now())
    assert [each.official.pk for each in found] == [trace.person_id]  # both ways to ask agree


@pytest.mark.django_db
def test_routing_costs_no_statement_more(
    town: Commune, waste: RuleBook, new_report: Filled
) -> None:
    _send(town, new_report)  # categories and rules are in memory now
    contact = actions.Contact(name="Giàng Thị Mỷ", phone="0912 000 135")
    with CaptureQueriesContext(connection) as said:
        _send(town, new_report, contact=contact)
    real = [q["sql"] for q in said if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(real) <= 12
    assert not any("reports_routingrule" in sql and "SELECT" in sql[:6] for sql in real)


@pytest.mark.django_db
def test_staff_complaints_stay_away_from_the_unit(
    town: Commune, two_units: tuple[Unit, Unit], new_report: Filled, clerk_actor: Actor
) -> None:
    unit, other_unit = two_units
    rules = [
        actions.RuleGiven("Về cán bộ", unit.pk, categories=["STAFF"]),
        actions.RuleGiven("Văn phòng nhận", other_unit.pk, categories=["STAFF"]),
    ]
    _publish(town, *rules)
    by_words = _send(
        town, new_report, category="STAFF", text="Cán bộ phòng kinh tế nói năng cộc lốc với dân."
    )
    by_answer = _send(town, new_report, category="STAFF", answers={"about_unit": "kinh-te"})
    for report in (by_words, by_answer):
        assert RoutingTrace.objects.get(report=report).unit == other_unit
        order = actions.Accepting(unit.pk, reason="Phòng tự xem")
        with pytest.raises(GuardRefused, match="chính đơn vị đó"):
            actions.accept(report, order, by=clerk_actor)
    assert actions.accept(by_words, actions.Accepting(), by=clerk_actor).unit == other_unit


@pytest.mark.django_db
def test_a_published_list_is_never_edited(town: Commune, waste: RuleBook, unit: Unit) -> None:
    row = RoutingRule.objects.get(book=waste)
    for spoil in (
        lambda: RoutingRule.objects.filter(pk=row.pk).update(name="Khác"),
        lambda: RoutingRule.objects.filter(pk=row.pk).delete(),
        lambda: RuleBook.objects.filter(pk=waste.pk).update(version=9),
    ):
        with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
            spoil()
    with pytest.raises(actions.NothingDrafted):
        actions.remove_rule(row.key, commune=town, by=SYSTEM)


@pytest.mark.django_db
def test_a_trace_cannot_be_rewritten(town: Commune, report: Report) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RoutingTrace.objects.filter(report=report).update(error="x")


@pytest.mark.django_db
def test_a_draft_changes_nothing_until_it_is_published(
    town: Commune, waste: RuleBook, unit: Unit, officer: Official, new_report: Filled
) -> None:
    report = _send(town, new_report)
    draft = actions.open_rules(town, by=SYSTEM)
    assert actions.open_rules(town, by=SYSTEM) == draft
    key = RoutingRule.objects.get(book=draft).key
    given = actions.RuleGiven("Rác về phòng", unit.pk, categories=["WASTE"])
    actions.save_rule(given, commune=town, by=SYSTEM, key=key)
    run = rulebook.dry_run(town, rulebook.in_force(town), draft)
    assert (run.tried, [c.code for c in run.changes]) == (1, [report.code])
    assert (run.changes[0].before, run.changes[0].after) == ("Văn phòng", "Phòng Kinh tế")
    assert RoutingTrace.objects.get(report=_send(town, new_report)).book_version == 1
    assert actions.publish_rules(commune=town, by=SYSTEM).version == 2
    assert RoutingTrace.objects.get(report=_send(town, new_report)).unit == unit


@pytest.mark.django_db
@pytest.mark.usefixtures("waste")
def test_open_reports_move_only_when_asked(
    town: Commune, two_units: tuple[Unit, Unit], new_report: Filled, both: tuple[Actor, Actor]
) -> None:
    unit, (clerk_actor, leader_actor) = two_units[0], both
    new, taken = _send(town, new_report), _send(town, new_report)
    taken = actions.accept(taken, actions.Accepting(), by=clerk_actor)
    _publish(town, actions.RuleGiven("Rác", unit.pk, categories=["WASTE"]))  # below: shadowed
    draft = actions.open_rules(town, by=SYSTEM)
    last = RoutingRule.objects.filter(book=draft).order_by("-order").first()
    assert last is not None
    actions.move_rule(last.key, commune=town, by=SYSTEM, is_up=True)
    actions.publish_rules(commune=town, by=SYSTEM)
    run = rulebook.dry_run(town, rulebook.in_force(town, 1), rulebook.in_force(town), is_open=True)
    assert {c.id for c in run.changes} == {new.pk, taken.pk}
    taken.refresh_from_db()
    assert taken.unit_id != unit.pk
    found = rulebook.chosen(town, [c.id for c in run.changes])
    assert actions.reroute(found, by=leader_actor) == (2, [])
    taken.refresh_from_db()
    assert taken.unit == unit
    latest = RoutingTrace.objects.filter(report=new).order_by("-id").first()
    assert latest is not None
    assert (latest.why, latest.unit) == ("rules", unit)


@pytest.mark.django_db
def test_a_bad_rule_is_refused_beside_its_field(town: Commune, unit: Unit) -> None:
    actions.open_rules(town, by=SYSTEM)
    wrong = actions.RuleGiven(
        " ", 0, person_id=99, categories=["NOPE"], villages=[999_999],
        area={"type": "Point", "coordinates": [1, 2]},
        valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1),
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        actions.save_rule(wrong, commune=town, by=SYSTEM)
    fields = {"name", "unit", "person", "categories", "villages", "area", "valid_to"}
    assert set(refused.value.errors) == fields


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["type", "coordinates", "x"]), inner, max_size=3),
    max_leaves=12,
))  # fmt: skip
def test_no_area_whatsoever_breaks_the_check(area: object) -> None:
    from xaso.reports.actions.rulebook import _is_area

    drawn = {"type": "Polygon", "coordinates": area}
    assert _is_area(drawn) in (True, False)
    decision = deciding.decide([rule(area=drawn)], matter(lat=22.3, lon=103.6), HERE)
    assert decision.by in (By.RULE, By.DUTY, By.ERROR)


@pytest.mark.django_db
def test_a_guessed_village_is_confirmed_when_it_is_taken_in(
    town: Commune, village: Village, unit: Unit, new_report: Filled, clerk_actor: Actor
) -> None:
    place = actions.Place(lat=22.3180, lon=103.6310, source="gps")
    report = _send(town, new_report, place=place)
    assert (report.village, report.village_source) == (village, "guess")
    shown = detail.file(queries.with_route(town, report.code), by=clerk_actor, now=MONDAY)
    assert "Máy đoán là Bản Chu Va 12" in shown.place_flags[0]
    other = Village.objects.get(code="BL-01")
    order = actions.Accepting(unit.pk, village_id=other.pk)
    report = actions.accept(report, order, by=clerk_actor)
    assert (report.village, report.village_source) == (other, "chosen")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("point", "flags"),  # flagged as outside, the neighbour named
    [
        ((22.35, 103.65), (False, False)),
        ((22.41, 103.65), (True, False)),  # about 1.1 km north of the border
        ((22.45, 103.65), (True, True)),  # about 5.6 km
        ((10.0, 106.0), (True, True)),  # another end of the country
    ],
)
def test_a_pin_outside_is_kept_and_flagged(
    town: Commune, new_report: Filled, point: tuple[float, float], flags: tuple[bool, bool]
) -> None:
    lat, lon = point
    town.boundary = SQUARE
    place = actions.Place(lat=lat, lon=lon, source="gps")
    report = _send(town, new_report, place=place)
    assert (report.lat, report.lon) == (lat, lon)
    assert (bool(report.outside_m), bool(report.neighbour)) == flags


@pytest.mark.django_db
def test_another_category_reads_the_rules_again(
    town: Commune, waste: RuleBook, new_report: Filled, clerk_actor: Actor, leader_actor: Actor
) -> None:
    report = _send(town, new_report, category="WATER")
    assert RoutingTrace.objects.get(report=report).decided_by != "rule"
    actions.recategorise(report, "WASTE", by=leader_actor)
    trace = RoutingTrace.objects.filter(report=report).order_by("-id").first()
    assert trace is not None
    assert (trace.decided_by, trace.why) == ("rule", "changed")


@pytest.mark.django_db
def test_another_stream_reads_the_rules_again(
    town: Commune, two_units: tuple[Unit, Unit], new_report: Filled, both: tuple[Actor, Actor]
) -> None:
    unit, _other = two_units
    _publish(town, actions.RuleGiven("Thủ tục", unit.pk, streams=["regulation"]))
    report = _send(town, new_report)
    actions.restream(report, "regulation", by=both[1], reason="Việc về thủ tục")
    trace = RoutingTrace.objects.filter(report=report).order_by("-id").first()
    assert trace is not None
    assert (trace.decided_by, trace.unit) == ("rule", unit)


@pytest.mark.django_db
def test_reading_is_cheap_however_many_reports(
    town: Commune, waste: RuleBook, new_report: Filled
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as said:
            rulebook.dry_run(town, waste, waste)
        return len(said)

    _send(town, new_report)
    one = cost()
    for _ in range(5):
        _send(town, new_report)
    assert cost() == one <= 9


def test_a_night_rule_takes_what_comes_at_night() -> None:
    night = datetime(2026, 11, 23, 23, 30, tzinfo=ZONE)
    rules = [rule(time_from=time(22), time_to=time(5))]
    assert deciding.decide(rules, matter(at=night), HERE).by is By.RULE


def test_around_reads_an_empty_answer() -> None:
    assert reading.seen(None) == Around()
