"""What opens without a network, what never does, and how a phone is made to forget."""

import re
import time

import pytest
from playwright.sync_api import Error

from e2e.outbox.resident import send, until, wait_sent, write
from e2e.weak_network import Link

pytestmark = pytest.mark.browser


def test_a_tracking_page_can_be_read_offline_and_a_private_one_cannot(phone) -> None:
    one = phone()
    write(one.page, photos=0)
    send(one.page)
    (code,) = wait_sent(one.page)
    one.page.goto(f"/binh-lu/phan-anh/{code}/giay-hen/")
    one.page.get_by_text("Số bí mật").wait_for()
    one.page.goto(f"/binh-lu/phan-anh/{code}/")
    title = one.page.inner_text("main h1")
    one.context.new_cdp_session(one.page).send("Network.clearBrowserCache")
    one.context.set_offline(True)
    one.page.goto(f"/binh-lu/phan-anh/{code}/")
    assert one.page.inner_text("main h1") == title
    assert re.search(r"bản lưu lúc \d\d:\d\d, \d", one.page.inner_text("[data-ban-luu]"))
    one.page.goto(f"/binh-lu/phan-anh/{code}/giay-hen/")
    assert "Số bí mật" not in one.page.inner_text("body")
    one.page.get_by_role("heading", name="Đang mất mạng").wait_for()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        one.page.goto("/binh-lu/can-bo/")  # officials' pages are none of the worker's business


def test_a_repeat_visit_of_the_form_costs_nothing_before_it_is_seen(phone, air) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    before = -1
    while before != (before := air.seen["bytes down"]):  # what is refreshed behind the scenes
        one.page.wait_for_timeout(300)
    air.link = Link(delay=2)  # whoever asked the network would wait
    began = time.monotonic()
    one.page.goto("/binh-lu/phan-anh/gui/", wait_until="domcontentloaded")
    one.page.get_by_text("Chụp chỗ cần phản ánh").wait_for()
    assert time.monotonic() - began < 4  # two trips there and back
    assert air.seen["bytes down"] == before


def _served(town, air, **settings: str) -> None:
    """Serve the town with other settings, as after a deployment."""
    town.stop("web")
    town.env.update(settings)
    town.start("web")
    town.wait()


def _patiently(page, script: str):
    """Evaluate a script; a worker that leaves draws the page anew, maybe at this moment."""
    from playwright.sync_api import Error

    for _ in range(20):
        try:
            return page.evaluate(script)
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            page.wait_for_timeout(200)
    raise AssertionError("the page never came to rest")


def test_the_switch_takes_worker_and_copies_off_the_phone(phone, air, town) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    one.page.evaluate(
        "() => self.xasoOutbox.draft(self.xasoOutbox.uuid(), {kind: 'report', title: 'Giữ lại',"
        " base: self.xasoOutbox.base, fields: {text: 'Giữ lại'}})"
    )
    assert any(n.startswith("xaso /binh-lu/") for n in one.page.evaluate("() => caches.keys()"))
    try:
        _served(town, air, XASO_OFFLINE="0")
        one.page.goto("/binh-lu/phan-anh/da-gui/")
        _patiently(
            one.page,
            "async () => { const r = await navigator.serviceWorker.getRegistration();"
            " if (r) await r.update().catch(() => {}) }",
        )
        end = time.monotonic() + 20
        while _patiently(one.page, "async () => (await caches.keys()).length"):
            assert time.monotonic() < end
            one.page.wait_for_timeout(200)
        one.page.goto("/binh-lu/")
        assert one.page.evaluate("() => navigator.serviceWorker.controller === null")
        one.page.goto("/binh-lu/phan-anh/da-gui/")
        one.page.get_by_text("Giữ lại", exact=True).wait_for()  # what was written is still there
    finally:
        _served(town, air, XASO_OFFLINE="1")


def test_a_new_worker_waits_while_somebody_writes(phone) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/#chuyen-gi")
    one.page.fill("textarea[name=text]", "Đang viết dở.")
    one.page.evaluate(  # another script for the same pages: as after a deployment
        "() => { navigator.serviceWorker.register('/binh-lu/sw.js?2', {scope: '/binh-lu/'}) }"
    )
    one.page.get_by_text("Có bản mới").wait_for()
    until(one.page, lambda a: a and a[0]["fields"].get("text") == "Đang viết dở.")
    one.page.get_by_role("button", name="Dùng bản mới").click()
    one.page.locator("[data-bao=mo-lai]").wait_for()
    assert one.page.input_value("textarea[name=text]") == "Đang viết dở."
