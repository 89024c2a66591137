"""The administrator reads what was told; others do not."""

from datetime import datetime

import pytest

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.notifications.models import Message
from xaso.kernel.notifications.tests.conftest import texts  # noqa: F401 - a fixture for every test here
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock

DAY = datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)  # at night a message waits for the morning
PAGE = "/binh-lu/can-bo/quan-tri/tin-nhan/"


@pytest.fixture
def administrator(binh_lu, official, client_of):
    return client_of(official("administrator", binh_lu))


def _tell(tell, commune, *recipients) -> Message:
    with tenancy.inside(commune.id), clock.at(DAY):
        (message,) = tell(commune, *recipients)
        jobs.do_now()
    return message


def test_the_demo_shows_letters_on_the_page(binh_lu, tell, administrator) -> None:
    _tell(tell, binh_lu, Recipient("device:9", "demo", ""))
    page = administrator.get(PAGE)
    assert page.status_code == 200
    assert "Phản ánh 482 915 709: đã có trả lời" in page.content.decode()
    assert "Đã gửi" in page.content.decode()


def test_an_empty_outbox_says_so(administrator) -> None:
    assert "Chưa có tin nhắn nào" in administrator.get(PAGE).content.decode()


def test_a_failed_letter_is_sent_again_from_the_page(binh_lu, tell, administrator) -> None:
    message = _tell(tell, binh_lu, Recipient("device:9", "zalo", ""))
    assert "Gửi lại" in administrator.get(PAGE).content.decode()
    answer = administrator.post(f"{PAGE}{message.pk}/gui-lai/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    with tenancy.inside(binh_lu.id):
        assert Message.objects.get().status == "waiting"
    refused = administrator.post(f"{PAGE}{message.pk}/gui-lai/")
    assert refused.status_code == 409


@pytest.mark.parametrize(("role", "status"), [("officer", 403), ("leader", 403)])
def test_other_officials_do_not_read_it(binh_lu, official, client_of, role, status) -> None:
    assert client_of(official(role, binh_lu)).get(PAGE).status_code == status


def test_an_administrator_of_the_neighbour_learns_nothing(
    binh_lu, ban_bo, tell, official, client_of
) -> None:
    message = _tell(tell, binh_lu, Recipient("device:9", "zalo", ""))
    neighbour = client_of(official("administrator", ban_bo))
    assert neighbour.get(PAGE).status_code == 404
    own = PAGE.replace("binh-lu", "ban-bo")
    assert neighbour.post(f"{own}{message.pk}/gui-lai/").status_code == 404


def test_a_stranger_is_asked_to_sign_in(binh_lu, client) -> None:
    assert client.get(PAGE).status_code == 302


def test_the_page_costs_the_same_for_many_messages(
    binh_lu, tell, administrator, django_assert_max_num_queries
) -> None:
    with tenancy.inside(binh_lu.id):
        for number in range(30):
            tell(binh_lu, Recipient("device:9", "demo", ""), key=str(number))
    with django_assert_max_num_queries(14):
        administrator.get(PAGE)


def test_the_list_is_narrowed_by_channel_and_by_result(binh_lu, tell, administrator) -> None:
    with tenancy.inside(binh_lu.id):
        tell(binh_lu, Recipient("device:1", "demo", ""), key="a")
        tell(binh_lu, Recipient("device:1", "zalo", ""), key="b")
        jobs.do_now()

    def seen(asked: str) -> list[str]:
        lines = administrator.get(f"{PAGE}?{asked}").context["lines"]
        return [line["message"].channel for line in lines]

    assert seen("kenh=zalo") == ["zalo"]
    assert seen("trang_thai=sent") == ["demo"]
    assert seen("kenh=demo&trang_thai=failed") == []
    assert len(seen("kenh=x&trang_thai=%00&truoc=gi%20do")) == 2


def test_older_messages_are_a_page_away(binh_lu, tell, administrator) -> None:
    with tenancy.inside(binh_lu.id):
        for number in range(55):
            tell(binh_lu, Recipient("device:9", "demo", ""), key=str(number))
    page = administrator.get(PAGE)
    assert len(page.context["lines"]) == 50
    assert len(administrator.get(page.context["older"]).context["lines"]) == 5


def test_what_may_have_arrived_says_so_before_it_is_sent_again(
    binh_lu, tell, administrator
) -> None:
    message = _tell(tell, binh_lu, Recipient("device:9", "demo", ""))
    with tenancy.inside(binh_lu.id):
        Message.objects.update(status="unknown")
    assert "có thể thành hai tin" in administrator.get(PAGE).content.decode()
    assert administrator.post(f"{PAGE}{message.pk}/gui-lai/").status_code == 302


def test_links_that_open_something_are_not_shown(binh_lu, tell, administrator) -> None:
    message = _tell(tell, binh_lu, Recipient("device:9", "demo", ""))
    text = "Xem https://x.vn/t/482915709/0a1b2c3d4e5f hoặc https://x.vn/t/482915709"
    with tenancy.inside(binh_lu.id):
        Message.objects.filter(pk=message.pk).update(body=text)
    page = administrator.get(PAGE).content.decode()
    assert "0a1b2c3d4e5f" not in page
    assert "https://x.vn/t/482915709/••• hoặc https://x.vn/t/482915709<" in page
    with tenancy.inside(binh_lu.id):
        assert Message.objects.get(pk=message.pk).body == text
