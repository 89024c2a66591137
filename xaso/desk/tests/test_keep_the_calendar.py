"""An administrator keeps the working calendar; a leader closes the office when a road slides."""

from datetime import UTC, datetime

import pytest

from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web.middleware import directory
from xaso.kernel.web.tests.test_draw_parts import faults
from xaso.kernel.working_time import clock, queries
from xaso.kernel.working_time.models import CalendarDay

BASE = "/binh-lu/can-bo/quan-tri/lich-lam-viec/"
CLOSURE = {
    "first": "2026-12-03",
    "last": "2026-12-04",
    "hours": "none",
    "reason": "Sạt lở đường",
    "document_no": "45/QĐ-UBND",
}


@pytest.fixture(autouse=True)
def _a_november_morning():
    directory.forget()
    with clock.at(datetime(2026, 11, 24, 2, tzinfo=UTC)):
        yield
    directory.forget()


@pytest.fixture
def administrator(binh_lu, official, client_of):
    return client_of(official("administrator", binh_lu))


@pytest.fixture
def leader(binh_lu, official, client_of):
    return client_of(official("leader", binh_lu))


def page(response, status: int = 200) -> str:
    html = response.content.decode()
    assert response.status_code == status, html[:2000]
    assert faults(html) == []
    return html


def follow(client, address: str, **data) -> str:
    response = client.post(BASE + address, data)
    assert response.status_code == 302, response.content.decode()[:2000]
    return page(client.get(response["Location"]))


def test_everybody_at_the_desk_sees_the_year(binh_lu, official, client_of) -> None:
    html = page(client_of(official("officer", binh_lu)).get(BASE))
    assert "Lịch làm việc 2026" in html
    assert "Xã chưa công bố lịch riêng" in html
    assert "Ngày Văn hóa Việt Nam" in html
    assert "7:30–11:30, 13:00–17:00" in html
    assert "dong-cua" not in html


def test_in_november_the_next_year_is_asked_for(administrator) -> None:
    html = page(administrator.get(BASE))
    assert "Lịch nghỉ năm 2027 chưa công bố" in html
    html = follow(administrator, "soan/", year=2027)
    assert "Đang xem bản soạn" in html
    assert "Mùng ba Tết" in html
    html = page(administrator.get(BASE + "cong-bo/"))
    assert "Không ngày nào đổi giờ" in html
    html = follow(administrator, "cong-bo/", document_no="88/TB-UBND")
    assert "Đang áp dụng bản 1" in html
    assert "chưa công bố" not in html


def test_a_day_is_mended_and_shown_as_changed(administrator, binh_lu) -> None:
    follow(administrator, "soan/", year=2027)
    address = "ngay/2027-02-11/"
    page(administrator.post(BASE + address, {"kind": "off", "name": ""}), 422)
    given = {"kind": "off", "name": "Mùng sáu Tết", "document_no": "9/CV"}
    html = follow(administrator, address, **given)
    assert "Mùng sáu Tết" in html
    assert "ngay--doi" in html
    assert 'value="Mùng sáu Tết"' in page(administrator.get(BASE + address))
    assert "nghỉ" in page(administrator.get(BASE + "cong-bo/"))
    assert "Mùng sáu Tết" not in follow(administrator, address, kind="", name="")


def test_a_leader_closes_the_office_in_one_step(leader, binh_lu) -> None:
    assert 'value="2026-11-24"' in page(leader.get(BASE + "dong-cua/"))  # today, at first
    html = follow(leader, "dong-cua/", **CLOSURE)
    assert "Đã công bố đóng cửa" in html
    assert "Sạt lở đường" in html
    with tenancy.inside(binh_lu.id):
        closed = CalendarDay.objects.filter(kind="closure", slots=[])
        assert closed.count() == 2
        assert queries.published(binh_lu.id).document_no == "45/QĐ-UBND"


def test_only_the_morning_stays_open(leader, binh_lu) -> None:
    follow(leader, "dong-cua/", **{**CLOSURE, "hours": "morning", "last": ""})
    with tenancy.inside(binh_lu.id):
        assert CalendarDay.objects.get(kind="closure").slots == [[450, 690]]
    follow(leader, "dong-cua/", **{**CLOSURE, "hours": "afternoon", "last": ""})
    with tenancy.inside(binh_lu.id):
        assert queries.calendar(binh_lu.id).slots(datetime(2026, 12, 3).date()) == ((780, 1020),)  # noqa: DTZ001


