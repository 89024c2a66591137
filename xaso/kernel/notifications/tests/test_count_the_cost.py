"""What messages cost is counted from what left; a cap holds ordinary ones back, never danger."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions, costs, texts
from xaso.kernel.notifications.actions import NewTariff, Recipient
from xaso.kernel.notifications.models import Item, Message, Tariff
from xaso.kernel.notifications.tests.conftest import hours_pass
from xaso.kernel.refusals import Invalid
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

Status = Message.Status
WAYS = "xaso.kernel.notifications.adapters."
PHONE = "+84912000135"
pytestmark = pytest.mark.usefixtures("committed", "daytime")


@pytest.fixture(autouse=True)
def _sms_alone(texts, settings) -> None:
    settings.XASO_CHANNELS = {"demo": f"{WAYS}demo", "sms": f"{WAYS}demo", "zalo": f"{WAYS}absent"}


def _tariff(commune, item: str = "sms", cap: int | None = 10, **more) -> Tariff:
    said = {
        "item": item,
        "valid_from": date(2040, 1, 1),
        "price": Decimal("350.50"),
        "cap": cap,
        "sureness": "contract",
        "source": "Hợp đồng 12/2040",
    } | more
    with tenancy.inside(commune.id):
        return actions.set_tariff(commune, NewTariff(**said), by=SYSTEM)


def _send(tell, commune, count: int = 1, to: str = PHONE, **more) -> None:
    with tenancy.inside(commune.id):
        first = Message.objects.count()
        for n in range(first, first + count):
            tell(commune, Recipient(f"reporter:{n}", "sms", to), key=f"k{n}", **more)
    jobs.do_now()


def _spent(commune, item: Item = Item.SMS) -> costs.Spent:
    with tenancy.inside(commune.id):
        return costs.spent(commune.id, item, costs.today())


def _statuses(commune, channel: str = "sms") -> list[str]:
    with tenancy.inside(commune.id):
        rows = Message.objects.filter(channel=channel).order_by("created_at", "key")
        return list(rows.values_list("status", flat=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # from the extension table: two places each
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # a letter of two places is not cut
        ("Đường lở ở bản Nà Tăm".ljust(70, "."), 1),
        ("Đường lở ở bản Nà Tăm".ljust(71, "."), 2),
        (texts.plain("Đường lở ở bản Nà Tăm").ljust(160, "."), 1),
        ("ớ" * 134, 2),
        ("ớ" * 135, 3),
        ("😀" * 35, 1),  # two units of UTF-16 each
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_companies_do(text, expected) -> None:
    assert texts.parts(text) == expected


def test_what_left_is_counted_at_the_price_of_the_day(binh_lu, tell) -> None:
    _send(tell, binh_lu, 2)
    assert (_spent(binh_lu).units, _spent(binh_lu).money) == (2, 0)
    _tariff(binh_lu)
    _send(tell, binh_lu, 3)
    now = _spent(binh_lu)
    assert (now.units, now.money, now.left) == (5, Decimal("1051.50"), 5)
    with clock.at(clock.now() + timedelta(days=31)):
        assert _spent(binh_lu).units == 0
        with tenancy.inside(binh_lu.id):
            months = costs.months(binh_lu.id, costs.today(), 2)
        assert [(m.month, rows[0].units) for m, rows in months] == [(12, 0), (11, 5)]


def test_what_did_not_leave_costs_nothing(binh_lu, tell, settings) -> None:
    settings.XASO_CHANNELS = settings.XASO_CHANNELS | {"sms": f"{WAYS}failing"}
    _send(tell, binh_lu, 2)
    assert _spent(binh_lu).units == 0


def test_near_the_cap_the_administrators_are_told_once(binh_lu, tell, official) -> None:
    official("administrator", binh_lu)
    _tariff(binh_lu)
    _send(tell, binh_lu, 7)
    with tenancy.inside(binh_lu.id):
        assert not Message.objects.filter(event__startswith="notifications.cap").exists()
    for _more in range(3):
        _send(tell, binh_lu)
    with tenancy.inside(binh_lu.id):
        told = Message.objects.filter(event__startswith="notifications.cap").order_by("-key")
        assert [each.event for each in told] == ["notifications.cap_near", "notifications.cap_full"]
        assert "8 trên 10" in told[0].body


def test_above_the_cap_ordinary_ones_wait_and_danger_leaves(binh_lu, tell) -> None:
    _tariff(binh_lu, cap=1)
    _send(tell, binh_lu, 2)
    assert _statuses(binh_lu) == [Status.SENT, Status.WAITING]
    _send(tell, binh_lu, is_urgent=True)
    assert _statuses(binh_lu) == [Status.SENT, Status.WAITING, Status.SENT]
    with tenancy.inside(binh_lu.id):
        held = Message.objects.get(status=Status.WAITING)
    assert (held.error, held.attempts) == ("over_cap", 0)
    assert held.next_at > clock.now()
    _tariff(binh_lu, cap=50)
    with clock.at(clock.now() + timedelta(days=1)):
        hours_pass(0)
        jobs.do_now()
    assert _statuses(binh_lu) == [Status.SENT] * 3


def test_a_new_month_lets_go_what_waited(binh_lu, tell) -> None:
    _tariff(binh_lu, cap=0)
    _send(tell, binh_lu)
    with clock.at(clock.now() + timedelta(days=5)):  # still November
        hours_pass(0)
        jobs.do_now()
        assert _statuses(binh_lu) == [Status.WAITING]
    _tariff(binh_lu, cap=5, valid_from=date(2040, 12, 1))
    with clock.at(clock.now() + timedelta(days=9)):
        hours_pass(0)
        jobs.do_now()
        assert _statuses(binh_lu) == [Status.SENT]


def test_another_channel_takes_it_where_there_is_one(binh_lu, tell, settings) -> None:
    settings.XASO_CHANNELS = settings.XASO_CHANNELS | {"zalo": f"{WAYS}demo"}
    _tariff(binh_lu, cap=0)
    _tariff(binh_lu, "zns", cap=1)
    _send(tell, binh_lu)
    assert _statuses(binh_lu) == [Status.MERGED]
    assert _statuses(binh_lu, "zalo") == [Status.SENT]
    assert _spent(binh_lu, Item.ZNS).units == 1
    _send(tell, binh_lu)  # both are full now
    assert _statuses(binh_lu) == [Status.MERGED, Status.WAITING]
    with tenancy.inside(binh_lu.id):
        moved = Message.objects.get(channel="zalo")
    assert "Xem: http" in moved.body


def test_who_may_be_called_is_called_when_it_waits(binh_lu, tell) -> None:
    _tariff(binh_lu, cap=0)
    with tenancy.inside(binh_lu.id):
        tell(binh_lu, Recipient("reporter:1", "sms", PHONE, fallback=PHONE))
    jobs.do_now()
    assert _statuses(binh_lu) == [Status.WAITING]
    assert _statuses(binh_lu, "call") == [Status.WAITING]


def test_rows_are_dated_and_logged_and_a_wrong_one_refused(binh_lu) -> None:
    first = _tariff(binh_lu)
    _tariff(binh_lu, cap=20)
    _tariff(binh_lu, cap=None, valid_from=date(2040, 12, 1))
    with tenancy.inside(binh_lu.id):
        assert [(t.valid_from.month, t.cap) for t in Tariff.objects.order_by("valid_from")] == [
            (1, 20),
            (12, None),
        ]
        assert len(audit.history(first, commune=binh_lu.id)) == 2
    wrong = {"item": "x", "price": Decimal(-1), "sureness": "x", "source": " "}
    with pytest.raises(Invalid) as refused:
        _tariff(binh_lu, **wrong)
    assert set(refused.value.errors) == set(wrong)


def test_a_neighbour_sees_no_prices(binh_lu, ban_bo) -> None:
    _tariff(binh_lu)
    with tenancy.inside(ban_bo.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notifications_tariff")
        assert cursor.fetchone()[0] == 0
