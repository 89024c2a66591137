"""A household has one head; the database says so."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from xaso.kernel.refusals import Refusal
from xaso.population import actions, births, queries
from xaso.population.actions import Event, Joining, NewHead, NewHousehold, Splitting
from xaso.population.births import Partial
from xaso.population.models import Membership, Person, VillageTask
from xaso.population.refusals import (
    AlreadyMember,
    DeadAlready,
    EmptyPeriod,
    TwoHeads,
    TwoPermanentPlaces,
    TwoTemporaryPlaces,
)
from xaso.population.tests.conftest import BY, SAID, START, TODAY

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 5)


def _head(household, day):
    row = Membership.objects.filter(household=household, role="head", period__contains=day).get()
    return row.person_id


def test_the_worked_example(person, family) -> None:
    one, two, three = person("Lò Văn A"), person("Lò Thị B", sex="female"), person("Lò Văn C")
    house = family((one, "head"), (two, "spouse"))
    with pytest.raises(TwoHeads):
        actions.join(house, Joining(three, "head", date(2026, 1, 1)), SAID, by=BY)
    new = NewHead(two.pk, MARCH, {one.pk: "spouse"})
    actions.change_head(house, new, SAID, by=BY)
    assert _head(house, MARCH - timedelta(days=1)) == one.pk
    assert _head(house, MARCH) == two.pk
    with pytest.raises(EmptyPeriod):
        actions.join(house, Joining(three, "other", MARCH, end=MARCH), SAID, by=BY)
    house.refresh_from_db()
    assert house.state == "normal"


@pytest.mark.parametrize("period", ["[2026-03-05,2026-03-05)", "[,2026-03-05)", "empty"])
def test_the_table_itself_refuses_empty_and_boundless_periods(person, family, period) -> None:
    one = person("Lò Văn A")
    house = family((one, "head"))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO population_membership (id, commune_id, person_id, household_id, role, "
            "residence_kind, period, evidence, source, created_at) VALUES (gen_random_uuid(), %s, "
            "%s, %s, 'other', 'living_only', %s, '', 'paper', now())",
            [house.commune_id, one.pk, house.pk, period],
        )


def test_two_heads_at_once_never_pass_the_table(person, family) -> None:
    one, two = person("Lò Văn A"), person("Lò Văn B")
    family((one, "head"), (two, "child"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(person=two).update(role="head")


def test_one_permanent_and_one_temporary_place(person, family, other_village) -> None:
    one, two = person("Lò Văn A"), person("Lò Văn B")
    here, there = family((one, "head")), family((two, "head"), where=other_village)
    with pytest.raises(TwoPermanentPlaces):
        actions.join(there, Joining(one, "other", TODAY), SAID, by=BY)
    with pytest.raises(AlreadyMember):
        actions.join(here, Joining(one, "other", TODAY, "temporary"), SAID, by=BY)
    actions.join(there, Joining(one, "lodger", TODAY, "temporary"), SAID, by=BY)
    third = family(where=other_village)
    with pytest.raises(TwoTemporaryPlaces):
        actions.join(third, Joining(one, "lodger", TODAY, "temporary"), SAID, by=BY)
    assert queries.household_of(one) == here
    one.refresh_from_db()
    assert one.village_id == here.village_id


def test_a_dead_head_leaves_a_household_to_repair(person, family) -> None:
    one, two = person("Lò Văn A", "1950"), person("Lò Thị B", "1955", "female")
    house = family((one, "head"), (two, "spouse"))
    actions.record_death(one, Event("death", Partial(MARCH, "day")), SAID, by=BY)
    house.refresh_from_db()
    assert (house.state, house.headless_since) == ("without_head", MARCH)
    task = VillageTask.objects.get(household=house, done_at__isnull=True)
    assert task.due_on == TODAY + timedelta(days=15)
    with pytest.raises(DeadAlready):
        actions.join(house, Joining(one, "head", TODAY), SAID, by=BY)
    actions.change_head(house, NewHead(two.pk, MARCH, {}), SAID, by=BY)
    house.refresh_from_db()
    assert (house.state, house.headless_since) == ("normal", None)
    assert not VillageTask.objects.filter(household=house, done_at__isnull=True).exists()


def test_a_gap_without_a_head_stays_on_the_list(person, family) -> None:
    one, two = person("Lò Văn A"), person("Lò Thị B", sex="female")
    house = family((one, "head"), (two, "spouse"))
    actions.record_death(one, Event("death", Partial(MARCH, "day")), SAID, by=BY)
    actions.change_head(house, NewHead(two.pk, MARCH + timedelta(days=9), {}), SAID, by=BY)
    house.refresh_from_db()
    assert house.state == "without_head"


def test_nobody_left_is_vacated_and_can_be_closed(person, family) -> None:
    one = person("Lò Văn A")
    house = family((one, "head"))
    with pytest.raises(Refusal):
        actions.close_household(house, TODAY, by=BY)
    out = Event("permanent_out", Partial(TODAY, "day"), to_place="xã khác")
    actions.record_event(one, out, SAID, by=BY)
    house.refresh_from_db()
    assert house.state == "vacated"
    one.refresh_from_db()
    assert (one.status, one.village_id) == ("left", None)
    assert actions.close_household(house, TODAY, by=BY).state == "closed"


def test_a_new_head_needs_everybodys_role(person, family) -> None:
    people = [person(f"Lò Văn {letter}") for letter in "ABC"]
    house = family((people[0], "head"), (people[1], "child"), (people[2], "sibling"))
    with pytest.raises(actions.RolesMissing):
        actions.change_head(house, NewHead(people[1].pk, TODAY, {}), SAID, by=BY)
    roles = {people[0].pk: "parent", people[2].pk: "head"}
    with pytest.raises(actions.RolesMissing):
        actions.change_head(house, NewHead(people[1].pk, TODAY, roles), SAID, by=BY)
    with pytest.raises(actions.NotAMember):
        actions.change_head(house, NewHead(person("Ai đó").pk, TODAY, {}), SAID, by=BY)
    roles[people[2].pk] = "other"
    actions.change_head(house, NewHead(people[1].pk, TODAY, roles), SAID, by=BY)
    assert next(row.role for row in queries.members(house)) == "head"
    assert Membership.objects.filter(household=house).count() == 6


def test_a_head_changed_on_the_day_everybody_came(person, family) -> None:
    one, two = person("Lò Văn A"), person("Lò Văn B")
    house = family((one, "head"), (two, "sibling"))
    actions.change_head(house, NewHead(two.pk, START, {one.pk: "sibling"}), SAID, by=BY)
    assert _head(house, START) == two.pk
    assert Membership.objects.filter(household=house).count() == 2


def test_splitting_needs_consent_and_moves_people(person, family) -> None:
    people = [person(f"Lò Văn {letter}") for letter in "ABC"]
    house = family((people[0], "head"), (people[1], "child"), (people[2], "grandchild"))
    roles = {people[1].pk: "head", people[2].pk: "child"}
    with pytest.raises(actions.ConsentMissing):
        actions.split(house, Splitting(people[1].pk, roles, TODAY), SAID, by=BY)
    wanted = Splitting(people[1].pk, roles, TODAY, has_consent=True)
    own = actions.split(house, wanted, SAID, by=BY)
    assert [row.person_id for row in queries.members(own)] == [people[1].pk, people[2].pk]
    assert [row.person_id for row in queries.members(house)] == [people[0].pk]
    assert (own.state, own.code) == ("normal", "BL-000002")


def test_a_birth_goes_into_the_household_of_its_mother(town, person, family) -> None:
    mother = person("Lò Thị B", "1999", "female")
    house = family((person("Lò Văn A", "1990"), "head"), (mother, "spouse"))
    born = births.parse("20/11/2026", today=TODAY)
    birth = actions.Birth(born, "", "female", mother, household=house)
    child = actions.record_birth(birth, SAID, commune=town, by=BY)
    assert child.is_unnamed
    assert queries.household_of(child) == house
    assert queries.residence_on(child) == "resident_permanent"
    assert queries.residence_on(child, date(2026, 11, 19)) == "unknown"
    assert list(queries.births_without_registration(town)) == [child]
    actions.add_number(child, actions.Number("birth_cert", "123/2026"), SAID, by=BY)
    assert list(queries.births_without_registration(town)) == []
    with pytest.raises(Refusal):
        actions.record_birth(actions.Birth(born), SAID, commune=town, by=BY)


def test_what_was_recorded_by_mistake_is_taken_back(person, family) -> None:
    one = person("Lò Văn A")
    house = family((one, "head"))
    event = actions.record_death(one, Event("death", Partial(MARCH, "day")), SAID, by=BY)
    actions.reverse(event, "nhầm người", by=BY)
    one.refresh_from_db()
    house.refresh_from_db()
    assert (one.status, one.death_date, house.state) == ("active", None, "normal")
    assert queries.residence_on(one) == "resident_permanent"
    with pytest.raises(actions.AlreadyReversed):
        actions.reverse(event, "lại", by=BY)


def test_events_are_only_added(person) -> None:
    one = person("Lò Văn A")
    event = actions.record_event(one, Event("stay", Partial(MARCH, "day")), SAID, by=BY)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(event).objects.filter(pk=event.pk).update(note="x")


def test_temporary_residence_is_for_two_years(person) -> None:
    one = person("Lò Văn A")
    day = Partial(date(2024, 2, 29), "day")
    actions.record_event(one, Event("temporary_in", day, until=date(2026, 3, 1)), SAID, by=BY)
    with pytest.raises(actions.TooLong):
        actions.record_event(one, Event("temporary_renew", day, date(2026, 3, 2)), SAID, by=BY)
    with pytest.raises(EmptyPeriod):
        actions.record_event(one, Event("absence_declared", day, date(2024, 1, 1)), SAID, by=BY)


def test_codes_are_given_once_each(town, village) -> None:
    new = NewHousehold(village, START)
    codes = [actions.open_household(new, SAID, commune=town, by=BY).code for _ in range(3)]
    assert codes == ["BL-000001", "BL-000002", "BL-000003"]
    with pytest.raises(actions.CodeTaken):
        actions.open_household(NewHousehold(village, START, code="bl-000002"), SAID,
                               commune=town, by=BY)  # fmt: skip


def test_the_same_thing_sent_twice_is_done_once(town, village) -> None:
    from uuid import uuid4

    key = uuid4()
    new = actions.NewPerson("Lò Văn A", id=key)
    first = actions.register_person(new, SAID, commune=town, by=BY)
    assert actions.register_person(new, SAID, commune=town, by=BY) == first
    assert Person.objects.count() == 1


def test_heads_are_four_numbers_and_a_sum(town, person, family, village, other_village) -> None:
    one, two, three = (person(f"Lò Văn {letter}") for letter in "ABC")
    family((one, "head"), (two, "child"))
    away = Event("absence_declared", Partial(MARCH, "day"), until=date(2027, 3, 5))
    actions.record_event(two, away, SAID, by=BY)
    there = family((three, "head"), where=other_village)
    guest = person("Lò Văn D")
    actions.join(there, Joining(guest, "lodger", MARCH, "living_only"), SAID, by=BY)
    counted = queries.heads_by_village(town, TODAY)
    assert counted[village.pk] == queries.Heads(2, 0, 0, 1, 1)
    assert counted[other_village.pk] == queries.Heads(1, 0, 1, 0, 1)
    total = queries.heads(town, TODAY)
    assert (total.present, total.numbers) == (3, (3, 0, 1, 1, 2))
    assert queries.heads(town, START - timedelta(days=1)) == queries.Heads()
    assert queries.counts(town).households == 2


def test_ages_that_may_be_reached(town, person) -> None:
    exact = person("Lò Văn A", "1/12/1946")
    only_year = person("Lò Văn B", "1946")
    leap = person("Lò Văn C", "29/2/1948")
    late = person("Lò Văn D", "1/3/1947")
    found = {each.person: each for each in queries.turning_age(town, 80, 30)}
    assert set(found) == {exact, only_year}
    assert found[exact].is_exact
    assert not found[only_year].is_exact
    soon = queries.turning_age(town, 79, 10, date(2027, 2, 25))
    assert [(each.person, each.first) for each in soon if each.is_exact] == [
        (leap, date(2027, 3, 1))
    ]
    assert late not in found


def test_made_up_wrong_and_strange_numbers(person) -> None:
    one = person("Lò Văn A", "1987")
    for text in (
        "0",
        "000000000000",
        "123456789012",
        "12087001234",
        "0122050012٣4",
        "012327000001",
    ):
        with pytest.raises(Refusal):
            actions.add_number(one, actions.Number("national_id", text), SAID, by=BY)
    kept = actions.add_number(one, actions.Number("national_id", "012 187.001-234"), SAID, by=BY)
    assert (kept.tail3, kept.warnings) == ("234", ["sex_differs"])
    with pytest.raises(Refusal):
        actions.add_number(one, actions.Number("national_id", "012187001234"), SAID, by=BY)
    seen = actions.reveal(kept, actions.Purpose("dossier", "H-1"), by=BY)
    assert seen == "012187001234"
    with pytest.raises(actions.NoPurpose):
        actions.reveal(kept, actions.Purpose(""), by=BY)
    assert one.views.get().groups == ["number"]


def test_two_people_without_a_number_stay_two(town, person, family) -> None:
    one, two = person("Lò Văn A", "1987"), person("Lò Văn A", "1987")
    house = family((one, "head"), (two, "sibling"))
    assert len(queries.members(house)) == 2


def test_periods_of_one_person_close_before_they_open(person, family, other_village) -> None:
    one, two = person("Lò Văn A"), person("Lò Văn B")
    family((one, "head"))
    there = family((two, "head"), where=other_village)
    row = Membership.objects.get(person=one)
    actions.leave(row, MARCH, by=BY)
    actions.join(there, Joining(one, "other", MARCH), SAID, by=BY)
    periods = sorted(Membership.objects.filter(person=one).values_list("period", flat=True))
    assert periods == [DateRange(START, MARCH), DateRange(MARCH, None)]
    one.refresh_from_db()
    assert one.village_id == other_village.pk
