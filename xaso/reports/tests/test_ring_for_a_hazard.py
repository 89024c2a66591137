"""Danger: two taps ring for those on duty, again and again until somebody takes it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.measures import queries as measures
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.workflow.table import NotAllowed
from xaso.kernel.working_time import clock
from xaso.reports import actions, lateness, queries
from xaso.reports.actions import alarming, counting
from xaso.reports.models import Alarm, AlarmCall, DutyShift, Report, ReportEvent
from xaso.reports.queries import alarms
from xaso.reports.tests.conftest import MONDAY, RESIDENT

pytestmark = pytest.mark.django_db
Filled = Callable[..., actions.NewReport]
ROOT = "/binh-lu"
HERE = {"lat": 22.3170, "lon": 103.6300}


@pytest.fixture(autouse=True)
def demo_channel(settings: Any) -> None:
    settings.XASO_CHANNELS = {"demo": "xaso.kernel.notifications.adapters.demo"}


@pytest.fixture
def village_head(town: Commune, village: Village) -> Official:
    person = Official.objects.create(username="truongban", full_name="Trưởng Bản Thử")
    RoleAssignment.objects.create(
        commune=town, official=person, role="village_head", village=village, valid_from=MONDAY
    )
    return person


@pytest.fixture
def ring(town: Commune, new_report: Filled) -> Callable[..., Report]:
    def rung(**facts: object) -> Report:
        usual = {"category": "HAZARD-LANDSLIDE", "text": ""}
        return actions.receive(new_report(**usual | facts), by=RESIDENT, commune=town).report

    return rung


@pytest.fixture
def desk(client_of: Callable[[Any], Client], officer: Official) -> Client:
    return client_of(officer)


@pytest.fixture
def on_duty(town: Commune, officer: Official) -> DutyShift:
    until = MONDAY + timedelta(days=90)
    return DutyShift.objects.create(
        commune=town,
        official=officer,
        starts_at=MONDAY - timedelta(days=1),
        ends_at=until,
        phone="+84912000777",
        made_by="1",
        made_at=MONDAY,
    )


def called(report: Report) -> list[str]:
    rows = AlarmCall.objects.filter(alarm__report=report).order_by("number", "id")
    return [row.official.username for row in rows.select_related("official")]


def test_all_at_once_in_the_transaction_of_the_report(
    ring: Callable[..., Report], village_head: Official, leader_actor: Actor, clerk_actor: Actor
) -> None:
    report = ring()
    assert set(called(report)) == {"truongban", "chu-tich"}
    told = Message.objects.filter(event="reports.hazard")
    assert told.count() == 2
    assert all(message.is_urgent for message in told)
    assert report.state == "new"  # it waits for nothing


def test_it_calls_on_every_five_minutes_until_somebody_takes_it(
    ring: Callable[..., Report], leader_actor: Actor, clerk_actor: Actor, officer_actor: Actor
) -> None:
    report = ring()
    alarm = Alarm.objects.get(report=report)
    with clock.at(MONDAY + timedelta(minutes=5)):
        alarming.call_again(alarm.pk)
    with clock.at(MONDAY + timedelta(minutes=10)):
        alarming.call_again(alarm.pk)
    with clock.at(MONDAY + timedelta(minutes=15)):
        alarming.call_again(alarm.pk)  # the list is over: from the front again
    assert len(called(report)) == 4
    assert set(called(report)) == {"chu-tich", "mot-cua", "can-bo"}
    with clock.at(MONDAY + timedelta(minutes=16)):
        taken = actions.take_alarm(report, by=clerk_actor)
        assert actions.take_alarm(report, by=clerk_actor).version == taken.version
        with pytest.raises(alarming.AlreadyTaken, match="Đã có người nhận rồi"):
            actions.take_alarm(report, by=leader_actor)
    alarming.call_again(alarm.pk)
    assert len(called(report)) == 4
    assert str(Alarm.objects.get().taken_by_id) == clerk_actor.id
    assert ReportEvent.objects.filter(report=report, kind="take_alarm").count() == 1


def test_everybody_knows_after_a_tap_or_three_devices_close_together(
    town: Commune, ring: Callable[..., Report], clerk_actor: Actor
) -> None:
    first = ring(device_hash="a" * 64, ip_prefix_hash="1" * 64, place=actions.Place(**HERE))
    ring(device_hash="a" * 64, ip_prefix_hash="2" * 64, place=actions.Place(**HERE))
    far = actions.Place(lat=HERE["lat"] + 0.02, lon=HERE["lon"])
    ring(device_hash="b" * 64, place=far)
    assert alarms.warnings(town) == []
    ring(device_hash="c" * 64, place=actions.Place(**HERE))
    assert alarms.warnings(town) == []  # two devices here, one two kilometres away
    ring(device_hash="d" * 64, place=actions.Place(**HERE))
    (warning,) = alarms.warnings(town)
    assert (warning.kind, warning.village) == ("Sạt lở đất đá", "Bản Chu Va 12")
    actions.confirm_alarm(first, by=clerk_actor)
    (both,) = alarms.warnings(town)  # one line per kind and village
    assert both.n == 2
    actions.end_alarm(first, by=clerk_actor, is_false=True)
    assert len(alarms.warnings(town)) == 1


def test_two_taps_without_script_text_or_place(client: Client, town: Commune) -> None:
    page = client.get(f"{ROOT}/bao-nguy-hiem/").content.decode()
    assert 'href="tel:114"' in page
    assert 'href="sms:' in page
    sent = client.post(f"{ROOT}/bao-nguy-hiem/", {"category": "HAZARD-FIRE"}, follow=True)
    assert "Chuông đang reo" in sent.content.decode()
    assert Alarm.objects.count() == 1
    missed = client.post(f"{ROOT}/bao-nguy-hiem/", {"category": "ROAD-DAMAGE"})
    assert missed.status_code == 422


def test_it_is_never_refused_and_rings_as_one_when_one_device_sends_many(
    client: Client, town: Commune
) -> None:
    client.get(f"{ROOT}/bao-nguy-hiem/")
    for _number in range(14):  # an ordinary report is refused after ten
        sent = client.post(f"{ROOT}/bao-nguy-hiem/", {"category": "HAZARD-FIRE"})
        assert sent.status_code == 302
    assert Alarm.objects.count() == 14
    assert Alarm.objects.filter(is_grouped=False).count() == 5


def test_a_position_comes_later_as_its_own_event(
    client: Client, ring: Callable[..., Report], town: Commune
) -> None:
    report = ring(place=actions.Place())
    assert report.lat is None
    address = f"{ROOT}{reverse('api:add_position', args=[report.uuid])}"
    body = {"lat": 22.3170, "lon": 103.6300, "accuracy": 9}
    assert client.post(address, body, content_type="application/json").status_code == 200
    worse = body | {"lat": 22.3175, "accuracy": 500}
    assert client.post(address, worse, content_type="application/json").status_code == 200
    report = Report.objects.get(pk=report.pk)
    assert (report.lat, report.accuracy_m) == (22.3170, 9)
    assert ReportEvent.objects.filter(report=report, kind="add_position").count() == 2
    wrong = client.post(address, {"lat": 200, "lon": 0}, content_type="application/json")
    assert wrong.status_code == 422


def test_a_drill_says_so_and_is_in_no_figure(
    town: Commune, ring: Callable[..., Report], leader_actor: Actor
) -> None:
    today = MONDAY.date()
    before = queries.desk_counts(town)
    report = ring(is_drill=True)
    assert queries.desk_counts(town) == before | {"ringing": 1}  # it rings, and counts nowhere
    assert measures.total(counting.RECEIVED, town.id, today, today + timedelta(1)).n == 0
    assert not Message.objects.filter(event="reports.hazard").exists()
    assert all("DIỄN TẬP" in message.title for message in Message.objects.all())
    (shown,) = alarms.ringing(town)
    assert "diễn tập" in alarms.script(shown)
    assert report.is_drill


def test_the_loudspeaker_reads_forty_words_at_most(
    town: Commune, ring: Callable[..., Report]
) -> None:
    ring()
    ring(category="HAZARD-BRIDGE", is_drill=True)
    assert len(alarms.ringing(town)) == 2
    for shown in alarms.ringing(town):
        assert len(alarms.script(shown).split()) <= alarms.MOST_WORDS


def test_an_officer_takes_it_by_one_tap(
    client_of: Callable[[Any], Client],
    ring: Callable[..., Report],
    town: Commune,
    officer: Official,
) -> None:
    report = ring()
    browser = client_of(officer)
    assert "Tôi nhận" in browser.get(f"{ROOT}/can-bo/nguy-hiem/").content.decode()
    assert "chưa ai nhận" in browser.get(f"{ROOT}/can-bo/phan-anh/").content.decode()
    page = f"{ROOT}/can-bo/nguy-hiem/{report.code}/"
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}nhan/").status_code == 302
    assert Alarm.objects.get().taken_by == officer
    started = browser.post(f"{ROOT}/can-bo/nguy-hiem/dien-tap/", {"category": "HAZARD-FIRE"})
    assert started.status_code == 302
    assert Alarm.objects.filter(is_drill=True).count() == 1


@pytest.mark.parametrize("accuracy", ["inf", "1e400", "1e18", "-5", "nan", "x", ""])
def test_an_accuracy_that_cannot_be_is_left_out(
    client: Client, town: Commune, accuracy: str
) -> None:
    said = {"category": "HAZARD-FIRE", "lat": "22.317", "lon": "103.63", "accuracy": accuracy}
    assert client.post(f"{ROOT}/bao-nguy-hiem/", said).status_code == 302
    report = Alarm.objects.get().report
    assert (report.lat, report.accuracy_m) == (22.317, None)


@pytest.mark.parametrize(
    "wrong",
    [{"lat": "nan"}, {"lat": "99999"}, {"lon": "-inf"}, {"lat": "1e400"}, {"village": "99999"}],
)
def test_a_place_that_cannot_be_is_left_out(
    client: Client, town: Commune, wrong: dict[str, str]
) -> None:
    said = {"category": "HAZARD-FIRE", "lat": "22.317", "lon": "103.63"} | wrong
    assert client.post(f"{ROOT}/bao-nguy-hiem/", said).status_code == 302
    report = Alarm.objects.get().report
    assert (report.lat is None) == ("village" not in wrong)


def test_devices_of_one_address_are_one_witness(town: Commune, ring: Callable[..., Report]) -> None:
    for device in "abcd":
        ring(device_hash=device * 64, ip_prefix_hash="1" * 64, place=actions.Place(**HERE))
    assert alarms.warnings(town) == []
    ring(device_hash="e" * 64, ip_prefix_hash="2" * 64, place=actions.Place(**HERE))
    assert len(alarms.warnings(town)) == 1


def test_no_alarm_is_hidden_behind_others(
    town: Commune,
    ring: Callable[..., Report],
    clerk_actor: Actor,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    oldest = ring(category="HAZARD-FIRE")
    for _number in range(10):
        actions.take_alarm(ring(), by=clerk_actor)
    with django_assert_max_num_queries(4):
        found = alarms.ringing(town)
    assert len(found) == 11
    assert found[0].code == oldest.code
    assert [each.n for each in alarms.grouped(found)] == [1, 10]
    with clock.at(MONDAY + timedelta(days=2)):
        assert alarms.ringing(town) == []
        assert len(alarms.every_open(town)) == 11


def test_the_permission_comes_first_and_an_ended_alarm_stays_as_it_is(
    ring: Callable[..., Report], clerk_actor: Actor
) -> None:
    report = ring()
    actions.take_alarm(report, by=clerk_actor)
    with pytest.raises(NotAllowed):
        actions.take_alarm(report, by=RESIDENT)
    ended = actions.end_alarm(report, by=clerk_actor)
    assert actions.end_alarm(report, by=clerk_actor).version == ended.version
    with pytest.raises(alarming.AlarmEnded):
        actions.end_alarm(report, by=clerk_actor, is_false=True)
    assert not Alarm.objects.get().is_false


def test_a_second_officer_reads_who_has_it(
    client_of: Callable[[Any], Client],
    ring: Callable[..., Report],
    clerk_actor: Actor,
    officer: Official,
) -> None:
    report = ring()
    actions.take_alarm(report, by=clerk_actor)
    page = f"{ROOT}/can-bo/nguy-hiem/{report.code}/"
    said = client_of(officer).post(f"{page}nhan/", follow=True).content.decode()
    assert "Đã có người nhận rồi: " in said
    assert "Bác đã nhận" not in said


def test_what_is_over_is_neither_warned_of_nor_taken(
    client_of: Callable[[Any], Client],
    ring: Callable[..., Report],
    clerk_actor: Actor,
    officer: Official,
) -> None:
    report = ring()
    actions.end_alarm(report, by=clerk_actor)
    for late in (actions.confirm_alarm, actions.take_alarm, actions.call_back):
        with pytest.raises(alarming.AlarmEnded):
            late(report, by=clerk_actor)
    page = f"{ROOT}/can-bo/nguy-hiem/{report.code}/"
    browser = client_of(officer)
    said = browser.post(f"{page}canh-bao/", follow=True).content.decode()
    assert "Báo động này đã hết rồi" in said
    assert "Cảnh báo bà con" not in said  # a button that can only be refused is not offered


@pytest.mark.usefixtures("village_head", "leader_actor", "on_duty")
def test_after_three_false_alarms_the_sender_is_called_back_before_others(
    desk: Client, ring: Callable[..., Report], clerk_actor: Actor
) -> None:
    sender = {"device_hash": "a" * 64, "contact": actions.Contact(phone="0912 000 135")}
    for _number in range(3):
        actions.end_alarm(ring(**sender), by=clerk_actor, is_false=True)
    report = ring(**sender)
    assert called(report) == ["can-bo"]  # on duty: always
    alarm = Alarm.objects.get(report=report)
    with clock.at(MONDAY + timedelta(minutes=5)):
        alarming.call_again(alarm.pk)
    assert called(report) == ["can-bo", "can-bo"]
    browser, page = desk, f"{ROOT}/can-bo/nguy-hiem/{report.code}/"
    assert 'href="tel:+84912000135"' in browser.get(page).content.decode()
    assert browser.post(f"{page}goi-lai/").status_code == 302
    assert set(called(report)) == {"can-bo", "truongban", "chu-tich"}
    assert "Đúng nguy hiểm, gọi" not in browser.get(page).content.decode()
    browser.post(f"{page}goi-lai/")
    assert len(called(report)) == 4
    # Another device, and the same one a month later, are heard by all at once.
    assert len(called(ring(device_hash="b" * 64))) == 3
    with clock.at(MONDAY + timedelta(days=31)):
        assert len(called(ring(**sender))) == 3


def test_nobody_on_duty_and_nobody_calling_back_hides_no_danger(
    town: Commune, ring: Callable[..., Report], leader_actor: Actor, clerk_actor: Actor
) -> None:
    for _number in range(3):
        actions.end_alarm(ring(device_hash="a" * 64), by=clerk_actor, is_false=True)
    report = ring(device_hash="a" * 64)
    assert called(report) == ["chu-tich"]  # nobody is on the roster
    alarm = Alarm.objects.get(report=report)
    with clock.at(MONDAY + timedelta(minutes=10)):
        alarming.call_again(alarm.pk)
    assert set(called(report)) == {"chu-tich"}
    with clock.at(MONDAY + timedelta(minutes=15)):
        alarming.call_again(alarm.pk)
    assert set(called(report)) == {"chu-tich", "mot-cua"}


def test_the_rules_of_witnesses_are_the_communes(
    town: Commune, ring: Callable[..., Report], leader_actor: Actor
) -> None:
    day = MONDAY.date()
    for key, amount in (("hazard.devices", 2), ("hazard.addresses", 1)):
        new = actions.NewRule(
            key=key, amount=amount, text="", valid_from=day, sureness="commune", source="QĐ mẫu"
        )
        actions.set_rule(town, new, by=leader_actor)
    ring(device_hash="a" * 64, ip_prefix_hash="1" * 64, place=actions.Place(**HERE))
    assert alarms.warnings(town) == []
    ring(device_hash="b" * 64, ip_prefix_hash="1" * 64, place=actions.Place(**HERE))
    assert len(alarms.warnings(town)) == 1


def test_officials_read_open_alarms_a_page_at_a_time(
    desk: Client,
    ring: Callable[..., Report],
    clerk_actor: Actor,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    first = ring()
    for _number in range(alarms.PAGE):
        actions.take_alarm(ring(), by=clerk_actor)
    browser = desk
    with django_assert_max_num_queries(15):
        page = browser.get(f"{ROOT}/can-bo/nguy-hiem/").content.decode()
    assert first.code in page  # nobody took it: first, though the oldest
    assert page.count("đã nhận</span>") == alarms.PAGE - 1
    assert "?trang=2" in page
    second = browser.get(f"{ROOT}/can-bo/nguy-hiem/?trang=2").content.decode()
    assert second.count("đã nhận</span>") == 1
    for wrong in ("0", "x", "9" * 30, "-1", "²"):
        assert browser.get(f"{ROOT}/can-bo/nguy-hiem/?trang={wrong}").status_code == 200


def test_a_drill_presses_nobody(town: Commune, ring: Callable[..., Report]) -> None:
    real, drill = ring(), ring(is_drill=True)
    late = MONDAY + timedelta(days=60)
    assert [each.id for each in lateness.pressed(town.id, late)] == [real.pk]
    assert drill.is_drill


def test_the_job_is_waiting(ring: Callable[..., Report], unit: Unit) -> None:
    ring()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'reports.call_again'"
        )
        assert cursor.fetchone()[0] == 1
