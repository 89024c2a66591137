"""Doors of gateways: strangers are written down so often, then turned away; danger passes."""

import json
from typing import Any

import pytest
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications.actions import strangers
from xaso.kernel.notifications.models import Account, Incoming
from xaso.kernel.notifications.tests.fakes.gateway import Gateway
from xaso.kernel.notifications.tests.fakes.zalo import Events
from xaso.kernel.places.models import Commune
from xaso.reports.models import Alarm

pytestmark = pytest.mark.django_db
SMS, ZALO = "/binh-lu/bao-tin/tin-den/", "/binh-lu/bao-tin/zalo/"
TEXT = "NGUYHIEM FIRE 22.31700,103.63000 5f3a9b1c"


@pytest.fixture(autouse=True)
def _doors(town: Commune, settings: Any) -> None:
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = dict.fromkeys(("demo", "sms", "zalo"), f"{ways}demo")
    new = notifications.NewSettings({"url": "https://sms.example/"}, inbound_secret="khoa")
    notifications.set_up(town, "sms", new, by=SYSTEM)
    new = notifications.NewSettings({"app_id": "12345", "oa_id": "9"}, inbound_secret="khoa")
    notifications.set_up(town, "zalo", new, by=SYSTEM)


def _refused() -> int:
    return Account.objects.get(channel="zalo").refused_events


def test_a_stranger_at_zalos_door_is_written_down_so_often() -> None:
    stranger, zalo = Events(ZALO, "sai"), Events(ZALO, "khoa")
    seen = [stranger.writes("x").status_code for _ in range(strangers.OF_ADDRESS + 3)]
    assert seen == [403] * strangers.OF_ADDRESS + [429] * 3
    assert _refused() == strangers.OF_ADDRESS
    assert int(stranger.writes("x")["Retry-After"]) > 0
    assert zalo.report("follow").json() == {"ok": True}  # through the very same address


def test_many_strangers_fill_no_log() -> None:
    body = json.dumps({"app_id": "12345", "timestamp": "1"}).encode()

    def knock(n: int) -> int:
        phone = Client(REMOTE_ADDR=f"203.0.{n // 200}.{n % 200 + 1}")
        headers = {"X-ZEvent-Signature": "mac=0"}
        return phone.post(ZALO, body, content_type="application/json", headers=headers).status_code

    seen = [knock(n) for n in range(strangers.OF_DOOR + 2)]
    assert seen[-2:] == [429, 429]
    assert _refused() == strangers.OF_DOOR


def test_danger_comes_through_a_flood_of_strangers() -> None:
    stranger, gateway = Gateway(SMS, "sai"), Gateway(SMS, "khoa")
    seen = [
        stranger.hand_over("0912 000 135", TEXT).status_code
        for _ in range(strangers.OF_ADDRESS + 2)
    ]
    assert seen == [403] * strangers.OF_ADDRESS + [429] * 2
    assert not Incoming.objects.exists()
    assert gateway.hand_over("0912 000 135", TEXT).json() == {"ok": True}
    assert Alarm.objects.count() == 1


def test_half_a_sign_and_a_nought_stop_no_danger() -> None:
    gateway = Gateway(SMS, "khoa")
    said = {"from": "0912000135", "text": f"{TEXT} \ud83d\0", "id": "g\0\ud83d"}
    assert gateway.post(json.dumps(said).encode()).json() == {"ok": True}
    assert Alarm.objects.count() == 1
    zalo = Events(ZALO, "khoa")
    body = {"app_id": "12345", "event_name": "user_send_text\ud83d", "sender": {"id": "u\ud83d"},
            "timestamp": "1"}  # fmt: skip
    assert zalo.post(json.dumps(body).encode()).status_code == 403  # of 1970, and no crash
