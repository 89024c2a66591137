"""A village head records a sentence on a phone; who chose that language hears it."""

import pytest

from e2e.test_officials_come_in import PASSWORD, Quiet

pytestmark = pytest.mark.browser


@pytest.fixture
def village(committed, binh_lu, settings):
    """Serve Bình Lư with one village head on http://localhost."""
    import threading
    from wsgiref.simple_server import make_server

    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.identity import actions
    from xaso.kernel.identity.models import Role
    from xaso.kernel.tenancy import actions as tenancy
    from xaso.kernel.voices import queries

    queries.forget()
    settings.XASO_SECOND_FACTOR = False
    new = actions.NewOfficial("din", "Lò Văn Dín", "Trưởng bản")
    head, _ = actions.add_official(new, commune=binh_lu, by=SYSTEM, password=PASSWORD)
    with tenancy.inside(binh_lu.id):
        actions.give_role(head, Role.VILLAGE_HEAD, commune=binh_lu, by=SYSTEM)
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    yield f"http://localhost:{server.server_port}/binh-lu"
    server.shutdown()
    server.server_close()
    queries.forget()


def test_a_recorded_sentence_is_heard_in_the_language_somebody_chose(chromium, village) -> None:
    head = chromium.new_context(permissions=["microphone"], viewport={"width": 390, "height": 844})
    page = head.new_page()
    page.goto(f"{village}/dang-nhap/")
    page.fill("input[name=login]", "din")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.goto(f"{village}/can-bo/quan-tri/giong-noi/?tieng=hmv")
    box = page.locator("section[id='portal.home']")
    speak = box.locator("[data-thu]")
    speak.click()
    page.wait_for_timeout(1_500)
    speak.click()
    box.locator("audio").wait_for(state="visible")
    box.locator("button.btn--main").click()
    page.wait_for_load_state()
    assert "Đã thu 1/" in page.inner_text("main")
    head.close()

    resident = chromium.new_context(viewport={"width": 390, "height": 844})
    page = resident.new_page()
    page.goto(f"{village}/nghe/")
    page.click("[data-chon-tieng=hmv]")
    page.goto(f"{village}/")
    heard = []
    page.on("request", lambda asked: heard.append(asked.url) if "/tep/" in asked.url else None)
    page.click("main [data-tieng]")
    page.wait_for_timeout(800)
    assert any("hmv" in url for url in heard)
    resident.close()
