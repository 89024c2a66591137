"""A resident in a browser: sends, keeps what was typed, follows by code, rates the answer."""

import re
from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.web.middleware import directory
from xaso.reports import actions, slips
from xaso.reports.models import Feedback, Photo, Report, State
from xaso.reports.tests.test_work_on_a_report import answering
from xaso.reports.views import citizen

pytestmark = pytest.mark.django_db
FORM = "/binh-lu/phan-anh/gui/"


@pytest.fixture(autouse=True)
def _forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    citizen._kept.clear()
    yield
    directory.forget()


def jpeg(colour: str = "green") -> BytesIO:
    drawn = BytesIO()
    Image.new("RGB", (640, 480), colour).save(drawn, "JPEG")
    drawn.seek(0)
    drawn.name = f"{colour}.jpg"
    return drawn


def filled(village: Village, **facts: object) -> dict[str, object]:
    usual = {
        "uuid": str(uuid4()),
        "village": str(village.pk),
        "landmark": "Qua cầu treo",
        "category": "ROAD-DAMAGE",
        "text": "Đất sạt lấp nửa đường.",
        "phone": "0912 000 135",
    }
    return usual | facts


def send(client: Client, village: Village, **facts: object) -> Report:
    reply = client.post(FORM, filled(village, **facts))
    assert reply.status_code == 302, reply.content.decode()[-3000:]
    return Report.objects.order_by("-id")[0]


def test_photo_place_matter_and_a_receipt(client: Client, village: Village) -> None:
    assert client.get(FORM).status_code == 200
    report = send(client, village, anh=[jpeg("green"), jpeg("red")])
    assert Photo.objects.filter(report=report, state="received").count() == 2
    page = client.get(f"/binh-lu/phan-anh/{report.code}/giay-hen/").content.decode()
    assert report.spoken in page
    assert slips.secret(report.code) in page
    assert "<svg role=" in page


def test_a_double_click_makes_one_report(client: Client, village: Village) -> None:
    same = filled(village)
    first, second = client.post(FORM, same), client.post(FORM, same)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_a_form_that_fails_keeps_words_and_photo(client: Client, village: Village) -> None:
    wrong = filled(village, phone="12", anh=[jpeg()])
    reply = client.post(FORM, wrong)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "Đất sạt lấp nửa đường." in page
    assert "Số điện thoại chưa đúng" in page
    assert Report.objects.count() == 0
    kept = re.findall(r'name="giu" value="([^"]+)"', page)
    assert len(kept) == 1
    again = filled(village, uuid=wrong["uuid"], giu=kept)
    assert client.post(FORM, again).status_code == 302
    assert Photo.objects.filter(state="received").count() == 1


def test_no_place_no_words_are_asked_for_beside_their_boxes(
    client: Client, village: Village
) -> None:
    reply = client.post(FORM, {"uuid": str(uuid4()), "category": "WASTE"})
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "Bà con cho biết chỗ" in page
    assert "Bà con chụp một ảnh, nói hoặc viết vài chữ" in page


@pytest.mark.parametrize("odd", [{"uuid": "x"}, {"lat": "abc"}, {"accuracy": "-1"}])
def test_a_broken_hidden_box_is_said(client: Client, village: Village, odd: dict[str, str]) -> None:
    reply = client.post(FORM, filled(village, **odd))
    assert reply.status_code == 422
    assert "Biểu mẫu gửi lên bị hỏng" in reply.content.decode()


def test_what_is_no_picture_is_said_and_the_rest_kept(client: Client, village: Village) -> None:
    text = BytesIO(b"day khong phai anh")
    text.name = "anh.jpg"
    reply = client.post(FORM, filled(village, anh=[text, jpeg()]))
    page = reply.content.decode()
    assert reply.status_code == 422
    assert page.count('name="giu"') == 1


def test_anybody_with_the_code_sees_dates_and_no_words(client: Client, report: Report) -> None:
    stranger = Client()
    page = stranger.get(f"/binh-lu/phan-anh/{report.code}/").content.decode()
    assert "Việc đã đi đến đâu" in page
    assert "Xe máy không qua được" not in page
    assert stranger.get(f"/binh-lu/phan-anh/{report.code}/giay-hen/").status_code == 302


def test_four_digits_open_the_own_page(client: Client, village: Village) -> None:
    report = send(client, village)
    own = f"/binh-lu/phan-anh/{report.code}/cua-toi/"
    assert "Đất sạt lấp nửa đường." in client.get(own).content.decode()
    stranger = Client()
    assert "Đất sạt lấp" not in stranger.get(own).content.decode()
    right = {"0135", slips.secret(report.code)}
    wrong = next(w for w in ("0000", "1111", "2222") if w not in right)
    assert stranger.post(own, {"factor": wrong}).status_code == 422
    assert stranger.post(own, {"factor": "0135"}).status_code == 302
    assert "Đất sạt lấp nửa đường." in stranger.get(own).content.decode()


