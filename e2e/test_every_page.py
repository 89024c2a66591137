"""Every main page is sound: accessible, narrow, zoomed, without script, light on the wire."""

import pytest

pytestmark = pytest.mark.browser
CITIZEN = [
    "/",
    "/binh-lu/",
    "/binh-lu/phan-anh/",
    "/binh-lu/phan-anh/gui/",
    "/binh-lu/phan-anh/gui/ngoai-mang/",
    "/binh-lu/phan-anh/da-gui/",
    "/binh-lu/bao-nguy-hiem/",
    "/binh-lu/bao-nguy-hiem/ngoai-mang/",
    "/binh-lu/mat-mang/",
    "/binh-lu/phan-anh/tra-cuu/",
    "/binh-lu/phan-anh/ket-qua/",
    "/binh-lu/phan-anh/{code}/cung-gap/",
    "/binh-lu/phan-anh/{code}/",
    "/t/{code}",
    "/binh-lu/ban/",
    "/binh-lu/gioi-thieu/",
    "/binh-lu/nghe/",
    "/binh-lu/du-lieu-mo/",
    "/dang-nhap/",
    "/binh-lu/khong-co/",
]
DESK = [
    "/binh-lu/can-bo/",
    "/binh-lu/can-bo/phan-anh/",
    "/binh-lu/can-bo/phan-anh/so-lieu/",
    "/binh-lu/can-bo/phan-anh/phieu-ngay/?cua=xa",
    "/binh-lu/can-bo/phan-anh/gui-ho/",
    "/binh-lu/can-bo/phan-anh/phieu-giay/",
    "/binh-lu/can-bo/phan-anh/{code}/",
    "/binh-lu/can-bo/phan-anh/the-nho/",
    "/binh-lu/can-bo/phan-anh/{code}/ghi-chu/",
    "/binh-lu/can-bo/phan-anh/{code}/giong/",
    "/binh-lu/can-bo/phan-anh/{code}/dang/",
    "/binh-lu/can-bo/phan-anh/duyet-dang/",
    "/binh-lu/can-bo/phan-anh/xem-lai/",
    "/binh-lu/can-bo/phan-anh/ket-qua/",
    "/binh-lu/can-bo/quan-tri/",
    "/binh-lu/can-bo/quan-tri/nhat-ky/",
    "/binh-lu/can-bo/quan-tri/giong-noi/",
    "/binh-lu/can-bo/quan-tri/suc-khoe/",
    "/binh-lu/can-bo/nguy-hiem/",
    "/binh-lu/can-bo/quan-tri/kenh/",
    "/binh-lu/can-bo/quan-tri/kenh/sms/",
    "/binh-lu/can-bo/quan-tri/kenh/zalo/",
    "/binh-lu/can-bo/quan-tri/kenh/push/",
    "/binh-lu/can-bo/quan-tri/tin-nhan/",
    "/binh-lu/can-bo/quan-tri/lich-lam-viec/",
    "/tai-khoan/",
]
MOST_KB = 50
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


@pytest.fixture(scope="session")
def code(town) -> str:
    """Return the code of a published, answered report."""
    import json
    from urllib.request import urlopen

    with urlopen(f"{town.base}/binh-lu/api/v1/reports?limit=50") as answer:
        found = json.load(answer)
    return next(line["code"] for line in found["items"] if line["answered_at"])


@pytest.mark.parametrize("path", CITIZEN)
def test_a_citizen_page(open_page, axe, code, path) -> None:
    page = open_page("small")
    page.goto(path.format(code=code))
    assert page.inner_text("body").strip()
    assert axe(page) == []
    assert not page.evaluate(SIDEWAYS), "scrolls sideways at 320 px"
    if "khong-co" not in path:
        assert not page.errors, page.errors


