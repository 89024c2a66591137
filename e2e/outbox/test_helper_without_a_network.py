"""A village head joins a phone, writes for a neighbour without a signal, and it arrives once."""

import json

import pytest

from e2e.outbox.resident import ITEMS, found, send, until, wait_sent, write

pytestmark = pytest.mark.browser
AWAY, PHONES = "/binh-lu/phan-anh/gui-ho/", "/binh-lu/can-bo/phan-anh/gui-ho/may/"
NAME = "Giàng Thị Sung (mẫu)"


def join(page, sign_in) -> None:
    sign_in(page, "village_head")
    page.goto(PHONES)
    page.fill("#ten", "Máy của tôi (mẫu)")
    page.click("main form:has(#ten) button[type=submit]")
    page.locator("#da-noi").wait_for()


def sign_out(context) -> None:
    """Leave the phone the mark of its device alone, as after a day."""
    mine = [each for each in context.cookies() if each["name"].endswith("xaso_device")]
    assert mine
    context.clear_cookies()
    context.add_cookies(mine)


def write_for_a_neighbour(page, words: str) -> None:
    page.goto(AWAY)
    page.locator("#form-gui-ho").wait_for()
    page.check("[name=category][value=ROAD-DAMAGE]", force=True)
    page.fill("textarea[name=text]", words)
    page.select_option("#id_village", index=1)
    page.check("#id_has_agreed")
    page.fill("#id_name", NAME)
    page.check("[name=reach][value=slip]")
    page.click("#form-gui-ho button[type=submit]")
    page.wait_for_url("**/da-gui/**")


def test_what_was_written_for_a_neighbour_arrives_once(phone, air, sign_in) -> None:
    one = phone()
    join(one.page, sign_in)
    one.page.goto(AWAY)
    one.page.locator("#form-gui-ho").wait_for()
    sign_out(one.context)

    air.is_offline = True
    one.page.goto(AWAY)
    one.page.locator("#form-gui-ho").wait_for()
    one.page.click("#form-gui-ho button[type=submit]")
    one.page.get_by_text("Chọn chuyện gì.").wait_for()  # the same rules as with a network
    write_for_a_neighbour(one.page, "Suối cuốn mất cầu tạm.")
    one.page.locator("#hop-thu").get_by_text("Chưa có mạng").wait_for()
    held = json.dumps(one.page.evaluate(ITEMS), ensure_ascii=False)
    assert NAME not in held
    assert "Suối cuốn" not in held

    air.is_offline = False
    one.page.evaluate("() => xasoOutbox.fresh()")
    (code,) = wait_sent(one.page)
    assert found(one.page, code)
    one.page.evaluate("() => xasoOutbox.fresh()")
    assert wait_sent(one.page) == [code]
    sign_in(one.page, "village_head")
    one.page.goto("/binh-lu/can-bo/phan-anh/gui-ho/")
    brought = one.page.locator(f"main aside a[href*='{code}']")
    assert brought.count() == 1


def test_a_revoked_phone_keeps_what_waits_until_it_is_joined_again(
    phone, air, sign_in, chromium, town
) -> None:
    one = phone()
    join(one.page, sign_in)
    one.page.goto(AWAY)
    one.page.locator("#form-gui-ho").wait_for()
    sign_out(one.context)
    air.is_offline = True
    write_for_a_neighbour(one.page, "Bể nước của bản bị nứt.")

    office = chromium.new_context(base_url=town.base, locale="vi-VN")
    page = sign_in(office.new_page(), "administrator")
    page.goto("/binh-lu/can-bo/quan-tri/may-gui-ho/")
    while page.get_by_role("button", name="Thu hồi").count():
        page.get_by_role("button", name="Thu hồi").first.click()
    office.close()

    air.is_offline = False
    one.page.evaluate("() => xasoOutbox.fresh()")
    until(one.page, lambda all: [i["state"] for i in all] == ["auth"])
    one.page.locator("#hop-thu").get_by_text("Nối máy này").wait_for()
    join(one.page, sign_in)
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    (code,) = wait_sent(one.page)
    assert found(one.page, code)


def test_something_is_added_to_a_report_without_a_network(phone, air) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    write(one.page, photos=0, words="Cột điện bị nghiêng.")
    send(one.page)
    (code,) = wait_sent(one.page)
    air.is_offline = True
    one.page.get_by_role("button", name="Bổ sung").click()
    one.page.fill("#them", "Sáng nay cột nghiêng thêm.")
    one.page.click("#bo-sung button[type=submit]")
    until(one.page, lambda all: sorted(i["state"] for i in all) == ["queued", "sent"])
    one.page.locator("#hop-thu").get_by_text("Sáng nay cột nghiêng thêm.").wait_for()
    air.is_offline = False
    one.page.evaluate("() => xasoOutbox.fresh()")
    assert set(wait_sent(one.page, 2)) == {code}
