"""The commune tells a phone: agreed by a button, sealed on the way, shown, taken back."""

import json
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.utils import timezone

from e2e.outbox.resident import ITEMS, send, wait_sent, write
from xaso.kernel.notifications import quiet
from xaso.kernel.notifications.tests.fakes.server import Fake, Reply
from xaso.kernel.notifications.tests.test_push_to_a_browser import Phone

pytestmark = pytest.mark.browser
# Without a window Chromium subscribes nobody: the page meets a browser that would.
SUBSCRIBES = """
(() => {
  const made = %s, key = localStorage.getItem('dang-nghe');
  const one = () => ({ ...made, options: {}, toJSON: () => made, unsubscribe: async () => {
    localStorage.removeItem('dang-nghe'); return true } });
  Notification.requestPermission = async () => 'granted';
  PushManager.prototype.getSubscription = async () =>
    localStorage.getItem('dang-nghe') ? one() : null;
  PushManager.prototype.subscribe = async o => {
    localStorage.setItem('dang-nghe', o.applicationServerKey.length); return one() };
})()
"""


@pytest.fixture
def service() -> Iterator[Fake]:
    """A browser vendor's push service, on loopback."""
    running = Fake()
    running.replies = [Reply(201, b"")]
    yield running
    running.stop()


@pytest.fixture
def by_day() -> None:
    """Skip at night, when nobody is disturbed: the message would come in the morning."""
    now = timezone.now()
    if quiet.earliest(now) != now:
        pytest.skip("messages wait for the morning from 21:00 to 6:00")


def asked(service: Fake, count: int, seconds: float = 30) -> list:
    """Wait until the push service was asked so often."""
    end = time.monotonic() + seconds
    while len(service.asked) < count:
        assert time.monotonic() < end, "no message came"
        time.sleep(0.05)
    return service.asked


def ask_back(desk, code: str, text: str) -> None:
    """Have an official ask the sender something: the sender is told at once."""
    desk.goto(f"/binh-lu/can-bo/phan-anh/{code}/hoi/")
    desk.fill("textarea[name=text]", text)
    desk.click("main form button[type=submit]")
    desk.wait_for_url(f"**/{code}/")


