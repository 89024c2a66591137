"""The administrator's pages of templates."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.documents import builtin, queries
from xaso.documents.models import TemplateVersion

ROOT = "/binh-lu/can-bo/quan-tri/mau-giay-to/"


@pytest.fixture
def admin(town, official, client_of):
    return client_of(official("administrator", town))


def sent(client, text, name="mau.toml"):
    return client.post(f"{ROOT}tai-len/", {"file": SimpleUploadedFile(name, text.encode())})


def test_an_administrator_tries_uploads_and_publishes(town, admin):
    page = admin.get(ROOT).content.decode()
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in page
    assert "đối chiếu với phụ lục chính thức trước khi dùng" in page
    trial = admin.get(f"{ROOT}dang-dung/mau-01/xem.pdf80")
    assert trial.content.startswith(b"%PDF")
    assert trial["Content-Type"] == "application/pdf"
    text = admin.get(f"{ROOT}dang-dung/mau-01/tep/").content.decode()
    done = sent(admin, text.replace('version = "1"', 'version = "BL-2"'))
    row = TemplateVersion.objects.get()
    assert done["Location"].endswith(f"/{row.pk}/")
    assert admin.get(f"{ROOT}{row.pk}/xem.docx").content.startswith(b"PK")
    assert "Mẫu cần những gì" in admin.get(f"{ROOT}{row.pk}/").content.decode()
    admin.post(f"{ROOT}{row.pk}/ap-dung/", {"valid_from": "2026-12-01"})
    assert queries.template("mau-01", date(2026, 12, 1), commune=town).version == "BL-2"
    again = admin.post(f"{ROOT}{row.pk}/ap-dung/", {"valid_from": "2026-12-02"})
    assert again.status_code == 422
    assert admin.post(f"{ROOT}{row.pk}/bo/").status_code == 409


def test_a_bad_file_is_refused_with_the_place_and_a_draft_thrown_away(town, admin):
    for text in ("code =", "\x00", 'code = "x"\n[[a4]]\nkind = "text"\ntext = "{x.__class__}"'):
        answer = sent(admin, text)
        assert answer.status_code == 422
        assert "Tệp mẫu chưa dùng được" in answer.content.decode()
    assert sent(admin, "x" * 300_000).status_code == 422
    sent(admin, builtin.sheets()["mau-02"].text)
    row = TemplateVersion.objects.get()
    admin.post(f"{ROOT}{row.pk}/bo/")
    assert not TemplateVersion.objects.exists()


def test_pages_ask_as_often_however_many_versions(town, admin, django_assert_max_num_queries):
    admin.get(ROOT)
    for _ in range(5):
        sent(admin, builtin.sheets()["mau-02"].text)
    with django_assert_max_num_queries(9):
        assert admin.get(ROOT).status_code == 200


def test_others_do_not_see_them(town, official, client_of):
    assert client_of(official("officer", town)).get(ROOT).status_code == 403
