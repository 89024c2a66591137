"""Whoever hides from officials is hidden on every page, in every file, on every list."""

from collections.abc import Callable
from typing import Any

import pytest

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official, Role
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.reports import actions
from xaso.reports.actions import reaching
from xaso.reports.models import Report
from xaso.reports.tests.conftest import RESIDENT
from xaso.reports.tests.test_read_sealed_pages import _asked, _body, _in, _prove, _with

pytestmark = pytest.mark.django_db
NAME, PHONE, MAIL = "Hạng Thị Vắng", "0987610244", "vang@vi-du.vn"
HIDDEN = (NAME, "987610244", "987 610 244", MAIL)
_WAYS = "xaso.kernel.notifications.adapters."


@pytest.fixture
def hidden(town: Commune, new_report: Callable[..., actions.NewReport], settings: Any) -> Report:
    settings.XASO_CHANNELS = {"sms": f"{_WAYS}demo", "email": f"{_WAYS}demo"}
    contact = actions.Contact(NAME, PHONE, MAIL, preferred="call", is_anonymous=True)
    return actions.receive(new_report(contact=contact), by=RESIDENT, commune=town).report


def pages(report: Report) -> list[str]:
    root = f"/binh-lu/can-bo/phan-anh/{report.code}/"
    more = ["/binh-lu/can-bo/goi-dien/", "/binh-lu/can-bo/quan-tri/tin-nhan/"]
    more += [f"/binh-lu/can-bo/goi-dien/{m.pk}/" for m in Message.objects.all()]
    more += [f"/binh-lu/can-bo/phan-anh/tai-ve/?dang={form}" for form in ("csv", "json", "xlsx")]
    steps = ("tra-loi", "nhan", "hoi", "chuyen", "dang", "gop", "bo", "giao", "ghi-chu")
    return [f"{root}?lien-he=1", *_asked(report), *(f"{root}{step}/" for step in steps), *more]


@pytest.mark.parametrize("role", [Role.LEADER, Role.OFFICER, Role.ADMINISTRATOR])
def test_no_page_of_any_role_tells_who_it_is(role: str, hidden: Report, town: Commune) -> None:
    browser = _with(role, town)
    _prove(browser)
    for address in pages(hidden):
        body = _body(browser, address)
        told = [word for word in HIDDEN if word in body]
        assert not told, f"{role}: {address} tells {told}"


def test_the_same_walk_finds_whoever_does_not_hide(
    town: Commune, new_report: Callable[..., actions.NewReport]
) -> None:
    """The walk itself can fail."""
    contact = actions.Contact(NAME, PHONE, MAIL, preferred="call")
    report = actions.receive(new_report(contact=contact), by=RESIDENT, commune=town).report
    browser = _with("officer", town)
    assert any(NAME in _body(browser, address) for address in pages(report))


def test_officials_read_anonymous(hidden: Report, leader_actor: Actor) -> None:
    browser = _in(Official.objects.get(pk=leader_actor.id))
    page = browser.get(f"/binh-lu/can-bo/phan-anh/{hidden.code}/?lien-he=1").content.decode()
    assert "Ẩn danh" in page


def test_the_machine_writes_and_nobody_rings(hidden: Report) -> None:
    assert hidden.reporter is not None
    (way,) = reaching.ways(hidden.reporter, "reporter:1")
    assert (way.channel, way.fallback) == ("email", "")
    hidden.reporter.email = ""
    (way,) = reaching.ways(hidden.reporter, "reporter:1")
    assert (way.channel, way.fallback) == ("sms", "")
    hidden.reporter.preferred = "none"
    assert list(reaching.ways(hidden.reporter, "reporter:1")) == []


def test_sealed_it_stays_hidden_from_those_who_may_read(
    hidden: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    sealed = actions.restream(hidden, "denunciation", by=clerk_actor)
    browser = _in(Official.objects.get(pk=leader_actor.id))
    _prove(browser)
    for address in (f"{sealed.code}/", f"{sealed.code}/in/"):
        body = _body(browser, f"/binh-lu/can-bo/don-kin/{address}")
        assert not [word for word in HIDDEN if word in body], address
    assert "Ẩn danh" in _body(browser, f"/binh-lu/can-bo/don-kin/{sealed.code}/")
