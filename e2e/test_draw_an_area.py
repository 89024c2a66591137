"""An administrator draws the area of a rule: taps, pulls a corner, saves, finds it again."""

import json
from datetime import date

import pytest

from e2e.test_officials_come_in import PASSWORD, Quiet

pytestmark = pytest.mark.browser


@pytest.fixture
def office(committed, binh_lu, settings):
    """Serve Bình Lư with its usual matters, one unit and an administrator."""
    import threading
    from wsgiref.simple_server import make_server

    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.identity import actions
    from xaso.kernel.identity.models import Role, Unit
    from xaso.kernel.places import actions as places
    from xaso.kernel.tenancy import actions as tenancy
    from xaso.reports import actions as reports

    settings.XASO_SECOND_FACTOR = False
    new = actions.NewOfficial("lan", "Tẩn Thị Lan", "Lãnh đạo")
    leader, _ = actions.add_official(new, commune=binh_lu, by=SYSTEM, password=PASSWORD)
    with tenancy.inside(binh_lu.id):
        actions.give_role(leader, Role.LEADER, commune=binh_lu, by=SYSTEM)
        reports.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        Unit.objects.create(commune=binh_lu, code="kinh-te", name="Phòng Kinh tế", head=leader)
        for code, name, lat in (("1", "Nà Đon", 22.34), ("2", "Chu Va 12", 22.317)):
            village = places.NewVillage(code, "bản", name, lat, 103.62)
            places.add_village(binh_lu, village, by=SYSTEM)
        reports.open_rules(binh_lu, by=SYSTEM)
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    yield f"http://localhost:{server.server_port}/binh-lu"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", [390, 1440])
def test_an_area_is_drawn_changed_and_found_again(chromium, office, width: int) -> None:
    from xaso.kernel.places.models import Commune
    from xaso.kernel.tenancy import actions as tenancy
    from xaso.reports.models import RoutingRule

    page = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{office}/dang-nhap/")
    page.fill("input[name=login]", "lan")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.goto(f"{office}/can-bo/quan-tri/luat-chuyen-viec/ban-sua/them/")
    page.fill("[name=name]", "Việc ở khu chợ")
    page.select_option("[name=unit]", index=1)
    page.get_by_text("Chỉ một khu vực trên bản đồ").click()
    drawing = page.locator("[data-ve].leaflet-container")
    drawing.scroll_into_view_if_needed()
    for x, y in ((100, 100), (220, 100), (220, 220)):
        drawing.click(position={"x": x, "y": y})
    assert "3 góc" in page.locator("[data-khu-vuc] [role=status]").inner_text()
    drawn = json.loads(page.input_value("[name=area]"))
    assert [len(drawn["coordinates"][0]), drawn["type"]] == [4, "Polygon"]
    drawing.click(position={"x": 100, "y": 220})
    page.locator("[data-lui]").click()
    assert json.loads(page.input_value("[name=area]")) == drawn
    page.get_by_text("Ghi vào bản đang sửa").click()
    page.wait_for_url("**/ban-sua/")
    with tenancy.inside(Commune.objects.get().id):
        rule = RoutingRule.objects.get(name="Việc ở khu chợ")
    assert rule.area == drawn
    page.goto(f"{office}/can-bo/quan-tri/luat-chuyen-viec/ban-sua/{rule.key}/")
    page.locator(".luat__goc").nth(2).wait_for()
    page.locator("[data-xoa]").click()
    assert page.input_value("[name=area]") == ""
    assert faults == []
