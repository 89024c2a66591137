"""The chairman in a browser: the wall counts live, heals itself, and goes dark when told to."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

WAITING = '[data-o="waiting"] .fig b'
OFFLINE = "document.getElementById('tuoi').textContent.includes('Mất mạng')"
LISTENS = "document.documentElement.dataset.liveState === 'on'"

TOLD = "document.dispatchEvent(new CustomEvent('live', {detail: {topic: 'reports'}}))"


def until(page, said: str, seconds: float = 5) -> None:
    """Wait until an expression holds; asked from outside: the page's policy forbids eval."""
    end = time.monotonic() + seconds
    while not page.evaluate(said):
        assert time.monotonic() < end, f"{said} did not come true: {page.inner_text('#tuoi')}"
        page.wait_for_timeout(100)


@pytest.fixture
def wall(open_page, town) -> Callable:
    """Return a function that opens the wall of Bình Lư at a size."""

    def opened(size: str = "wall", theme: str = "dark"):
        page = open_page(size)
        page.hosts = set()
        page.on("request", lambda r: page.hosts.add(urlsplit(r.url).hostname))
        page.goto(town.loaded["walls"]["binh-lu"])
        if theme != "dark":
            page.goto(f"{page.url}?nen={theme}")
        until(page, LISTENS)
        return page

    return opened


@pytest.fixture
def send(open_page) -> Callable:
    """Return a function by which a resident sends a report from a page of their own."""

    def sent() -> None:
        page = open_page("phone")
        page.goto("/binh-lu/phan-anh/gui/")
        page.evaluate(
            """() => {
              const form = document.querySelector('main form');
              const village = form.elements.village;
              village.value = [...village.options].find(o => o.value).value;
              form.querySelector('[name=category][value=WASTE]').checked = true;
              form.elements.text.value = 'Rác đổ đống trước cổng trường mấy hôm nay';
              form.submit();
            }"""
        )
        page.wait_for_url("**/giay-hen/**")

    return sent


def counts(n: int) -> str:
    return f"Number(document.querySelector('{WAITING}').textContent) === {n}"


def number(page) -> int:
    return int(page.inner_text(WAITING).replace(".", ""))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_wall_fits_its_screen_and_everyone_can_read_it(wall, axe, theme) -> None:
    page = wall(theme=theme)
    size = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert size == [1920, 1080]
    # From six metres: nothing a person reads stands smaller than 20 px, no figure below 68 px.
    small = page.evaluate(
        """() => [...document.querySelectorAll('.wall *')]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            .filter(e => e.offsetParent && !e.closest('.vh,svg,title'))
            .filter(e => parseFloat(getComputedStyle(e).fontSize) < 20)
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.tile .fig, .tile p, .tile h2, .alert b')]
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""
    )
    assert cut == []
    assert axe(page) == []
    assert page.errors == []
    assert page.hosts == {"localhost"}


def test_the_wall_reads_on_a_phone_too(wall, axe) -> None:
    page = wall("small")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert axe(page) == []


def test_a_report_is_on_the_wall_without_a_reload(wall, send) -> None:
    page = wall()
    before = number(page)
    page.evaluate("window.stays = true")
    send()
    until(page, counts(before + 1))
    assert "Bà con gửi" in page.inner_text(".events li >> nth=0")
    assert page.evaluate("window.stays") is True


def test_the_wall_heals_after_the_server_was_away(wall, send, town) -> None:
    page = wall()
    page.evaluate("window.stays = true")
    before = number(page)
    town.stop("live", kill=True)
    town.stop("web")
    try:
        page.evaluate(TOLD)
        until(page, OFFLINE, seconds=20)
        assert number(page) == before  # the last picture stays
        kept = page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('xaso-bang'))")
        assert len(kept) == 1
    finally:
        town.start("live")
        town.start("web")
        town.wait()
    until(page, f"!{OFFLINE}", seconds=60)
    until(page, LISTENS, seconds=60)
    send()
    until(page, counts(before + 1), seconds=10)
    assert page.evaluate("window.stays") is True


def test_old_figures_say_how_old_they_are(wall) -> None:
    page = wall()
    page.wait_for_timeout(2_000)  # after the first look, which sets the clock by the server's
    page.evaluate("() => { const real = Date.now; Date.now = () => real() + 4 * 60000; }")
    until(page, "document.documentElement.dataset.tuoi === 'cu'")
    assert "Số liệu lúc" in page.inner_text("#tuoi")
    page.evaluate("() => { const real = Date.now; Date.now = () => real() + 30 * 60000; }")
    until(page, "document.documentElement.dataset.tuoi === 'mat'")


def test_an_administrator_hangs_a_screen_and_takes_it_down(open_page, sign_in, axe) -> None:
    desk = sign_in(open_page("desk"), "administrator")
    desk.goto("/binh-lu/can-bo/quan-tri/man-hinh/")
    desk.fill("input[name=name]", "Hành lang tầng 1")
    desk.click("button:has-text('Cấp địa chỉ')")
    address = desk.input_value("#dia-chi")
    assert axe(desk) == []
    screen = open_page("wall")
    screen.goto(address)
    assert address.rsplit("/", 2)[1] not in screen.url
    assert not screen.is_visible("#het")
    desk.click("button[aria-label='Thu hồi Hành lang tầng 1']")
    desk.wait_for_selector("text=Đã thu hồi màn hình")
    until(screen, f"{TOLD} && !document.getElementById('het').hidden", seconds=20)


def test_a_screen_that_boots_before_its_server_opens_by_itself(chromium, town) -> None:
    context = chromium.new_context(base_url=town.base, viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.goto(town.loaded["walls"]["binh-lu"])
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.close()
    town.stop("web")
    try:
        page = context.new_page()
        page.goto("/binh-lu/ioc/man-hinh/")
        assert "Đang chờ máy chủ" in page.inner_text("body")
    finally:
        town.start("web")
        town.wait()
    page.wait_for_selector("#dong-ho", timeout=60_000)
    context.close()


def test_the_start_page_of_the_runbook_leads_to_the_wall(chromium, town, tmp_path) -> None:
    runbook = (Path(__file__).parents[1] / "docs/runbook.md").read_text(encoding="utf-8")
    start = re.search(r"```\n(<!doctype html>.*?Chờ máy chủ</title>\n.*?)```", runbook, re.DOTALL)[
        1
    ]
    file = tmp_path / "man-hinh.html"
    file.write_text(start.replace("http://10.0.0.5:8000", town.base), encoding="utf-8")
    context = chromium.new_context(
        viewport={"width": 1920, "height": 1080}, service_workers="block"
    )
    page = context.new_page()
    page.goto(town.base + town.loaded["walls"]["binh-lu"])  # once, by hand
    town.stop("web")
    try:
        page.goto(f"file://{file}")
        page.wait_for_timeout(6_000)
        assert "Đang chờ máy chủ" in page.inner_text("body")
    finally:
        town.start("web")
        town.wait()
    page.wait_for_selector("#dong-ho", timeout=60_000)
    context.close()
