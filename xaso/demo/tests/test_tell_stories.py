"""Half a year of reports: repeatable, in every state, through the rooms' own doors."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db.models import Count
from django.test import Client

from xaso.demo import bulk, load, names, people, stories
from xaso.demo.stories import SHOWN, at_the_office
from xaso.dossiers.models import Dossier, Finance
from xaso.dossiers.queries import money
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Official
from xaso.kernel.measures import queries as measures
from xaso.kernel.payments.models import PayeeAccount
from xaso.kernel.places import queries as places
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock
from xaso.population.actions import own
from xaso.population.models import ConsentRecord
from xaso.population.queries import processing
from xaso.reports import history
from xaso.reports.models import Report, Reporter, State

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=ZONE)
SEED = load.SEED


def _told(seed: int = SEED, size: str = "small") -> list[stories.Story]:
    villages = [f"Bản {v.name}" for v in names.villages("binh-lu", seed)]
    return stories.tell("binh-lu", villages, size=size, seed=seed, until=NOON)


def test_the_same_seed_tells_the_same_stories() -> None:
    assert _told() == _told()
    assert _told() != _told(seed=7)


def test_half_a_year_with_every_fate_and_most_answers_in_time() -> None:
    told = _told()
    assert len(told) == 330
    assert all(NOON - timedelta(days=185) < s.at < NOON for s in told)
    assert told == sorted(told, key=lambda s: s.at)
    fates = Counter(s.fate for s in told)
    assert set(SHOWN) <= set(fates)
    late = sum(s.pace > 1 for s in told) / len(told)
    assert 0.04 < late < 0.2


def test_what_is_shown_has_happened_on_every_day_of_the_week() -> None:
    """However late on a Sunday: taken in and begun, by desks that rest on two days."""
    slow = timedelta(minutes=140), timedelta(minutes=300)  # the longest that either takes
    for hours in range(14 * 24):
        until = NOON + timedelta(hours=hours)
        told = stories.tell("ban-bo", ["Bản Một"], size="tiny", seed=SEED, until=until)
        at = {story.fate: story.at for story in told}
        taken_in = {fate: at_the_office(at[fate] + slow[0]) for fate in ("accepted", "in_progress")}
        assert taken_in["accepted"] <= until
        assert at_the_office(taken_in["in_progress"] + slow[1]) <= until


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-11-25T09:00+07:00", "2026-11-25T09:00+07:00"),
        ("2026-11-25T12:00+07:00", "2026-11-25T13:04+07:00"),
        ("2026-11-28T09:00+07:00", "2026-11-30T07:39+07:00"),
        ("2026-11-27T20:00+07:00", "2026-11-30T07:46+07:00"),
    ],
)
def test_nobody_answers_at_night_or_on_sunday(at, then) -> None:
    assert at_the_office(datetime.fromisoformat(at)) == datetime.fromisoformat(then)


def test_accounts_are_short_and_unique_and_heads_lead_their_units() -> None:
    found = people.officials("binh-lu", ["BL-01", "BL-02"], SEED)
    assert len({p.account for p in found}) == len(found)
    assert {"binhlu.chutich", "binhlu.motcua"} <= {p.account for p in found}
    heads = Counter(p.unit for p in found if p.is_head)
    assert heads == Counter(code for code, _name, _kind in people.UNITS)


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """Load the tiny demo inside a transaction that is undone afterwards.

    Not the one prepared for all tests: how it is loaded is what these look at.
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic(), clock.at(NOON):
        said: list[str] = []
        yield load.load(size="tiny", say=said.append), said
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded, django_db_blocker):
    with django_db_blocker.unblock(), clock.at(NOON):
        yield _loaded


