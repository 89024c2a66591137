"""A resident writes what was reported before, sees it, joins with the photo, follows by code."""

import json
import re
from urllib.request import urlopen

import pytest

from e2e.test_a_light_is_mended import photo

pytestmark = pytest.mark.browser


@pytest.fixture
def known(town) -> dict:
    """Return a published report that is still open, with a place in words."""
    with urlopen(f"{town.base}/binh-lu/api/v1/reports?limit=50&status=open") as answer:
        found = json.load(answer)["items"]
    return next(line for line in found if line["text"] and "Bản" in line["place"])


def write(page, known: dict) -> None:
    """Fill the form with the same matter, with a photo."""
    page.goto("/binh-lu/phan-anh/gui/")
    page.set_input_files("input[name=anh]", photo("#222222"))
    page.wait_for_selector("#anh-nho img")
    page.click("#chup .foot-acts .btn--main")
    landmark, _comma, village = known["place"].rpartition(", ")
    page.select_option("select[name=village]", label=village)
    page.fill("input[name=landmark]", landmark)
    page.click("#o-dau .foot-acts .btn--main")
    page.locator(".reports-kinds label").filter(has_text=known["category"]).first.click()
    page.fill("textarea[name=text]", known["text"])


def test_me_too_while_writing(open_page, known) -> None:
    page = open_page("phone")
    write(page, known)
    page.get_by_role("heading", name="Có phải việc này không?").wait_for()
    page.get_by_label("Cho xã dùng ảnh tôi vừa chụp").check()
    button = page.get_by_role("button", name="Tôi cũng gặp").first
    button.evaluate("e => e.scrollIntoView({block: 'center'})")
    button.click()
    page.wait_for_url("**/theo-doi/")
    mine = re.sub(r"\D", "", page.inner_text(".code"))
    assert len(mine) == 9
    assert mine != known["code"]
    assert "người cùng báo" in page.inner_text("main")
    page.goto(f"/t/{mine}")
    assert page.inner_text("h1") == known["title"]
    assert not page.errors, page.errors
