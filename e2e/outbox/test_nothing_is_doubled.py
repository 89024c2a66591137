"""Two taps, two tabs, two drainers: one report."""

import pytest

from e2e.outbox.resident import send, until, wait_sent, write
from e2e.weak_network import Fate

pytestmark = pytest.mark.browser


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


def test_without_web_locks_a_lease_does(chromium, air, phone) -> None:
    one = phone()
    one.context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    write(one.page, photos=1)
    send(one.page)
    assert len(wait_sent(one.page)) == 1
    assert one.page.evaluate("() => navigator.locks === undefined")
