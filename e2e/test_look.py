"""The parts of the look on pages of every kind, in a real browser under the real headers."""

import threading
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

pytestmark = pytest.mark.browser

KINDS = [
    ("citizen", "phone"),
    ("citizen", "small"),
    ("citizen", "desk"),
    ("task", "phone"),
    ("task", "small"),
    ("door", "phone"),
    ("door", "desk"),
    ("staff", "desk"),
    ("staff", "small"),
    ("wall", "wall"),
    ("wall?nen=light", "wall"),
    ("wall", "small"),
]


class Quiet(WSGIRequestHandler):
    """Writes no log lines."""

    def log_message(self, *args) -> None:
        pass


@pytest.fixture(scope="module")
def gallery():
    """Serve the pages of samples under the real headers; they need no commune, so no database."""
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    urls = "xaso.kernel.web.tests.gallery"
    chain = [name for name in settings.MIDDLEWARE if not name.endswith("CommuneOfAddress")]
    with override_settings(ROOT_URLCONF=urls, MIDDLEWARE=chain):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
        threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture
def look(chromium, gallery):
    """Return a function that opens a page of samples at a size and notes what goes wrong."""
    contexts = []

    def opened(kind: str, size: str = "phone", **options):
        from e2e.conftest import SIZES

        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=gallery, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.errors, page.hosts = [], set()
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.errors.append(str(e)))
        page.on("request", lambda r: page.hosts.add(urlsplit(r.url).netloc))
        path, _, query = kind.partition("?")
        page.goto(f"/trang/{path}/?{query}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("kind", "size"), KINDS, ids=lambda value: value)
def test_every_kind_of_page_is_sound_at_every_size(look, axe, kind, size):
    page = look(kind, size)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.errors == []
    assert page.hosts == {urlsplit(page.url).netloc}


def test_big_letters_at_once_and_on_the_next_page(look):
    page = look("citizen")
    before = page.evaluate("getComputedStyle(document.body).fontSize")
    page.get_by_role("button", name="Chữ to").click()
    assert page.evaluate("document.documentElement.dataset.text") == "to"
    assert page.evaluate("getComputedStyle(document.body).fontSize") != before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.text") == "to"


def test_big_letters_and_language_without_script(look):
    page = look("citizen", java_script_enabled=False)
    page.get_by_role("button", name="Chữ to").click()
    assert page.locator('html[data-text="to"]').count() == 1
    page.get_by_role("button", name="English").click()
    assert page.locator('html[lang="en"]').count() == 1


def test_one_thing_per_screen_and_the_wrong_one_first(look):
    page = look("task")
    assert page.locator("#mot").is_visible()
    assert page.locator("#hai").is_hidden()
    page.get_by_role("link", name="Tiếp").click()
    assert page.locator("#hai").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.go_back()
    assert page.locator("#mot").is_visible()


def test_a_long_form_without_script(look):
    page = look("task", java_script_enabled=False)
    assert page.locator("#mot").is_visible()
    assert page.locator("#hai").is_visible()


def test_the_inbox_by_keyboard(look):
    page = look("staff", "desk")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert (
        page.evaluate("[...document.querySelectorAll('.job')].indexOf(document.activeElement)") == 1
    )
    page.keyboard.press("k")
    assert (
        page.evaluate("[...document.querySelectorAll('.job')].indexOf(document.activeElement)") == 0
    )
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_a_fragment_brings_icons_once_and_its_computed_style(look):
    page = look("staff", "desk")
    assert page.locator("#i-thumbs-up").count() == 0
    page.evaluate("settled = 0; document.addEventListener('htmx:afterSettle', () => settled++)")
    for times in (1, 2):
        page.get_by_role("button", name="Thêm").click()
        page.wait_for_function(
            "times => settled >= times && !document.querySelector('[data-kieu]')", arg=times
        )
    assert page.locator("#hinh #i-thumbs-up").count() == 1
    assert page.locator("#hinh #i-circle-alert").count() == 1
    share = "bar => bar.firstElementChild.offsetWidth / bar.offsetWidth"
    assert page.locator("#moi .bar").evaluate(share) == pytest.approx(0.25, abs=0.02)
    assert page.errors == []


def test_losing_the_network_is_said(look):
    page = look("citizen")
    assert page.locator("[data-mat-mang]").is_hidden()
    page.context.set_offline(True)
    page.wait_for_selector("[data-mat-mang]", state="visible")
    page.context.set_offline(False)
    page.wait_for_selector("[data-mat-mang]", state="hidden")


def test_an_official_without_network_reads_it_where_refusals_are_said(look):
    page = look("staff", "desk")
    page.context.set_offline(True)
    page.get_by_role("button", name="Thêm").click()
    page.wait_for_selector("#bao .note--do")
    assert "Việc vừa bấm chưa được ghi" in page.locator("#bao").inner_text()