def test_what_was_typed_is_kept_when_a_closure_is_refused(leader) -> None:
    html = page(leader.post(BASE + "dong-cua/", {**CLOSURE, "last": "2026-12-01"}), 422)
    assert "phải sau ngày bắt đầu" in html
    assert 'value="Sạt lở đường"' in html
    refused = leader.post(BASE + "dong-cua/", {**CLOSURE, "last": "2027-03-01"})
    assert refused.status_code == 409
    assert "31" in refused.content.decode()


def test_winter_hours_are_published_with_their_paper(administrator) -> None:
    html = page(administrator.get(BASE + "gio/"))
    assert 'value="07:30"' in html
    usual = {
        "morning_start": "07:30",
        "morning_end": "11:30",
        "afternoon_start": "13:00",
        "afternoon_end": "17:00",
    }
    winter = {"winter_from": "1/11", "winter_to": "31/3"} | {
        f"winter_{name}": at
        for name, at in zip(usual, ("08:00", "12:00", "13:30", "17:30"), strict=True)
    }
    html = page(administrator.post(BASE + "gio/", {**usual, "winter_from": "31/2"}), 422)
    assert "ngày/tháng" in html
    html = page(administrator.post(BASE + "gio/", {**usual, "winter_from": "1/11"}), 422)
    assert "Mùa đông cần đủ" in html
    crossed = {**usual, "afternoon_start": "11:00"}
    assert "phải sau giờ" in page(administrator.post(BASE + "gio/", crossed), 422)
    html = follow(administrator, "gio/", **usual, **winter)
    assert "1/11 – 31/3" in html
    assert "8:00–12:00, 13:30–17:30" in html
    assert 'value="08:00"' in page(administrator.get(BASE + "gio/"))
    assert "13:30–17:30" in page(administrator.get(BASE + "cong-bo/"))
    assert "Cả năm" in follow(administrator, "gio/", **usual)


def test_a_date_is_tried_before_it_is_promised(binh_lu, official, client_of) -> None:
    officer = client_of(official("officer", binh_lu))
    page(officer.get(BASE + "vi-sao/"))
    html = page(officer.get(BASE + "vi-sao/", {"start": "2026-08-21T09:00", "term": "40 giờ"}))
    assert "Hẹn 9:00 thứ Năm 27/8" in html
    assert "ngày làm bù cho 31/08/2026" in html
    html = page(officer.get(BASE + "vi-sao/", {"start": "hôm qua", "term": "mãi mãi"}))
    assert "Chưa hiểu thời hạn này" in html
    far = officer.get(BASE + "vi-sao/", {"start": "2026-08-21T09:00", "term": "900 tháng"})
    assert far.status_code == 409


@pytest.mark.parametrize("address", ["1999/", "2099/", "ngay/2026-02-30/", "ngay/hom-nay/"])
def test_days_and_years_no_calendar_has(administrator, address) -> None:
    assert administrator.get(BASE + address).status_code == 404


def test_without_a_draft_there_is_nothing_to_mend(administrator) -> None:
    for address in ("ngay/2026-12-24/", "cong-bo/"):
        assert administrator.get(BASE + address).status_code == 409
    assert administrator.post(BASE + "soan/", {"year": "9999"}).status_code == 404
    assert administrator.get(BASE + "soan/").status_code == 405


def test_each_step_is_open_to_its_people_only(leader, binh_lu, official, client_of) -> None:
    officer = client_of(official("officer", binh_lu))
    for address in ("soan/", "gio/", "cong-bo/", "ngay/2026-12-24/"):
        assert leader.post(BASE + address).status_code == 403
    assert officer.post(BASE + "dong-cua/", CLOSURE).status_code == 403


def test_the_year_costs_few_queries(administrator, django_assert_max_num_queries) -> None:
    administrator.get(BASE)
    with django_assert_max_num_queries(16):
        administrator.get(BASE)
