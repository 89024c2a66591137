"""An official sets up a passkey and comes in with it; the sign-in pages look and read well."""

import threading
from collections.abc import Callable
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

pytestmark = pytest.mark.browser
PASSWORD = "nuong ngo tren suon nui"


class Quiet(WSGIRequestHandler):
    """Writes no log lines."""

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def office(committed, binh_lu, settings):
    """Serve Bình Lư with one clerk on http://localhost, where passkeys work."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.identity import actions
    from xaso.kernel.identity.models import Role
    from xaso.kernel.tenancy import actions as tenancy

    settings.XASO_SECOND_FACTOR = True
    lan, _ = actions.add_official(
        actions.NewOfficial("lan", "Lò Thị Lan", "Cán bộ một cửa"),
        commune=binh_lu,
        by=SYSTEM,
        password=PASSWORD,
    )
    with tenancy.inside(binh_lu.id):
        actions.give_role(lan, Role.CLERK, commune=binh_lu, by=SYSTEM)
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    yield f"http://localhost:{server.server_port}/binh-lu"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(chromium, office):
    """Return a function that opens a browser of a size at the office's door."""
    from e2e.conftest import SIZES

    contexts = []

    def opened(size: str = "phone"):
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height}, service_workers="block"
        )
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.errors.append(str(e)))
        page.goto(f"{office}/dang-nhap/")
        return page

    yield opened
    for context in contexts:
        context.close()


def _with_authenticator(page) -> Callable[[], None]:
    """Give the browser a virtual authenticator that knows its owner."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return wire.detach


def _by_password(page) -> None:
    page.fill("input[name=login]", "lan")
    page.fill("input[name=password]", PASSWORD)
    page.click("button:has-text('Vào')")


def test_a_passkey_is_added_and_opens_the_door_alone(visit, office) -> None:
    page = visit("desk")
    _with_authenticator(page)
    _by_password(page)
    page.wait_for_url("**/tai-khoan/")  # no second factor yet, so the desk waits
    page.click("a:has-text('Khóa bảo mật')")
    page.click("a:has-text('Thêm khóa')")
    page.fill("input[name=name]", "Máy ở quầy một cửa")
    page.click("button:has-text('Thêm khóa')")
    page.wait_for_url("**/bao-mat/ma-du-phong/")
    assert page.locator("ol code").count() == 10
    page.goto(f"{office}/tai-khoan/bao-mat/khoa/")
    assert page.locator("text=Máy ở quầy một cửa").count() >= 1
    page.goto(f"{office}/dang-xuat/")
    page.click("button:has-text('Đăng xuất')")
    page.goto(f"{office}/dang-nhap/")
    page.click("button:has-text('Bằng khóa bảo mật')")
    page.wait_for_url("**/can-bo/**")
    assert page.errors == []


def test_a_passkey_is_the_second_step_after_a_password(visit, office) -> None:
    page = visit("phone")
    _with_authenticator(page)
    _by_password(page)
    page.wait_for_url("**/tai-khoan/")
    page.goto(f"{office}/tai-khoan/bao-mat/khoa/them/")
    page.uncheck("input[name=passwordless]")
    page.click("button:has-text('Thêm khóa')")
    page.wait_for_url("**/bao-mat/ma-du-phong/")
    page.goto(f"{office}/dang-xuat/")
    page.click("button:has-text('Đăng xuất')")
    page.goto(f"{office}/dang-nhap/")
    _by_password(page)
    page.wait_for_url("**/dang-nhap/buoc-hai/")
    page.click("button:has-text('Dùng khóa bảo mật')")
    page.wait_for_url("**/can-bo/**")
    assert page.errors == []


def test_on_a_bare_address_the_password_does_it(visit, office) -> None:
    page = visit("phone")
    page.goto(office.replace("localhost", "127.0.0.1") + "/dang-nhap/")
    assert not page.locator("button:has-text('Bằng khóa bảo mật')").is_visible()
    _by_password(page)
    page.wait_for_url("**/tai-khoan/")


@pytest.mark.parametrize("size", ["phone", "small", "desk"])
def test_the_pages_of_signing_in_are_clean(visit, office, axe, size: str) -> None:
    page = visit(size)
    assert axe(page) == []
    page.click("button:has-text('Vào')")  # with nothing typed
    page.fill("input[name=login]", "lan")
    page.fill("input[name=password]", "sai mat khau roi")
    page.click("button:has-text('Vào')")
    page.wait_for_selector("text=chưa đúng")
    assert axe(page) == []
    page.fill("input[name=password]", PASSWORD)
    page.click("button:has-text('Vào')")
    page.wait_for_url("**/tai-khoan/")
    for path in ("", "mat-khau/", "phien/", "bao-mat/ung-dung/", "bao-mat/khoa/them/"):
        page.goto(f"{office}/tai-khoan/{path}")
        assert axe(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, path
    assert page.errors == []
