"""A screen is let in by a token shown once, and goes dark when it is taken down."""

from datetime import timedelta

import pytest
from django.test import Client

from xaso.ioc import actions, queries
from xaso.ioc.models import OVERVIEW, WallDevice
from xaso.ioc.views import looking
from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.refusals import Invalid
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

WALL = "/binh-lu/ioc/man-hinh/"
FIGURES = "/binh-lu/api/v1/ioc/boards/tong-quan/snapshot"


def test_the_token_is_kept_as_a_digest_alone(town) -> None:
    hung = actions.hang_screen("Phòng họp", commune=town, by=SYSTEM)
    assert len(hung.token) >= 43  # 256 bits in base64
    stored = WallDevice.objects.values().get(pk=hung.device.pk)
    assert hung.token not in str(stored)
    assert [line.action for line in audit.history(hung.device, commune=town.id)] == [
        "ioc.screen_hung"
    ]


def test_the_address_with_the_token_leads_to_the_wall_without_it(town) -> None:
    hung = actions.hang_screen("Phòng họp", commune=town, by=SYSTEM)
    client = Client()
    answer = client.get(f"{WALL}{hung.token}/")
    assert (answer.status_code, answer["Location"]) == (302, WALL)
    page, figures = (answer.cookies[name] for name in (looking.PAGE, looking.FIGURES))
    assert (page["path"], figures["path"]) == (WALL, FIGURES)
    assert page["httponly"]
    assert page["samesite"] == "Lax"
    assert client.get(WALL).status_code == 200


def test_nobody_gets_in_without_a_token(town) -> None:
    client = Client()
    assert client.get(WALL).status_code == 404
    assert client.get(f"{WALL}{'x' * 43}/").status_code == 404
    assert client.get(FIGURES).status_code == 403
    assert client.get(f"{WALL}dong/").status_code == 403


def test_a_token_of_one_commune_opens_no_other(town, ban_bo) -> None:
    hung = actions.hang_screen("Phòng họp", commune=town, by=SYSTEM)
    assert Client().get(f"/ban-bo/ioc/man-hinh/{hung.token}/").status_code == 404
    with tenancy.inside(ban_bo.id):
        assert queries.screen_of(hung.token, ban_bo, OVERVIEW) is None


def test_a_screen_that_was_taken_down_goes_dark(town, screen) -> None:
    assert screen.get(FIGURES).status_code == 200
    device = WallDevice.objects.get()
    actions.take_down(device.pk, commune=town, by=SYSTEM)
    looking.forget()  # what a process remembers for five seconds
    assert screen.get(FIGURES).status_code == 403
    assert screen.get(WALL).status_code == 404
    with pytest.raises(actions.AlreadyTakenDown):
        actions.take_down(device.pk, commune=town, by=SYSTEM)


def test_a_screen_ends_on_its_day(town, monday) -> None:
    hung = actions.hang_screen("Phòng họp", commune=town, by=SYSTEM, days=2)
    assert queries.screen_of(hung.token, town, OVERVIEW) == hung.device
    assert queries.screen_of(hung.token, town, "khac") is None
    with clock.at(monday + timedelta(days=2)):
        assert queries.screen_of(hung.token, town, OVERVIEW) is None


@pytest.mark.parametrize(("name", "days"), [("", 10), ("Phòng họp", 0), ("Phòng họp", 731)])
def test_a_screen_needs_a_name_and_an_end(town, name, days) -> None:
    with pytest.raises(Invalid):
        actions.hang_screen(name, commune=town, by=SYSTEM, days=days)


def test_looking_is_noted_once_a_minute(town, screen, monday, django_assert_num_queries) -> None:
    device = WallDevice.objects.get()
    assert device.last_seen_at == monday
    with clock.at(monday + timedelta(seconds=50)), django_assert_num_queries(0):
        actions.seen(device)
    with clock.at(monday + timedelta(seconds=70)):
        actions.seen(device)
    assert WallDevice.objects.get().last_seen_at == monday + timedelta(seconds=70)


SCREENS = "/binh-lu/can-bo/quan-tri/man-hinh/"


def test_the_administrator_gets_the_address_once(town, official, client_of) -> None:
    desk = client_of(official("administrator", town))
    answer = desk.post(SCREENS, {"name": "Phòng họp", "theme": "light", "days": "30"})
    address = answer.content.decode().partition('value="http://testserver')[2].partition('"')[0]
    assert address.startswith(WALL)
    screen = Client()
    assert screen.get(address)["Location"] == WALL
    assert 'data-theme="light"' in screen.get(WALL).content.decode()
    again = desk.get(SCREENS).content.decode()
    assert address not in again
    assert "Phòng họp" in again
    assert "Đang xem" in again


def test_what_is_missing_is_said_beside_the_field(town, official, client_of) -> None:
    desk = client_of(official("administrator", town))
    answer = desk.post(SCREENS, {"name": "", "theme": "dark", "days": "9999"})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Bác ghi màn hình treo ở đâu." in body
    assert "Nhiều nhất 730 ngày." in body
    assert 'value="9999"' in body
    assert not WallDevice.objects.exists()


def test_a_screen_is_taken_down_by_a_button(town, official, client_of, screen) -> None:
    desk = client_of(official("leader", town))
    device = WallDevice.objects.get()
    gone = desk.post(f"{SCREENS}{device.pk}/thu-hoi/", follow=True)
    assert "Đã thu hồi màn hình “Phòng họp”." in gone.content.decode()
    looking.forget()
    assert screen.get(FIGURES).status_code == 403
    twice = desk.post(f"{SCREENS}{device.pk}/thu-hoi/")
    assert twice.status_code == 409
    assert desk.post(f"{SCREENS}999/thu-hoi/").status_code == 404


@pytest.mark.parametrize("role", ["officer", "one_stop_clerk", "village_head"])
def test_others_hang_no_screens(town, official, client_of, role) -> None:
    desk = client_of(official(role, town))
    assert desk.get(SCREENS).status_code == 403
    assert desk.post(SCREENS, {"name": "x", "theme": "dark", "days": "1"}).status_code == 403
    assert not WallDevice.objects.exists()
