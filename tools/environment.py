"""Build and refresh `.venv` from the locked requirements; needs nothing but Python, pip and venv.

Runs before any dependency exists, hence the standard library only. Packages are installed by uv
(seconds instead of minutes), uv itself by pip from the package index. uv does not read pip's
configuration, so the index, certificates and the like that this machine's pip uses are handed on
to it in its own environment variables; nothing of them is written down.

Nothing is ever uninstalled: what a developer added to `.venv` stays. A stamp with the digest of
the locks makes a second call return at once.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEWEST_FIRST = ("python3.14", "python3.13", "python3.12", "python3.11")
LOCKS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
BUILD_LOCK = "requirements-build.txt"
BUILD_TOOLS = ("uv", "hatchling", "editables")
UNIVERSAL = ("--universal", "--python-version", "3.11", "--generate-hashes")
PLAIN = ("--no-header", "--no-annotate", "--quiet")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Trouble(Exception):
    """A step did not work; the text says what the person can do."""


def say(vi: str, en: str) -> None:
    """Print one line of progress in the reader's language (Vietnamese unless LANG is English)."""
    language = os.environ.get("XASO_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    print(en if (language or "").startswith("en") else vi, flush=True)


# --- pip's configuration, spoken to uv --------------------------------------------------------


def pip_settings() -> dict[str, str]:
    """Read pip's options on this machine: environment over files, `install` over `global`."""
    command = [str(PYTHON), "-m", "pip", "config", "list"]
    listing = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        section, _, option = key.rpartition(".")
        if section in found:
            found[section][option] = str(ast.literal_eval(value))
    return found["global"] | found["install"] | found[":env:"]


def uv_environment(pip: dict[str, str]) -> dict[str, str]:
    """Translate pip's options into uv's variables; a variable the person set themselves wins."""
    timeout = pip.get("timeout") or pip.get("default-timeout") or "60"
    variables = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(pip.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_NO_INDEX": pip.get("no-index", ""),
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "UV_HTTP_TIMEOUT": timeout,
        "HTTPS_PROXY": pip.get("proxy", ""),
        # The hashes decide what is installed, so it does not matter which index offers it.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_CONFIG": "1",
        "UV_CACHE_DIR": str(cache_folder()),
        "VIRTUAL_ENV": str(VENV),
    }
    given = {name: value for name, value in variables.items() if value}
    return given | {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}


def cache_folder() -> Path:
    """Name the cache the person already has, else one in `.venv`: nothing is left elsewhere."""
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uv"
    return own if own.is_dir() else VENV / "cache"


# --- steps ------------------------------------------------------------------------------------


@contextlib.contextmanager
def heartbeat() -> Iterator[None]:
    """Say every ten seconds that a long step is still alive."""
    done, began = threading.Event(), time.monotonic()

    def beat() -> None:
        while not done.wait(10):
            spent = int(time.monotonic() - began)
            say(f"      … vẫn đang làm ({spent} giây)", f"      … still working ({spent} s)")

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a step; raise Trouble with its last lines when it fails."""
    with heartbeat():
        done = subprocess.run(
            [str(part) for part in command],
            env=env,
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise Trouble("\n".join(done.stdout.strip().splitlines()[-15:]))


def make_venv() -> None:
    """Create `.venv`, or create it anew when its interpreter or its pip no longer runs."""
    probe = [str(PYTHON), "-m", "pip", "--version"]
    if PYTHON.exists() and subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return
    say("[1/4] Tạo môi trường Python trong .venv", "[1/4] Making the Python environment in .venv")
    try:
        run(sys.executable, "-m", "venv", "--clear", VENV)
    except Trouble as trouble:
        sudo = "" if os.geteuid() == 0 else "sudo "
        raise Trouble(
            f"{trouble}\n\nMáy chưa có venv. Hãy chạy (please run):\n"
            f"    {sudo}apt-get install -y python3-venv python3-pip"
        ) from None


def install_build_tools() -> None:
    """Install uv and hatchling from their own small hash-locked list, by pip.

    They stand apart from the runtime lock because the program never imports them, and apart from
    the developers' lock because `make demo` needs them to install the project itself.
    """
    say("[2/4] Lấy công cụ cài đặt uv", "[2/4] Fetching the installer uv")
    with_pip(BUILD_LOCK)


def with_pip(lock: str) -> None:
    """Install a lock by pip alone."""
    options = ("--no-cache-dir", "--require-hashes", "--disable-pip-version-check")
    run(PYTHON, "-m", "pip", "install", "-q", *options, "-r", ROOT / lock)


def install_lock(profile: str) -> None:
    """Install every locked package by uv; by pip when uv cannot (an odd index or machine)."""
    lock = LOCKS[profile]
    say(
        f"[3/4] Cài các gói theo {lock} (lần đầu có thể mất vài phút)",
        f"[3/4] Installing the packages of {lock} (a few minutes the first time)",
    )
    environment = uv_environment(pip_settings())
    try:
        run(VENV / "bin" / "uv", *UV_INSTALL, "--require-hashes", "-r", lock, env=environment)
    except (Trouble, OSError) as trouble:
        say(f"      uv không cài được:\n{trouble}", f"      uv could not install:\n{trouble}")
        say("      Thử lại bằng pip (chậm hơn)", "      Trying again with pip (slower)")
        with_pip(lock)


UV_INSTALL = ("pip", "install", "--quiet", "--python", str(PYTHON))


def install_project() -> None:
    """Install the project itself, editable, without its dependencies: makes `.venv/bin/xaso`."""
    say("[4/4] Cài chương trình xaso", "[4/4] Installing the program xaso")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    run(PYTHON, "-m", "pip", "install", "-q", *options, "-e", ROOT)
    if sys.dont_write_bytecode:
        compile_bytecode()


def compile_bytecode() -> None:
    """Compile once where Python may not do it by itself (PYTHONDONTWRITEBYTECODE is set).

    Otherwise each of the program's five processes would compile Django anew at every start.
    """
    tests = r"/(tests?|testing|sympy|idlelib)/"
    folders = (*VENV.glob("lib/python3*/site-packages"), ROOT / "xaso")
    with contextlib.suppress(Trouble):  # some packages carry files for other Pythons
        run(PYTHON, "-m", "compileall", "-q", "-j", "0", "-x", tests, *folders)


# --- commands ---------------------------------------------------------------------------------


def digest(profile: str) -> str:
    """Digest all the environment depends on: locks, project table, place of the checkout."""
    files = (LOCKS[profile], BUILD_LOCK, "pyproject.toml")
    parts = [str(ROOT).encode(), *((ROOT / name).read_bytes() for name in files)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp_of(profile: str) -> Path:
    """Name the file that holds the digest of a profile's last finished build."""
    return VENV / f"built-{profile}"


def is_built(profile: str) -> bool:
    """Whether `.venv` already holds what the locks say."""
    stamp = stamp_of(profile)
    if not (stamp.exists() and PYTHON.exists() and (VENV / "bin" / "xaso").exists()):
        return False
    return stamp.read_text() == digest(profile)


def build(profile: str) -> None:
    """Bring `.venv` to a profile; returns at once when it is there already."""
    if is_built(profile):
        return
    with (ROOT / "pyproject.toml").open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)  # two makes at once build one after the other
        if is_built(profile):
            return
        make_venv()
        install_build_tools()
        install_lock(profile)
        install_project()
        shutil.rmtree(VENV / "cache", ignore_errors=True)
        stamp_of(profile).write_text(digest(profile))