@pytest.fixture
def told(phone, service) -> SimpleNamespace:
    """A phone whose browser subscribes at the fake service, with the keys only it has."""
    one, browser = phone(), Phone(f"{service.url}/p/1")
    keys = {"p256dh": browser.browser.p256dh, "auth": browser.browser.auth}
    made = json.dumps({"endpoint": browser.browser.endpoint, "keys": keys})
    one.context.add_init_script(SUBSCRIBES % made)
    devtools, known = one.context.new_cdp_session(one.page), []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda e: known.extend(e["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    one.read, one.keys, one.endpoint = browser.read, keys, browser.browser.endpoint
    one.devtools, one.known, one.service = devtools, known, service
    return one


def agree(one) -> str:
    """Send a report and agree on its tracking page; return its code."""
    write(one.page, photos=0)
    send(one.page)
    code = wait_sent(one.page, len(one.page.evaluate(ITEMS)))[-1]
    one.page.goto(f"/binh-lu/phan-anh/{code}/cua-toi/")
    box = one.page.locator("[data-bao-may]")
    box.get_by_text("Không mất tiền").wait_for()
    assert box.get_by_role("button", name="Tắt thông báo").is_hidden()
    box.get_by_role("button", name="Bật thông báo").click()
    box.get_by_text("Đã bật").wait_for()
    return code


def push(one, origin: str, data: str) -> None:
    """Hand the browser a message as its vendor's service would."""
    registration = next(r for r in one.known if r["scopeURL"].endswith("/binh-lu/"))
    message = {"origin": origin, "registrationId": registration["registrationId"], "data": data}
    one.devtools.send("ServiceWorker.deliverPushMessage", message)


def shown(page) -> list[dict]:
    return page.evaluate(
        "async () => (await (await navigator.serviceWorker.ready).getNotifications())"
        ".map(n => ({title: n.title, url: n.data, tag: n.tag, body: n.body}))"
    )


@pytest.mark.usefixtures("by_day")
def test_only_the_phone_reads_it_and_a_tap_opens_its_page(
    told, air, sign_in, open_page, axe
) -> None:
    code = agree(told)
    for page in ("cua-toi", "bao-tin"):  # tall, so that the bar at the foot covers nothing
        told.page.set_viewport_size({"width": 390, "height": 3000})
        told.page.goto(f"/binh-lu/phan-anh/{code}/{page}/")
        told.page.get_by_role("button", name="Tắt thông báo").wait_for()
        assert axe(told.page) == []
    desk = sign_in(open_page("desk"), "one_stop_clerk")
    ask_back(desk, code, "Chỗ ấy cách cầu treo bao xa, bà con chỉ giúp xã.")
    said = told.read(asked(told.service, 1)[0].body)
    assert set(said) == {"title", "url", "tag"}
    assert "cầu treo" not in json.dumps(said, ensure_ascii=False)

    # The worker shows it with no page of ours open; what it cannot read says only who calls.
    told.page.goto("about:blank")
    for data in (json.dumps(said | {"url": f"{air.base}/t/{code}"}), "not JSON"):
        push(told, air.base, data)
    push(told, air.base, json.dumps({"title": "x", "tag": "y", "url": "https://example.com/"}))
    told.page.goto("/binh-lu/mat-mang/")
    told.page.wait_for_function(
        "async () => (await (await navigator.serviceWorker.ready).getNotifications()).length === 3"
    )
    rows = {n["title"]: n["url"] for n in shown(told.page)}
    home = f"{air.base}/binh-lu/"
    assert rows == {said["title"]: f"{air.base}/t/{code}", "Xã Bình Lư": home, "x": home}

    (worker,) = told.context.service_workers
    opened = worker.evaluate(
        """async () => {
          const seen = []; clients.openWindow = async url => { seen.push(url) };
          for (const n of await registration.getNotifications()) {
            const e = new NotificationEvent('notificationclick', {notification: n}); let done;
            e.waitUntil = p => { done = p }; self.dispatchEvent(e); await done }
          return [seen, (await registration.getNotifications()).length] }"""
    )
    assert (sorted(opened[0]), opened[1]) == (sorted(rows.values()), 0)


@pytest.mark.usefixtures("by_day")
def test_a_new_address_is_learnt_a_browser_that_left_is_forgotten_and_no_is_no(
    told, sign_in, open_page
) -> None:
    code = agree(told)
    (worker,) = told.context.service_workers
    now = {"endpoint": f"{told.service.url}/p/2", "keys": told.keys}
    status = worker.evaluate(
        """async ([old, now]) => {
          const real = self.fetch; let r; self.fetch = async (...a) => (r = await real(...a));
          const e = new Event('pushsubscriptionchange'); let done; e.waitUntil = p => { done = p };
          e.oldSubscription = {endpoint: old}; e.newSubscription = {toJSON: () => now};
          self.dispatchEvent(e); await done; self.fetch = real; return r.status }""",
        [told.endpoint, now],
    )
    assert status == 200
    told.service.replies = [Reply(410)]  # the failing twin: the browser is gone
    ask_back(sign_in(open_page("desk"), "one_stop_clerk"), code, "Chỗ ấy còn sạt nữa không ạ?")
    assert asked(told.service, 1)[0].path == "/p/2"
    box, end = told.page.locator("[data-bao-may]"), time.monotonic() + 20
    while True:  # until the worker of the house has noted it
        told.page.goto(f"/binh-lu/phan-anh/{code}/cua-toi/")
        box.get_by_role("heading").wait_for()
        if box.get_by_role("button", name="Bật thông báo").is_visible():
            break
        assert time.monotonic() < end
    box.get_by_role("button", name="Bật thông báo").click()
    box.get_by_role("button", name="Tắt thông báo").click()
    box.get_by_text("Đã tắt trên máy này").wait_for()
    assert told.page.evaluate("localStorage.getItem('dang-nghe')") is None
