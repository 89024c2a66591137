"""Figures, days and phone numbers are shown the way people here write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.text import gio, moment, ngay, phone, so
from xaso.kernel.text.dates import weekday
from xaso.kernel.text.numbers import share

FRIDAY = datetime(2026, 11, 27, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234.5, "1.234,5"),
        (0, "0"),
        (-0.0, "0"),
        (999, "999"),
        (36000, "36.000"),
        (1e21, "1.000.000.000.000.000.000.000"),
        (Decimal("10.50"), "10,5"),
        (Decimal("100"), "100"),
        (-1234567, "-1.234.567"),
    ],
)
def test_numbers(value: float, shown: str) -> None:
    assert so(value) == shown


def test_numbers_with_fixed_places() -> None:
    assert so(2.345, 2) == "2,35"
    assert so(7, 1) == "7,0"
    assert so(-0.04, 1) == "0,0"
    assert so(1250, 0) == "1.250"


def test_english_pages_swap_the_marks() -> None:
    with override("en"):
        assert so(1234.5) == "1,234.5"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity")])
def test_no_figure_is_not_shown_as_one(value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        so(value)


def test_share_of_nothing_is_no_figure() -> None:
    assert share(41, 46) == "89%"
    assert share(1, 3, 1) == "33,3%"
    assert share(0, 0) == ""


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_read_back(value: int) -> None:
    assert int(so(value).replace(".", "")) == value


def test_days_and_hours() -> None:
    assert ngay(FRIDAY) == "thứ Sáu 27/11"
    assert gio(FRIDAY) == "9:10"
    assert moment(FRIDAY) == "9:10 thứ Sáu 27/11"
    assert moment(FRIDAY, year=True) == "9:10 thứ Sáu 27/11/2026"


def test_a_late_evening_in_utc_is_the_next_morning_here() -> None:
    late = datetime(2026, 11, 28, 17, 5, tzinfo=UTC)
    assert moment(late) == "0:05 chủ nhật 29/11"


def test_a_plain_day_is_taken_as_it_is() -> None:
    assert ngay(date(2026, 5, 4), year=True) == "thứ Hai 4/5/2026"
    assert weekday(date(2026, 5, 9)) == "thứ Bảy"


def test_a_naive_time_is_a_fault() -> None:
    with pytest.raises(ValueError, match="naive"):
        gio(datetime(2026, 5, 4, 9, 0))  # noqa: DTZ001 - the fault this test is about


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912 345 678", "+84912345678"),
        ("(0912) 345-678", "+84912345678"),
        ("+84 912.345.678", "+84912345678"),
        ("+84 0912 345 678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0842345678", "+84842345678"),
        ("０912345678", "+84912345678"),
        ("0213 3876 543", "+842133876543"),
        ("+86 138 0013 8000", "+8613800138000"),
    ],
)
def test_phone_numbers(typed: str, stored: str) -> None:
    assert phone.normalise(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "113",
        "912345678",
        "0612345678",
        "01234567890",
        "0912 345 67",
        "09123456789",
        "không có",
        "+84 112",
        "00912345678",
        "٠٩١٢٣٤٥٦٧٨",
        "+0912345678",
        "+1234567890123456",
    ],
)
def test_what_is_no_phone_number(typed: str) -> None:
    with pytest.raises(ValueError, match="phone"):
        phone.normalise(typed)


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_a_stored_number_reads_back(typed: str) -> None:
    stored = phone.normalise(typed)
    assert phone.normalise(stored) == stored
    assert phone.normalise(phone.grouped(stored)) == stored


def test_how_numbers_are_read_aloud() -> None:
    assert phone.grouped("+84912345678") == "0912 345 678"
    assert phone.grouped("+842133876543") == "0213 3876 543"
    assert phone.grouped("+8613800138000") == "+8613800138000"
    assert phone.masked("+84912345678") == "••• ••• 678"
