"""What residents see first: which commune, what can be done, what was answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.kernel.text.spoken_code import grouped
from xaso.reports.models import Report, Visibility


def _statements(client, path) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    own = ("SELECT set_config", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT coalesce(curr")
    return sum(not q["sql"].startswith(own) for q in seen)


def test_the_list_of_communes_leads_to_each(client, town, ban_bo) -> None:
    body = client.get("/").content.decode()
    assert 'href="/binh-lu/"' in body
    assert 'href="/ban-bo/"' in body
    assert "tỉnh Lai Châu · 1 bản, tổ · 0 việc đang làm" in body
    assert "Bản chạy thử" in body
    assert "<path" in body  # the outline of the commune that has one


def test_a_host_without_communes_says_what_to_do(client, db) -> None:
    assert "Chưa có xã nào" in client.get("/").content.decode()


def test_home_offers_to_send_first_and_shows_what_was_answered(client, answered) -> None:
    body = client.get("/binh-lu/").content.decode()
    assert body.index("/binh-lu/phan-anh/gui/") < body.index("/binh-lu/phan-anh/tra-cuu/")
    assert "Loa hát mở đến nửa đêm ở đầu bản" in body
    assert f"/binh-lu/phan-anh/{answered.code}/" in body
    assert "<b>1 trên 1</b>" in body
    assert "Tính đến 14:00" in body


def test_home_of_a_new_commune_has_no_figures_it_cannot_have(client, town) -> None:
    body = client.get("/binh-lu/").content.decode()
    assert "Chưa có phản ánh nào được trả lời" in body
    assert "đúng hẹn đầu tiên" not in body


@pytest.mark.parametrize("visibility", [Visibility.PENDING, Visibility.PRIVATE])
def test_what_was_not_published_is_not_on_the_home_page(client, answered, visibility) -> None:
    Report.objects.filter(pk=answered.pk).update(visibility=visibility)
    body = client.get("/binh-lu/").content.decode()
    assert answered.code not in body
    assert grouped(answered.code) not in body
    assert "Loa hát" not in body


def test_villages_are_drawn_and_listed(client, town) -> None:
    body = client.get("/binh-lu/ban/").content.decode()
    assert "Bản Nà Đon" in body
    assert "<svg" in body
    assert "bịa để minh họa" in body


def test_about_says_what_is_kept_and_how_it_is_sealed(client, town) -> None:
    body = client.get("/binh-lu/gioi-thieu/").content.decode()
    assert "Xã giữ gì của bà con" in body
    assert "Nhật ký có niêm phong" in body


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 6), ("/binh-lu/", 6), ("/binh-lu/ban/", 2), ("/binh-lu/gioi-thieu/", 2)],
)
def test_pages_cost_few_statements(client, answered, path, most) -> None:
    client.get(path)
    assert _statements(client, path) <= most


@pytest.mark.parametrize("path", ["/", "/binh-lu/", "/binh-lu/ban/", "/binh-lu/gioi-thieu/"])
def test_pages_are_kept_by_their_etag(client, answered, path) -> None:
    first = client.get(path)
    assert "public" in first["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_nothing_is_answered_at_an_unknown_commune(client, town) -> None:
    assert client.get("/khong-co-xa-nay/").status_code == 404
    assert client.get("/binh-lu").status_code == 302
