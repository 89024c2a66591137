"""Data that got out: the clock, the steps, whom the log says it concerns, and exercises of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Role
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.population import actions
from xaso.population.actions import Purpose, breaches, ruling, viewing, watching
from xaso.population.actions.breaches import ORDER, NewBreach
from xaso.population.models import Breach, BreachDeed, BreachStep, LookAlert, ViewLog
from xaso.population.queries import breaches as incidents
from xaso.population.tests.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
HERE = "/binh-lu/can-bo/dan-cu/su-co/"
HOUR = timedelta(hours=1)


@pytest.fixture
def leader(town, official):
    return official(Role.LEADER, town, full_name="Vàng Thị Lãnh Đạo")


@pytest.fixture
def looker(town, official):
    return official(Role.OFFICER, town, full_name="Lò Văn Xem")


@pytest.fixture
def staff(town, leader, looker, official):
    """Return a leader, the officer whose looks are concerned, and another officer."""
    return leader, looker, official(Role.OFFICER, town)


def _by(person) -> Actor:
    return Actor("official", str(person.pk), "desk", frozenset({"leader"}))


def _new(account=None, **more) -> NewBreach:
    known = {"text": "Mất một máy tính", "began_at": NOW - 3 * HOUR, "ended_at": NOW - HOUR}
    return NewBreach(**known | {"account": account.pk if account else None} | more)


def _typed(**more: str) -> dict[str, str]:
    return {
        "text": "Mất một máy tính", "noticed_at": "2026-11-23T13:30",
        "began_at": "2026-11-23T08:00", "ended_at": "2026-11-23T12:00", "account": "",
    } | more  # fmt: skip


def _look(at, person, groups, purpose, by) -> None:
    with clock.at(at):
        actions.saw(person, groups, Purpose(purpose), by=by)


def test_the_log_says_whom_it_concerns(town, person, looker, leader, official) -> None:
    an, ba, chu, do, em = (person(f"Lò Văn {n}") for n in ("An", "Ba", "Chu", "Do", "Em"))
    by, other = _by(looker), _by(official(Role.OFFICER, town))
    for at in (NOW - 2 * HOUR, NOW - 100 * timedelta(minutes=1)):
        _look(at, an, ["basic"], "residence", by)  # twice is one person
    _look(NOW - 2 * HOUR, an, ["number"], "welfare", by)
    _look(NOW - 2 * HOUR, ba, ["basic", "contact"], "population.export", by)
    with clock.at(NOW - 2 * HOUR):
        viewing.searched([an.pk, chu.pk, uuid4()], "residence", commune=town.id, by=by)
    _look(NOW - 2 * HOUR, do, ["basic"], "residence", other)  # somebody else
    _look(NOW - 4 * HOUR, em, ["basic"], "residence", by)  # before
    _look(NOW - timedelta(minutes=30), em, ["basic"], "residence", by)  # after
    row = breaches.open_breach(town, _new(looker), by=_by(leader))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = incidents.concerned(row)
    assert len(asked) == 1
    assert found.persons == 3
    assert [n for _words, n in found.groups] == [3, 1, 1]  # basic, contact, number
    assert dict(found.ways) == {
        str(incidents.WAYS["record"]): 1, str(incidents.WAYS["search"]): 2,
        str(incidents.WAYS["export"]): 1,
    }  # fmt: skip
    shown = incidents.people(row, page=1, per_page=2)
    assert [each.person.pk for each in shown] == [an.pk, ba.pk]
    assert [each.person.pk for each in incidents.people(row, page=2, per_page=2)] == [chu.pk]
    assert incidents.concerned(breaches.open_breach(town, _new(), by=SYSTEM)) is None


def test_a_row_of_ten_minutes_that_began_before_counts(town, person, looker, leader) -> None:
    began = NOW - 3 * HOUR + timedelta(minutes=5)
    one, two = person("Lò Văn An"), person("Lò Văn Ba")
    _look(began - timedelta(minutes=2), one, ["basic"], "residence", _by(looker))
    _look(began - timedelta(minutes=6), two, ["basic"], "residence", _by(looker))
    row = breaches.open_breach(town, _new(looker, began_at=began), by=_by(leader))
    assert incidents.concerned(row).persons == 1


def test_the_clock_is_the_rule_of_the_day_it_was_noticed(town, leader) -> None:
    ruling.set_rule(town, ruling.NewRule("rights.breach_hours", 24, TODAY), by=SYSTEM)
    early = _new(noticed_at=NOW - 24 * HOUR, began_at=NOW - 30 * HOUR, ended_at=NOW - 25 * HOUR)
    before = breaches.open_breach(town, early, by=_by(leader))
    after = breaches.open_breach(town, _new(), by=_by(leader))
    assert before.due_at - before.noticed_at == 72 * HOUR
    assert after.due_at - after.noticed_at == 24 * HOUR
    with clock.at(NOW + 25 * HOUR):
        left = incidents.incident(town, after.pk, by=SYSTEM).left
    assert left == -HOUR


def test_steps_come_in_order_and_stay(town, leader) -> None:
    row, by = breaches.open_breach(town, _new(), by=_by(leader)), _by(leader)
    with pytest.raises(breaches.OutOfTurn):
        breaches.take_step(row.pk, BreachStep.ASSESSED, "x", by=by)
    with pytest.raises(breaches.OutOfTurn):
        breaches.take_step(row.pk, BreachStep.DISMISSED, "x", by=by)
    with pytest.raises(breaches.NotTold):
        breaches.take_step(row.pk, BreachStep.CLOSED, "x", by=by)
    with pytest.raises(breaches.NothingWritten):
        breaches.take_step(row.pk, BreachStep.CONTAINED, "  ", by=by)
    with pytest.raises(NotFound):
        breaches.take_step(row.pk, "else", "x", by=by)
    for hours, step in enumerate(ORDER, 1):
        with clock.at(NOW + hours * HOUR):
            breaches.take_step(row.pk, step, f"Đã làm {step}", by=by)
    with pytest.raises(breaches.Ended):
        breaches.take_step(row.pk, BreachStep.CLOSED, "", by=by)
    told = incidents.incident(town, row.pk, by=SYSTEM)
    assert [each.took for each in told.steps] == [HOUR] * 5
    assert (told.told_in, told.was_late, told.is_over, told.next) == (3 * HOUR, False, True, None)
    for rows in (BreachDeed.objects.all(), Breach.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(commune=town)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {rows.model._meta.db_table}")


def test_what_turns_out_to_be_nothing_is_dismissed_after_it_was_assessed(town, leader) -> None:
    row, by = breaches.open_breach(town, _new(), by=_by(leader)), _by(leader)
    assert incidents.count_open(town) == 1
    for step in (BreachStep.CONTAINED, BreachStep.ASSESSED, BreachStep.DISMISSED):
        breaches.take_step(row.pk, step, "Máy tìm thấy, chưa ai mở", by=by)
    assert incidents.count_open(town) == 0
    with pytest.raises(breaches.Ended):
        breaches.take_step(row.pk, BreachStep.AUTHORITY, "x", by=by)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": " "}, "text"),
        ({"noticed_at": NOW + HOUR}, "noticed_at"),
        ({"began_at": NOW - HOUR, "ended_at": NOW - 2 * HOUR}, "ended_at"),
        ({"ended_at": NOW + HOUR}, "ended_at"),
        ({"noticed_at": NOW - 5 * HOUR}, "began_at"),
        ({"began_at": NOW.replace(year=1)}, "began_at"),
    ],
)
def test_what_cannot_be_is_refused_by_field(town, typed, field) -> None:
    with pytest.raises(Invalid) as refused:
        breaches.open_breach(town, _new(**typed), by=SYSTEM)
    assert list(refused.value.errors) == [field]
    assert not Breach.objects.exists()


def test_nobody_handles_what_is_about_their_own_account(town, leader, looker, client_of) -> None:
    with pytest.raises(Invalid) as refused:
        breaches.open_breach(town, _new(leader), by=_by(leader))
    assert list(refused.value.errors) == ["account"]
    row = breaches.open_breach(town, _new(looker), by=_by(leader))
    with pytest.raises(NotFound):
        breaches.take_step(row.pk, BreachStep.CONTAINED, "x", by=_by(looker))
    browser = client_of(looker)
    assert str(row.pk) not in browser.get(HERE).content.decode()
    assert browser.get(f"{HERE}{row.pk}/").status_code == 404
    assert browser.get(f"{HERE}{row.pk}/van-ban/").status_code == 404


def test_an_exercise_counts_nowhere_and_opens_no_names(town, person, staff, client_of) -> None:
    leader, looker, officer = staff
    _look(NOW - 2 * HOUR, person("Giàng A Páo"), ["basic"], "residence", _by(looker))
    late = NOW - 99 * HOUR
    row = breaches.open_breach(town, _new(looker, is_drill=True, noticed_at=late), by=_by(leader))
    assert row.noticed_at == NOW  # whatever was typed
    assert incidents.count_open(town) == 0
    assert incidents.listed(town, is_drill=False, by=SYSTEM) == []
    with clock.at(NOW + timedelta(minutes=12)):
        breaches.take_step(row.pk, BreachStep.CONTAINED, "Đã khóa", by=_by(leader))
    browser = client_of(officer)
    form = browser.get(f"{HERE}mo/?dien-tap=1").content.decode()
    assert "<h1>Mở một buổi diễn tập</h1>" in form
    assert "checked" in form.split('name="is_drill"')[1].split(">")[0]
    shown = browser.get(HERE).content.decode()
    assert "12 phút" in shown
    assert "0 chưa đóng" in shown
    assert "Diễn tập" in browser.get(f"{HERE}{row.pk}/").content.decode()
    assert browser.get(f"{HERE}{row.pk}/nguoi/").status_code == 404
    assert "DIỄN TẬP" in browser.get(f"{HERE}{row.pk}/van-ban/").content.decode()


def test_from_an_alert_to_the_notice_on_paper(town, person, staff, client_of) -> None:
    leader, looker, officer = staff
    someone = person("Giàng A Páo")
    _look(NOW.replace(hour=2), someone, ["basic", "number"], "residence", _by(looker))
    watching.look_over(town)
    alert = LookAlert.objects.get()
    browser = client_of(leader)
    looks = browser.get("/binh-lu/can-bo/quan-tri/dan-cu/luot-xem/").content.decode()
    assert f"mo/?canh-bao={alert.pk}" in looks
    form = browser.get(f"{HERE}mo/?canh-bao={alert.pk}").content.decode()
    assert f'<option value="{looker.pk}" selected>' in form
    assert 'value="2026-11-23T02:00"' in form
    assert browser.get(f"{HERE}mo/?canh-bao=khong-co").status_code == 200
    typed = _typed(account=str(looker.pk), began_at="2026-11-23T01:00")
    answer = browser.post(f"{HERE}mo/", typed)
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    assert "Còn 71 giờ để báo" in page
    assert "Số giấy tờ" in page
    assert "/nguoi/" not in page  # leaders see no names
    assert browser.get(f"{answer['Location']}nguoi/").status_code == 403
    wrong = browser.post(f"{answer['Location']}buoc/", {"step": "closed", "note": "Đã gõ"})
    assert wrong.status_code == 409
    assert "Chưa báo cơ quan" in wrong.content.decode()
    assert "Đã gõ" in wrong.content.decode()
    assert "Giàng A Páo" in client_of(officer).get(f"{answer['Location']}nguoi/").content.decode()
    look = ViewLog.objects.get(viewer=str(officer.pk))
    assert (look.person, look.purpose) == (someone, "population.breach")
    for step in (BreachStep.CONTAINED, BreachStep.ASSESSED, BreachStep.AUTHORITY):
        note = {"step": step.value, "note": f"Lời {step.value}"}
        assert browser.post(f"{answer['Location']}buoc/", note).status_code == 302
    paper = browser.get(f"{answer['Location']}van-ban/").content.decode()
    for said in ("Mất một máy tính", "Lời contained", "Lời assessed", "1 người", "trong 72 giờ"):
        assert said in paper
    assert "Giàng A Páo" not in paper
    assert "Mất một" not in "".join(Entry.objects.values_list("payload", flat=True))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"noticed_at": "2026-11-24T08:00"}, "Giờ phát hiện chưa tới"),
        ({"ended_at": "2026-11-23T07:00"}, "Giờ kết thúc phải sau giờ bắt đầu"),
        ({"began_at": "hôm qua"}, 'aria-invalid="true"'),
        ({"account": "999999"}, 'aria-invalid="true"'),
    ],
)
def test_bad_input_gets_a_sentence(town, leader, client_of, typed, said) -> None:
    answer = client_of(leader).post(f"{HERE}mo/", _typed(**typed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Breach.objects.exists()


@pytest.mark.parametrize("role", [Role.CLERK, Role.VILLAGE_HEAD])
def test_clerks_and_village_heads_stay_out(town, official, client_of, role) -> None:
    row = breaches.open_breach(town, _new(), by=SYSTEM)
    browser = client_of(official(role, town))
    for path in ("", "mo/", f"{row.pk}/", f"{row.pk}/nguoi/", f"{row.pk}/van-ban/"):
        assert browser.get(HERE + path).status_code == 403, path
    assert browser.post(f"{HERE}{row.pk}/buoc/", {"step": "contained"}).status_code == 403
    assert not BreachDeed.objects.exists()


def test_another_commune_finds_nothing(town, ban_bo, leader, client_of) -> None:
    with tenancy.inside(ban_bo.id):
        row = breaches.open_breach(ban_bo, _new(), by=SYSTEM)
        breaches.take_step(row.pk, BreachStep.CONTAINED, "x", by=SYSTEM)
    assert not Breach.objects.exists()
    assert not BreachDeed.objects.exists()
    assert client_of(leader).get(f"{HERE}{row.pk}/").status_code == 404
    with pytest.raises(NotFound):
        breaches.take_step(row.pk, BreachStep.ASSESSED, "x", by=_by(leader))


def test_the_list_takes_as_many_statements_however_long(town, leader, looker) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            incidents.listed(town, is_drill=False, by=_by(leader))
        return len(seen)

    for _n in range(2):
        row = breaches.open_breach(town, _new(looker), by=_by(leader))
        breaches.take_step(row.pk, BreachStep.CONTAINED, "x", by=_by(leader))
    few = asked()
    for _n in range(5):
        breaches.open_breach(town, _new(looker), by=_by(leader))
    assert asked() == few == 3