def test_three_communes_in_every_state_without_a_step_refused(loaded) -> None:
    result, said = loaded
    assert result.communes == ["binh-lu", "ban-bo", "tan-phong"]
    assert not [text for text in said if "bỏ qua" in text]
    with tenancy.inside(places.commune_by_slug("binh-lu").id):
        states = dict(Report.objects.values_list("state").annotate(n=Count("id")))
        assert set(states) == set(State.values)
        assert any(report.is_overdue(NOON) for report in Report.objects.all())
        for report in Report.objects.all():
            assert history.broken_at(list(report.events.order_by("seq"))) is None
        phones = {r.phone for r in Reporter.objects.all()} - {""}
        assert phones
        assert all(phone.startswith("+84000") for phone in phones)


def test_what_is_to_pay_has_a_code_to_scan_that_pays_nobody(loaded) -> None:
    commune = places.commune_by_slug("binh-lu")
    with tenancy.inside(commune.id):
        waits = Dossier.objects.filter(finance=Finance.DUE, fees__paid_at=None).distinct()
        found = money.of(waits.order_by("id")[0], commune)
        account = PayeeAccount.objects.get()
    assert found.to_pay > 0
    assert "<svg" in found.qr
    assert (int(account.number), "KHONG CHUYEN TIEN" in account.holder) == (0, True)


def test_consents_are_walked_by_their_person_and_by_an_officer(loaded) -> None:
    commune = places.commune_by_slug("binh-lu")
    with tenancy.inside(commune.id):
        given = ConsentRecord.objects.filter(purpose__code__startswith="mau-")
        rows = list(given.select_related("purpose", "person"))
        mine = next(row.person for row in rows if row.withdrawn_at)
        code = own.make_key(mine, by=SYSTEM)
        officer = Official.objects.get(username="binhlu.vanhoa")
        counted = {row.code: row.consents for row in processing.register(commune)}
    assert {row.purpose.code for row in rows} == {"mau-anh-ban", "mau-nhan-tin"}
    assert all("bịa" in row.purpose.text for row in rows)
    assert (counted["mau-anh-ban"], counted["mau-nhan-tin"]) == (2, 1)  # one was taken back
    resident, desk = Client(), Client()
    resident.post("/binh-lu/ho-so-cua-toi/", {"ma": code, "sinh": str(mine.birth_year)})
    desk.force_login(officer)
    for page in (
        resident.get("/binh-lu/ho-so-cua-toi/xem/"),
        desk.get(f"/binh-lu/can-bo/dan-cu/quyen-du-lieu/{mine.pk}/"),
    ):
        text = page.content.decode()
        assert text.count("việc bịa để chạy thử") >= 2
        assert text.count("Đã rút lại") == 1


def test_a_second_load_changes_nothing(loaded) -> None:
    first, _said = loaded
    before = load.load(size="tiny")  # other stories here may have added reports to the first load
    again = load.load(size="tiny")
    assert (again.reports, again.accounts) == (before.reports, first.accounts)
    assert again.walls == {}  # a token is shown once


def test_everybody_shown_can_sign_in(loaded, client) -> None:
    result, _said = loaded
    shown = [account for account in result.accounts if account.is_shown]
    assert {a.role for a in shown} >= {"leader", "administrator", "one_stop_clerk", "officer"}
    assert Official.objects.get(username=shown[0].username).check_password(shown[0].password)


def test_copies_carry_their_own_chain_and_are_counted(loaded) -> None:
    commune = places.commune_by_slug("binh-lu")
    bulk.multiply(commune, up_to=200, seed=1, say=lambda _text: None)
    with tenancy.inside(commune.id):
        assert Report.objects.count() == 200
        copies = Report.objects.order_by("-id")[:100]
        for report in copies:
            events = list(report.events.order_by("seq"))
            assert history.broken_at(events) is None
            assert report.last_hash == events[-1].hash
            assert report.answer is None or report.answer.report_id == report.pk
        day = NOON.date()
        counted = measures.total("reports.received", commune.id, day - timedelta(3000), day)
        shown = Report.objects.exclude(visibility="sealed").filter(is_drill=False)
        assert counted.n == shown.filter(received_at__lt=NOON - timedelta(hours=12)).count()
