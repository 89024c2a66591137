"""What people type: numbers of papers, days known in part, names, peoples."""

from datetime import date
from random import Random

import pytest

from xaso.kernel.refusals import Refusal
from xaso.kernel.text import fold, person_sort_key, sort_key
from xaso.population import births, ethnic, naming, national_id, sounding
from xaso.population.births import Partial

TODAY = date(2026, 11, 22)


def test_shared_vectors_of_numbers(shared_data) -> None:
    for row in shared_data("population_vectors.json")["national_id"]:
        read = national_id.read(
            row["in"], today=TODAY, year=row["declared_year"], sex=row["declared_sex"] or ""
        )
        said = row["expect"]
        assert read.normalised == said["normalised"], row
        assert sorted(read.errors) == sorted(said["errors"]), row
        assert sorted(read.warnings) == sorted(said["warnings"]), row
        if said["normalised"]:
            facts = (read.place_code, read.sex, read.birth_year)
            assert facts == (said["place_code"], said["sex"], said["birth_year"]), row


def test_the_known_places_are_the_63_former_provinces(shared_table) -> None:
    rows = shared_table("provinces_63_to_34.csv")
    assert {row["cccd_prefix"] for row in rows} == national_id.PLACES


@pytest.mark.parametrize("number", ["0", "000000000000", "111111111111", "123456789012"])
def test_numbers_for_nobody_are_known(number: str) -> None:
    assert national_id.is_made_up(number)
    assert not national_id.is_made_up("012087001234")


def test_shared_vectors_of_names(shared_data) -> None:
    book = shared_data("population_vectors.json")
    for row in book["fold"]:
        assert sounding.sound(row["in"]) == row["sound"], row
    for one, other, is_equal in book["sound_equal"]:
        assert (sounding.sound(one) == sounding.sound(other)) is is_equal, (one, other)
    given = book["sorted_by_given_name"]
    assert sorted(set(given), key=person_sort_key) == given
    family = book["sorted_by_family_name"]
    assert sorted(set(family), key=sort_key) == family


def test_folding_twice_changes_nothing_in_twenty_thousand_names() -> None:
    chance = Random(20261122)  # noqa: S311 - a repeatable walk, nothing secret
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂĐÊƯỚỆẦ \u0301\u0300\u0323’'-.(ꪀꪱ漢"
    for _ in range(20_000):
        name = "".join(chance.choice(letters) for _ in range(chance.randrange(1, 30)))
        assert fold(fold(name)) == fold(name), ascii(name)


@pytest.mark.parametrize(
    ("typed", "shown", "precision"),
    [
        ("1987", "1987", "year"),
        ("3/1987", "03/1987", "month"),
        ("03.1987", "03/1987", "month"),
        ("5/1/1987", "05/01/1987", "day"),
        ("05-01-1987", "05/01/1987", "day"),
        ("1987-01-05", "05/01/1987", "day"),
        ("29/2/1988", "29/02/1988", "day"),
        ("１９８７", "1987", "year"),
        ("  ", "không rõ", "unknown"),
    ],
)
def test_days_known_in_part(typed: str, shown: str, precision: str) -> None:
    found = births.parse(typed, today=TODAY)
    assert (str(found), found.precision) == (shown, precision)


@pytest.mark.parametrize(
    "typed",
    ["29/2/1987", "31/4/1987", "13/13/1987", "87", "5/1/87", "1٣87", "0/0/1987", "1700", "mai",
     "23/11/2026", "2027", "1/2/3/1987"],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(births.NoSuchDay) as refused:
        births.parse(typed, today=TODAY)
    assert len(str(refused.value)) > 20


def test_ages_are_ranges_where_the_day_is_not_known() -> None:
    born = date(1987, 1, 1)
    assert births.age_shown(born, "year", TODAY) == "38–39"
    assert births.age_shown(born, "month", TODAY) == "39"
    assert births.age_shown(date(1987, 11, 23), "day", TODAY) == "38"
    assert births.age_shown(None, "unknown", TODAY) == ""
    leap = date(2004, 2, 29)
    assert births.ages(leap, "day", date(2026, 2, 28)) == (21, 21)
    assert births.ages(leap, "day", date(2026, 3, 1)) == (22, 22)
    assert births.ages(date(2026, 1, 1), "year", TODAY) == (0, 0)


def test_days_may_be_the_same_at_the_coarser_precision() -> None:
    year = Partial(date(1987, 1, 1), "year")
    day = Partial(date(1987, 5, 1), "day")
    month = Partial(date(1987, 5, 1), "month")
    assert births.may_be_same(year, day)
    assert births.may_be_same(month, Partial(date(1987, 5, 30), "day"))
    assert not births.may_be_same(month, Partial(date(1987, 6, 1), "day"))
    assert not births.may_be_same(day, Partial(date(1987, 5, 2), "day"))
    assert births.may_be_same(Partial(), day)


def test_the_peoples_are_those_of_the_list(shared_table) -> None:
    rows = {row["code"]: row for row in shared_table("ethnic.csv")}
    assert {group.code: group.name for group in ethnic.groups()} == {
        code: row["name"] for code, row in rows.items()
    }
    for code, row in rows.items():
        for other in filter(None, (each.strip() for each in row["aliases"].split(","))):
            assert code in ethnic.read(other).codes or ethnic.read(other).is_warned, other


def test_old_names_are_read_and_never_offered() -> None:
    assert ethnic.read("H’Mông").codes == ("08",)
    assert ethnic.read("MÈO").codes == ("08",)
    assert ethnic.read("Thổ") == ethnic.Read(("24",), is_warned=True)
    assert ethnic.read("Xá").codes == ("09", "25")
    assert ethnic.read("Xá Khao").codes == ("33", "39")
    assert ethnic.read("08").codes == ("08",)
    assert ethnic.read("").codes == ()
    offered = {text for _, text in ethnic.choices()}
    assert not offered & {"Mèo", "Mán", "Xá"}


@pytest.mark.parametrize("name", ["Giàng A Páo", "H’Mông", "Lò Văn Đôi (Tủa)", "ꪹꪙ ꪀꪱ", "Y", "漢"])
def test_names_people_have(name: str) -> None:
    assert naming.written(name).display_name == name


@pytest.mark.parametrize("name", ["", " ", "...", "Lò 2", "a\u202eb1", "<b>", "a" * 201, "'-'"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(Refusal):
        naming.written(name)


def test_a_name_in_capitals_is_offered_in_another_way() -> None:
    assert naming.titled("LÒ THỊ ÍN") == "Lò Thị Ín"
    assert naming.titled("Lò thị Ín") == "Lò thị Ín"
    assert naming.written("LÒ  THỊ ÍN").exact == naming.written("Lò Thị Ín").exact
