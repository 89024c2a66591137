"""Two records of one person: found with reasons, decided by a human, taken apart exactly."""

from datetime import date, timedelta
from random import Random

import pytest

from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import fold, fold_tight
from xaso.population import actions, images, queries, scoring, sounding
from xaso.population.actions import Joining, Merging, NewPerson, Number, OtherName
from xaso.population.models import (
    DuplicateCase,
    Membership,
    Merge,
    Person,
    PersonAlias,
)
from xaso.population.scoring import Facts, born
from xaso.population.tests.conftest import BY, SAID, START, TODAY

OTHER = Actor("official", "8", "desk", frozenset({"officer"}))
WHY = "cùng một người, gõ hai lần"


def _facts(name: str, birth=None, **more) -> Facts:
    return Facts(fold(name), fold_tight(name), sounding.sound(name),
                 birth or scoring.Facts("", "", "").birth, **more)  # fmt: skip


# --- points ---------------------------------------------------------------------------------------
def test_the_handbooks_examples() -> None:
    one = _facts("Giàng A Páo", born(1987, 5, 1), village=3)
    two = _facts("Dàng A Páo", born(1987), village=3)
    found = scoring.score(one, two)
    assert (found.total, found.band) == (55, "nightly")
    house = Person().pk
    one = _facts("Giàng A Páo", born(1987, 5, 1), village=3, households=frozenset({house}))
    two = _facts("Dàng A Páo", born(1987), village=3, households=frozenset({house}))
    assert (scoring.score(one, two).total, scoring.score(one, two).band) == (70, "possible")
    one = _facts("Lò Thị Ín", born(1990, 1, 2), village=1)
    two = _facts("LÒ THỊ ÍN", born(1990, 1, 2), village=2)
    assert scoring.score(one, two).total == 70


def test_twins_are_no_candidate() -> None:
    house, mother = Person().pk, Person().pk
    same = {"households": frozenset({house}), "kin": frozenset({mother})}
    one = _facts("Lò Văn Phương", born(2020, 1, 2), **same)
    two = _facts("Lò Thị Hoan", born(2020, 1, 2), **same)
    assert scoring.score(one, two) == scoring.Score(0, ())


def test_points_one_by_one() -> None:
    number, other = frozenset({b"1"}), frozenset({b"2"})
    base = _facts("Lò Văn A", born(1980))
    cases = [
        (_facts("Khác Hẳn Tên", numbers=number), _facts("Vũ Thị X", numbers=number), 100),
        (_facts("Khác", certificates=number), _facts("Vũ", certificates=number), 80),
        (base, _facts("Lò Văn A", born(1981)), 45),
        (base, _facts("Lò Văn A", born(1982)), 40),
        (base, _facts("Lò Văn A", born(1983)), 0),
        (base, _facts("Lò Văn A", born(1980, 3, 4)), 55),
        (_facts("A B", sex="male"), _facts("A B", sex="female"), 10),
        (_facts("A B", sex="male"), _facts("A B", sex="unknown"), 40),
        (_facts("A B", verified=number), _facts("A B", verified=other), -40),
        (_facts("Lo Thi Phuong"), _facts("Lo Thi Phuongg"), 20),
    ]
    for one, two, total in cases:
        assert scoring.score(one, two).total == total
        assert scoring.score(two, one).total == total


# --- cases ----------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(person, family) -> tuple[Person, Person]:
    one = person("Giàng A Páo", "1/5/1987")
    two = person("Dàng A Páo", "1987")
    house = family((one, "head"))
    actions.join(house, Joining(two, "other", START, "living_only"), SAID, by=BY)
    return one, two


def test_two_teams_typed_the_same_family(twice) -> None:
    case = DuplicateCase.objects.get()
    assert {case.first_id, case.second_id} == {person.pk for person in twice}
    assert case.score == 70
    assert dict(case.reasons) == {"sound": 30, "household": 25, "birth_year": 15}
    assert Person.objects.filter(status="active").count() == 2  # nothing merges by itself


def test_the_night_finds_what_the_day_passed_over(town, person, village) -> None:
    one, two = person("Lò Văn Đông", "1980"), person("Lò Văn Đông", "1980")
    assert not DuplicateCase.objects.exists()
    assert actions.look_for_duplicates(town) == 1
    assert actions.look_for_duplicates(town) == 0
    case = DuplicateCase.objects.get()
    assert (case.score, {case.first_id, case.second_id}) == (55, {one.pk, two.pk})


def test_what_was_called_two_people_stays_two_unless_a_number_says_otherwise(town, twice) -> None:
    case = DuplicateCase.objects.get()
    actions.decide(case, "distinct", "anh em họ", by=BY)
    with pytest.raises(actions.AlreadyDecided):
        actions.decide(case, "postponed", by=BY)
    actions.look_for_duplicates(town)
    case.refresh_from_db()
    assert case.state == "distinct"
    for someone in twice:
        actions.add_number(someone, Number("national_id", "012087000001"), SAID, by=BY)
    case.refresh_from_db()
    assert case.state == "open"
    assert case.reasons[0] == ["national_id", 100]
    assert "same_number" in twice[1].identifiers.get().warnings


