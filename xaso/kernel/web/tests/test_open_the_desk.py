"""Officials' pages open to those whose work they are, and to nobody else."""

import pytest

from xaso.kernel.web import menu
from xaso.kernel.web.menu import Entry
from xaso.kernel.web.tests.test_draw_parts import faults


@pytest.fixture
def address(site):
    return "/binh-lu/can-bo/viec/"


def test_strangers_go_to_the_sign_in_and_back(site, address):
    response = site.get(address)
    assert response["Location"] == f"/binh-lu/dang-nhap/?next={address}"


def test_a_fragment_sends_the_whole_page_to_the_sign_in(site, address):
    response = site.get(address, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response["HX-Redirect"].startswith("/binh-lu/dang-nhap/")


def test_an_officer_sees_the_page_with_name_and_way_out(binh_lu, address, official, client_of):
    page = client_of(official("officer", binh_lu)).get(address)
    html = page.content.decode()
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert 'class="rail__me"' in html
    assert faults(html) == []


def test_without_the_permission_it_is_a_403(binh_lu, address, official, client_of):
    assert client_of(official("province_viewer", binh_lu)).get(address).status_code == 403


def test_a_role_elsewhere_opens_nothing_here(ban_bo, address, official, client_of):
    assert client_of(official("leader", ban_bo)).get(address).status_code == 404


def test_no_commune_no_desk(site, official, client_of, binh_lu, settings):
    settings.SHARED_URLCONF = settings.ROOT_URLCONF
    assert client_of(official("leader", binh_lu)).get("/can-bo/viec/").status_code == 404


@pytest.fixture
def roof(monkeypatch):
    everything = {
        "RAIL": (
            Entry("Việc", "inbox", "desk", "reports.work", "work"),
            Entry("Quản trị", "settings", "desk", "identity.manage"),
            Entry("Chưa có", "map", "no-such-view"),
        ),
        "TABS": (Entry("Trang chủ", "house", "open"), Entry("Nơi", "map", "where")),
    }
    monkeypatch.setattr(menu, "entries", lambda kind: everything.get(kind, ()))


def test_a_menu_shows_what_one_may_do_and_what_exists(site, roof):
    seen = menu.shown("RAIL", "/can-bo/viec/1/", allowed="reports.work".__eq__, counts={"work": 3})
    assert [(entry.name, entry.is_current, entry.count) for entry in seen] == [("Việc", True, 3)]


def test_a_dead_end_is_reported(site, roof):
    assert menu.broken() == ["no-such-view"]


def test_tabs_mark_where_one_is(site, roof):
    html = site.get("/binh-lu/mo/").content.decode()
    assert '<a href="/binh-lu/mo/" aria-current="page">' in html
