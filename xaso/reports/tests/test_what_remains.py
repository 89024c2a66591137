"""What is left of an erased report: its code's page, answers to machines, tonight's list."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports.actions import forgetting
from xaso.reports.models import Hold, Report
from xaso.reports.queries import retaining
from xaso.reports.tests.test_keep_no_longer import LATER, ROOT, at, finish, night, send
from xaso.reports.tests.test_see_what_is_held import desk
from xaso.reports.views import citizen

__all__ = ["finish", "send"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    citizen._kept.clear()
    yield
    directory.forget()


@pytest.fixture
def gone(finish: Callable[..., Report], town: Commune) -> Report:
    report = finish()
    night(town, LATER)
    return report


def test_the_code_says_what_became_of_it(gone: Report, client: Client) -> None:
    reply = client.get(f"{ROOT}/{gone.code}/")
    page = reply.content.decode()
    assert reply.status_code == 410
    for said in ("đã xóa theo quy định", "Xã đã trả lời, đúng hẹn", "11/2026", "Đường, cầu hỏng"):
        assert said in page, said
    assert "Đường sạt" not in page
    small = client.get(f"/t/{gone.code}")
    assert small.status_code == 410
    assert "đã xóa theo quy định" in small.content.decode()
    assert len(small.content) < 10_000
    for tail in ("cua-toi/", "xa-giu-gi/", "giay-hen/", "bao-tin/", "cung-gap/"):
        assert client.get(f"{ROOT}/{gone.code}/{tail}").status_code == 410, tail
    assert client.get(f"{ROOT}/tra-cuu/", {"ma": gone.code}).status_code == 302


def test_a_phone_that_sends_it_again_is_told(gone: Report, client: Client, town: Commune) -> None:
    body = {"category": "ROAD-DAMAGE", "text": "Đường sạt", "place": {"landmark": "cầu"}}
    reply = client.put(
        f"/binh-lu/api/v1/reports/{gone.uuid}", json.dumps(body), content_type="application/json"
    )
    assert (reply.status_code, reply.json()["code"]) == (410, "withdrawn")
    assert "đã xóa theo quy định" in reply.json()["detail"]
    assert Report.objects.count() == 0
    for address in (f"{gone.uuid}", gone.code):
        reply = client.get(f"/binh-lu/api/v1/reports/{address}")
        assert (reply.status_code, reply.json()["code"]) == (410, "erased")
    late = client.put(
        f"/binh-lu/api/v1/reports/{gone.uuid}/photos/{'a' * 64}", b"x", content_type="image/jpeg"
    )
    assert late.status_code == 410


def test_open311_says_gone(gone: Report, client: Client) -> None:
    reply = client.get(f"/binh-lu/open311/v2/requests/{gone.code}.json")
    assert reply.status_code == 410
    assert reply.json()[0]["code"] == "410"
    assert client.get(f"/binh-lu/open311/v2/tokens/{gone.uuid}.json").status_code == 410
    assert client.get("/binh-lu/open311/v2/requests.json").json() == []


def test_tonight_is_counted_before_it_happens(
    send: Callable[..., Report], town: Commune, unit: Unit
) -> None:
    send()
    with clock.at(at(days=8)):
        due = {line.rule: line for line in retaining.tonight(town) if line.count}
        assert {rule: line.count for rule, line in due.items()} == {"retain.device": 1}
        assert due["retain.device"].kept == "7 ngày"
        forgetting.forget_now(town.id)
        (done,) = retaining.nights(town)
        assert (done.rows, done.is_whole) == (1, True)


def test_the_administrator_sees_tonight_and_holds_one(
    send: Callable[..., Report], town: Commune, leader_actor: Actor, officer_actor: Actor
) -> None:
    report = send()
    page = "/binh-lu/can-bo/quan-tri/xoa-du-lieu/"
    assert desk(officer_actor).get(page).status_code == 403
    browser = desk(leader_actor)
    shown = browser.get(page).content.decode()
    assert "Tối nay không có gì phải xóa" in shown
    wrong = browser.post(page, {"code": "123", "reason": "x", "until": "2026-11-23"})
    assert wrong.status_code == 422
    form = {"code": report.spoken, "reason": "Tòa án yêu cầu giữ.", "until": "2027-01-31"}
    assert browser.post(page, form).status_code == 302
    row = Hold.objects.get()
    assert "Tòa án yêu cầu giữ." in browser.get(page).content.decode()
    with clock.at(at(days=8)):
        assert forgetting.forget_now(town.id)["retain.device"] == 0  # held
    assert browser.post(f"{page}{row.pk}/thoi/").status_code == 302
    with clock.at(at(days=8)):
        assert "Dấu máy, địa chỉ mạng của đơn" in browser.get(page).content.decode()
        assert forgetting.forget_now(town.id)["retain.device"] == 1
        assert "Đã xóa 30 ngày qua" in browser.get(page).content.decode()