def lock() -> None:
    """Resolve every lock again for all supported Pythons; the dev lock follows the runtime's.

    What is pinned stays pinned, with its hashes: only what is new is looked up. With `--upgrade`
    after the command everything moves to its newest allowed version.
    """
    environment = uv_environment(pip_settings())
    newest = ("--upgrade",) if "--upgrade" in sys.argv else ()
    compiling = (VENV / "bin" / "uv", "pip", "compile", *UNIVERSAL, *PLAIN, *newest)
    dev = ("--group", "dev", "-c", LOCKS["runtime"])
    for target, what in ((LOCKS["runtime"], ()), (LOCKS["dev"], dev)):
        say(f"Khoá lại {target}", f"Locking {target}")
        run(*compiling, "pyproject.toml", *what, "-o", target, env=environment)
    say(f"Khoá lại {BUILD_LOCK}", f"Locking {BUILD_LOCK}")
    wanted = VENV / "build-tools.in"
    wanted.write_text("\n".join(BUILD_TOOLS) + "\n")
    run(*compiling, wanted, "-c", LOCKS["dev"], "-o", BUILD_LOCK, env=environment)


def chromium() -> None:
    """Have a Chromium for the browser stories: found, installed by root, or named in a line."""
    if any(shutil.which(name) for name in CHROMIUM):
        return
    system = Path("/etc/os-release").read_text() if Path("/etc/os-release").exists() else ""
    command = "apt-get install -y --no-install-recommends chromium"
    if "ID=ubuntu" in system.splitlines() or not shutil.which("apt-get"):
        say(
            "Hệ này không có gói Chromium phù hợp: các bài thử bằng trình duyệt sẽ được bỏ qua.",
            "This system has no suitable Chromium package: browser stories will be skipped.",
        )
    elif os.geteuid():
        say(
            f"Chưa có Chromium: bỏ qua các bài thử bằng trình duyệt. Muốn chạy: sudo {command}",
            f"No Chromium: browser stories will be skipped. To run them: sudo {command}",
        )
    else:
        apt_install(command)


def apt_install(command: str) -> None:
    """Install by apt, refreshing its lists once; a failure only costs the browser stories."""
    say("Cài Chromium cho các bài thử bằng trình duyệt", "Installing Chromium for browser stories")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    try:
        try:
            run(*command.split(), env=environment)
        except Trouble:
            run("apt-get", "update", env=environment)
            run(*command.split(), env=environment)
    except Trouble as trouble:
        say(f"Không cài được Chromium:\n{trouble}", f"Chromium could not be installed:\n{trouble}")


def clean() -> None:
    """Remove what builds and tests made inside the checkout; the data home is not touched."""
    for home in ROOT.glob(".home*"):
        if (VENV / "bin" / "xaso").exists():
            run(VENV / "bin" / "xaso", "stop", env=dict(os.environ, XASO_HOME=str(home)))
        pointer = home / "elsewhere"  # a closed checkout's cluster stands where it can be reached
        if pointer.exists():
            shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
    for name in (".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "dist"):
        shutil.rmtree(ROOT / name, ignore_errors=True)


def newer_python() -> str | None:
    """Find an interpreter of at least 3.11 when the one running is older."""
    return next((found for name in NEWEST_FIRST if (found := shutil.which(name))), None)


def main(arguments: list[str]) -> int:
    """`runtime`, `dev`, `lock`, `chromium` or `clean`."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this file meets whatever python3 the machine has
        newer = newer_python()
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606  # same file, newer interpreter
        say("Cần Python 3.11 trở lên.", "Python 3.11 or newer is needed.")
        return 1
    commands = {"lock": lock, "chromium": chromium, "clean": clean}
    name = arguments[0] if arguments else "runtime"
    try:
        commands[name]() if name in commands else build(name)
    except Trouble as trouble:
        say(f"\nKhông xong:\n{trouble}", f"\nThis did not work:\n{trouble}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