def test_looking_at_one_person_finds_what_looking_at_all_does(town, person) -> None:
    from xaso.population.queries import alike

    chance = Random(3)  # noqa: S311 - a repeatable walk
    names = ("Giàng A Páo", "Dàng A Páo", "Lò Thị Ín", "Sùng A Chu", "Xùng A Tru", "Vàng Thị Dợ")
    people = [person(chance.choice(names), str(1980 + chance.randrange(4))) for _ in range(25)]
    all_of = alike.pairs(town.id)
    each = set().union(*(alike.pairs_of(someone) for someone in people))
    assert each == all_of
    assert len(all_of) > 20


# --- merging --------------------------------------------------------------------------------------
def _merge(survivor, absorbed, **choices) -> Merge:
    return actions.merge_persons(Merging(survivor.pk, absorbed.pk, choices, WHY), by=BY)


def _found(town, text) -> list:
    return [line.id for line in queries.find_persons(town, queries.read(text, [])).lines]


def test_merged_is_found_under_both_names_and_by_both_keys(town, twice) -> None:
    one, two = twice
    actions.add_name(two, OtherName("A Páo Chớ"), SAID, by=BY)
    merge = _merge(one, two)
    assert merge.done_at is not None
    assert queries.resolve_person(two.pk) == one
    assert queries.resolve_person(one.pk) == one
    assert queries.former_ids(one) == [two.pk]
    for typed in ("dang a pao", "giang a pao", "a pao cho"):
        assert _found(town, typed) == [one.pk], typed
    assert DuplicateCase.objects.get().state == "merged"
    two.refresh_from_db()
    assert (two.status, two.merged_into_id, two.village_id) == ("duplicate_of", one.pk, None)
    with pytest.raises(Refusal):
        actions.change_person(two, {"sex": "female"}, SAID, by=BY)


def test_blank_numbers_never_merge_anybody(town, person) -> None:
    one, two = person("Lò Văn A", "1980"), person("Sùng Thị B", "1995", "female")
    actions.look_for_duplicates(town)
    assert not DuplicateCase.objects.exists()
    for someone in (one, two):
        for nothing in ("", "0", "000000000000"):
            with pytest.raises(Refusal):
                actions.add_number(someone, Number("national_id", nothing), SAID, by=BY)


def test_what_is_chosen_is_taken(twice) -> None:
    one, two = twice
    actions.change_person(two, {"ethnic_code": "08", "sex": "male"}, SAID, by=BY)
    _merge(one, two, name="absorbed", birth="absorbed", ethnic="absorbed")
    one.refresh_from_db()
    assert (one.display_name, one.birth_precision, one.ethnic_code) == ("Dàng A Páo", "year", "08")
    assert [name.name for name in one.other_names.all()] == ["Giàng A Páo"]


def test_the_heads_place_is_kept(person, family) -> None:
    one, two = person("Lò Văn A", "1980"), person("Lò Văn Á", "1980")
    house = family((two, "head"), (one, "child"))
    _merge(one, two)
    house.refresh_from_db()
    rows = Membership.objects.filter(household=house)
    assert [(row.person_id, row.role) for row in rows] == [(one.pk, "head")]
    assert house.state == "normal"


def test_a_verified_number_needs_a_second_official(twice) -> None:
    one, two = twice
    said = actions.Said("paper", verified_at=TODAY)
    actions.add_number(two, Number("national_id", "012087000001"), said, by=BY)
    merge = _merge(one, two)
    assert merge.done_at is None
    assert Person.objects.get(pk=two.pk).status == "active"
    with pytest.raises(actions.NeedsAnother):
        actions.confirm_merge(merge, by=BY)
    assert actions.confirm_merge(merge, by=OTHER).done_at is not None
    assert one.identifiers.count() == 1
    assert actions.reveal(one.identifiers.get(), actions.Purpose("one_stop"), by=BY)


def test_what_cannot_be_merged(twice, person) -> None:
    one, two = twice
    with pytest.raises(actions.SamePerson):
        _merge(one, one)
    with pytest.raises(actions.ReasonMissing):
        actions.merge_persons(Merging(one.pk, two.pk, {}, " "), by=BY)
    _merge(one, two)
    with pytest.raises(Refusal):
        _merge(person("Ai Đó"), two)


def _everything(*people) -> dict:
    return images.of([person.pk for person in people])