@pytest.mark.parametrize("path", [p for p in CITIZEN if "khong-co" not in p])
def test_a_citizen_page_is_light(open_page, code, path) -> None:
    page = open_page("phone")
    sizes: dict[str, float] = {}
    urls: dict[str, str] = {}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    devtools.on(
        "Network.requestWillBeSent",
        lambda e: urls.update({e["requestId"]: e["request"]["url"]}),
    )
    page.goto(path.format(code=code), wait_until="load")
    page.wait_for_timeout(300)
    # Pictures further down are asked for when someone scrolls to them.
    lazy = page.evaluate(
        "[...document.querySelectorAll('img[loading=lazy]')].map(i => i.currentSrc)"
    )
    first = sum(size for key, size in sizes.items() if urls.get(key) not in lazy)
    assert first / 1024 <= (10 if path.startswith("/t/") else MOST_KB)
    hosts = {url.split("/")[2] for url in urls.values() if url.startswith("http")}
    assert len(hosts) == 1, hosts


@pytest.mark.parametrize("role", ["leader", "administrator"])
def test_the_desk(open_page, sign_in, axe, code, role) -> None:
    page = sign_in(open_page("desk"), role)
    for path in DESK:
        answer = page.goto(path.format(code=code))
        if answer.status == 403:
            page.errors.clear()
            continue
        assert answer.ok, f"{role}: {path} → {answer.status}"
        assert axe(page) == [], path
        page.set_viewport_size({"width": 320, "height": 640})
        assert not page.evaluate(SIDEWAYS), f"{path} scrolls sideways at 320 px"
        page.set_viewport_size({"width": 1440, "height": 900})
        assert not page.errors, (path, page.errors)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_wall_in_both_lights(open_page, axe, town, theme) -> None:
    page = open_page("wall", color_scheme=theme)
    page.goto(town.loaded["walls"]["binh-lu"])
    page.wait_for_selector("main")
    assert axe(page) == []
    assert not page.evaluate("document.documentElement.scrollHeight > innerHeight + 1"), (
        "the wall must not scroll"
    )


TWICE = "document.documentElement.style.fontSize = '200%'"


def test_letters_twice_as_large_fit_a_phone(open_page, code) -> None:
    """WCAG 2.2, 1.4.4: a phone set to letters of 200 % scrolls nothing sideways."""
    page, wrong = open_page("phone"), []
    for path in CITIZEN:
        page.goto(path.format(code=code))
        page.evaluate(TWICE)
        if page.evaluate(SIDEWAYS):
            wrong.append(path)
    assert not wrong


def test_a_desk_zoomed_to_twice_its_size_fits(open_page, sign_in, code) -> None:
    """A browser at 200 % lays a screen of 1,440 pixels out as one of 720."""
    page, wrong = sign_in(open_page("desk"), "leader"), []
    page.set_viewport_size({"width": 720, "height": 450})
    for path in DESK:
        if page.goto(path.format(code=code)).status == 403:
            continue
        if page.evaluate(SIDEWAYS):
            wrong.append(path)
    assert not wrong


def _pages(content: bytes) -> list[tuple[int, int]]:
    """Return the sizes of a document's pages in millimetres."""
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(content)) as paper:
        return [tuple(round(float(x) * 25.4 / 72) for x in p.mediabox[2:]) for p in paper.pages]


def test_papers_print_on_their_size(open_page, sign_in, town) -> None:
    resident = open_page("phone")
    resident.goto("/binh-lu/phan-anh/gui/")
    sent = resident.evaluate(
        """() => { const f = document.querySelector('main form'); f.noValidate = true;
        f.elements.category.value = 'WASTE'; f.elements.text.value = 'Rác đầy đầu bản, thử in.';
        f.elements.landmark.value = 'đầu bản'; HTMLFormElement.prototype.submit.call(f); }"""
    )
    assert sent is None
    resident.wait_for_url("**/giay-hen/**")
    slip = _pages(resident.pdf(prefer_css_page_size=True))
    assert slip == [(148, 210)]  # A5, one page
    desk = sign_in(open_page("desk"), "one_stop_clerk")
    desk.goto("/binh-lu/can-bo/phan-anh/phieu-ngay/?cua=xa")
    assert set(_pages(desk.pdf(prefer_css_page_size=True))) == {(210, 297)}
    desk.goto("/binh-lu/can-bo/phan-anh/phieu-giay/")
    desk.fill("#so", "2")
    desk.click("main form button")
    desk.wait_for_load_state()
    assert _pages(desk.pdf(prefer_css_page_size=True))[:2] == [(297, 210)] * 2
