"""A list comes from an office, is read, compared, decided, written, and taken back."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.models import Entry
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.working_time import clock
from xaso.population import actions, queries
from xaso.population.actions import (
    Event,
    Number,
    Purpose,
    Said,
    bulk,
    importing,
    importing_deciding,
    importing_forgetting,
)
from xaso.population.births import Partial
from xaso.population.models import (
    BatchState,
    DuplicateCase,
    Dwelling,
    FieldEvidence,
    Household,
    ImportFile,
    ImportRow,
    Membership,
    Person,
    PersonContact,
    PersonIdentifier,
    PersonName,
    SenderHousehold,
    VillageTask,
)
from xaso.population.queries import undoing
from xaso.population.tests.conftest import BY, NOW, TODAY
from xaso.population.tests.lists.lists_of_people import FAMILY, workbook

pytestmark = pytest.mark.django_db
EARLIER = date(2026, 10, 1)


def row(batch, number) -> ImportRow:
    return ImportRow.objects.get(batch=batch, number=number)


def diff(batch, number) -> dict[str, tuple[str, str]]:
    text = row(batch, number).diff
    return {f: (old, new) for f, old, new, *_rest in json.loads(text or "[]")}


def changed(rows=FAMILY, **cells) -> list[tuple]:
    """Return the rows with cells of the first one replaced, by name of their column."""
    names = {"code": 1, "name": 2, "birth": 3, "sex": 4, "role": 5, "number": 6, "ethnic": 7,
             "village": 8, "address": 9, "phone": 10}  # fmt: skip
    first = list(rows[0])
    for name, value in cells.items():
        first[names[name]] = value
    return [tuple(first), *rows[1:]]


def images() -> dict[str, list[dict]]:
    """Return every row of the register but for counters of changes, which never go back."""
    found = {}
    for model in (Person, PersonIdentifier, PersonContact, PersonName, Household, Membership,
                  Dwelling, SenderHousehold, DuplicateCase):  # fmt: skip
        rows = []
        for each in model.objects.order_by("pk"):
            values = {f.attname: getattr(each, f.attname) for f in model._meta.concrete_fields}
            values = {k: bytes(v) if isinstance(v, memoryview) else v for k, v in values.items()}
            rows.append({k: v for k, v in values.items() if k not in ("version", "updated_at")})
        found[model.__name__] = rows
    tasks = VillageTask.objects.filter(done_at__isnull=True)
    found["open tasks"] = sorted(tasks.values_list("household__code", flat=True))
    return found


def finish(batch):
    jobs.do_now()
    batch.refresh_from_db()
    return batch


def test_a_list_becomes_households(town, write):
    batch = write(workbook(FAMILY))
    assert batch.state == BatchState.APPLIED
    assert batch.counts["new"] == 5 == sum(batch.counts.values())
    assert batch.outcomes["written"] == 5
    assert Household.objects.filter(commune=town, state="normal").count() == 2
    pao = Person.objects.get(fold="giang a pao")
    assert str(pao.birth_date) == "1987-05-01"
    assert pao.village.code == "BL-01"
    assert [m.person.display_name for m in queries.members(queries.household_of(pao))] == [
        "Giàng A Páo", "Vàng Thị Dợ", "Giàng Thị Mỷ",
    ]  # fmt: skip


def test_the_same_list_again_changes_nothing(town, write, compare):
    write(workbook(FAMILY))
    before = images()
    again = compare(workbook([*FAMILY, (None,)]))  # other bytes, the same words
    assert again.counts["same"] == 5 == sum(again.counts.values())
    with pytest.raises(importing.NothingChosen):
        importing.approve(again, by=BY)
    assert images() == before


def test_the_very_same_file_is_answered_with_its_day(town, write, send):
    body = workbook(FAMILY)
    write(body)
    second = send(body)
    plan = importing.Plan({int(c): f for c, f in second.mapping.items()})
    with pytest.raises(importing.AlreadyImported, match="23/11/2026"):
        importing.map_columns(second, plan, by=BY)


def test_a_list_with_empty_columns_empties_nobody(town, write):
    write(workbook(FAMILY))
    before = images()
    bare = [(n, code, name, *[None] * 8) for n, code, name, *_rest in FAMILY]
    again = write_or_nothing(write, workbook(bare))
    assert again.counts["same"] == 5
    assert images() == before


def write_or_nothing(write, body, **more):
    """Write a list in which there may be nothing to write; keep the register where they differ."""
    batch = write.compare(body, **more)
    for kind, decision in (("new", "take"), ("changed", "take"), ("conflict", "keep")):
        importing_deciding.decide_kind(batch, kind, decision, by=BY)
    try:
        importing.approve(batch, by=BY)
    except importing.NothingChosen:
        return batch
    return finish(batch)


def test_two_people_without_a_number_stay_two(town, write):
    rows = [
        (1, None, "Giàng A Páo", "1987", "Nam", None, "0", "Mông", "Nà Đon", None, None),
        (2, None, "Giàng A Páo", "1987", "Nam", None, "000000000000", "Mông", "Nà Đon", None, None),
        (3, 0, "Vàng A Sùng", "1990", "Nam", None, 0, "Mông", "Nà Đon", None, None),
        (4, "-", "Lò Văn Á", "1975", "Nam", None, "không", "Thái", "Nà Đon", None, None),
    ]  # fmt: skip
    batch = write(workbook(rows))
    assert batch.counts["new"] == 4
    assert Person.objects.count() == 4
    assert not PersonIdentifier.objects.exists()
    assert not Household.objects.exists()  # blank and made-up codes join nobody
    again = write_or_nothing(write, workbook([*rows, (None,)]))
    assert again.counts["same"] == 4
    assert Person.objects.count() == 4


def test_blank_codes_take_the_household_above_only_when_asked(town, send):
    rows = [
        (1, "H1", "Giàng A Páo", "1987", "Nam", "Chủ hộ", None, "Mông", "Nà Đon", None, None),
        (2, None, "Vàng Thị Dợ", "1990", "Nữ", "Vợ", None, "Mông", "Nà Đon", None, None),
    ]  # fmt: skip
    for fills, units in ((False, 2), (True, 1)):
        batch = send(workbook(rows))
        plan = importing.Plan({int(c): f for c, f in batch.mapping.items()}, fills_household=fills)
        importing.map_columns(batch, plan, by=BY)
        finish(batch)
        assert ImportRow.objects.filter(batch=batch).values("unit").distinct().count() == units
    assert ["household", "household_above"] in row(batch, 3).rules


def test_what_differs_is_shown_field_by_field_and_written_when_taken(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    pao = Person.objects.get(fold="giang a pao")
    body = workbook(
        changed(name="Giàng A Pháo", birth="2/5/1987", address="Số 9", phone="0987654321")
    )
    batch = compare(body)
    assert batch.counts | {"changed": 1, "same": 4} == batch.counts
    found = diff(batch, 2)
    assert found["name"] == ("Giàng A Páo", "Giàng A Pháo")
    assert found["birth"] == ("01/05/1987", "02/05/1987")
    assert found["address"] == ("Số 1", "Số 9")
    assert found["phone"] == ("", "•••321")
    source = next(line for line in json.loads(row(batch, 2).diff) if line[0] == "name")
    assert source[3:] == ["Danh sách của công an", "01/10/2026", False]
    importing_deciding.decide_kind(batch, "changed", "take", by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    pao.refresh_from_db()
    assert (pao.display_name, str(pao.birth_date)) == ("Giàng A Pháo", "1987-05-02")
    assert PersonContact.objects.filter(person=pao).count() == 2  # both phones stay
    assert queries.household_of(pao).dwelling.address == "Số 9"
    told = FieldEvidence.objects.filter(subject=pao.pk, field="name").order_by("-id")
    assert [e.stated_on for e in told] == [TODAY, EARLIER]  # both words stay


def test_coarser_knowledge_contradicts_nothing(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    batch = compare(workbook(changed(birth="1987")))
    assert batch.counts["same"] == 5
    finer = compare(workbook([*FAMILY[:1], (2, "H1", "Vàng Thị Dợ", "3/4/1990"), *FAMILY[2:]]))
    assert diff(finer, 3) == {"birth": ("1990", "03/04/1990")}


def test_undo_gives_back_the_same_rows(town, write, family, person, other_village):
    """Whatever a list did: new people, other names, moves, roles, places."""
    write(workbook(FAMILY), as_of=EARLIER)
    away = person("Sùng A Chu", "5/5/1980")
    family((away, "head"), where=other_village)
    before = images()
    rows = [
        *changed(name="Giàng A Pháo", sex="Nữ", address="Số 9", village="Chu Va 12",
                 phone="0987654321"),
        (6, "H1", "Giàng A Lử", "1/1/2020", "Nam", "Con", None, "Mông", None, None, None),
        (7, "H9", "Thào A Dơ", "1/1/1960", "Nam", "Chủ hộ", "012060009999", "Mông",
         "Nà Đon", "Số 3", "0911111111"),
        (8, "H2", "Sùng A Chu", "5/5/1980", "Nam", "Ở nhờ", None, None, None, None, None),
    ]  # fmt: skip
    rows = [r if r[0] != 3 else (*r[:5], "Cháu", *r[6:]) for r in rows]
    rows = [r if r[0] not in (2, 3) else (*r[:8], "Chu Va 12", *r[9:]) for r in rows]
    batch = write_all(write, workbook(rows))
    assert images() != before
    written = batch.outcomes["written"]
    assert written == 5
    actions.saw(away, ["basic"], Purpose("visit"), by=BY)  # was there before: nobody deletes him
    assert undoing.forecast(batch) == undoing.Forecast(5, 5, [])
    importing.undo_list(batch, by=BY)
    finish(batch)
    assert batch.state == BatchState.UNDONE
    assert batch.outcomes["undone"] == written
    assert images() == before


def write_all(write, body, **more):
    """Write a list and take every candidate as the first person offered, every conflict too."""
    from xaso.population.models import ImportBatch

    compared = write.compare(body, **more)
    assert compared.state == BatchState.COMPARED
    for kind in ("new", "changed"):
        importing_deciding.decide_kind(compared, kind, "take", by=BY)
    for each in ImportRow.objects.filter(batch=compared, kind__in=["conflict", "candidate"]):
        person = each.candidates[0][0] if each.candidates else None
        importing_deciding.decide(each, "take", person=person, by=BY)
    importing.approve(compared, by=BY)
    jobs.do_now()
    return ImportBatch.objects.get(pk=compared.pk)


def test_undo_leaves_what_was_changed_since_and_says_why(town, write):
    batch = write(workbook(FAMILY))
    dogs = Person.objects.get(fold="vang thi do")
    actions.change_person(dogs, {"sex": "male"}, Said("paper"), by=BY)
    looked = Person.objects.get(fold="lo thi in")
    actions.saw(looked, ["basic"], Purpose("visit"), by=BY)
    said = undoing.forecast(batch)
    importing.undo_list(batch, by=BY)
    finish(batch)
    assert batch.outcomes | {"undone": 3, "kept": 2} == batch.outcomes
    assert row(batch, 3).reason == "changed_after"
    assert row(batch, 6).reason == "used_after"
    staying = [undoing.Staying("changed_after", 1, [3]), undoing.Staying("used_after", 1, [6])]
    assert said == undoing.Forecast(5, 3, staying)
    assert sorted(Person.objects.values_list("fold", flat=True)) == ["lo thi in", "vang thi do"]


def test_undo_leaves_who_got_another_relation_since(town, write):
    write(workbook(FAMILY[:4]), as_of=EARLIER)
    batch = write(workbook(changed(FAMILY[:4], phone="0987654321")))
    wife = Person.objects.get(fold="vang thi do")
    house = Membership.objects.get(person=wife).household
    inside = Membership.objects.filter(household=house).exclude(person=wife)
    roles = {each.person_id: "other" for each in inside}
    actions.change_head(house, actions.NewHead(wife.pk, TODAY, roles), Said("paper"), by=BY)
    said = undoing.forecast(batch)
    importing.undo_list(batch, by=BY)
    finish(batch)
    assert batch.outcomes["kept"] == 1
    assert said.staying == [undoing.Staying("changed_after", 1, [2])]
    assert Membership.objects.get(person=wife, period__contains=TODAY).role == "head"


def test_what_undo_will_do_costs_the_same_for_any_list(town, write):
    short, long = write(workbook(FAMILY[:2])), write(workbook(FAMILY))
    counts = []
    for batch in (short, long):
        for each in Person.objects.filter(pk__in=batch.rows.values("person")):
            actions.saw(each, ["basic"], Purpose("visit"), by=BY)
        with CaptureQueriesContext(connection) as seen:
            undoing.forecast(batch)
        counts.append(len(seen))
    assert counts == [4, 4]


def test_undo_ends_after_thirty_days(town, write):
    batch = write(workbook(FAMILY))
    with clock.at(NOW + timedelta(days=31)), pytest.raises(importing.TooLate):
        importing.undo_list(batch, by=BY)


def test_two_lists_in_both_orders_give_the_same_register(town, write):
    """The later list is believed, whichever came first; nobody is lost."""
    older = (workbook(FAMILY[:4]), EARLIER)
    newer = (workbook(changed(FAMILY, name="Giàng A Pháo", phone="0987654321")), TODAY)

    def register() -> list:
        people = Person.objects.order_by("fold").values_list("fold", "birth_date", "sex")
        reach = PersonContact.objects.order_by("blind_index").values_list("person__fold")
        homes = Membership.objects.order_by("person__fold").values_list("person__fold", "role")
        return [list(people), list(reach), list(homes)]

    found = []
    for order in ((older, newer), (newer, older)):
        with transaction.atomic():
            for body, as_of in order:
                write_or_nothing(write, body, as_of=as_of)
            found.append(register())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0][0][0][0] == "giang a phao"


def test_of_two_lists_of_one_day_nobody_wins_silently(town, write, compare):
    write(workbook(FAMILY))
    batch = compare(workbook(changed(name="Giàng A Pháo")), sender="Tổ công nghệ số")
    assert row(batch, 2).kind == "conflict"


def test_a_newer_word_of_the_register_is_a_conflict(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    pao = Person.objects.get(fold="giang a pao")
    actions.change_person(pao, {"name": "Giàng A Pao"}, Said("paper", verified_at=TODAY), by=BY)
    batch = compare(workbook(FAMILY), as_of=date(2026, 11, 1))
    assert row(batch, 2).kind == "conflict"
    assert importing_deciding.decide_kind(batch, "changed", "take", by=BY) == 0
    with pytest.raises(importing_deciding.NoSuchChoice):
        importing_deciding.decide_kind(batch, "conflict", "take", by=BY)


def test_two_heads_send_the_household_to_the_errors(town, write):
    rows = [
        *FAMILY,
        (6, "H1", "Giàng A Tủa", "1950", "Nam", "Chủ hộ", None, "Mông", "Nà Đon", None, None),
    ]
    batch = write(workbook(rows))
    assert batch.counts["error"] == 4
    assert batch.outcomes | {"written": 2, "held": 4} == batch.outcomes
    assert Household.objects.count() == 1


def test_one_bad_row_holds_its_household_until_it_is_left_out(town, compare):
    rows = [
        *FAMILY,
        (6, "H1", "Giàng A Tủa", "31/2/1950", "Nam", "Bố", None, "Mông", "Nà Đon", None, None),
    ]
    batch = compare(workbook(rows))
    assert row(batch, 7).errors == [["birth", "day_impossible"]]
    importing_deciding.decide_kind(batch, "new", "take", by=BY)
    importing_deciding.decide(row(batch, 7), "skip", by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    assert batch.outcomes | {"written": 5, "held": 1} == batch.outcomes
    assert sum(batch.outcomes.values()) == sum(batch.counts.values()) == 6


def test_a_household_with_an_open_question_waits_as_a_whole(town, write, person):
    person("Vàng Thị Dợ", "3/4/1990", "female")
    rows = list(FAMILY)
    rows[1] = (2, "H1", "Vàng Thị Dợ", "3/4/1990", "Nữ", "Vợ", None, "Mông", "Nà Đon", None, None)
    batch = write(workbook(rows))
    assert row(batch, 3).kind == "candidate"
    assert batch.outcomes | {"written": 2, "held": 3} == batch.outcomes
    assert row(batch, 2).reason == "household_waits"


def test_a_candidate_is_somebody_known_or_somebody_new(town, compare, person):
    known = person("Vàng Thị Dợ", "3/4/1990", "female")
    body = workbook(
        [(1, None, "VÀNG THỊ DỢ", "3/4/1990", "Nữ", None, None, "Mông", None, None, None)]
    )
    batch = compare(body)
    found = row(batch, 2)
    assert (found.kind, found.candidates) == ("candidate", [[str(known.pk), 70]])
    with pytest.raises(importing_deciding.NoSuchChoice):
        importing_deciding.decide(found, "take", by=BY)
    importing_deciding.decide(found, "take", person=known.pk, by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    assert Person.objects.get().ethnic_code == "08"


def test_somebody_new_is_remembered_as_another_person(town, compare, person):
    known = person("Vàng Thị Dợ", "3/4/1990", "female")
    batch = compare(workbook([(1, None, "Vàng Thị Dợ", "3/4/1990", "Nữ", None, None, "Mông")]))
    importing_deciding.decide(row(batch, 2), "new", by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    case = DuplicateCase.objects.get()
    assert case.state == "distinct"
    assert known.pk in (case.first_id, case.second_id)
    importing.undo_list(batch, by=BY)
    finish(batch)
    assert Person.objects.get() == known
    assert not DuplicateCase.objects.exists()


def test_a_number_of_somebody_quite_different_is_a_question(town, compare, person):
    """A wrong number must not turn one person into another."""
    pao = person("Giàng A Páo", "1/5/1987")
    actions.add_number(pao, Number("national_id", "012087001234"), Said("paper"), by=BY)
    batch = compare(workbook([(1, None, "Đèo Thị Hoa", "1990", "Nữ", None, "012087001234")]))
    assert row(batch, 2).kind == "candidate"


def test_rows_of_one_number(town, compare):
    twice = (
        2,
        "H1",
        "Giàng A Páo",
        "1/5/1987",
        "Nam",
        "Chủ hộ",
        "012087001234",
        "Mông",
        "Nà Đon",
        "Số 1",
        "0912345678",
    )
    other = (
        3,
        "H1",
        "Giàng A Sử",
        "1/5/1987",
        "Nam",
        "Con",
        "012075004321",
        "Mông",
        "Nà Đon",
        None,
        None,
    )
    batch = compare(workbook([FAMILY[0], twice, FAMILY[3], other]))
    # The same words twice: counted, nothing to decide. Other words: a human says which.
    kinds = {n: (row(batch, n).kind, row(batch, n).errors) for n in (2, 3, 4, 5)}
    assert kinds[2] == ("new", [])
    assert kinds[3][0] == "duplicate_in_file"
    assert kinds[4] == kinds[5] == ("error", [["row", "two_households"]])


def test_overlapping_residence_is_looked_at(write, compare, family, person, other_village):
    """Permanent in two households is refused by the database and asked about before that."""
    chu = person("Sùng A Chu", "5/5/1980")
    actions.add_number(chu, Number("national_id", "012080000001"), Said("paper"), by=BY)
    old = family((chu, "head"), where=other_village)
    body = workbook([(1, "H7", "Sùng A Chu", "5/5/1980", "Nam", "Chủ hộ", "012080000001")])
    batch = compare(body)
    # Alone in the list and known in one household: the list's household is that one.
    assert (batch.counts["same"], row(batch, 2).household_id) == (1, old.pk)
    rows = [*FAMILY[:3], (4, "H1", "Sùng A Chu", "5/5/1980", "Nam", "Ở nhờ", "012080000001")]
    write(workbook(FAMILY[:3]), as_of=EARLIER)
    batch = compare(workbook(rows))
    assert row(batch, 5).kind == "conflict"
    assert diff(batch, 5)["household"][0] == old.code
    importing_deciding.decide(row(batch, 5), "take", by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    chu.refresh_from_db()
    assert queries.household_of(chu).code == diff(batch, 5)["household"][1]
    old.refresh_from_db()
    assert old.state == "vacated"


def test_a_new_head_is_taken_with_the_old_ones_new_role(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    rows = changed(role="Chồng")
    rows[1] = (2, "H1", "Vàng Thị Dợ", "1990", "Nữ", "Chủ hộ", None, "Mông", "Nà Đon", None, None)
    batch = compare(workbook(rows))
    assert {row(batch, n).kind for n in (2, 3)} == {"conflict"}
    for number in (2, 3):
        importing_deciding.decide(row(batch, number), "take", by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    home = queries.household_of(Person.objects.get(fold="vang thi do"))
    assert [m.role for m in queries.members(home)] == ["head", "child", "spouse"] or [
        m.role for m in queries.members(home)
    ] == ["head", "spouse", "child"]
    assert home.state == "normal"


def test_a_second_head_alone_is_refused_by_the_database_and_said(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    rows = [(2, "H1", "Vàng Thị Dợ", "1990", "Nữ", "Chủ hộ", None, "Mông", "Nà Đon", None, None)]
    batch = compare(workbook([*rows, *FAMILY[3:]]))
    importing_deciding.decide(row(batch, 2), "take", by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    assert (row(batch, 2).outcome, row(batch, 2).reason) == ("refused", "one_head_at_a_time")


def test_somebody_changed_after_comparing_is_not_overwritten(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    batch = compare(workbook(changed(name="Giàng A Pháo")))
    pao = Person.objects.get(fold="giang a pao")
    actions.change_person(pao, {"sex": "unknown"}, Said("paper"), by=BY)
    importing_deciding.decide_kind(batch, "changed", "take", by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    assert (row(batch, 2).outcome, row(batch, 2).reason) == ("refused", "changed_since")


def test_the_dead_are_not_brought_back(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    pao = Person.objects.get(fold="giang a pao")
    actions.record_death(
        pao, Event("death", Partial(date(2026, 11, 2), "day")), Said("paper"), by=BY
    )
    batch = compare(workbook(FAMILY))
    assert row(batch, 2).kind == "conflict"
    importing_deciding.decide(row(batch, 2), "take", by=BY)
    importing.approve(batch, by=BY)
    finish(batch)
    assert (row(batch, 2).outcome, row(batch, 2).reason) == ("refused", "deceased")


def test_another_office_with_other_codes_meets_the_same_households(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    rows = [(n, f"X-{code}", *rest) for n, code, *rest in FAMILY]
    batch = compare(workbook(rows), sender="Chi cục Thống kê", source="other_register")
    assert batch.counts["same"] == 5


def test_who_is_not_in_the_list_is_told_and_left_alone(town, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    batch = compare(workbook(FAMILY[:3]))
    assert batch.missing == 2
    assert Membership.objects.filter(period__upper_inf=True).count() == 5


def test_a_list_of_one_village_says_nothing_of_another(
    write, compare, family, person, other_village
):
    family((person("Sùng A Chu", "5/5/1980"), "head"), where=other_village)
    write(workbook(FAMILY), as_of=EARLIER)
    assert compare(workbook(FAMILY[:3])).missing == 2


def test_a_job_that_ran_half_way_does_not_write_twice(town, compare):
    batch = compare(workbook(FAMILY))
    importing_deciding.decide_kind(batch, "new", "take", by=BY)
    importing.approve(batch, by=BY)
    from xaso.population.actions import importing_writing

    for _again in range(4):  # as a worker that died and came back would
        importing_writing.write_list(batch.pk)
    finish(batch)
    assert Person.objects.count() == 5
    assert batch.outcomes["written"] == 5


def test_sending_twice_is_once(town):
    from uuid import uuid4

    new = importing.NewList("a.xlsx", workbook(FAMILY), "Công an", "police_export", TODAY, uuid4())
    first = importing.take_list(new, commune=town, by=BY)
    assert importing.take_list(replace(new, name="b.xlsx"), commune=town, by=BY) == first


def test_the_file_and_the_rows_are_sealed_and_the_file_goes_once_written(town, send, write):
    body = workbook(FAMILY)
    batch = send(body)
    kept = bytes(ImportFile.objects.get(batch=batch).body)
    assert "Giàng".encode() not in kept
    assert kept != body
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(body, 'escape'), '') FROM population_importblock")
        assert "012087001234" not in cursor.fetchone()[0]
    done = write(workbook([*FAMILY, (None,)]))
    assert not ImportFile.objects.filter(batch=done).exists()


def test_the_log_book_has_a_line_for_each_part_and_no_names(town, write):
    batch = write(workbook(FAMILY))
    lines = Entry.objects.filter(subject_id=str(batch.pk))
    assert {"population.list_taken", "population.list_mapped", "population.list_approved",
            "population.list_part_written", "population.list_written"} <= set(
        lines.values_list("action", flat=True))  # fmt: skip
    assert "Giàng" not in "".join(lines.values_list("payload", flat=True))


def test_a_sender_is_read_the_next_time_as_the_last(town, send):
    odd = ("Số TT", "A1", "Người", "Năm", "Phái")
    rows = [(1, "H1", "Giàng A Páo", "1987", "Nam"), (2, "H1", "Vàng Thị Dợ", "1990", "Nữ")]
    first = send(workbook(rows, head=("Số TT", "A1", "Họ tên", "Năm sinh", "Phái")))
    assert sorted(first.mapping.values()) == ["birth", "name", "sex"]
    plan = importing.Plan({2: "name", 3: "birth", 1: "household"})
    importing.map_columns(first, plan, by=BY)
    second = send(workbook([*rows, (None,)], head=("Số TT", "A1", "Họ tên", "Năm sinh", "Phái")))
    assert second.mapping == {"1": "household", "2": "name", "3": "birth"}
    assert send(workbook(rows, head=odd)).state == BatchState.FAILED


def test_a_month_later_only_the_counts_are_left(town, write):
    batch = write(workbook(FAMILY))
    importing_forgetting.forget_lists()
    assert ImportRow.objects.filter(batch=batch).count() == 5
    with clock.at(NOW + timedelta(days=31)):
        importing_forgetting.forget_lists()
    batch.refresh_from_db()
    assert not ImportRow.objects.filter(batch=batch).exists()
    assert batch.counts["new"] == 5
    assert Person.objects.count() == 5


def test_people_of_a_list_live_where_their_household_does(town, village, write):
    """The village stands with people of new households, of known ones, and of none."""
    write(workbook(FAMILY))
    child = (6, "H1", "Giàng A Chư", "3/3/2020", "Nam", "Con", None, "Mông", "Nà Đon", None, None)
    alone = (7, None, "Sùng A Tủa", "4/4/1960", "Nam", None, None, "Mông", None, None, None)
    batch = write(workbook([*FAMILY, child, alone]))
    first = Person.objects.filter(display_name__startswith="Lò")
    assert {each.village_id for each in first} == {village.pk}
    assert [row(batch, n).person.village_id for n in (7, 8)] == [village.pk, None]


@pytest.mark.parametrize(
    "words", ['Nhà "Ông Bảy"', "C:\\nha\\7", "{a,b}", "Null 7", "đường 4D, bản 'Nà'", " x "]
)
def test_an_address_is_kept_as_it_is_written(town, write, words):
    rows = [(*each[:9], words, *each[10:]) for each in FAMILY]
    batch = write(workbook(rows))
    home = Household.objects.get(pk=row(batch, 2).household_id)
    assert home.dwelling.address == words.strip()


def test_the_database_may_be_asked_to_look_again(town):
    """The role of the program may not have a table looked at; the function does it."""
    bulk.look_again(town.id, 0, is_read=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("xaso_app",)
