"""Lists stand in Vietnamese alphabetical order on every machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.text import person_sort_key, sort_key

PLACES = [
    "",
    "Bản 2",
    "Bản 10",
    "Bản An",
    "Bản Ăn",
    "Bản Ân",
    "Cốc Pa",
    "Dao",
    "Đèo",
    "Hoa",
    "Hoa Bình",
    "Hòa",
    "Hỏa",
    "Hõa",
    "Hóa",
    "Họa",
    "Hoan",
    "Nà Tăm",
    "Nà Tâm",
    "Ô Quy Hồ",
    "Ơn",
    "Tân Phong",
    "Ư",
    "Zét",
    "平坝",
]
PEOPLE = ["Lò Thị An", "Sùng A Ân", "Vàng A Chu", "Lò Thị Chú", "Lý Thị Chú", "Tẩn Dao", "Đào"]


def test_places_in_order() -> None:
    mixed = PLACES[1::2] + PLACES[::2]
    assert sorted(mixed, key=sort_key) == PLACES


def test_people_in_order_of_their_given_names() -> None:
    mixed = PEOPLE[1::2] + PEOPLE[::2]
    assert sorted(mixed, key=person_sort_key) == PEOPLE


@pytest.mark.parametrize(("a", "b"), [("HÒA", "hòa"), ("ho\u0300a", "hòa"), ("Nà-Tăm", "Nà  Tăm")])
def test_case_and_form_do_not_matter(a: str, b: str) -> None:
    assert sort_key(a) == sort_key(b)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_count_by_value(a: int, b: int) -> None:
    assert (sort_key(f"Bản {a}") < sort_key(f"Bản {b}")) == (a < b)


@given(st.lists(st.text(max_size=10)))
def test_byte_order_is_the_same_as_string_order(names: list[str]) -> None:
    keys = [sort_key(name) for name in names]
    assert sorted(keys) == sorted(keys, key=lambda key: key.encode("utf-8", "surrogatepass"))


def test_shared_order(shared_data) -> None:
    vectors = shared_data("population_vectors.json")
    for name, key in (
        ("sorted_by_given_name", person_sort_key),
        ("sorted_by_family_name", sort_key),
    ):
        expected = vectors[name]
        mixed = expected[1::2] + expected[::2]
        assert sorted(mixed, key=key) == expected
