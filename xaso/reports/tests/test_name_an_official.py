"""A report about officials: whom it names neither reads nor handles it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.reports import actions, named, queries
from xaso.reports.models import KeptFrom, Report
from xaso.reports.queries import sealed
from xaso.reports.queries.inbox import InboxFilter
from xaso.reports.tests.conftest import MONDAY, RESIDENT

pytestmark = pytest.mark.django_db
Filled = Callable[..., actions.NewReport]


@pytest.fixture(autouse=True)
def demo_channel(settings: Any) -> None:
    settings.XASO_CHANNELS = {"demo": "xaso.kernel.notifications.adapters.demo"}


def hired(town: Commune, username: str, role: str, **facts: Any) -> tuple[Official, Actor]:
    person = Official.objects.create(username=username, **facts)
    RoleAssignment.objects.create(commune=town, official=person, role=role, valid_from=MONDAY)
    return person, Actor("official", str(person.pk), "desk", frozenset({role}))


@pytest.fixture
def chairman(town: Commune) -> tuple[Official, Actor]:
    facts = {"full_name": "Giàng A Bịa", "position": "Chủ tịch UBND xã"}
    return hired(town, "ct", "leader", **facts)


@pytest.fixture
def deputy(town: Commune) -> tuple[Official, Actor]:
    facts = {"full_name": "Tẩn Thị Mẫu", "position": "Phó Chủ tịch UBND xã"}
    return hired(town, "pct", "leader", **facts)


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Ông Giàng A Bịa vòi tiền.", {1}),
        ("ong giang a bia voi tien", {1}),
        ("Chủ tịch xã nhận tiền.", {1}),
        ("Bà phó chủ tịch hẹn mãi.", {2}),
        ("Phó chủ tịch và chủ tịch đều biết.", {1, 2}),
        ("Anh Bịa ở kho.", set()),
        ("Giàng A Bịao nhiêu tiền", set()),
        ("", set()),
    ],
)
def test_words_name_people_and_offices(said: str, who: set[int]) -> None:
    people = [
        Official(pk=1, full_name="Giàng A Bịa", position="Chủ tịch UBND xã"),
        Official(pk=2, full_name="Tẩn Thị Mẫu", position="Phó Chủ tịch UBND xã"),
        Official(pk=3, full_name="Bịa", position=""),
    ]
    assert named.people_in(said, people) == who


def denounced(town: Commune, new_report: Filled, text: str, **facts: Any) -> Report:
    new = new_report(category="WRONGDOING", text=text, **facts)
    return actions.receive(new, by=RESIDENT, commune=town).report


def listed(town: Commune, by: Actor) -> list[str]:
    head = queries.head(town, by)
    found = [r.code for r in sealed.sealed_list(town, by=by)]
    assert sealed.count_sealed(town, head, by=by) == len(found)
    return found


def test_a_denunciation_of_a_leader_goes_to_the_other(
    town: Commune,
    new_report: Filled,
    chairman: tuple[Official, Actor],
    deputy: tuple[Official, Actor],
    client_of: Callable[[object], Client],
) -> None:
    report = denounced(town, new_report, "Chủ tịch xã nhận tiền của chủ thầu.")
    assert report.is_sealed
    assert listed(town, chairman[1]) == []
    assert listed(town, deputy[1]) == [report.code]
    to = Message.objects.get(event="reports.sealed").recipient
    assert to == f"official:{deputy[0].pk}"
    with pytest.raises(NotFound):
        sealed.sealed_one(town, report.code, by=chairman[1])
    for do in (
        lambda: actions.settle(report, "12/2026", by=chairman[1]),
        lambda: actions.restream(report, "field", by=chairman[1]),
        lambda: actions.keep_from(report, deputy[0].pk, by=chairman[1]),
        lambda: actions.let_read(report, KeptFrom.objects.get().pk, by=chairman[1]),
    ):
        with pytest.raises(NotFound):
            do()
    browser = client_of(chairman[0])
    for path in ("", "in/", "anh/0/"):
        assert browser.get(f"/binh-lu/can-bo/don-kin/{report.code}/{path}").status_code == 404
    assert browser.get(f"/binh-lu/can-bo/phan-anh/{report.code}/").status_code == 404
    assert client_of(deputy[0]).get("/binh-lu/can-bo/don-kin/").status_code == 200


def test_opened_again_it_stays_closed_to_whom_it_is_about(
    town: Commune,
    new_report: Filled,
    chairman: tuple[Official, Actor],
    deputy: tuple[Official, Actor],
    client_of: Callable[[object], Client],
) -> None:
    report = denounced(town, new_report, "Ông Giàng A Bịa hẹn mãi không ký giấy.")
    actions.restream(report, "field", by=deputy[1])
    here = f"/binh-lu/can-bo/phan-anh/{report.code}/"
    assert client_of(chairman[0]).get(here).status_code == 404
    assert client_of(chairman[0]).get(f"{here}diem/").status_code == 404
    assert client_of(chairman[0]).get(f"{here}ghi-chu/").status_code == 404
    assert client_of(deputy[0]).get(here).status_code == 200
    with pytest.raises(NotFound):
        actions.note(report, "Không đúng đâu.", by=chairman[1])


def test_when_it_is_about_every_reader_the_administrator_is_told(
    town: Commune, new_report: Filled, chairman: tuple[Official, Actor]
) -> None:
    admin, _actor = hired(town, "qt", "administrator", full_name="Người Quản Trị")
    report = denounced(town, new_report, "Chủ tịch nhận tiền.")
    assert listed(town, chairman[1]) == []
    told = Message.objects.get(event="reports.sealed_alone")
    assert told.recipient == f"official:{admin.pk}"
    assert report.text is None


def test_a_chosen_unit_and_its_head_are_left_out(
    head: Official,
    officer_actor: Actor,
    clerk_actor: Actor,
    new_report: Filled,
    client_of: Callable[[object], Client],
) -> None:
    town, unit = Commune.objects.get(slug="binh-lu"), Unit.objects.get(code="kinh-te")
    answers = {"about_unit": unit.code}
    new = new_report(category="STAFF", text="Thái độ rất cáu gắt.", answers=answers)
    report = actions.receive(new, by=RESIDENT, commune=town).report
    assert not report.is_sealed
    all_open = InboxFilter()
    seen = [j.code for j in queries.inbox(town, all_open, by=clerk_actor).jobs]
    assert report.code in seen
    seen = [j.code for j in queries.inbox(town, all_open, by=officer_actor).jobs]
    assert report.code not in seen
    here = f"/binh-lu/can-bo/phan-anh/{report.code}/"
    assert client_of(Official.objects.get(username="can-bo")).get(here).status_code == 404
    assert client_of(Official.objects.get(username="mot-cua")).get(here).status_code == 200
    RoleAssignment.objects.create(commune=town, official=head, role="leader", valid_from=MONDAY)
    led = Actor("official", str(head.pk), "desk", frozenset({"leader"}))
    sealed_now = actions.restream(report, "denunciation", by=clerk_actor)
    assert listed(town, led) == []
    assert sealed_now.is_apart


def test_the_unit_of_the_rule_does_not_read_about_itself(
    unit: Unit,
    officer_actor: Actor,
    deputy: tuple[Official, Actor],
    new_report: Filled,
    leader_actor: Actor,
) -> None:
    town = unit.commune
    rule = actions.NewRule("denunciation.readers", MONDAY.date(), text=unit.code)
    actions.set_rule(town, rule, by=leader_actor)
    other = denounced(town, new_report, "Ông trưởng bản thu tiền không có biên lai.")
    about = denounced(town, new_report, "Phòng Kinh tế ăn chặn tiền giống.")
    assert listed(town, officer_actor) == [other.code]
    assert set(listed(town, deputy[1])) == {other.code, about.code}


def test_a_reader_adds_and_takes_back_names(
    town: Commune,
    new_report: Filled,
    chairman: tuple[Official, Actor],
    deputy: tuple[Official, Actor],
    client_of: Callable[[object], Client],
) -> None:
    report = denounced(town, new_report, "Có người ở xã vòi tiền hai lần.")
    assert listed(town, chairman[1]) == listed(town, deputy[1]) == [report.code]
    browser = client_of(deputy[0])
    here = f"/binh-lu/can-bo/don-kin/{report.code}/"
    browser.post(f"{here}khong-doc/", {"official": chairman[0].pk})
    assert listed(town, chairman[1]) == []
    with pytest.raises(Invalid):  # nobody would be left to read it
        actions.keep_from(report, deputy[0].pk, by=deputy[1])
    with pytest.raises(Invalid):
        actions.keep_from(report, 0, by=deputy[1])
    browser.post(f"{here}cho-doc/", {"row": KeptFrom.objects.get().pk})
    assert listed(town, chairman[1]) == [report.code]