def test_wrong_digits_soon_have_to_wait(client: Client, report: Report) -> None:
    own = f"/binh-lu/phan-anh/{report.code}/cua-toi/"
    right = slips.secret(report.code)
    wrong = next(w for w in ("0000", "1111") if w != right)
    answers = [client.post(own, {"factor": wrong}) for _ in range(6)]
    assert [a.status_code for a in answers] == [422] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_mistyped_code_says_so(client: Client, report: Report) -> None:
    page = client.get("/binh-lu/phan-anh/tra-cuu/", {"ma": "482 915 708"}).content.decode()
    assert "Mã sai một số, bà con xem lại" in page
    reply = client.get("/binh-lu/phan-anh/tra-cuu/", {"ma": report.spoken})
    assert reply["Location"].endswith(f"/phan-anh/{report.code}/")
    assert client.get("/binh-lu/phan-anh/482915708/").status_code == 422
    assert client.get("/binh-lu/phan-anh/xyz/").status_code == 404


def test_the_plain_page_needs_no_commune_and_no_script(client: Client, report: Report) -> None:
    reply = client.get(f"/t/{report.code}")
    page = reply.content.decode()
    assert reply.status_code == 200
    assert len(reply.content) <= 10 * 1024
    assert "<script" not in page
    assert "Đã nhận, đang chờ cán bộ xem" in page


def test_the_sender_answers_a_question_and_rates(
    client: Client, village: Village, clerk_actor: Actor, head_actor: Actor, unit: Unit
) -> None:
    report = send(client, village)
    own = f"/binh-lu/phan-anh/{report.code}/cua-toi/"
    actions.ask_info(report, "Chỗ sạt ở trước hay sau cầu?", by=clerk_actor)
    assert "Chỗ sạt ở trước hay sau cầu?" in client.get(own).content.decode()
    reply = {"text": "Sau cầu 200 m", "anh": [jpeg()]}
    assert client.post(f"{own}tra-loi/", reply, follow=True).status_code == 200
    report.refresh_from_db()
    assert report.state == State.IN_PROGRESS
    order = actions.Assigning(unit_id=unit.pk)
    actions.assign(report, order, by=clerk_actor)
    actions.answer(report, answering(), by=head_actor)
    page = client.get(own).content.decode()
    assert "Bà con thấy thế nào?" in page
    client.post(f"{own}danh-gia/", {"score": "2"})
    report.refresh_from_db()
    assert report.state == State.CLOSED
    assert Feedback.objects.get().score == 2


def test_strangers_cannot_act_for_the_sender(client: Client, report: Report) -> None:
    own = f"/binh-lu/phan-anh/{report.code}/cua-toi/"
    assert client.post(f"{own}rut/").status_code == 404
    report.refresh_from_db()
    assert report.state == State.NEW


def test_the_public_page_costs_one_statement_once_drawn(
    client: Client, report: Report, clerk_actor: Actor
) -> None:
    address = f"/binh-lu/phan-anh/{report.code}/"
    client.get(address)
    with CaptureQueriesContext(connection) as said:
        client.get(address)
    real = [q["sql"] for q in said if "set_config" not in q["sql"] and "SAVEPOINT" not in q["sql"]]
    assert len(real) == 1, real
    actions.publish(report, "Đất sạt lấp đường", by=clerk_actor)
    assert "Đất sạt lấp đường" in client.get(address).content.decode()


def test_the_board_lists_published_reports_and_their_points(
    client: Client, report: Report, clerk_actor: Actor
) -> None:
    actions.publish(report, "Đất sạt lấp đường lên Chu Va 12", by=clerk_actor)
    page = client.get("/binh-lu/phan-anh/", {"tim": "dat sat"}).content.decode()
    assert "Đất sạt lấp đường lên Chu Va 12" in page
    empty = client.get("/binh-lu/phan-anh/", {"tim": "khong co gi"}).content.decode()
    assert "Chưa tìm thấy phản ánh nào" in empty
    (point,) = client.get("/binh-lu/phan-anh/diem.json").json()["features"]
    assert point["properties"]["url"] == f"/binh-lu/phan-anh/{report.code}/"
    for odd in ({"ban": "abc"}, {"ban": "²"}, {"loai": "x"}, {"sau": "%%"}, {"xem": "?"}):
        assert client.get("/binh-lu/phan-anh/", odd).status_code == 200


def test_sixty_pupils_behind_one_address(town: Commune, village: Village) -> None:
    for _ in range(60):
        phone = Client()
        phone.get(FORM)
        send(phone, village)
    assert Report.objects.count() == 60
    assert not Report.objects.filter(is_held=True).exists()


def test_ten_an_hour_from_one_device(client: Client, village: Village) -> None:
    client.get(FORM)
    for _ in range(10):
        send(client, village)
    assert client.post(FORM, filled(village)).status_code == 429
    hazard = filled(village, category="HAZARD-GENERAL")
    assert client.post(FORM, hazard).status_code == 302
