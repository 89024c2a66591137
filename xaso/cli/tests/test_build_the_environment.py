"""`tools/environment.py`: pip's configuration reaches uv, a second call changes nothing."""

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from xaso.cli.tests.installation import ROOT

TOOL = ROOT / "tools" / "environment.py"


@pytest.fixture
def tool(monkeypatch):
    if not TOOL.exists():
        pytest.skip("installed without the checkout's tools")
    spec = importlib.util.spec_from_file_location("environment_tool", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in [n for n in os.environ if n.startswith(("UV_", "SSL_"))]:
        monkeypatch.delenv(name)
    return module


def test_what_pip_knows_is_handed_on_to_uv(tool):
    given = tool.uv_environment(
        {
            "index-url": "https://mirror.example/simple",
            "extra-index-url": "https://a.example/simple\nhttps://b.example/simple",
            "find-links": "/wheels /more",
            "cert": "/etc/ca.pem",
            "default-timeout": "180",
            "trusted-host": "mirror.example",
        }
    )
    assert given["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert given["UV_INDEX"] == "https://a.example/simple https://b.example/simple"
    assert given["UV_FIND_LINKS"] == "/wheels,/more"
    assert given["SSL_CERT_FILE"] == "/etc/ca.pem"
    assert given["UV_HTTP_TIMEOUT"] == "180"
    assert given["UV_INSECURE_HOST"] == "mirror.example"


def test_what_the_person_set_for_uv_wins(tool, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    given = tool.uv_environment({"index-url": "https://pip.example/simple"})
    assert given["UV_DEFAULT_INDEX"] == "https://mine.example/simple"


def test_pips_own_order_of_precedence_is_kept(tool, monkeypatch, tmp_path):
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = https://g.example\ntimeout = 30\n"
        "[install]\nindex-url = https://i.example\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.delenv("PIP_TIMEOUT", raising=False)
    monkeypatch.setattr(tool, "PYTHON", Path(sys.executable))
    assert tool.pip_settings()["index-url"] == "https://i.example"
    monkeypatch.setenv("PIP_INDEX_URL", "https://e.example")
    assert tool.pip_settings()["index-url"] == "https://e.example"
    assert tool.pip_settings()["timeout"] == "30"


def test_a_second_build_returns_at_once(tool):
    if not tool.is_built("dev"):
        pytest.skip("this environment was not built by `make venv`")
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(TOOL), "dev"], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert time.monotonic() - began < 3


def test_the_stamp_follows_the_locks_and_the_place(tool, monkeypatch, tmp_path):
    for name in ("requirements.txt", "requirements-build.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    before = tool.digest("runtime")
    assert before == tool.digest("runtime")
    with (tmp_path / "requirements.txt").open("a") as lock:
        lock.write("more==1\n")
    assert tool.digest("runtime") != before


def test_locks_pin_every_package_by_hash_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-build.txt"):
        lines = (ROOT / name).read_text().splitlines()
        pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert pinned
        assert all("==" in line and line.endswith("\\") for line in pinned), name
        assert not [line for line in lines if "://" in line or line.startswith("--")], name


def test_the_developers_lock_holds_the_runtimes_versions():
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text().splitlines()
        return {line.rstrip(" \\") for line in lines if line[:1].isalnum()}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
