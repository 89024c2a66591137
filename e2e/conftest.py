"""A running commune and a real browser for the stories."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest

from xaso.cli import freshness
from xaso.cli.tests.installation import free_ports

ROOT = Path(__file__).resolve().parent.parent
ASSETS = Path(__file__).parent / "assets"
CHROMIUM = os.environ.get("XASO_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
# A made-up microphone, so that recording can be tried.
FLAGS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SIZES = {"phone": (390, 844), "small": (320, 5000), "desk": (1440, 900), "wall": (1920, 1080)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Report browser stories as skipped, with the command that helps, where no Chromium is."""
    usable = Path(CHROMIUM).exists() and "snap" not in str(Path(CHROMIUM).resolve())
    for item in items:
        if "browser" in item.keywords and not usable:
            item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium"))


@dataclass
class Town:
    """The demo communes, served by the real processes."""

    base: str
    env: dict[str, str]
    port: int
    loaded: dict = field(default_factory=dict)
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def account(self, role: str, commune: str = "binh-lu") -> dict:
        """Return a demo account of a role."""
        return next(
            a for a in self.loaded["accounts"] if a["role"] == role and a["commune"] == commune
        )

    def start(self, name: str) -> None:
        """Start one of the processes: web, worker, live."""
        self.processes[name] = subprocess.Popen(self._command(name), env=self.env, cwd=ROOT)

    def stop(self, name: str, *, kill: bool = False) -> None:
        """Stop a process, politely or as a power cut would."""
        process = self.processes.pop(name)
        process.kill() if kill else process.terminate()
        process.wait(20)

    def _command(self, name: str) -> list[str]:
        python = sys.executable
        if name == "web":
            options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
            options += ["--workers", "1", "--blocking-threads", "16"]
            return [python, "-m", "granian", *options, "xaso.config.wsgi:application"]
        if name == "live":
            return [python, "-m", "xaso.config.live"]
        return [python, "-m", "xaso.kernel.jobs.worker"]

    def wait(self, seconds: float = 120) -> None:
        """Wait until the pages answer."""
        until = time.monotonic() + seconds
        while True:
            try:
                with urlopen(f"{self.base}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


@pytest.fixture(scope="session")
def town(postgres_server, prepared_demo, tmp_path_factory) -> Iterator[Town]:
    """Serve the demo communes on a database and a data home of their own."""
    home = tmp_path_factory.mktemp("town")
    name = f"xaso_town_{os.getpid()}"
    loaded = prepared_demo.copy(name, home)
    port = free_ports()
    env = os.environ | {
        "XASO_HOME": str(home),
        "XASO_PORT": str(port),
        "XASO_DEMO": "1",
        "XASO_PRIVATE_HOSTS": "127.0.0.1",  # where the stories run the servers of others
        "XASO_POOL": "8",
        "DATABASE_URL": postgres_server.url(name),
    }
    if not freshness.static_is_fresh(home):  # a sheet or a script changed since the demo was loaded
        statics = [sys.executable, "-m", "django", "collectstatic", "--no-input", "-v", "0"]
        subprocess.run(statics, env=env, cwd=ROOT, check=True)
    running = Town(f"http://localhost:{port}", env, port, loaded)
    for process in ("worker", "live", "web"):
        running.start(process)
    running.wait()
    yield running
    for process in list(running.processes):
        running.stop(process)
    postgres_server.drop(name)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium():
    """Return a headless Chromium."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would then refuse every later test the
    # database, though nothing here is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        beside = asyncio._get_running_loop()
        yield browser
        asyncio._set_running_loop(beside)  # the last test of all may have been one without it
        browser.close()


@pytest.fixture
def open_page(chromium, town) -> Iterator[Callable]:
    """Return a function that opens a page of a size: phone, small, desk, wall."""
    contexts = []

    def opened(size: str = "phone", **options):
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=town.base,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            service_workers="block",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.errors.append(str(e)))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> Callable:
    """Return a function that lists a page's accessibility violations (axe-core)."""
    script = (ASSETS / "axe.min.js").read_text(encoding="utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def violations(page) -> list[str]:
        before = list(getattr(page, "errors", ()))
        page.evaluate(script)
        found = page.evaluate("tags => axe.run({runOnly: tags})", tags)["violations"]
        # A sheet that imports another makes the checker try a style of its own, which our policy
        # refuses: that is no fault of the page. (Served for real, sheets import nothing.)
        if hasattr(page, "errors"):
            page.errors[:] = [
                e for e in page.errors if e in before or "Applying inline style" not in e
            ]
        return [f"{v['id']}: {v['nodes'][0]['html'][:140]}" for v in found]

    return violations


@pytest.fixture(scope="session")
def sign_in(town) -> Callable:
    """Return a function that signs a demo official in through the form."""

    def signed_in(page, who: str, commune: str = "binh-lu"):
        """`who` is a role, or an account's name."""
        named = [a for a in town.loaded["accounts"] if a["username"] == who]
        account = named[0] if named else town.account(who, commune)
        page.goto("/dang-nhap/")
        page.fill("input[name=login]", account["username"])
        page.fill("input[name=password]", account["password"])
        page.click("main form button[type=submit]")
        page.wait_for_url("**/can-bo/**")
        return page

    return signed_in
