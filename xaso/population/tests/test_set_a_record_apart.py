"""A record is locked instead of deleted: kept, and in no list."""

from datetime import timedelta

import pytest

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Role
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Village
from xaso.kernel.working_time import clock
from xaso.population import actions, queries
from xaso.population.actions import reminding, rights, setting_apart
from xaso.population.models import RequestKind, Restriction
from xaso.population.queries import exporting, visiting
from xaso.population.tests.conftest import BY, NOW

pytestmark = pytest.mark.django_db
RIGHTS = "/binh-lu/can-bo/dan-cu/quyen-du-lieu/"


@pytest.fixture
def pao(person, family):
    someone = person("Giàng A Páo", "5/1/1946")
    family((someone, "head"), (person("Lò Thị Ín", "1950", "female"), "spouse"))
    return someone


def _found(town) -> list[str]:
    asked = queries.read("giang a pao", list(Village.objects.all()))
    return [line.name for line in queries.find_persons(town, asked).lines]


def _everywhere(town, village, pao) -> list[bool]:
    sheet = visiting.sheet(town, village, page=1, per_page=40)
    return [
        bool(_found(town)),
        any(name == "Giàng A Páo" for row in sheet.rows for name, _born, _role in row.people),
        any(row["name"] == "Giàng A Páo" for row in exporting.residents(town)),
        any(
            each.person.display_name == "Giàng A Páo" for each in queries.turning_age(town, 81, 60)
        ),
    ]


def test_a_locked_record_is_in_no_list_and_comes_back(pao, town, village) -> None:
    assert _everywhere(town, village, pao) == [True] * 4
    with pytest.raises(setting_apart.WhyMissing):
        setting_apart.set_apart(pao, " x ", by=BY)
    held = setting_apart.set_apart(pao, "Người này yêu cầu hạn chế", by=BY)
    assert _everywhere(town, village, pao) == [False] * 4
    assert queries.counts(town).heads.present == 2  # figures still count everybody
    with pytest.raises(setting_apart.ApartAlready):
        setting_apart.set_apart(pao, "Lần nữa vậy", by=BY)
    setting_apart.use_again(held.pk, "Người này đồng ý dùng lại", by=BY)
    assert _everywhere(town, village, pao) == [True] * 4
    assert b"gi\xe1" not in bytes(str(Restriction.objects.values("reason")), "utf8")


def test_a_locked_record_is_not_merged(pao, town, person) -> None:
    other = person("Giàng A Páo", "1946")
    setting_apart.set_apart(pao, "Yêu cầu hạn chế", by=BY)
    for survivor, absorbed in ((pao.pk, other.pk), (other.pk, pao.pk)):
        with pytest.raises(actions.SetApart):
            actions.merge_persons(actions.Merging(survivor, absorbed, {}, "cùng một người"), by=BY)


def test_the_page_locks_for_the_request_and_says_so(
    pao, town, village, official, client_of
) -> None:
    desk = client_of(official(Role.OFFICER, town))
    asked = rights.ask(pao, rights.NewRequest(RequestKind.DELETE), by=BY)
    desk.post(f"{RIGHTS}{pao.pk}/khoa/", {"reason": "Yêu cầu xóa, phải giữ theo luật"})
    assert Restriction.objects.get().request == asked
    assert "Hồ sơ đang khóa" in desk.get(f"{RIGHTS}{pao.pk}/").content.decode()
    assert "Giàng A Páo" in desk.get(RIGHTS).content.decode()
    assert "Đang khóa" in desk.get(f"/binh-lu/can-bo/dan-cu/nguoi/{pao.pk}/").content.decode()
    home = queries.household_of(pao)
    head = official(Role.VILLAGE_HEAD, town)
    head.assignments.update(village=village)
    browser = client_of(head)
    card = browser.get(f"/binh-lu/can-bo/dan-cu/ho/{home.code}/").content.decode()
    assert "Giàng A Páo" not in card
    assert "1 hồ sơ đang khóa" in card
    assert browser.get(f"/binh-lu/can-bo/dan-cu/nguoi/{pao.pk}/").status_code == 404
    desk.post(f"{RIGHTS}{pao.pk}/mo-khoa/", {"reason": "Đồng ý dùng lại"})
    assert _found(town)


def test_whoever_answers_is_warned_before_and_leaders_once_late(
    pao, town, official, settings
) -> None:
    officer, leader = official(Role.OFFICER, town), official(Role.LEADER, town)
    for each in (officer, leader):
        each.email = f"{each.username}@xa.example"
        each.save()
    kept = rights.ask(pao, rights.NewRequest(RequestKind.RESTRICT), by=BY)
    assert reminding.warn(town) == 0
    with clock.at(kept.answer_due_at - timedelta(hours=3)):
        reminding.warn(town)
        reminding.warn(town)
        assert Message.objects.filter(event="population.request_due").count() == 1
        assert "Páo" not in Message.objects.get(event="population.request_due").body
    with clock.at(kept.answer_due_at + timedelta(hours=3)):
        reminding.warn(town)
        told = Message.objects.filter(event="population.request_due")
        assert {m.recipient for m in told} == {
            f"official:{officer.pk}", f"official:{leader.pk}"
        }  # fmt: skip
    by = Actor("official", str(officer.pk), "desk", frozenset({"officer"}))
    rights.answer_request(kept, "Xã đang làm.", by=by)
    count = Message.objects.count()
    with clock.at(NOW + timedelta(days=5)):
        reminding.warn(town)
    assert Message.objects.count() == count  # the end is ten days away
    with clock.at(kept.done_due_at - timedelta(days=2)):
        assert reminding.warn(town) == 1
