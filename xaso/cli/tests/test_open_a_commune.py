"""A fresh installation opens its first commune from the command line, and residents can report."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from xaso.cli import main, words
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web.middleware import directory

OPEN = ["commune", "open", "03390", "--slug", "binh-lu", "--phone", "0213 3877 001"]


@pytest.fixture(autouse=True)
def installation(committed, monkeypatch):
    """Let the commands work on an empty, migrated database of their own."""
    monkeypatch.setattr(words, "_chosen", {})
    monkeypatch.setenv("XASO_LANG", "vi")
    monkeypatch.setenv("DATABASE_URL", committed)
    with translation.override("vi"):
        yield
    directory.forget()


def test_an_opened_commune_takes_reports(capsys):
    assert main.main([*OPEN]) == 0
    assert "Bình Lư" in capsys.readouterr().out
    body = {"v": 1, "category": "ROAD-DAMAGE", "text": "Đường lở.", "place": {"landmark": "Cầu"}}
    address = f"/binh-lu/api/v1/reports/{uuid4()}"
    answer = Client().put(address, body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert Client().get("/binh-lu/").status_code == 200


def test_opening_twice_changes_nothing(capsys):
    main.main([*OPEN])
    assert main.main([*OPEN]) == 0
    assert "mở rồi" in capsys.readouterr().out
    assert Commune.objects.count() == 1


def test_a_code_of_no_commune_is_refused(capsys):
    assert main.main(["commune", "open", "99999", "--slug", "binh-lu"]) == 1
    assert "Mã đơn vị" in capsys.readouterr().err
    assert not Commune.objects.exists()


def test_a_commune_answers_under_its_own_host(settings):
    settings.ALLOWED_HOSTS = ["binhlu.example.vn"]
    main.main([*OPEN, "--host", "binhlu.example.vn"])
    browser = Client(headers={"host": "binhlu.example.vn"})
    assert "Bình Lư" in browser.get("/").content.decode()


def test_a_host_is_checked_taken_once_and_taken_away(capsys):
    main.main([*OPEN, "--host", "binhlu.example.vn"])
    main.main(["commune", "open", "03424", "--slug", "ban-bo"])
    assert main.main(["commune", "host", "ban-bo", "https://x/"]) == 1
    assert main.main(["commune", "host", "ban-bo", "binhlu.example.vn"]) == 1
    assert "xã khác" in capsys.readouterr().err
    assert main.main(["commune", "host", "binh-lu", ""]) == 0
    assert main.main(["commune", "host", "ban-bo", "BinhLu.example.vn."]) == 0
    assert Commune.objects.get(slug="ban-bo").host == "binhlu.example.vn"
    assert main.main(["commune", "host", "nowhere", "a.vn"]) == 1


def test_villages_come_from_a_table_all_or_none(tmp_path, capsys):
    main.main([*OPEN])
    file = tmp_path / "ban.csv"
    file.write_text('code,kind,name,lat,lon\nBL-01,bản,Nà Khương,"22,31",103.62\n', "utf-8-sig")
    for _twice in range(2):
        assert main.main(["commune", "villages", "binh-lu", str(file)]) == 0
    assert villages() == ["Nà Khương"]
    file.write_text("code,kind,name,lat,lon\nBL-02,bản,Pa,22.3,103.6\nBL-03,bản,Hô,0,0\n")
    assert main.main(["commune", "villages", "binh-lu", str(file)]) == 1
    assert "Dòng 3" in capsys.readouterr().err
    assert villages() == ["Nà Khương"]


@pytest.mark.parametrize("content", [b"ma;ten\n1;2\n", b"\xff\xfe\x00", b""])
def test_a_table_that_is_none_gets_a_sentence(tmp_path, capsys, content):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    assert main.main(["commune", "villages", "binh-lu", str(file)]) == 1
    assert str(file) in capsys.readouterr().err


def villages() -> list[str]:
    commune = Commune.objects.get(slug="binh-lu")
    with tenancy.inside(commune.id):
        return list(Village.objects.values_list("name", flat=True))
