"""A clerk goes for tea in the middle of a sentence; the screen locks and keeps the sentence."""

import pytest

pytestmark = pytest.mark.browser


def test_the_screen_is_covered_and_what_was_typed_stays(town, open_page, sign_in) -> None:
    page = open_page("desk")
    sign_in(page, "one_stop_clerk")
    page.goto(f"{town.base}/binh-lu/tai-khoan/")
    page.get_by_role("button", name="Bật", exact=True).click()
    page.clock.install()
    page.goto(f"{town.base}/binh-lu/can-bo/phan-anh/")
    page.get_by_role("searchbox").fill("Cầu treo bản Nà")
    page.clock.fast_forward("09:00")
    assert not page.locator("#khoa-man").is_visible()
    page.clock.fast_forward("01:30")
    page.locator("#khoa-man").wait_for(state="visible")
    page.keyboard.press("Escape")
    assert page.locator("#khoa-man").is_visible()
    other = page.context.new_page()
    other.goto(f"{town.base}/binh-lu/can-bo/phan-anh/")
    assert "/tai-khoan/hoi-lai/" in other.url
    page.get_by_label("Mật khẩu").fill("không phải mật khẩu")
    page.get_by_role("button", name="Mở khóa").click()
    page.get_by_text("Mật khẩu chưa đúng").wait_for()
    page.get_by_label("Mật khẩu").fill(town.account("one_stop_clerk")["password"])
    page.get_by_role("button", name="Mở khóa").click()
    page.locator("#khoa-man").wait_for(state="hidden")
    assert page.get_by_role("searchbox").input_value() == "Cầu treo bản Nà"
    other.reload()
    other.goto(f"{town.base}/binh-lu/can-bo/phan-anh/")
    assert "hoi-lai" not in other.url
