"""What people read when something does not work."""

import pytest
from django.db import connections
from django.test import RequestFactory

from xaso.kernel.refusals import Invalid
from xaso.kernel.web import errors
from xaso.kernel.web.tests.test_draw_parts import faults


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("409", "Đường đang đóng, chiều mới mở."),
        ("404", "Không tìm thấy."),
        ("422", "Có chỗ chưa đúng."),
        ("429", "Thao tác hơi nhanh quá."),
    ],
)
def test_a_refusal_is_a_sentence_with_its_own_status(site, which, words):
    response = site.get(f"/binh-lu/tu-choi/{which}/")
    assert response.status_code == int(which)
    assert words in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_too_many_says_how_long_to_wait(site):
    assert site.get("/binh-lu/tu-choi/429/")["Retry-After"] == "42"


def test_machines_get_a_problem_document(site):
    response = site.get("/binh-lu/api/tu-choi/422/")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Có chỗ chưa đúng",
        "status": 422,
        "detail": str(Invalid.sentence),
        "code": "invalid",
        "errors": {"phone": ["Thiếu 1 số."]},
    }


def test_a_fragment_gets_a_note_where_the_page_says_refusals(site):
    response = site.get("/binh-lu/tu-choi/409/", headers={"HX-Request": "true"})
    assert response["HX-Retarget"] == "#bao"
    html = response.content.decode()
    assert "Đường đang đóng" in html
    assert "<html" not in html


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/binh-lu/khong-co/", 404, "Không có trang này"),
        ("/binh-lu/loi/404/", 404, "Không có trang này"),
        ("/binh-lu/loi/403/", 403, "Bác chưa được mở trang này"),
        ("/binh-lu/loi/bug/", 500, "Máy của xã gặp lỗi"),
        ("/binh-lu/loi/outage/", 503, "Hệ thống đang bận"),
    ],
)
def test_error_pages_say_what_to_do_and_whom_to_call(site, binh_lu, path, status, words):
    response = site.get(path)
    html = response.content.decode()
    assert (response.status_code, words in html) == (status, True)
    assert faults(html) == []
    if binh_lu.phone:
        assert binh_lu.phone in html


def test_an_outage_is_said_to_machines_with_a_time_to_come_back(site):
    response = site.get("/binh-lu/api/loi/outage/")
    assert (response.status_code, response["Retry-After"]) == (503, "20")
    assert response.json()["title"] == "Hệ thống đang bận, chờ một lát nhé"


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_every_error_page_is_drawn_without_the_database(status):
    request = RequestFactory().get("/binh-lu/")
    html = errors.page(request, status).content.decode()
    assert str(errors.WORDS[status].title) in html
    assert faults(html) == []


def test_a_database_that_does_not_answer_is_a_calm_page_until_it_is_back(committed, site, tmp_path):
    assert site.get("/binh-lu/noi/").status_code == 200
    connection = connections["default"]
    there = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = str(tmp_path)  # a folder without a server's socket
    response = site.get("/binh-lu/noi/")
    assert (response.status_code, response["Retry-After"]) == (503, "20")
    assert "Xã Bình Lư" in response.content.decode()
    assert site.get("/binh-lu/api/noi/").json()["status"] == 503
    connection.settings_dict["HOST"] = there
    assert site.get("/binh-lu/noi/").status_code == 200


def test_a_foreign_host_is_refused_without_a_crash(site):
    response = site.get("/binh-lu/noi/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Máy chưa hiểu yêu cầu này" in response.content.decode()


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/binh-lu/mo/", "/binh-lu/mo/"),
        ("http://testserver//evil.example/", ""),
        ("http://evil.example/binh-lu/", ""),
        ("http://testserver.evil.example/", ""),
        ("", ""),
    ],
)
def test_the_way_back_stays_on_our_own_pages(referer, back):
    request = RequestFactory().get("/x/", HTTP_REFERER=referer, HTTP_HOST="testserver")
    assert errors.back(request) == back


def test_a_page_that_was_only_read_comes_back_by_itself(site):
    assert site.get("/binh-lu/loi/outage/")["Refresh"] == "20"
    assert "Refresh" not in site.post("/binh-lu/loi/outage/")  # a form waits
    assert "Refresh" not in site.get("/binh-lu/api/loi/outage/")
