"""A resident reads a code over the phone; one wrong digit is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.text import damm, spoken_code

BODIES = st.from_regex(r"[1-9][0-9]{7}", fullmatch=True)


@pytest.mark.parametrize(
    ("body", "check"),
    [("48291570", "9"), ("20261122", "5"), ("10000000", "6"), ("99999999", "9"), ("572", "4")],
)
def test_check_digit(body: str, check: str) -> None:
    assert damm(body) == check
    assert damm(body + check) == "0"


@pytest.mark.parametrize("wrong", ["", "12a", " 12", "١٢", "-1"])
def test_only_digits_have_a_check_digit(wrong: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        damm(wrong)


@given(BODIES, st.integers(0, 8), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(body: str, place: int, off: int) -> None:
    code = body + damm(body)
    wrong = code[:place] + str((int(code[place]) + off) % 10) + code[place + 1 :]
    assert spoken_code.is_valid(code)
    assert not spoken_code.is_valid(wrong)


@given(BODIES, st.integers(0, 7))
def test_every_swap_of_neighbours_is_noticed(body: str, place: int) -> None:
    code = body + damm(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or not spoken_code.is_valid(swapped)


def test_new_codes_are_valid_and_not_in_sequence() -> None:
    codes = [spoken_code.new() for _ in range(500)]
    assert all(spoken_code.is_valid(code) for code in codes)
    assert len(set(codes)) > 490
    assert codes != sorted(codes)


@pytest.mark.parametrize("typed", ["482 915-709", "482.915.709", " 482915709 ", "４８２ 915 709"])
def test_people_type_codes_in_their_own_way(typed: str) -> None:
    assert spoken_code.normalise(typed) == "482915709"
    assert spoken_code.grouped(spoken_code.normalise(typed)) == "482 915 709"


@pytest.mark.parametrize(
    "wrong", ["482915708", "048291570", "48291570", "4829157090", "abc", "", "٤٨٢٩١٥٧٠٩"]
)
def test_what_is_no_code(wrong: str) -> None:
    assert not spoken_code.is_valid(spoken_code.normalise(wrong))


def test_shared_code_vectors(shared_data) -> None:
    vectors = shared_data("report_vectors.json")
    for row in vectors["damm"]:
        assert damm(row["digits"]) == str(row["check"])
        assert spoken_code.is_valid(row["code"])
    assert not any(spoken_code.is_valid(code) for code in vectors["damm_invalid"])
