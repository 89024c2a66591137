"""Residents find that it was reported, join, follow by their own code and rate, without script."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.web.middleware import directory
from xaso.reports import actions, invitations, slips, turns
from xaso.reports.models import (
    DuplicateSuggestion,
    Feedback,
    Follower,
    Photo,
    Report,
    ReportTask,
    State,
)
from xaso.reports.tests.test_use_the_pages import FORM, filled, jpeg
from xaso.reports.tests.test_work_on_a_report import answering
from xaso.reports.views import citizen

pytestmark = pytest.mark.django_db
NEAR = "Sat lo dat lap nua duong len Chu Va 12, xe may khong qua duoc"
AT = "/binh-lu/phan-anh/"


@pytest.fixture(autouse=True)
def _forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    citizen._kept.clear()
    yield
    directory.forget()


@pytest.fixture
def published(report: Report, clerk_actor: Actor) -> Report:
    return actions.publish(report, report.text or "", by=clerk_actor)


@pytest.fixture
def answered(published: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor) -> Report:
    report = actions.accept(published, actions.Accepting(unit.pk), by=clerk_actor)
    return actions.answer(report, answering(), by=head_actor)


def same(village: Village, **facts: object) -> dict[str, object]:
    usual = {"landmark": "Qua cầu treo 200 m", "text": NEAR, "phone": ""}
    return filled(village, **usual | facts)


def follow(client: Client, report: Report, **facts: object) -> Follower:
    reply = client.post(f"{AT}{report.code}/cung-gap/", facts)
    assert reply.status_code == 302, reply.content.decode()[-2000:]
    return Follower.objects.latest("id")


def test_what_is_alike_stands_once_before_sending_and_nothing_is_lost(
    client: Client, village: Village, published: Report
) -> None:
    page = client.post(FORM, same(village, anh=[jpeg("green"), jpeg("red")])).content.decode()
    assert "Có phải việc này không?" in page
    assert "1 người đã báo" in page
    assert Report.objects.count() == 1
    boxes = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert (boxes["text"], boxes["category"]) == (NEAR, "ROAD-DAMAGE")
    kept = re.findall(r'name="giu" value="([^"]+)"', page)
    assert len(kept) == 2
    reply = client.post(FORM, boxes | {"giu": kept})
    assert reply.status_code == 302
    sent = Report.objects.latest("id")
    assert sent.text == NEAR
    assert Photo.objects.filter(report=sent).count() == 2
    said = DuplicateSuggestion.objects.get()
    assert (said.report, said.other, said.decision) == (sent, published, "different")


def test_me_too_instead_of_sending_takes_photos_only_when_allowed(
    client: Client, village: Village, published: Report
) -> None:
    page = client.post(FORM, same(village, anh=[jpeg()])).content.decode()
    boxes = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    without = follow(client, published, **boxes)
    assert Photo.objects.filter(report=published).count() == 0
    again = follow(client, published, **boxes, gui_anh="1")
    assert again == without
    photo = Photo.objects.get(report=published)
    assert (photo.follower, photo.moderation) == (without, "pending")
    assert Report.objects.count() == 1
    said = DuplicateSuggestion.objects.get()
    assert (said.report, said.decision) == (None, "followed")


def test_the_script_asks_with_what_is_typed_so_far(
    client: Client, village: Village, published: Report
) -> None:
    asked = {
        "category": "ROAD-DAMAGE",
        "village": str(village.pk),
        "landmark": "Qua cầu treo 200 m",
    }
    page = client.post(f"{AT}giong/", asked | {"text": NEAR}).content.decode()
    assert published.code in page
    assert "Tôi cũng gặp" in page
    for odd in ({}, {"category": "x"}, {"category": "ROAD-DAMAGE", "lat": "abc"}, {"village": "²"}):
        reply = client.post(f"{AT}giong/", odd)
        assert (reply.status_code, "<article" in reply.content.decode()) == (200, False)
    assert client.get(f"{AT}giong/").status_code == 405


def test_hazards_and_what_is_never_public_go_straight_in(
    client: Client, village: Village, published: Report
) -> None:
    for category in ("HAZARD-GENERAL", "STAFF"):
        typed = same(village, category=category, da_hoi=category)
        assert client.post(FORM, typed).status_code == 302


def test_what_is_not_published_is_shown_to_nobody(
    client: Client, village: Village, report: Report
) -> None:
    assert client.post(FORM, same(village)).status_code == 302
    stranger = Client()
    assert stranger.post(f"{AT}{report.code}/cung-gap/", {}).status_code == 422
    assert Follower.objects.count() == 0


def test_a_follower_comes_back_by_code_and_four_digits_and_may_leave(
    client: Client, published: Report
) -> None:
    follower = follow(client, published, phone="0912 000 777")
    own = f"{AT}{follower.code}/theo-doi/"
    assert slips.secret(follower.code) in client.get(own).content.decode()
    other = Client()
    assert other.get(f"{AT}{follower.code}/")["Location"] == own
    assert slips.secret(follower.code) not in other.get(own).content.decode()
    assert other.post(f"{own}thoi/").status_code == 404
    assert other.post(own, {"factor": "0777"}).status_code == 302
    assert slips.secret(follower.code) in other.get(own).content.decode()
    assert "1 người cùng báo" in other.get(own).content.decode()
    client.post(f"{own}thoi/")
    follower.refresh_from_db()
    assert follower.ended_at is not None
    assert client.get(own).status_code == 200
    assert client.get(f"/t/{follower.code}").status_code == 200
    look = client.get(f"{AT}tra-cuu/", {"ma": follower.code})
    assert look["Location"].endswith(f"/{follower.code}/")


def test_a_wrong_phone_is_said_and_the_photo_stays(client: Client, published: Report) -> None:
    reply = client.post(f"{AT}{published.code}/cung-gap/", {"phone": "12", "anh": [jpeg()]})
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "Số điện thoại chưa đúng" in page
    assert page.count('name="giu"') == 1
    assert Follower.objects.count() == 0


def test_the_sender_of_a_merged_report_follows_by_the_old_code(
    client: Client, village: Village, published: Report, clerk_actor: Actor
) -> None:
    actions.hide(published, by=clerk_actor)
    client.get(FORM)
    client.post(FORM, same(village))
    child = Report.objects.latest("id")
    actions.mark_duplicate(child, published, by=clerk_actor)
    page = client.get(f"{AT}{child.code}/cua-toi/", follow=True).content.decode()
    assert child.spoken in page
    assert "Thôi theo dõi" in page


def test_three_faces_then_why_then_two_taps(client: Client, answered: Report) -> None:
    follower = follow(client, answered)
    own = f"{AT}{follower.code}/theo-doi/"
    assert client.get(own).content.decode().count('name="score"') == 3
    rate = f"{own}danh-gia/"
    page = client.post(rate, {"score": "0"}, follow=True).content.decode()
    assert "Vì sao chưa được?" in page
    assert ReportTask.objects.count() == 1
    client.post(rate, {"reason": "no_proof"})
    client.post(rate, {"noi_them": "1", "text": "Chưa thấy gì", "anh": [jpeg()]})
    said = Feedback.objects.get()
    assert (said.score, said.reason_code, said.text) == (0, "no_proof", "Chưa thấy gì")
    assert said.photo is not None
    assert "Đúng, mở lại" in client.get(own).content.decode()
    client.post(rate, {"reopen": "1"})
    assert Report.objects.get(pk=answered.pk).state == State.IN_PROGRESS
    assert Feedback.objects.count() == 1
    assert client.post(rate, {"score": "2"}, follow=True).status_code == 200


def test_the_link_of_a_notice_rates_only_when_tapped(client: Client, answered: Report) -> None:
    token = invitations.token(answered.code, answered.answer_id or 0)
    short = client.get(f"/t/{answered.code}/{token}")
    address = short["Location"]
    assert client.get(address).status_code == 200
    assert Feedback.objects.count() == 0
    client.post(address, {"score": "2"})
    assert Report.objects.get(pk=answered.pk).state == State.CLOSED
    wrong = address.replace(token, "0" * 12)
    assert client.get(wrong).status_code == client.post(wrong, {"score": "0"}).status_code == 404
    assert client.get(f"/t/{answered.code}/%3Cb%3E").status_code == 404


def test_the_scorecards_of_everybody(client: Client, answered: Report, unit: Unit) -> None:
    address = f"{AT}ket-qua/"
    page = client.get(address).content.decode()
    assert unit.name in page
    assert "Ít quá nên chưa nêu tỷ lệ" in page
    assert "1/1" not in page
    with CaptureQueriesContext(connection) as said:
        client.get(address)
    sql = [q["sql"] for q in said if "set_config" not in q["sql"] and "SAVEPOINT" not in q["sql"]]
    assert len(sql) == 2, sql
    for odd in ("2026-13", "x", "9999-12", "0001-01", "²"):
        assert client.get(address, {"thang": odd}).status_code == 200
    assert f'href="{address}"' in client.get(AT).content.decode()


def test_every_form_carries_its_token(village: Village, answered: Report) -> None:
    strict = Client(enforce_csrf_checks=True)

    def send(page: str, action: str, given: dict[str, str]) -> int:
        html = strict.get(page).content.decode()
        forms = re.findall(r"<form[^>]*>.*?</form>", html, re.DOTALL)
        form = next((f for f in forms if f'action="{action}"' in f), forms[-1])
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token, form[:300]
        return strict.post(action, given | {"csrfmiddlewaretoken": token[1]}).status_code

    join = f"{AT}{answered.code}/cung-gap/"
    assert send(join, join, {"kind": "me_too"}) == 302
    own = f"{AT}{Follower.objects.get().code}/theo-doi/"
    assert send(own, f"{own}danh-gia/", {"score": "0"}) == 302
    assert send(own, f"{own}thoi/", {}) == 302
    by_link = (
        f"{AT}{answered.code}/danh-gia/{invitations.token(answered.code, answered.answer_id or 0)}/"
    )
    assert send(by_link, by_link, {"score": "1"}) == 302
    assert sorted(Feedback.objects.values_list("score", flat=True)) == [0, 1]


def test_joining_over_and_over_is_asked_to_wait_and_keeps_what_was_typed(
    client: Client, published: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "JOINS_OF_DEVICE", 2)
    monkeypatch.setattr(turns, "JOINS_OF_ADDRESS", 4)
    address = f"{AT}{published.code}/cung-gap/"
    said = [client.post(address, {"name": "Lò Thị Mai"}).status_code for _ in range(4)]
    assert said[-1] == 429
    reply = client.post(address, {"name": "Lò Thị Mai"})
    assert "Thao tác hơi nhanh quá" in reply.content.decode()
    assert "Lò Thị Mai" in reply.content.decode()
    others = [Client().post(address, {}).status_code for _ in range(5)]
    assert others[0] == 302  # the neighbour's phone is not held up
    assert others[-1] == 429  # until the address has had its share