def test_merged_and_taken_apart_is_what_it_was(twice) -> None:
    one, two = twice
    before = _everything(one, two)
    actions.undo_merge(_merge(one, two, name="absorbed"), by=BY)
    assert _everything(one, two) == before
    assert not PersonAlias.objects.exists()
    assert DuplicateCase.objects.get().state == "undone"
    assert queries.resolve_person(two.pk) == two


def _some_people(town, chance, person, family) -> list[Person]:
    names = ("Giàng A Páo", "Dàng A Páo", "Lò Thị Ín", "Sùng A Chu")
    people = [person(chance.choice(names), chance.choice(("", "1987", "1/2/1990")))
              for _ in range(3)]  # fmt: skip
    roles = ["head", "child", "other"]
    chance.shuffle(roles)
    kinds = ["permanent", "temporary", "living_only"]
    houses = [family(), family()]
    for someone in people:
        for _ in range(chance.randrange(3)):
            first = START + timedelta(days=chance.randrange(300))
            end = chance.choice((None, first + timedelta(days=chance.randrange(1, 200))))
            joining = Joining(someone, chance.choice(roles), first, chance.choice(kinds), "", end)
            try:
                actions.join(chance.choice(houses), joining, SAID, by=BY)
            except Refusal:
                continue
        if chance.random() < 0.6:
            number = Number("national_id", f"0120870000{chance.randrange(3):02d}")
            actions.add_number(someone, number, SAID, by=BY)
        if chance.random() < 0.6:
            actions.add_name(someone, OtherName(chance.choice(names)), SAID, by=BY)
        if chance.random() < 0.5:
            phone = actions.Reach("phone", f"091234567{chance.randrange(2)}")
            actions.add_contact(someone, phone, SAID, by=BY)
    return people


@pytest.mark.parametrize("seed", range(25))
def test_any_chain_of_merges_is_undone_to_the_start(town, person, family, seed) -> None:
    chance = Random(seed)  # noqa: S311 - a repeatable walk
    people = _some_people(town, chance, person, family)
    chance.shuffle(people)
    one, two, three = people
    fields = ("name", "sex", "birth", "ethnic", "mother")
    choices = {f: chance.choice(("survivor", "absorbed")) for f in fields}
    before = _everything(*people)
    first = _merge(two, one, **choices)
    middle = _everything(*people)
    second = _merge(three, two, **choices)
    assert queries.resolve_person(one.pk) == three
    assert set(queries.former_ids(three)) == {one.pk, two.pk}
    assert Membership.objects.filter(person__in=[one, two]).count() == 0
    with pytest.raises(actions.NotTheNewest):
        actions.undo_merge(first, by=BY)
    actions.undo_merge(second, by=BY)
    assert _everything(*people) == middle
    actions.undo_merge(first, by=BY)
    assert _everything(*people) == before
    with pytest.raises(actions.AlreadyUndone):
        actions.undo_merge(first, by=BY)


def test_what_changed_since_is_looked_at_and_kept(twice) -> None:
    one, two = twice
    before = _everything(one, two)
    merge = _merge(one, two)
    actions.change_person(one, {"birth_note": "rằm tháng giêng"}, SAID, by=BY)
    actions.add_number(one, Number("cmnd_9", "045123987"), SAID, by=BY)
    with pytest.raises(actions.ChangedSinceMerge):
        actions.undo_merge(merge, by=BY)
    actions.undo_merge(merge, by=BY, is_looked_at=True)
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.birth_note == "rằm tháng giêng"
    assert one.identifiers.get().tail3 == "987"
    assert two.status == "active"
    assert _everything(two)["person"] == {str(two.pk): before["person"][str(two.pk)]}
    assert not one.other_names.exists()


def test_keys_that_lead_in_a_circle_are_refused(twice) -> None:
    from xaso.population.queries.people import AliasesInACircle

    one, two = twice
    merge = _merge(one, two)
    PersonAlias.objects.create(
        commune_id=one.commune_id, old=one, survivor=two, merge=merge,
        period=PersonAlias.objects.get().period,
    )  # fmt: skip
    with pytest.raises(AliasesInACircle):
        queries.resolve_person(one.pk)


def test_events_of_both_records_tell_the_residence(twice) -> None:
    from xaso.population.actions import Event
    from xaso.population.births import Partial

    one, two = twice
    actions.record_event(two, Event("status_unknown", Partial(date(2026, 5, 1), "day")), SAID,
                         by=BY)  # fmt: skip
    assert queries.residence_on(one) == "resident_permanent"
    _merge(one, two)
    assert queries.residence_on(one) == "unknown"


def test_the_register_of_a_file_and_the_same_by_hand(town) -> None:
    """Two teams typed the same family offline: one candidate, nobody overwritten."""
    for _ in range(2):
        actions.register_person(
            NewPerson("Tẩn Mý Dao", "female", scoring.born(1990, 3, 4)), SAID, commune=town, by=BY
        )
    assert Person.objects.count() == 2
    assert DuplicateCase.objects.get().score == 70
