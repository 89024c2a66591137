"""Commands that ask the rooms: accounts, the log book, deadlines."""

import io

import pytest
from django.utils import translation

from xaso.cli import main, words
from xaso.kernel.identity.models import Official, RoleAssignment
from xaso.kernel.tenancy import actions as tenancy

ADD = ["official", "add", "Lo.Pao", "--name", "Lò A Páo", "--commune", "binh-lu", "--role"]


@pytest.fixture(autouse=True)
def in_vietnamese(monkeypatch):
    monkeypatch.setattr(words, "_chosen", {})
    monkeypatch.setenv("XASO_LANG", "vi")
    with translation.override("vi"):
        yield


@pytest.fixture
def installation(committed, binh_lu, monkeypatch):
    """Let the commands work on a database of their own, as an installation's would be."""
    monkeypatch.setenv("DATABASE_URL", committed)
    return binh_lu


def test_the_first_administrator_gets_a_password_shown_once(installation, capsys):
    assert main.main([*ADD, "administrator"]) == 0
    said = capsys.readouterr().out
    official = Official.objects.get(username="lo.pao")
    password = said.rstrip().rpartition(" ")[2]
    assert official.check_password(password)
    assert official.must_change_password
    with tenancy.inside(installation.id):
        held = RoleAssignment.objects.filter(official=official)
        assert list(held.values_list("role", flat=True)) == ["administrator"]


def test_a_typed_password_is_not_shown(installation, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("một mật khẩu rất dài\n"))
    assert main.main([*ADD, "leader", "--role", "officer", "--ask-password"]) == 0
    assert "một mật khẩu" not in capsys.readouterr().out
    assert Official.objects.get(username="lo.pao").check_password("một mật khẩu rất dài")


def test_an_unknown_commune_is_refused_and_leaves_no_account(installation, capsys):
    line = [word.replace("binh-lu", "xa-la") for word in ADD]
    assert main.main([*line, "officer"]) == 1
    assert "xa-la" in capsys.readouterr().err
    assert Official.objects.count() == 0


def test_a_password_too_short_is_refused_and_leaves_no_account(installation, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("ngắn\n"))
    assert main.main([*ADD, "officer", "--ask-password"]) == 1
    assert "12" in capsys.readouterr().err
    assert Official.objects.count() == 0


def test_the_same_name_twice_is_refused(installation, capsys):
    assert main.main([*ADD, "officer"]) == 0
    assert main.main([*ADD, "officer"]) == 1
    assert capsys.readouterr().err.strip()
    assert Official.objects.filter(username="lo.pao").count() == 1


def test_a_whole_log_book_is_said_to_be_whole(installation, capsys):
    assert main.main([*ADD, "officer"]) == 0
    assert main.main(["audit", "verify"]) == 0
    assert main.main(["audit", "verify", "--commune", "binh-lu"]) == 0
    assert "nguyên vẹn" in capsys.readouterr().out
    assert main.main(["audit", "verify", "--commune", "xa-la"]) == 1


@pytest.mark.parametrize("term", ["40h", "40 giờ"])
def test_a_deadline_is_explained_without_a_database(capsys, term):
    assert main.main(["working-time", "explain", "2026-08-21 09:00", term]) == 0
    said = capsys.readouterr().out
    assert "Thứ Năm 27/8" in said.replace("thứ", "Thứ")
    assert "ngày làm bù" in said


def test_a_communes_own_calendar_is_used_when_named(installation, capsys):
    line = ["working-time", "explain", "21/08/2026 09:00", "5wd", "--commune", "binh-lu"]
    assert main.main(line) == 0
    assert "Hẹn trả" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("start", "term"), [("mai", "40h"), ("2026-08-21 09:00", "lâu"), ("2066-01-01 09:00", "1h")]
)
def test_what_is_not_understood_gets_a_sentence(capsys, start, term):
    assert main.main(["working-time", "explain", start, term]) == 1
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said
