"""Who wakes the outbox: the browser with no page open, or the next visit."""

import time

import pytest

from e2e.outbox.resident import ITEMS, send, wait_sent, write

pytestmark = pytest.mark.browser


def test_background_sync_sends_with_no_page_open(phone, air, town) -> None:
    one = phone()
    devtools = one.context.new_cdp_session(one.page)
    known: list[dict] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda e: known.extend(e["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    one.page.goto("/binh-lu/phan-anh/gui/")
    air.is_offline = True
    write(one.page, photos=1)
    send(one.page)
    one.page.locator("#hop-thu").get_by_text("Chưa có mạng").wait_for()
    registration = next(r for r in known if r["scopeURL"].endswith("/binh-lu/"))
    waiting = one.page.evaluate(ITEMS)
    one.page.goto("about:blank")
    air.is_offline = False
    devtools.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": air.base,
            "registrationId": registration["registrationId"],
            "tag": "outbox",
            "lastChance": False,
        },
    )
    (item,) = waiting
    api = f"{town.base}/binh-lu/api/v1/reports/{item['id']}"
    end = time.monotonic() + 30
    while not (r := one.context.request.get(api)).ok or r.json()["missing"]:
        assert time.monotonic() < end
        one.page.wait_for_timeout(100)
    air.is_offline = True  # what is seen now was done without a page
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    assert len(wait_sent(one.page)) == 1


def test_without_background_sync_the_next_visit_sends(phone, air) -> None:
    one = phone(permissions=["geolocation"])  # as on iOS: sync.register throws
    one.page.goto("/binh-lu/phan-anh/gui/")
    one.context.set_offline(True)
    write(one.page, photos=1)
    send(one.page)
    one.page.goto("/binh-lu/")
    one.page.get_by_text("Chờ gửi: 1").wait_for()
    one.context.set_offline(False)  # the home page has no outbox of its own, and fetches it
    one.page.locator("[data-hop-thu]").wait_for(state="hidden")
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    assert len(wait_sent(one.page)) == 1
