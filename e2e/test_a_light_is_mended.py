"""A broken light: a resident reports it, the commune answers in public, the wall counts it live."""

import io
import re

import pytest
from PIL import Image, ImageDraw

pytestmark = pytest.mark.browser
ANSWER = (
    "Tổ sửa chữa của xã đã thay bóng đèn và dây dẫn ở ngã ba vào chiều nay, "
    "đèn đã sáng lại, bà con đi lại yên tâm."
)


def photo(colour: str) -> dict:
    """Return a photo a phone could have taken, as an upload."""
    picture = Image.new("RGB", (1600, 1200), "#27386F")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((760, 300, 800, 1200), fill="#888888")
    draw.ellipse((700, 200, 860, 330), fill=colour)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=85)
    return {"name": "den.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def send(page) -> str:
    """Send a report as a resident does, one thing per screen; return its code."""
    page.goto("/binh-lu/")
    page.get_by_role("link", name=re.compile("Gửi phản ánh")).first.click()
    page.set_input_files("input[name=anh]", photo("#222222"))
    page.wait_for_selector("#anh-nho img")
    page.click("#chup .foot-acts .btn--main")
    page.select_option("select[name=village]", index=3)
    page.fill("input[name=landmark]", "ngã ba nhà văn hóa")
    page.click("#o-dau .foot-acts .btn--main")
    page.get_by_text("Điện, đèn đường").or_(page.get_by_text("Đèn đường")).first.click()
    page.fill("textarea[name=text]", "Đèn đường ở ngã ba không sáng ba hôm nay, tối rất khó đi.")
    page.click("button[type=submit].btn--cam")
    page.wait_for_url("**/da-gui/**")
    page.locator("#hop-thu").get_by_text("Đã nhận đủ").wait_for()
    page.locator("[data-moi=received]").get_by_role("link", name="Giấy hẹn").click()
    page.wait_for_url("**/giay-hen/**")
    return re.sub(r"\D", "", page.inner_text(".code"))


def step(page, code: str, slug: str) -> None:
    page.goto(f"/binh-lu/can-bo/phan-anh/{code}/{slug}/")


def submit(page) -> None:
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def accept(page, code: str) -> None:
    """Accept the report, give it to the economy office, publish its words and photo."""
    page.goto("/binh-lu/can-bo/phan-anh/")
    assert code in re.sub(r"\s", "", page.inner_text("main"))
    step(page, code, "nhan")
    unit = page.locator("select[name=unit] option", has_text="Phòng Kinh tế").get_attribute("value")
    page.select_option("select[name=unit]", unit)
    submit(page)
    step(page, code, "dang")
    page.check("input[name=loi][value=ok]", force=True)
    blur(page, (0.4, 0.1), (0.6, 0.4))
    submit(page)


def blur(page, start, end) -> None:
    """Draw a box over the photo; the decision follows, and the keyboard moves the box."""
    shot = page.locator("[data-hinh]")
    shot.scroll_into_view_if_needed()
    shot.locator("img").evaluate("each => each.decode()")
    there = shot.bounding_box()
    for number, (x, y) in enumerate((start, end)):
        page.mouse.move(there["x"] + x * there["width"], there["y"] + y * there["height"])
        (page.mouse.up if number else page.mouse.down)()
    assert page.is_checked("input[name^=anh_][value=blurred]")
    drawn = page.input_value("[data-khung]")
    page.keyboard.press("ArrowRight")
    assert page.input_value("[data-khung]") != drawn


def answer(page, code: str) -> None:
    """Answer in public, with a photo taken afterwards."""
    step(page, code, "tra-loi")
    page.check("input[name=kind][value=fixed]", force=True)
    page.fill("textarea[name=text]", ANSWER)
    page.fill("input[name=done_on]", page.evaluate("new Date().toLocaleDateString('sv')"))
    page.set_input_files("input[name=anh]", photo("#FFF3B0"))
    submit(page)
    assert "tra-loi" not in page.url, page.inner_text("main")


def test_from_the_photo_to_the_public_answer(open_page, sign_in, town) -> None:
    wall = open_page("wall")
    wall.goto(town.loaded["walls"]["binh-lu"])
    wall.wait_for_selector("html[data-live-state=on]")
    before = wall.inner_text("main")

    phone = open_page("phone")
    code = send(phone)
    assert len(code) == 9
    wall.wait_for_function("old => document.querySelector('main').innerText !== old", arg=before)

    clerk = sign_in(open_page("desk"), "binhlu.motcua")
    accept(clerk, code)
    desk = sign_in(open_page("desk"), "binhlu.kinhte")
    answer(desk, code)

    neighbour = open_page("phone")
    neighbour.goto(f"/binh-lu/phan-anh/{code}/")
    text = neighbour.inner_text("main")
    assert "Tổ sửa chữa của xã đã thay bóng đèn" in text
    blurred = neighbour.get_by_alt_text(re.compile("Ảnh bà con gửi")).first.get_attribute("src")
    assert blurred
    clerk.goto(f"/binh-lu/can-bo/phan-anh/{code}/")
    evidence = clerk.locator("figure", has_text="Ảnh bà con gửi").locator("img").first
    first = re.search(r"/tep/(\w+)/", evidence.get_attribute("src"))[1]
    assert first not in blurred
    assert neighbour.request.get(f"/binh-lu/tep/{first}/800.jpg").status == 404
    for page in (phone, neighbour, clerk, desk, wall):
        assert not page.errors, page.errors


def test_the_wall_heals_itself_after_the_server_was_away(open_page, town) -> None:
    wall = open_page("wall")
    wall.goto(town.loaded["walls"]["binh-lu"])
    wall.wait_for_selector("html[data-live-state=on]")
    town.stop("live", kill=True)
    wall.wait_for_selector("html[data-live-state=off]")
    assert wall.locator("main").inner_text()
    town.start("live")
    wall.wait_for_selector("html[data-live-state=on]", timeout=60_000)


def test_without_script_a_report_arrives_all_the_same(open_page) -> None:
    page = open_page("phone", java_script_enabled=False)
    page.goto("/binh-lu/phan-anh/gui/")
    page.set_input_files("input[name=anh]", photo("#222222"))
    page.select_option("select[name=village]", index=2)
    page.check("input[name=category] >> nth=0", force=True)
    page.fill("textarea[name=text]", "Rác đổ ven suối đã mấy hôm, mùi rất khó chịu.")
    page.click("button[type=submit].btn--cam")
    assert "giay-hen" in page.url
    assert page.inner_text(".code")


def test_a_form_that_fails_keeps_words_and_photo(open_page) -> None:
    page = open_page("phone", java_script_enabled=False)
    page.goto("/binh-lu/phan-anh/gui/")
    page.set_input_files("input[name=anh]", photo("#222222"))
    page.fill("textarea[name=text]", "Đèn đường ở ngã ba không sáng.")
    page.click("button[type=submit].btn--cam")
    assert "giay-hen" not in page.url
    assert page.input_value("textarea[name=text]") == "Đèn đường ở ngã ba không sáng."
    assert page.locator("input[name=giu]").count() == 1
