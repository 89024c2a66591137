"""A resident takes a number, hands papers in, and fetches the signed result by the code."""

import io
import re
import time

import pytest
from PIL import Image

pytestmark = pytest.mark.browser

CODE = "1.000656"  # death registration: looked at by an officer, signed by a leader


def scan() -> dict:
    file = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(file, "PNG")
    return {"name": "to-khai.png", "mimeType": "image/png", "buffer": file.getvalue()}


def until(page, there, seconds: float = 60):
    """Reload until something is on the page: a worker does what was asked for."""
    end = time.monotonic() + seconds
    while not page.locator(there).count():
        assert time.monotonic() < end, f"{there} did not come: {page.inner_text('main')[:400]}"
        page.wait_for_timeout(500)
        page.reload()


def number_from_the_machine(open_page, sign_in) -> str:
    admin = sign_in(open_page("desk"), "administrator")
    admin.goto("/binh-lu/can-bo/quan-tri/quay/")
    form = admin.locator("form:has(input[name=them][value=machine])")
    form.locator("input[name=kind][value=kiosk]").check()
    form.locator("input[name=name]").fill("Cửa vào (mẫu)")
    form.locator("button[type=submit]").click()
    kiosk = open_page("desk")
    kiosk.goto(admin.input_value("#dia-chi"))
    kiosk.click("button[name=nhom][value=A]")
    kiosk.wait_for_selector(".ticket__number")
    return kiosk.inner_text(".ticket__number").strip()


def received(desk, number: str) -> str:
    """The clerk calls the number and takes the papers in; return the dossier's code."""
    desk.goto("/binh-lu/can-bo/quay/")
    desk.locator("button[name=quay]").first.click()
    desk.locator("form[action$='/goi/'] button").click()
    assert number in desk.inner_text(".turn")
    desk.locator("main a[href$='/tiep-nhan/']").click()
    desk.click(f"a[href$='/{CODE}/']")
    desk.fill("[name=name]", "Lò Thị Mẩy (mẫu)")
    desk.fill("[name=phone]", "0912 345 678")
    for box in desk.locator("input[type=file]").all():
        box.set_input_files(scan())
    desk.locator("main form button.btn--big").click()
    desk.wait_for_selector(".reception-code")
    code = desk.inner_text(".reception-code").strip()
    receipt = desk.request.get(desk.get_attribute("a[href$='mau-01.pdf']", "href"))
    assert receipt.body()[:5] == b"%PDF-"
    return code


def opened(page, code: str) -> None:
    page.goto(f"/binh-lu/can-bo/ho-so/?tim={code}")
    page.locator(f"main a:has-text('{code}')").first.click()
    page.wait_for_url(re.compile(r"/can-bo/ho-so/[0-9a-f-]{36}/"))


def handed_to(page, code: str, who: str, step: str) -> None:
    opened(page, code)
    page.locator("main a[href$='/chuyen/']").first.click()
    if page.locator("[name=to_step] option").count() > 1:
        page.select_option("[name=to_step]", step)
    chosen = page.locator("[name=receiver] option", has_text=who).first  # the unit stands behind
    page.select_option("[name=receiver]", chosen.get_attribute("value"))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/can-bo/ho-so/[0-9a-f-]{36}/$"))


def test_choosing_a_bearer_of_authority_opens_their_paper(open_page, sign_in) -> None:
    clerk = sign_in(open_page("desk"), "one_stop_clerk")
    clerk.goto("/binh-lu/can-bo/ho-so/?nhom=ready")
    paths = clerk.locator("main a").evaluate_all("all => all.map(each => each.pathname)")
    ready = next(p for p in paths if re.fullmatch(r".*/can-bo/ho-so/[0-9a-f-]{36}/", p))
    clerk.goto(f"{ready}tra/")
    paper = clerk.locator("details[data-nguoi-nhan]")
    assert paper.get_attribute("open") is None
    clerk.select_option("[name=fetcher]", "uy-quyen")
    clerk.wait_for_selector("details[data-nguoi-nhan][open] [name=id_number]:visible")
    clerk.select_option("[name=fetcher]", "")
    clerk.wait_for_selector("details[data-nguoi-nhan]:not([open])")
    clerk.select_option("[name=fetcher]", "uy-quyen")
    clerk.fill("details [name=name]", "Lò Thị Ín (mẫu)")
    clerk.select_option("[name=fetcher]", "")
    assert paper.get_attribute("open") is not None  # what is written stays in sight


def test_a_clerk_serves_a_resident_from_ticket_to_signed_result(open_page, sign_in, town) -> None:
    number = number_from_the_machine(open_page, sign_in)
    clerk = sign_in(open_page("desk"), "one_stop_clerk")
    code = received(clerk, number)
    officer_account, leader_account = town.account("officer"), town.account("leader")
    handed_to(clerk, code, officer_account["full_name"], "tham_dinh")

    officer = sign_in(open_page("desk"), officer_account["username"])
    handed_to(officer, code, leader_account["full_name"], "trinh_ky")
    opened(officer, code)
    officer.locator("a[href*='/can-bo/ket-qua/']").click()
    officer.fill("[name=lines]", "Người mất: Lò Văn Mẫu\nNgày mất: 20/11/2026")
    officer.fill("[name=text]", "Việc khai tử đã được ghi vào sổ.")
    officer.select_option("[name=signer]", label=leader_account["full_name"])
    officer.locator("main form button[type=submit]").click()

    leader = sign_in(open_page("desk"), leader_account["username"])
    leader.goto("/binh-lu/can-bo/van-ban/")
    leader.locator(f"main a:has-text('{code}')").first.click()
    leader.locator("form[action$='/duyet/'] button").click()
    until(leader, "form[action$='/ky/'] button")
    leader.locator("form[action$='/ky/'] button").click()
    clerk.goto(leader.url)
    until(clerk, "form[action$='/dong-dau/'] button")
    clerk.locator("form[action$='/dong-dau/'] button").click()
    until(clerk, "a[href$='goc.pdf']")

    phone = open_page("phone")
    phone.goto("/binh-lu/ho-so/")
    phone.fill("[name=code]", code)
    phone.fill("[name=factor]", "5678")
    phone.locator("main form button[type=submit]").click()
    until(phone, "a[href$='/ho-so/ket-qua/']")
    with phone.expect_download() as coming:
        phone.click("a[href$='/ho-so/ket-qua/']")
    file = coming.value.path()
    assert file.read_bytes()[:5] == b"%PDF-"
    phone.reload()
    phone.click("button[name=mat][value='2']")
    assert "đã ghi ý kiến" in phone.inner_text("main")

    stranger = open_page("phone")
    stranger.goto("/binh-lu/kiem-tra/tep/")
    stranger.set_input_files("input[type=file]", file)
    stranger.locator("main form button[type=submit]").first.click()
    assert "Hợp lệ" in stranger.inner_text("main")
