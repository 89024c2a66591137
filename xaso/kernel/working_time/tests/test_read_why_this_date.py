"""A resident reads, or hears, why the date is what it is."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from xaso.kernel.working_time import queries, telling, terms
from xaso.kernel.working_time.engine import Unit
from xaso.kernel.working_time.tests.calendars import STORMY


def why(text: str, start: str, **rest):
    unit, n = terms.parse(text)
    return queries.explain_term(datetime.fromisoformat(start), unit, n, **rest)


def test_forty_hours_on_a_terminal() -> None:
    lines = telling.lines(why("40h", "2026-08-21T09:00", by=queries.builtin_calendar(2026)))
    assert lines == [
        "Nhận lúc 9:00 thứ Sáu 21/8/2026. Thời hạn: 40 giờ làm việc.",
        "  Thứ Sáu 21/8     6 giờ 30     6 giờ 30  từ 9:00",
        "  Thứ Bảy 22/8        8 giờ    14 giờ 30  ngày làm bù cho 31/08/2026",
        "  Chủ nhật 23/8       0 giờ    14 giờ 30  nghỉ cuối tuần",
        "  Thứ Hai 24/8        8 giờ    22 giờ 30  cả ngày",
        "  Thứ Ba 25/8         8 giờ    30 giờ 30  cả ngày",
        "  Thứ Tư 26/8         8 giờ    38 giờ 30  cả ngày",
        "  Thứ Năm 27/8     1 giờ 30       40 giờ  hẹn trả 9:00",
        "Hẹn trả: 9:00 thứ Năm 27/8/2026.",
        "Theo lịch làm việc có sẵn, xã chưa công bố lịch riêng.",
    ]


def test_a_page_shows_closed_days_and_the_end() -> None:
    told = telling.rows(why("2wd", "2026-08-05T15:00", by=STORMY))
    assert [(row.day, row.hours, row.state) for row in told] == [
        ("Thứ Tư 5/8", "2 giờ", ""),
        ("Thứ Năm 6/8", "0 giờ", "off"),
        ("Thứ Sáu 7/8", "0 giờ", "off"),
        ("Thứ Bảy 8/8", "0 giờ", "off"),
        ("Chủ nhật 9/8", "0 giờ", "off"),
        ("Thứ Hai 10/8", "4 giờ", ""),
        ("Thứ Ba 11/8", "8 giờ", ""),
        ("17:00, 11/8", "14 giờ", "end"),
    ]
    assert told[1].what == "đóng cửa: sạt lở đường"
    assert told[5].what == "đóng cửa một phần: mất điện buổi chiều"


def test_calendar_days_count_no_hours() -> None:
    told = telling.rows(why("30d", "2026-01-19T09:00", by=STORMY))
    assert told[0].what == "nghỉ, ngày nghỉ"
    assert (told[-1].day, told[-1].hours) == ("17:00, 23/2", "")


def test_a_receipt_after_hours_is_explained() -> None:
    said = telling.lead(why("1 ngày làm việc", "2026-05-08T18:00", by=STORMY))
    assert said.endswith("Lúc nhận không phải giờ làm việc nên tính từ 7:30 thứ Hai 11/5/2026.")


def test_the_law_is_named_with_how_sure_we_are() -> None:
    plain = why("3wd", "2026-05-04T09:00", by=STORMY)
    assert telling.law(plain).startswith("Hạn theo luật muộn hơn: 17:00 thứ Năm 7/5/2026")
    unsure = replace(plain, legal_basis="NĐ 1/2026", sureness="unverified", calendar_version=4)
    assert "Căn cứ: NĐ 1/2026." in telling.law(unsure)
    assert "chưa đối chiếu" in telling.law(unsure)
    assert "Lịch làm việc bản 4." in telling.law(unsure)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 giờ"), (40, "40 phút"), (390, "6 giờ 30"), (480, "8 giờ"), (-65, "-1 giờ 05")],
)
def test_lengths(minutes: int, said: str) -> None:
    assert telling.duration(minutes) == said


def test_what_is_left_in_days() -> None:
    assert telling.working_days(900) == "1 ngày 7 giờ làm việc"
    assert telling.working_days(480) == "1 ngày làm việc"
    assert telling.working_days(30) == "30 phút làm việc"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("40h", (Unit.HOURS, 40)),
        ("5 ngày làm việc", (Unit.WORKING_DAYS, 5)),
        ("5WD", (Unit.WORKING_DAYS, 5)),
        ("30 ngày", (Unit.DAYS, 30)),
        ("1m", (Unit.MONTHS, 1)),
        ("trong  ngày", (Unit.SAME_DAY, 0)),
    ],
)
def test_terms_as_people_type_them(typed: str, meant: tuple[Unit, int]) -> None:
    assert terms.parse(typed) == meant
    assert telling.term(*meant)


@pytest.mark.parametrize("typed", ["", "40", "h", "-3d", "0h", "99999h", "3 tuần", "1.5h"])
def test_what_is_no_term(typed: str) -> None:
    with pytest.raises(ValueError, match=typed or r"^$"):
        terms.parse(typed)


def test_terms_of_law_have_dates_and_sources() -> None:
    assert terms.term("birth", date(2026, 11, 1)).n == 60
    assert terms.term("petition", date(2026, 11, 1)).sureness == "source"
    with pytest.raises(LookupError):
        terms.term("birth", date(2027, 3, 1))
    with pytest.raises(LookupError):
        terms.term("downtime_notice", date(2026, 6, 30))
    assert all(each.legal_basis or each.sureness == "unverified" for each in terms.TERMS)
