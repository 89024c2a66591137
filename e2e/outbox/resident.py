"""What a resident does with a phone, and what the phone then holds."""

import io
import os
import time
from collections.abc import Callable

from PIL import Image

GRANTED = ["geolocation", "notifications", "background-sync"]
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
ITEMS = "() => self.xasoOutbox.all()"


def noisy(number: int, side: int = 1600) -> dict:
    """Return a photo of about the size a phone takes, unlike every other one."""
    small = Image.frombytes("RGB", (side // 8, side // 8), os.urandom((side // 8) ** 2 * 3))
    out = io.BytesIO()
    small.resize((side, side)).save(out, "JPEG", quality=92)
    return {"name": f"anh-{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def grainy(side: int, grain: float) -> dict:
    """Return a photo of the worst kind: large, every pixel a leaf or a pebble of its own."""
    width, height = side, side * 3 // 4
    light = Image.linear_gradient("L").resize((width, height))
    leaves = Image.effect_noise((width, height), 60 * grain)
    picture = Image.merge("RGB", [Image.blend(light, leaves, s) for s in (0.5, 0.6, 0.7)])
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return {"name": f"la-{side}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


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
