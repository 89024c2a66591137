"""An official in a browser: the inbox by deadline, one report, and every step as a form."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import Actor
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import Report, State
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_use_the_pages import jpeg
from xaso.reports.tests.test_work_on_a_report import GOOD
from xaso.reports.views import verbs

pytestmark = pytest.mark.django_db
INBOX = "/binh-lu/can-bo/phan-anh/"
Filled = Callable[..., actions.NewReport]


@pytest.fixture(autouse=True)
def _forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def clerk(town: Commune, official: Callable, client_of: Callable) -> Client:
    return client_of(official("one_stop_clerk", town))


@pytest.fixture
def head_browser(unit: Unit, head: Official, client_of: Callable) -> Client:
    RoleAssignment.objects.create(
        commune=unit.commune, official=head, role="officer", unit=unit, valid_from=MONDAY
    )
    return client_of(head)


def test_strangers_are_sent_to_the_door(report: Report, client: Client) -> None:
    for address in (INBOX, f"{INBOX}{report.code}/", f"{INBOX}{report.code}/nhan/"):
        assert client.get(address).status_code == 302


def test_the_inbox_is_sorted_by_deadline_in_groups(
    town: Commune, new_report: Filled, clerk: Client
) -> None:
    urgent = new_report(uuid=uuid4(), category="ROAD-BLOCKED", text="Đường tắc ở đầu bản")
    later = new_report(uuid=uuid4(), category="ROAD-DAMAGE", text="Ổ gà giữa đường")
    actions.receive(later, by=RESIDENT, commune=town)
    actions.receive(urgent, by=RESIDENT, commune=town)
    page = clerk.get(INBOX).content.decode()
    assert page.index("Đường tắc ở đầu bản") < page.index("Ổ gà giữa đường")
    assert "Trong tuần này" in page
    with clock.at(MONDAY + timedelta(days=5)):
        page = clerk.get(INBOX).content.decode()
    assert "job--late" in page


def test_the_inbox_filters_and_searches_without_accents(report: Report, clerk: Client) -> None:
    assert "Đất sạt lấp" in clerk.get(INBOX, {"tim": "dat sat lap"}).content.decode()
    assert "Đất sạt lấp" in clerk.get(INBOX, {"tim": report.spoken}).content.decode()
    for asked in ({"tim": "khong co"}, {"trang_thai": "answered"}, {"cua_toi": "1"}):
        assert "Không có việc nào ở đây" in clerk.get(INBOX, asked).content.decode()
    for odd in ({"trang": "0"}, {"trang": "99999"}, {"nhom": "?"}, {"don_vi": "²"}, {"loai": "'"}):
        assert clerk.get(INBOX, odd).status_code == 200


def cost(browser: Client, address: str) -> list[str]:
    """Return the statements of a page, its second time, without the frame of the transaction."""
    browser.get(address)
    with CaptureQueriesContext(connection) as said:
        browser.get(address)
    return [q["sql"] for q in said if "set_config" not in q["sql"] and "POINT" not in q["sql"]]


def test_a_page_of_fifty_costs_five_statements_sign_in_included(
    town: Commune, new_report: Filled, clerk: Client
) -> None:
    few = cost(clerk, INBOX)
    for _ in range(50):
        actions.receive(new_report(uuid=uuid4()), by=RESIDENT, commune=town)
    many = cost(clerk, INBOX)
    assert len(many) == len(few) <= 5, "\n".join(sql[:100] for sql in many)


def test_a_page_costs_no_more_for_an_officer_of_a_unit(
    town: Commune, new_report: Filled, head_browser: Client
) -> None:
    """Alarms and sealed reports are counted in the same statement as the rest."""
    for _ in range(5):
        actions.receive(new_report(uuid=uuid4()), by=RESIDENT, commune=town)
    found = cost(head_browser, INBOX)
    assert len(found) <= 5, "\n".join(sql[:100] for sql in found)


def test_one_report_costs_eight_statements_sign_in_included(
    report: Report, clerk: Client, clerk_actor: Actor
) -> None:
    actions.note(report, "Đã gọi trưởng bản.", by=clerk_actor)
    found = cost(clerk, f"{INBOX}{report.code}/")
    assert len(found) <= 8, "\n".join(sql[:100] for sql in found)


def test_one_report_shows_its_deadline_and_why(report: Report, clerk: Client) -> None:
    page = clerk.get(f"{INBOX}{report.code}/").content.decode()
    assert "Vì sao là" in page
    assert "24/11" in page  # a day off lies inside the term
    assert "chờ niêm phong" in page
    assert "Tiếp nhận" in page
    assert "912" not in page


def test_looking_at_the_phone_is_written_down(
    town: Commune, new_report: Filled, clerk: Client
) -> None:
    contact = actions.Contact(name="Giàng Thị Mỷ", phone="0912000135")
    report = actions.receive(new_report(contact=contact), by=RESIDENT, commune=town).report
    assert "Giàng Thị Mỷ" not in clerk.get(f"{INBOX}{report.code}/").content.decode()
    page = clerk.get(f"{INBOX}{report.code}/", {"lien-he": "1"}).content.decode()
    assert "+84912000135" in page
    seen = Entry.objects.filter(kind="view").values_list("purpose", flat=True)
    assert sorted(seen) == ["reports.contact", "reports.opened"]


def test_accept_assign_start_answer_by_hand(
    report: Report, clerk: Client, head_browser: Client, unit: Unit, head: Official
) -> None:
    here = f"{INBOX}{report.code}/"
    assert clerk.post(f"{here}nhan/", {"unit": unit.pk, "assignee": head.pk}).status_code == 302
    assert head_browser.post(f"{here}bat-dau/").status_code == 302
    vague = {"kind": "fixed", "text": "Xã đã ghi nhận.", "done_by": unit.name, "anh": [jpeg()]}
    reply = head_browser.post(f"{here}tra-loi/", vague)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "Câu trả lời còn ngắn" in page
    assert "Bác ghi ngày làm xong" in page
    assert "Xã đã ghi nhận." in page
    assert 'name="giu"' in page
    good = vague | {"text": GOOD, "done_on": "2026-11-23", "anh": [jpeg("red")]}
    assert head_browser.post(f"{here}tra-loi/", good).status_code == 302
    report.refresh_from_db()
    assert report.state == State.ANSWERED
    public = Client().get(f"/binh-lu/phan-anh/{report.code}/").content.decode()
    assert "Tổ sửa chữa đã dọn hết đất đá" in public


def test_a_stale_form_is_refused_and_keeps_its_words(report: Report, clerk: Client) -> None:
    here = f"{INBOX}{report.code}/ghi-chu/"
    seen = report.version
    assert clerk.post(here, {"text": "Lần một", "version": seen}).status_code == 302
    reply = clerk.post(here, {"text": "Lần hai", "version": seen})
    assert reply.status_code == 422
    assert "Có người vừa cập nhật" in reply.content.decode()
    assert "Lần hai" in reply.content.decode()


def test_a_refusal_is_a_sentence_in_the_form(report: Report, clerk: Client) -> None:
    why = "Việc này thuộc xã bên cạnh, mong bà con thông cảm."
    said = {"reason": "not_in_commune", "text": why}
    reply = clerk.post(f"{INBOX}{report.code}/tu-choi/", said)
    assert reply.status_code == 422
    assert "cần trưởng đơn vị hoặc lãnh đạo" in reply.content.decode()
    assert why in reply.content.decode()


def test_a_wrong_code_to_merge_into_is_said(report: Report, clerk: Client) -> None:
    here = f"{INBOX}{report.code}/gop/"
    assert "Mã sai một số" in clerk.post(here, {"code": "482915708"}).content.decode()
    assert "Không có phản ánh" in clerk.post(here, {"code": "482915709"}).content.decode()
    assert "chính nó" in clerk.post(here, {"code": report.code}).content.decode()


def test_what_looks_alike_is_ticked_instead_of_typed(
    report: Report, clerk: Client, town: Commune, new_report: Callable[..., actions.NewReport]
) -> None:
    twin = actions.receive(new_report(), by=RESIDENT, commune=town).report
    here = f"{INBOX}{twin.code}/gop/"
    page = clerk.get(here).content.decode()
    assert f'value="{report.code}"' in page
    assert "Hoặc việc khác: mã 9 số" in page
    nothing = clerk.post(here, {"version": twin.version})
    assert "Bác chọn một việc" in nothing.content.decode()
    said = {"found": report.code, "version": twin.version}
    assert clerk.post(here, said).status_code == 302
    twin.refresh_from_db()
    assert twin.parent_id == report.pk


def test_every_step_has_a_page_for_someone(
    report: Report, clerk: Client, head_browser: Client, unit: Unit
) -> None:
    for slug in ("nhan", "hoi", "chuyen", "gop", "doi-loai", "dang", "ghi-chu", "tu-choi"):
        assert clerk.get(f"{INBOX}{report.code}/{slug}/").status_code == 200, slug
    clerk.post(f"{INBOX}{report.code}/nhan/", {"unit": unit.pk})
    for slug in ("tra-loi", "giao", "hen-lai", "bat-dau"):
        assert head_browser.get(f"{INBOX}{report.code}/{slug}/").status_code == 200, slug
    assert clerk.get(f"{INBOX}{report.code}/nhan/").status_code == 302  # no longer possible
    assert clerk.get(f"{INBOX}{report.code}/khong-co/").status_code == 404
    assert len({verb.action for verb in verbs.VERBS.values()}) == len(verbs.VERBS)


def test_the_neighbours_do_not_even_learn_that_it_exists(
    report: Report, ban_bo: Commune, official: Callable, client_of: Callable
) -> None:
    stranger = client_of(official("leader", ban_bo))
    for address in (INBOX, f"{INBOX}{report.code}/", f"{INBOX}{report.code}/ghi-chu/"):
        assert stranger.get(address).status_code == 404
    assert stranger.get(f"/ban-bo/can-bo/phan-anh/{report.code}/").status_code == 404


@pytest.fixture
def asked(report: Report, unit: Unit, clerk_actor: Actor, officer_actor: Actor) -> Report:
    """A report for which somebody asked for more time."""
    current = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    sorry = "Xin lỗi bà con, mấy hôm nay mưa nên xã xin hẹn thêm ít ngày."
    actions.ask_approval(current, actions.Asking("extend", sorry, "weather", 3), by=officer_actor)
    return current


@pytest.mark.parametrize(("role", "works"), [("village_head", False), ("one_stop_clerk", True)])
def test_the_inbox_offers_only_what_opens(
    asked: Report, official: Callable, client_of: Callable, role: str, works: bool
) -> None:
    report = asked
    browser = client_of(official(role, report.commune))
    inbox = browser.get("/binh-lu/can-bo/phan-anh/").content.decode()
    one = browser.get(f"/binh-lu/can-bo/phan-anh/{report.code}/").content.decode()
    assert ("Xem lại câu trả lời" in inbox) == works
    assert ("/can-bo/phan-anh/cho-duyet/" in inbox) == works
    assert ("Mở Chờ duyệt" in one) == works
    assert "Có đề nghị chờ duyệt." in one
