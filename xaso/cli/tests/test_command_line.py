"""The `xaso` command: both languages, refusals as sentences, ports, doctor."""

import os
import socket
from contextlib import closing

import pytest

from xaso.cli import main, running, words
from xaso.cli.doctor import data, machine
from xaso.cli.doctor.finding import State
from xaso.cli.running import PortBusy


@pytest.fixture(autouse=True)
def no_language_chosen(monkeypatch, tmp_path):
    monkeypatch.setattr(words, "_chosen", {})
    monkeypatch.setenv("XASO_LANG", "vi")
    monkeypatch.setenv("XASO_HOME", str(tmp_path / "home"))


def test_it_speaks_vietnamese_unless_asked(capsys, monkeypatch):
    with pytest.raises(SystemExit):
        main.main(["--help"])
    assert "Sao lưu dữ liệu" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main.main(["--help", "--lang", "en"])
    assert "Back up data" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"XASO_LANG": "", "LANG": "en_US.UTF-8"}, "en"),
        ({"XASO_LANG": "", "LANG": "C.UTF-8"}, "vi"),
        ({"XASO_LANG": "", "LC_ALL": "vi_VN", "LANG": "en_US"}, "vi"),
        ({"XASO_LANG": "en", "LANG": "vi_VN.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_machine(monkeypatch, variables, code):
    for name in ("XASO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, variables.get(name, ""))
    assert words.language() == code


def test_a_refusal_is_a_sentence_and_exit_code_1(capsys, monkeypatch):
    monkeypatch.setenv("XASO_PORT", "eight thousand")
    assert main.main(["serve"]) == 1
    said = capsys.readouterr().err
    assert "XASO_PORT" in said
    assert "Traceback" not in said


def test_a_busy_port_names_another(monkeypatch):
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        monkeypatch.setenv("XASO_PORT", str(door.getsockname()[1]))
        with pytest.raises(PortBusy, match=r"XASO_PORT=8100"):
            running.refuse_busy_ports(running.plan())
        findings = list(machine.examine(running.plan()))
    assert [f for f in findings if f.state is State.BAD and "XASO_PORT" in str(f.words)]


def test_the_doctor_names_each_cure(tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / "secrets").mkdir(parents=True)
    key = home / "secrets" / "xaso_secret_key"
    key.write_text("k")
    key.chmod(0o644)
    other = tmp_path / "other"
    (other / "xaso").mkdir(parents=True)
    (home / "owner").write_text(f"{other}\n")
    findings = list(data.examine(running.plan()))
    bad = {str(f.words): str(f.cure) for f in findings if f.state is State.BAD}
    assert any(str(other) in said for said in bad)
    assert f"chmod 600 {key}" in bad.values()


def test_a_home_that_cannot_be_made_is_refused(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XASO_HOME", str(blocked / "home"))
    assert main.main(["migrate"]) == 1
    assert "XASO_HOME" in capsys.readouterr().err


def test_nothing_to_stop_is_no_fault(capsys):
    assert main.main(["stop"]) == 0
    assert "Không có gì" in capsys.readouterr().out
    assert not os.path.exists(os.environ["XASO_HOME"])  # noqa: PTH110


@pytest.mark.cluster
def test_which_tells_what_was_chosen_and_why_not(capsys, monkeypatch, tmp_path, system_bin):
    monkeypatch.setenv("XASO_PG_BIN", str(tmp_path))
    assert main.main(["db", "which"]) == 1
    assert "initdb" in capsys.readouterr().out
    monkeypatch.delenv("XASO_PG_BIN")
    assert main.main(["db", "which"]) == 0
    assert capsys.readouterr().out.count("ĐƯỢC CHỌN") == 1
    assert not os.path.exists(os.environ["XASO_HOME"])  # noqa: PTH110  # it only looks
