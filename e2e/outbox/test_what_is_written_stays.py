"""Drafts, refusals, full phones, cards: what somebody wrote stays until it is sent."""

import base64
import re

import pytest

from e2e.outbox.resident import grainy, noisy, send, until, wait_sent, write

pytestmark = pytest.mark.browser


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


def test_other_words_under_a_known_key_are_added_to_the_first_report(phone) -> None:
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
    assert set(wait_sent(one.page, 2)) == {code}  # one report, and a line more in it
    one.page.goto(f"/binh-lu/phan-anh/{code}/cua-toi/")
    one.page.get_by_text("Bà con gửi thêm").wait_for()


def test_leaves_and_gravel_weigh_three_hundred_kilobytes_at_most(phone) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    one.page.set_input_files("input[name=anh]", [grainy(3000, 0.6), grainy(4000, 1), noisy(1)])
    one.page.wait_for_function("() => document.querySelectorAll('#anh-nho img').length === 3")
    (item,) = until(one.page, lambda a: a and len(a[0]["photos"]) == 3)
    sizes = [photo["size"] for photo in item["photos"]]
    print("kB:", [round(size / 1000) for size in sizes])
    assert max(sizes) <= 300_000
    assert min(sizes) > 100_000  # and no smaller than that asks for


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
