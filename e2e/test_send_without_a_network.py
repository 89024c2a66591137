"""Reports without a network: nothing is lost, nothing is doubled, nothing is claimed too early."""

import base64
import io
import os
import re
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import Error

from e2e.conftest import SIZES
from e2e.weak_network import GOOD, TWO_G, Fate, Link, weak_network

pytestmark = pytest.mark.browser
GRANTED = ["geolocation", "notifications", "background-sync"]
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
ITEMS = "() => self.xasoOutbox.all()"


def noisy(number: int, side: int = 1600) -> dict:
    """Return a photo of about the size a phone takes, unlike every other one."""
    small = Image.frombytes("RGB", (side // 8, side // 8), os.urandom((side // 8) ** 2 * 3))
    out = io.BytesIO()
    small.resize((side, side)).save(out, "JPEG", quality=92)
    return {"name": f"anh-{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def air(town) -> Iterator:
    """The network between the phone and the town."""
    with weak_network("127.0.0.1", town.port) as network:
        yield network


@pytest.fixture
def phone(chromium, air) -> Iterator[Callable]:
    """Return a function that makes a phone: a browser with a storage of its own and a worker."""
    made = []

    def new(permissions: list[str] | None = None, *, is_controlled: bool = True) -> SimpleNamespace:
        width, height = SIZES["phone"]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=air.base,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            permissions=GRANTED if permissions is None else permissions,
        )
        made.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if is_controlled:
            page.goto("/binh-lu/")
            page.wait_for_function(CONTROLLED)
        return SimpleNamespace(context=context, page=page)

    yield new
    for context in made:
        context.close()


def write(page, photos: int = 3, words: str = "Đất sạt lấp nửa đường lên bản.") -> None:
    """Fill the form in as a resident does, up to the last button."""
    page.goto("/binh-lu/phan-anh/gui/")
    if photos:
        page.set_input_files("input[name=anh]", [noisy(n) for n in range(photos)])
        page.wait_for_function(
            f"() => document.querySelectorAll('#anh-nho img').length === {photos}"
        )
    page.click("#chup .foot-acts .btn--main")
    page.select_option("select[name=village]", index=2)
    page.fill("input[name=landmark]", "Qua cầu treo")
    page.click("#o-dau .foot-acts .btn--main")
    page.get_by_text("Điện, đèn đường").or_(page.get_by_text("Đèn đường")).first.click()
    page.fill("textarea[name=text]", words)


def send(page) -> None:
    page.click("button[type=submit].btn--cam")
    page.wait_for_url("**/da-gui/**")


def until(page, what: Callable[[list[dict]], bool], seconds: float = 30) -> list[dict]:
    """Wait until what the phone holds is as it should be; return it."""
    end = time.monotonic() + seconds
    while not what(items := page.evaluate(ITEMS)):
        assert time.monotonic() < end, items
        page.wait_for_timeout(50)
    return items


def wait_sent(page, count: int = 1) -> list[str]:
    """Wait until the phone holds receipts of everything; return the codes."""
    items = until(page, lambda all: len(all) == count and {i["state"] for i in all} == {"sent"}, 60)
    return [i["receipt"]["code"] for i in items]


def found(page, code: str) -> bool:
    """Whether the commune knows a code."""
    return page.context.request.get(f"/binh-lu/phan-anh/{code}/").ok


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


def test_a_double_tap_is_one_report(phone) -> None:
    one = phone()
    write(one.page, photos=1)
    one.page.evaluate(
        "() => { const b = document.querySelector('button[type=submit].btn--cam');"
        " b.click(); b.click(); b.form.requestSubmit() }"
    )
    one.page.wait_for_url("**/da-gui/**")
    assert len(wait_sent(one.page)) == 1


def test_two_tabs_send_the_same_once(phone, air) -> None:
    one = phone()
    write(one.page, photos=0, words="Nước suối đục ba hôm nay.")
    until(one.page, lambda all: all and all[0]["fields"].get("text", "").endswith("nay."))
    two = one.context.new_page()
    two.goto("/binh-lu/phan-anh/gui/#chuyen-gi")
    two.get_by_text("Máy đã mở lại bản bà con đang viết").wait_for()
    assert two.input_value("textarea[name=text]") == "Nước suối đục ba hôm nay."
    send(one.page)
    send(two)
    assert len(wait_sent(two)) == 1


def test_two_tabs_drain_and_nothing_goes_twice(phone, air) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    one.context.set_offline(True)
    write(one.page, photos=1)
    send(one.page)
    two = one.context.new_page()
    two.goto("/binh-lu/phan-anh/da-gui/")
    one.context.set_offline(False)
    air.seen.clear()
    for page in (one.page, two):
        page.evaluate("() => { self.xasoOutbox.drain() }")
    wait_sent(two)
    assert air.seen[Fate.PASS] <= 12


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


def test_without_web_locks_a_lease_does(chromium, air, phone) -> None:
    one = phone()
    one.context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    write(one.page, photos=1)
    send(one.page)
    assert len(wait_sent(one.page)) == 1
    assert one.page.evaluate("() => navigator.locks === undefined")


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


def test_a_draft_keeps_itself_words_and_photos(phone) -> None:
    one = phone()
    write(one.page, photos=2, words="Cầu treo lung lay.")
    until(one.page, lambda a: a and len(a[0]["photos"]) == 2 and a[0]["fields"].get("text"))
    one.page.close()
    again = one.context.new_page()
    again.goto("/binh-lu/phan-anh/gui/#chuyen-gi")
    again.get_by_text("Máy đã mở lại bản bà con đang viết").wait_for()
    assert again.input_value("textarea[name=text]") == "Cầu treo lung lay."
    assert again.locator("#anh-nho img").count() == 2
    again.goto("/binh-lu/phan-anh/da-gui/")
    again.get_by_text("Đang viết, tự lưu").wait_for()
    again.get_by_role("button", name="Xóa khỏi máy").click()
    again.get_by_role("button", name="Bấm lần nữa để xóa").click()
    again.get_by_text("Máy này chưa gửi gì").wait_for()


def test_what_the_server_refuses_is_mended_and_sent_again(phone) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    one.page.evaluate(
        "() => self.xasoOutbox.enqueue({kind: 'report', title: 'Đèn', fields: {category: 'LIGHT',"
        " text: 'Đèn hỏng', landmark: 'cầu'}, body: {v: 1, category: 'LIGHT', text: 'Đèn hỏng',"
        " place: {landmark: 'cầu'}, contact: {phone: '12'}}})"
    )
    one.page.locator("#hop-thu").get_by_text("Cần sửa").wait_for()
    one.page.get_by_text("Số điện thoại chưa đúng").wait_for()
    one.page.get_by_role("link", name="Sửa", exact=True).click()
    one.page.wait_for_url("**/gui/?sua=*")
    one.page.get_by_text("Máy đã mở lại").wait_for()
    one.page.evaluate("() => { location.hash = 'chuyen-gi' }")
    assert one.page.input_value("textarea[name=text]") == "Đèn hỏng"
    send(one.page)
    assert len(wait_sent(one.page)) == 1


def test_other_words_under_a_known_key_become_a_report_that_names_the_first(phone) -> None:
    one = phone()
    write(one.page, photos=0)
    send(one.page)
    (code,) = wait_sent(one.page)
    one.page.evaluate(
        "async () => { const [i] = await self.xasoOutbox.all();"
        " await self.xasoOutbox.change(i.id, i => { i.state = 'queued'; i.receipt = null;"
        " i.body.text = 'Thêm: có người bị thương nhẹ.' }); await self.xasoOutbox.drain() }"
    )
    one.page.locator("#hop-thu").get_by_text("Đã gửi từ trước").wait_for()
    one.page.get_by_role("button", name="Gửi bổ sung").click()
    one.page.wait_for_url("**/gui/?sua=*")
    one.page.evaluate("() => { location.hash = 'chuyen-gi' }")
    text = one.page.input_value("textarea[name=text]")
    assert code in re.sub(r"\s", "", text)
    assert "Thêm: có người bị thương nhẹ." in text
    send(one.page)
    codes = wait_sent(one.page, 2)
    assert len(set(codes)) == 2


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


def test_out_to_a_card_and_in_at_the_counter(phone, sign_in, open_page, tmp_path) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    one.context.set_offline(True)
    write(one.page, photos=1)
    send(one.page)
    with one.page.expect_download() as download:
        one.page.click("#the-nho")
    card = tmp_path / download.value.suggested_filename
    download.value.save_as(card)
    assert card.name.endswith(".xaso.json")
    clerk = sign_in(open_page("desk"), "one_stop_clerk")
    for expected in ("Mới nhận", "Đã có từ trước"):
        clerk.goto("/binh-lu/can-bo/phan-anh/the-nho/")
        clerk.set_input_files("input[name=tep]", str(card))
        clerk.click("main form button[type=submit]")
        clerk.get_by_text(expected).wait_for()
    # The phone comes home and sends the same: it is known, and told the same code.
    code = re.sub(r"\D", "", clerk.inner_text("main .code"))
    one.context.set_offline(False)
    one.page.evaluate("() => { self.xasoOutbox.fresh() }")
    assert wait_sent(one.page) == [code]


def test_photos_from_the_gallery_come_into_the_form(phone) -> None:
    one = phone()
    one.page.evaluate(
        "async data => { const form = new FormData(), text = atob(data);"
        " const bytes = Uint8Array.from(text, c => c.charCodeAt(0));"
        " form.append('anh', new File([bytes], 'a.jpg', {type: 'image/jpeg'}));"
        " await fetch('/binh-lu/phan-anh/gui/chia-se/', {method: 'POST', body: form}) }",
        base64.b64encode(noisy(1)["buffer"]).decode(),
    )
    one.page.goto("/binh-lu/phan-anh/gui/")
    one.page.locator("#anh-nho img").wait_for()


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
        one.page.get_by_text("Giữ lại").wait_for()  # what was written is still there
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


def test_a_full_phone_keeps_the_words_and_says_so(phone) -> None:
    one = phone()
    write(one.page, photos=0, words="Cầu hỏng.")
    one.page.evaluate(
        "() => { const real = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put ="
        " function (v, k) { if (v instanceof Blob) { this.transaction.abort();"
        " throw new DOMException('full', 'QuotaExceededError') } return real.call(this, v, k) } }"
    )
    one.page.set_input_files("input[name=anh]", [noisy(1)])
    one.page.get_by_text("Máy đầy bộ nhớ").wait_for(state="attached")
    one.page.click("button[type=submit].btn--cam")
    one.page.get_by_text("Máy đầy bộ nhớ").wait_for()
    items = until(one.page, lambda a: a and a[0]["fields"].get("text") == "Cầu hỏng.")
    assert items[0]["state"] == "draft"
    assert "/gui/" in one.page.url


def test_a_repeat_visit_of_the_form_costs_nothing_before_it_is_seen(phone, air) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    before = air.seen["bytes down"]
    air.link = Link(delay=2)  # whoever asked the network would wait
    began = time.monotonic()
    one.page.goto("/binh-lu/phan-anh/gui/", wait_until="domcontentloaded")
    one.page.get_by_text("Chụp chỗ cần phản ánh").wait_for()
    assert time.monotonic() - began < 4  # two trips there and back
    assert air.seen["bytes down"] == before


def test_the_voice_waits_too(phone, air) -> None:
    one = phone()
    write(one.page, photos=0, words="")
    sound = b"\x1aE\xdf\xa3" + bytes(20) + b"webm" + os.urandom(3_000)
    one.page.set_input_files(
        "input[name=tieng]", {"name": "a.webm", "mimeType": "audio/webm", "buffer": sound}
    )
    until(one.page, lambda a: a and any(p.get("path") == "voice" for p in a[0]["photos"]))
    send(one.page)
    assert len(wait_sent(one.page)) == 1


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
