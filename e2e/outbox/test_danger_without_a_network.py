"""Danger: two taps in a dead spot, rung for when the network is back, taken, said, over."""

import re

import pytest

from e2e.outbox.resident import CONTROLLED, until

pytestmark = pytest.mark.browser
# The wall's two tones are made by the browser: count them where nobody hears.
COUNTS = """
(() => { self.tones = 0; const real = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    self.tones++; return real.call(this) } })()
"""


def test_from_the_dead_spot_to_the_wall_and_off_again(phone, town, sign_in, open_page, axe) -> None:
    wall = open_page("wall")
    wall.add_init_script(COUNTS)
    wall.goto(town.loaded["walls"]["binh-lu"])
    wall.wait_for_selector("html[data-live-state=on]")
    one = phone()
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    one.context.set_offline(True)

    # Two taps, no words, no network: kept, and said honestly, with a number to press.
    one.page.set_viewport_size({"width": 390, "height": 3000})
    one.page.goto("/binh-lu/bao-nguy-hiem/")
    one.page.get_by_role("button", name="Gửi ngay").click()
    one.page.get_by_text("Bà con bấm vào loại nguy hiểm").wait_for()
    one.page.get_by_text("Cháy").click()
    assert axe(one.page) == []
    one.page.get_by_role("button", name="Gửi ngay").click()
    one.page.wait_for_url("**/da-gui/?moi=*")
    danger = one.page.locator("[data-moi=danger]")
    danger.get_by_text("chưa tới xã").wait_for()
    assert danger.get_by_role("link", name="Trực ban").get_attribute("href").startswith("tel:")
    assert axe(one.page) == []
    (item,) = until(one.page, lambda a: len(a) == 1 and a[0]["last_error"] == "net")
    href = danger.get_by_role("link", name="Nhắn tin").get_attribute("href")
    assert f"NGUYHIEM%20FIRE%20{item['id'][:8]}" in href
    assert "Chuông đang reo" not in one.page.inner_text("main")
    one.page.goto("/binh-lu/phan-anh/da-gui/")  # looked at again, it is still said
    danger.wait_for()

    # The network is back: it goes by itself, and the wall rings.
    one.context.set_offline(False)
    one.page.goto(f"/binh-lu/phan-anh/da-gui/?moi={item['id']}")
    one.page.locator("[data-moi=rings]").get_by_text("Chuông đang reo").wait_for()
    danger.wait_for(state="hidden")
    (item,) = until(one.page, lambda a: a[0]["state"] == "sent")
    code = item["receipt"]["code"]
    line = wall.locator(".alarm--rings", has_text="Cháy")
    line.wait_for()
    wall.wait_for_function("() => self.tones >= 2")

    # Who is on duty takes it by one tap; the wall says who, and is quiet.
    desk = sign_in(open_page("desk"), "binhlu.motcua")
    desk.goto("/binh-lu/can-bo/nguy-hiem/")
    assert axe(desk) == []
    desk.goto(f"/binh-lu/can-bo/nguy-hiem/{code}/")
    desk.get_by_role("button", name="Tôi nhận").click()
    desk.get_by_text("Bác đã nhận").wait_for()
    assert axe(desk) == []
    name = re.sub(r" nhận .*", "", desk.locator(".note--xanh", has_text=" nhận ").last.inner_text())
    taken = wall.locator(".alarm", has_text="Cháy")
    wall.wait_for_function(
        "said => [...document.querySelectorAll('.alarm')]"
        ".some(e => said.every(words => e.innerText.includes(words)))",
        arg=["Cháy", f"{name.strip()} đã nhận"],
    )
    line.wait_for(state="detached")

    # And over.
    desk.get_by_role("button", name="Hết nguy hiểm").click()
    desk.get_by_text("Đã hết báo động").wait_for()
    taken.wait_for(state="detached")
    assert not wall.errors, wall.errors


def test_with_a_network_the_alarm_rings_before_the_page_changes(phone, air) -> None:
    one = phone()
    one.page.goto("/binh-lu/bao-nguy-hiem/")
    one.page.wait_for_function(CONTROLLED)
    # Another danger than in the story above: fires of one place are one alarm on the wall.
    one.page.get_by_text("Sạt lở đất đá").click()
    one.page.evaluate(
        "() => { const b = document.querySelector('#nguy-hiem [type=submit]');"
        " b.click(); b.click() }"
    )
    one.page.wait_for_url(re.compile(r"/bao-nguy-hiem/\d{9}/"))
    one.page.get_by_role("heading", name="Chuông đang reo").wait_for()
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    assert len(until(one.page, lambda a: a and a[0]["state"] == "sent")) == 1
