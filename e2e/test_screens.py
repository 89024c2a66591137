"""The pictures of docs/screens, taken when XASO_SCREENS=1."""

import os
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(os.environ.get("XASO_SCREENS") != "1", reason="XASO_SCREENS=1 takes them"),
]
SCREENS = Path(__file__).resolve().parent.parent / "docs" / "screens"


def shoot(page, name: str, *, whole: bool = False) -> None:
    SCREENS.mkdir(exist_ok=True)
    page.wait_for_timeout(400)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=whole)


def test_phone(open_page, town) -> None:
    page = open_page("phone")
    places = {
        "communes": "/",
        "home": "/binh-lu/",
        "board": "/binh-lu/phan-anh/",
        "send": "/binh-lu/phan-anh/gui/",
        "villages": "/binh-lu/ban/",
        "sign-in": "/binh-lu/dang-nhap/",
    }
    for name, path in places.items():
        page.goto(path)
        shoot(page, f"phone-{name}")
    page.goto("/binh-lu/phan-anh/")
    page.locator("main article a, main .ans a").first.click()
    page.wait_for_load_state()
    shoot(page, "phone-track", whole=True)


def test_desk(open_page, sign_in) -> None:
    page = sign_in(open_page("desk"), "leader")
    shoot(page, "desk-home")
    page.goto("/binh-lu/can-bo/phan-anh/")
    shoot(page, "desk-inbox")
    page.locator("a.job").first.click()
    page.wait_for_load_state()
    shoot(page, "desk-report", whole=True)
    page.goto("/binh-lu/can-bo/quan-tri/lich-lam-viec/")
    shoot(page, "desk-calendar")


def test_wall(open_page, town) -> None:
    page = open_page("wall", color_scheme="dark")
    page.goto(town.loaded["walls"]["binh-lu"])
    page.wait_for_selector("main")
    shoot(page, "wall")
