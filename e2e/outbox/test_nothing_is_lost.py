"""Without a network, with half a network, with answers that never come: once, whole, in words."""

import os
import re
import time

import pytest

from e2e.outbox.resident import ITEMS, found, send, until, wait_sent, write
from e2e.weak_network import GOOD, TWO_G, Fate, Link
from xaso.kernel.attachments.tests import sounds

pytestmark = pytest.mark.browser


def test_offline_three_photos_the_tab_closed_and_back_again(phone, air) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    one.context.set_offline(True)
    write(one.page)
    send(one.page)
    one.page.get_by_role("heading", name="Có mạng, máy sẽ tự gửi").wait_for()
    one.page.close()

    again = one.context.new_page()
    again.goto("/binh-lu/phan-anh/da-gui/")
    row = again.locator("#hop-thu .out")
    row.get_by_text("Chờ gửi").wait_for()
    assert "Đất sạt lấp nửa đường" in row.inner_text()
    assert "Đã nhận" not in again.locator("#hop-thu").inner_text()
    again.goto("/binh-lu/")
    again.get_by_text("Chờ gửi: 1").wait_for()

    one.context.set_offline(False)
    again.goto("/binh-lu/phan-anh/da-gui/")
    (code,) = wait_sent(again)
    again.get_by_text("Đã nhận đủ").wait_for()
    shown = re.sub(r"\s", "", again.locator("#hop-thu .out").inner_text())
    assert code in shown
    assert found(again, code)


def test_the_answer_is_lost_and_the_report_is_one(phone, air) -> None:
    one = phone()
    air.doom(Fate.LOST, method="PUT", path="/api/v1/reports/")
    air.doom(Fate.LOST, method="PUT", path="/photos/")
    write(one.page, photos=1)
    send(one.page)
    (code,) = wait_sent(one.page)
    assert air.seen[Fate.LOST] == 2
    assert found(one.page, code)
    assert one.page.evaluate(ITEMS)[0]["photos"][0]["state"] == "done"


def test_a_photo_that_is_cut_goes_on_where_it_was(phone, air) -> None:
    one = phone()
    write(one.page, photos=1)
    # The second piece is cut in the middle: the first is never sent again.
    air.doom(Fate.PASS, method="PUT", path="/photos/")
    air.doom(Fate.CUT, method="PUT", path="/photos/", at=0.5)
    ranges: list[str] = []
    one.context.on("request", lambda r: ranges.append(r.headers.get("content-range", "")))
    send(one.page)
    wait_sent(one.page)
    size = one.page.evaluate(ITEMS)[0]["photos"][0]["size"]
    assert air.seen[Fate.CUT] == 1
    assert sum(r.startswith("bytes 0-") for r in ranges) == 1
    assert any(r.endswith(f"-{size - 1}/{size}") for r in ranges)


def test_a_hotels_sign_in_page_is_no_answer(phone, air) -> None:
    one = phone(permissions=[])
    write(one.page, photos=0)
    air.link = Link(portal=1)
    one.page.evaluate("() => navigator.serviceWorker.controller.postMessage('')")
    send(one.page)
    one.page.locator("#hop-thu").get_by_text("Mạng Wi-Fi này đòi đăng nhập").wait_for()
    assert "Đã nhận –" not in one.page.inner_text("#hop-thu")
    one.page.goto("/binh-lu/phan-anh/gui/")  # and the form is still ours
    one.page.get_by_text("Chụp chỗ cần phản ánh").wait_for()
    air.link = GOOD
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    wait_sent(one.page)


def test_a_busy_server_is_asked_again(phone, air) -> None:
    one = phone()
    write(one.page, photos=0)
    for _time in range(2):
        air.doom(Fate.BUSY, method="PUT", path="/api/v1/reports/")
    send(one.page)
    one.page.locator("#hop-thu").get_by_text("Máy chủ của xã đang bận").wait_for()
    wait_sent(one.page)
    assert air.seen[Fate.BUSY] == 2


def test_the_voice_waits_too(phone, air) -> None:
    one = phone()
    write(one.page, photos=0, words="")
    sound = sounds.webm(os.urandom(3_000))
    one.page.set_input_files(
        "input[name=tieng]", {"name": "a.webm", "mimeType": "audio/webm", "buffer": sound}
    )
    until(one.page, lambda a: a and any(p.get("path") == "voice" for p in a[0]["photos"]))
    send(one.page)
    assert len(wait_sent(one.page)) == 1


def test_hazards_go_first_and_one_that_fails_does_not_block_the_next(phone, air) -> None:
    one = phone(permissions=[])
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    one.page.get_by_text("Máy này chưa gửi gì").wait_for()
    air.doom(Fate.BUSY, method="PUT", path="/api/v1/reports/")  # the first to go fails
    one.page.evaluate(
        "async () => { const say = (text, severity) => self.xasoOutbox.enqueue({kind: 'report',"
        " later: 1, severity, title: text, body: {v: 1, category: severity ? 'OTHER' : 'LIGHT',"
        " text, place: {landmark: 'cầu'}}});"
        " await navigator.locks.request('xaso-drain', async () => {"
        " await say('Một'); await say('Hai'); await say('Lũ quét', 'hazard') });"
        " await self.xasoOutbox.drain() }"
    )
    wait_sent(one.page, 3)
    items = {i["title"]: i for i in one.page.evaluate(ITEMS)}
    hazard, others = items.pop("Lũ quét"), items.values()
    assert all(hazard["first_put_at"] <= i["first_put_at"] for i in others)
    assert all(hazard["received_at"] >= i["received_at"] for i in others)


@pytest.mark.chaos
@pytest.mark.skipif(os.environ.get("XASO_CHAOS") != "long", reason="three minutes: make chaos")
def test_a_full_report_over_two_g(phone, air) -> None:
    """64 kbit/s, 600 ms there and back, 5 % of segments late; one photo is cut in the middle."""
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    air.is_offline = True
    write(one.page, photos=3)
    send(one.page)
    sizes = [p["size"] for p in one.page.evaluate(ITEMS)[0]["photos"]]
    air.is_offline, air.link = False, TWO_G
    air.doom(Fate.PASS, method="PUT", path="/photos/")
    air.doom(Fate.CUT, method="PUT", path="/photos/", at=0.5)
    before, ranges = air.seen["bytes up"], []
    one.context.on("request", lambda r: ranges.append(r.headers.get("content-range", "")))
    began = time.time()
    one.page.evaluate("() => { self.xasoOutbox.fresh() }")
    (item,) = until(one.page, lambda a: a[0]["state"] == "sent", 400)
    took, text = time.time() - began, item["received_at"] / 1000 - began
    up = air.seen["bytes up"] - before
    restarted = sum(r.startswith("bytes 0-") for r in ranges) - len(sizes)
    print(
        f"\nwords acknowledged after {text:.1f} s; all after {took:.0f} s; photos "
        f"{', '.join(f'{s / 1000:.0f} kB' for s in sizes)}; {up / 1000:.0f} kB sent "
        f"({up / sum(sizes):.2f} times the photos); photos begun anew: {restarted}"
    )
    assert restarted == 0
    assert up < 1.5 * sum(sizes)
