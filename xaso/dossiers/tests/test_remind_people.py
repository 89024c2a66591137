"""The commune reminds people before they ask: who is listed, for whom, and what is kept of it."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.dossiers import actions, proactive
from xaso.dossiers.models import Dossier, ProactiveAnswer, ProactiveRefusal, State
from xaso.dossiers.tests.conftest import actor as _actor
from xaso.dossiers.tests.conftest import person as official_named
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Official, RoleAssignment
from xaso.kernel.notifications.models import Message
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.population import actions as population
from xaso.population import births
from xaso.population import queries as register
from xaso.population.actions import consents
from xaso.population.models import Person, ProcessingPurpose, ViewLog

pytestmark = pytest.mark.django_db
URL = "/binh-lu/can-bo/chu-dong/"
TODAY = date(2026, 11, 23)
SAID = population.Said("self_declared")


@pytest.fixture
def villages(centre) -> list[Village]:
    for code, name in (("BL-01", "Nà Đon"), ("BL-02", "Chu Va 12")):
        new = places.NewVillage(code, "bản", name, 22.34, 103.62)
        places.add_village(centre, new, by=SYSTEM)
    return list(Village.objects.filter(commune=centre).order_by("code"))


@pytest.fixture
def resident(centre, villages):
    def registered(name: str, born: str, where: int = 0, **more: object) -> Person:
        known = births.parse(born, today=TODAY)
        found = population.register_person(
            population.NewPerson(name, "female", known, **more), SAID, commune=centre, by=SYSTEM
        )
        start = date(2025, 7, 1)
        house = population.open_household(
            population.NewHousehold(villages[where], start), SAID, commune=centre, by=SYSTEM
        )
        population.join(house, population.Joining(found, "head", start), SAID, by=SYSTEM)
        found.refresh_from_db()
        return found

    return registered


@pytest.fixture
def benefits(centre) -> None:
    """The monthly benefit is a published procedure, and the reminders lead to it."""
    for code in ("age-75", "age-80"):
        actions.set_reminder(_rule(code, procedure="1.004837"), by=SYSTEM, commune=centre)


def _rule(code: str, **changed: object) -> actions.NewRule:
    usual = {
        "code": code, "valid_from": date(2026, 1, 1), "amount": int(code[-2:]), "ahead_days": 30,
        "behind_days": 365, "level": 2, "procedure": "1.004837", "is_on": True,
        "sureness": "commune", "source": "QĐ 5/QĐ-UBND (mẫu)",
    }  # fmt: skip
    return actions.NewRule(**usual | changed)  # type: ignore[arg-type]


def _names(commune, code: str, **more: object) -> list[str]:
    rule = next(r for r in proactive.rules(commune, TODAY) if r.code == code)
    return [each.person.display_name for each in proactive.due(commune, rule, TODAY, **more)]


@pytest.fixture
def head(centre, villages) -> Official:
    found = official_named(centre, "truong-ban", "village_head")
    RoleAssignment.objects.filter(official=found).update(village=villages[0])
    return found


def test_who_may_have_reached_the_age_is_listed_and_nobody_before(centre, resident) -> None:
    resident("Lò Thị Đã", "1/11/1951")
    resident("Lò Thị Sắp", "20/12/1951")
    resident("Lò Thị Xa", "30/12/1951")
    resident("Vàng Thị Năm", "1951")
    resident("Vàng Thị Trẻ", "1952")
    resident("Vàng Thị Cũ", "1/1/1950")
    assert set(_names(centre, "age-75")) == {"Lò Thị Đã", "Lò Thị Sắp", "Vàng Thị Năm"}
    rule = proactive.SHIPPED[1]
    by_name = {x.person.display_name: x for x in proactive.due(centre, rule, TODAY)}
    assert by_name["Lò Thị Sắp"].is_exact
    assert not by_name["Vàng Thị Năm"].is_exact
    assert by_name["Vàng Thị Năm"].last == date(2026, 12, 31)


def test_a_child_is_listed_from_the_day_of_the_rule_on(centre, resident) -> None:
    mother = resident("Giàng Thị Mẹ", "1990")
    for name, born in (("Giàng A Một", "9/10/2026"), ("Giàng A Hai", "10/10/2026")):
        child = resident(name, born, mother=mother)
        event = population.Event("birth", births.parse(born, today=TODAY))
        population.record_event(child, event, SAID, by=SYSTEM)
    assert _names(centre, "birth") == ["Giàng A Một"]  # 45 days ago; the other 44
    clerk = official_named(centre, "mot-cua-2", "one_stop_clerk")
    found = Person.objects.get(display_name="Giàng A Một")
    by = _actor(clerk, "one_stop_clerk")
    made = actions.propose(actions.Reminder(found.pk, "birth"), by=by, commune=centre).dossier
    assert (made.state, made.applicant, made.person) == (State.DRAFT, "Giàng Thị Mẹ", mother.pk)
    assert (made.phone, made.id_number, made.village_id) == ("", "", found.village_id)
    assert "Giàng A Một" in made.subject


def test_a_dated_rule_comes_before_the_shipped_one(centre, resident) -> None:
    resident("Lò Thị Bảy", "1/11/1956")
    assert _names(centre, "age-75") == []
    actions.set_reminder(_rule("age-75", amount=70), by=SYSTEM, commune=centre)
    assert _names(centre, "age-75") == ["Lò Thị Bảy"]
    assert proactive.rules(centre, TODAY)[1].title == "Sắp đủ 70 tuổi"
    later = _rule("age-75", amount=90, valid_from=date(2027, 1, 1))
    actions.set_reminder(later, by=SYSTEM, commune=centre)
    assert _names(centre, "age-75") == ["Lò Thị Bảy"]  # not yet
    wrong = _rule("age-75", procedure="KHONG-CO", source=" ", behind_days=99_999)
    with pytest.raises(Invalid) as refused:
        actions.set_reminder(wrong, by=SYSTEM, commune=centre)
    assert set(refused.value.errors) == {"procedure", "source", "behind_days"}


def test_asking_twice_is_one_draft_and_no_is_remembered(centre, resident, benefits, clerk) -> None:
    who = resident("Lò Thị Đã", "1/11/1951")
    reminder = actions.Reminder(who.pk, "age-75")
    first = actions.propose(reminder, by=clerk, commune=centre)
    again = actions.propose(reminder, by=clerk, commune=centre)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.dossier.pk == again.dossier.pk
    assert Dossier.objects.count() == 1
    actions.decline(reminder, by=clerk, commune=centre)
    assert _names(centre, "age-75") == []
    with pytest.raises(NotFound):
        actions.propose(reminder, by=clerk, commune=centre)
    actions.want_again(reminder, by=clerk, commune=centre)
    assert _names(centre, "age-75") == ["Lò Thị Đã"]
    actions.decline(reminder, by=clerk, commune=centre)
    assert ProactiveRefusal.objects.count() == 2  # both times are kept


def test_who_handed_in_leaves_the_list(centre, resident, benefits, clerk) -> None:
    who = resident("Lò Thị Đã", "1/11/1951")
    made = actions.propose(actions.Reminder(who.pk, "age-75"), by=clerk, commune=centre).dossier
    assert _names(centre, "age-75") == ["Lò Thị Đã"]
    with pytest.raises(Refusal) as refused:
        actions.submit(made, by=clerk)
    assert "Bác hỏi bà con" in str(refused.value)
    assert Dossier.objects.get().state == State.DRAFT
    made = actions.submit(made, by=clerk, said_yes=True)
    assert made.state == State.WAITING
    assert _names(centre, "age-75") == []
    said = ProactiveAnswer.objects.get()
    assert (said.said, said.person, said.asked_by) == ("yes", who.pk, clerk.id)


def test_a_sensitive_reminder_ends_with_its_paper(centre, resident) -> None:
    who = resident("Lò Thị Khó", "1970")
    flag = population.Flag("disability", date(2021, 12, 1), date(2026, 12, 10), "12/GXN", "welfare")
    population.add_flag(who, flag, SAID, by=SYSTEM)
    assert _names(centre, "disability") == ["Lò Thị Khó"]
    newer = population.Flag("disability", date(2026, 12, 11), None, "13/GXN", "welfare")
    population.add_flag(who, newer, SAID, by=SYSTEM)
    assert _names(centre, "disability") == []


def test_the_page_of_a_clerk(centre, resident, benefits, clerk, client_of) -> None:
    who = resident("Vàng Thị Năm", "1951")
    resident("Lò Thị Xóm", "1/11/1951", where=1)
    page: Client = client_of(Official.objects.get(pk=clerk.id))
    body = page.get(URL, {"viec": "age-75"}).content.decode()
    assert "Vàng Thị Năm" in body
    assert "Lò Thị Xóm" in body
    assert "01/01/1951" not in body
    assert "có thể đã đến hạn" in body
    assert "khuyết tật" not in body  # a flag a clerk may not see
    looks = ViewLog.objects.filter(purpose="proactive", ref="age-75", viewer=clerk.id)
    assert looks.count() == 2
    send = f"{URL}age-75/{who.pk}/"
    for _click in range(2):
        assert page.post(f"{send}nhap/").status_code == 302
    assert Dossier.objects.count() == 1
    assert "Xem hồ sơ nháp" in page.get(URL, {"viec": "age-75"}).content.decode()
    page.post(f"{send}khong-can/")
    assert "Vàng Thị Năm" not in page.get(URL, {"viec": "age-75"}).content.decode()
    shown = page.get(URL, {"viec": "age-75", "khong-can": "1"}).content.decode()
    assert "Vàng Thị Năm" in shown
    assert "Bà con đổi ý" in shown
    assert page.post(f"{URL}disability/{who.pk}/nhap/").status_code == 404


def test_a_village_head_sees_the_own_village_and_a_leader_nobody(
    centre, resident, benefits, head, client_of
) -> None:
    resident("Vàng Thị Năm", "1951")
    other = resident("Lò Thị Xóm", "1/11/1951", where=1)
    page = client_of(head)
    body = page.get(URL, {"viec": "age-75", "ban": str(other.village_id)}).content.decode()
    assert "Vàng Thị Năm" in body
    assert "Lò Thị Xóm" not in body
    page.post(f"{URL}age-75/{other.pk}/nhap/")
    assert not Dossier.objects.exists()
    assert client_of(official_named(centre, "lanh-dao", "leader")).get(URL).status_code == 403


def test_the_page_costs_the_same_for_many(centre, resident, benefits, clerk, client_of) -> None:
    page = client_of(Official.objects.get(pk=clerk.id))
    resident("Vàng Thị Năm", "1951")
    page.get(URL, {"viec": "age-75"})
    with CaptureQueriesContext(connection) as few:
        page.get(URL, {"viec": "age-75"})
    for number in range(6):
        resident(f"Lò Thị {'abcdef'[number]}", "1/11/1951", where=number % 2)
    with CaptureQueriesContext(connection) as many:
        page.get(URL, {"viec": "age-75"})
    assert len(many) == len(few)


def test_an_administrator_changes_a_rule(centre, client_of) -> None:
    page = client_of(official_named(centre, "quan-tri", "administrator"))
    assert "Luật Hộ tịch" in page.get(f"{URL}quy-tac/").content.decode()
    form = {
        "valid_from": "2026-11-01", "is_on": "on", "amount": "50", "ahead_days": "0",
        "behind_days": "700", "level": "1", "procedure": "", "source": "", "sureness": "commune",
    }  # fmt: skip
    assert page.post(f"{URL}quy-tac/birth/", form).status_code == 422
    done = page.post(f"{URL}quy-tac/birth/", form | {"source": "QĐ 6/QĐ-UBND (mẫu)"})
    assert done.status_code == 302
    assert "QĐ 6/QĐ-UBND" in page.get(f"{URL}quy-tac/").content.decode()
    assert page.get(f"{URL}quy-tac/khong-co/").status_code == 404


def _own(**changed: object) -> actions.NewRule:
    usual = {"name": "Mừng thọ 70 tuổi", "kind": "age", "amount": 70, "level": 1, "procedure": ""}
    return _rule("age-70", **usual | changed)


def test_a_communes_own_reminder_stands_beside_the_shipped_ones(centre, resident) -> None:
    resident("Lò Thị Ón", "1956-12-01")
    row = actions.add_reminder(_own(), by=SYSTEM, commune=centre)
    assert row.code == "xa-mung-tho-70-tuoi"
    found = proactive.rules(centre, TODAY)
    assert [each.is_own for each in found] == [False] * 4 + [True]
    assert found[-1].title == "Mừng thọ 70 tuổi"
    assert _names(centre, row.code) == ["Lò Thị Ón"]
    with pytest.raises(Invalid) as twice:
        actions.add_reminder(_own(), by=SYSTEM, commune=centre)
    assert set(twice.value.errors) == {"name"}
    for wrong, field in (
        ({"name": " "}, "name"), ({"name": "Lạ", "kind": "moon"}, "kind"),
        ({"name": "Thẻ hết hạn", "kind": "ending"}, "flag"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            actions.add_reminder(_own(**wrong), by=SYSTEM, commune=centre)
        assert field in refused.value.errors
    later = replace(_own(valid_from=date(2026, 11, 1), is_on=False), code=row.code)
    actions.set_reminder(later, by=SYSTEM, commune=centre)
    assert not proactive.rules(centre, TODAY)[-1].is_on


def test_an_administrator_writes_a_reminder_on_the_screen(centre, client_of, clerk) -> None:
    page = client_of(official_named(centre, "quan-tri", "administrator"))
    url = f"{URL}quy-tac/moi/"
    form = {
        "name": "Thẻ bảo hiểm sắp hết", "kind": "ending", "flag": "", "valid_from": "2026-01-01",
        "is_on": "on", "amount": "0", "ahead_days": "30", "behind_days": "30", "level": "1",
        "procedure": "", "source": "QĐ 9/QĐ-UBND (mẫu)", "sureness": "commune",
    }  # fmt: skip
    answer = page.post(url, form)
    assert answer.status_code == 422
    assert "Thẻ bảo hiểm sắp hết" in answer.content.decode()
    assert page.post(url, form | {"flag": "health_insurance"}).status_code == 302
    assert "Thẻ bảo hiểm sắp hết" in page.get(f"{URL}quy-tac/").content.decode()
    assert client_of(Official.objects.get(pk=clerk.id)).get(url).status_code == 403
    # who may not see that fact is not offered the list
    assert "Thẻ bảo hiểm" not in client_of(
        Official.objects.get(pk=clerk.id)
    ).get(URL).content.decode()  # fmt: skip


def test_what_people_said_is_a_step_of_its_own(centre, resident, benefits, head, client_of) -> None:
    person = resident("Lò Thị Ón", "1951-12-01")
    page = client_of(head)
    act = f"{URL}age-75/{person.pk}/"
    assert page.post(f"{act}chua-gap/").status_code == 302
    assert "Chưa gặp được (" in page.get(URL, {"viec": "age-75"}).content.decode()
    assert page.post(f"{act}dong-y/").status_code == 302
    shown = page.get(URL, {"viec": "age-75"}).content.decode()
    assert f"Bà con đồng ý ({head} hỏi ngày 23/11/2026)" in shown
    said = list(ProactiveAnswer.objects.values_list("said", "asked_by"))
    assert said == [("yes", str(head.pk)), ("not_reached", str(head.pk))]
    assert page.post(f"{act}khong-can/").status_code == 302
    assert ProactiveRefusal.objects.get().person == person.pk
    assert _names(centre, "age-75") == []
    page.post(f"{act}dong-y/")  # no more on the list: nothing is written
    assert ProactiveAnswer.objects.count() == 3


@pytest.fixture
def notices(centre, settings) -> ProcessingPurpose:
    settings.XASO_CHANNELS = {"sms": "xaso.kernel.notifications.adapters.demo"}
    return consents.purpose(centre, "notices")


def _reached(person: Person, phone: str, purpose: ProcessingPurpose | None) -> None:
    reach = population.Reach("phone", phone)
    population.add_contact(person, reach, SAID, by=SYSTEM)
    if purpose is not None:
        told = consents.Agreement(purpose, "1", "Thái", "paper")
        consents.give_consent(person, told, by=SYSTEM)


def test_a_text_goes_to_who_agreed_once_and_says_nothing(
    centre, resident, notices, clerk, client_of
) -> None:
    agreed, silent = resident("Lò Thị Đã", "1/11/1951"), resident("Lò Thị Im", "2/11/1951")
    _reached(agreed, "0912 345 678", notices)
    _reached(silent, "0912 345 679", None)
    page = client_of(Official.objects.get(pk=clerk.id))
    assert page.get(URL, {"viec": "age-75"}).content.decode().count("Nhắn tin mời") == 1
    for person in (agreed, silent, agreed):
        page.post(f"{URL}age-75/{person.pk}/nhan-tin/")
    message = Message.objects.get()
    assert (message.channel, message.address) == ("sms", "+84912345678")
    for private in ("Lò", "75", "1951", "tuổi", "age-75"):
        assert private not in message.title + message.body
    assert len(message.body) <= 160
    assert [row.said for row in ProactiveAnswer.objects.all()] == ["texted"]
    shown = page.get(URL, {"viec": "age-75"}).content.decode()
    assert "Đã nhắn tin (" in shown
    assert "Nhắn tin mời" not in shown
    with pytest.raises(actions.TextedBefore):
        actions.text(actions.Reminder(agreed.pk, "age-75"), by=clerk, commune=centre)
    with pytest.raises(actions.NoPhoneAgreed):
        actions.text(actions.Reminder(silent.pk, "age-75"), by=clerk, commune=centre)


def test_one_phone_is_texted_once_and_never_without_consent(centre, resident, notices) -> None:
    person = resident("Lò Thị Đã", "1/11/1951")
    _reached(person, "0912 345 678", notices)
    other = resident("Lò Thị Hai", "3/11/1951")
    _reached(other, "0912345678", notices)  # one phone for both: one text
    assert len(register.reachable(centre, villages=[person.village_id])) == 1
    assert register.reachable(centre, [person.pk])[0].phone == "+84912345678"
    consents.withdraw_consent(person.consents.get(), by=SYSTEM)
    assert register.reachable(centre, [person.pk]) == []


def test_without_a_channel_nothing_is_written(centre, resident, notices, clerk, settings) -> None:
    person = resident("Lò Thị Đã", "1/11/1951")
    _reached(person, "0912 345 678", notices)
    settings.XASO_CHANNELS = {}
    with pytest.raises(actions.NoChannel):
        actions.text(actions.Reminder(person.pk, "age-75"), by=clerk, commune=centre)
    assert not ProactiveAnswer.objects.exists()


def test_a_yes_said_before_is_not_asked_again_and_a_no_is(
    centre, resident, benefits, clerk, client_of
) -> None:
    who = resident("Lò Thị Đã", "1/11/1951")
    reminder = actions.Reminder(who.pk, "age-75")
    made = actions.propose(reminder, by=clerk, commune=centre).dossier
    page = client_of(Official.objects.get(pk=clerk.id))
    url = f"/binh-lu/can-bo/ho-so/{made.uuid}/nop/"
    assert "said_yes" in page.get(url).content.decode()
    actions.answer_yes(reminder, by=clerk, commune=centre)
    assert "said_yes" not in page.get(url).content.decode()
    actions.answer_no(reminder, by=clerk, commune=centre)
    refused = page.post(url, {})
    assert refused.status_code == 422
    assert "Bác hỏi bà con" in refused.content.decode()
    assert page.post(url, {"said_yes": "on"}).status_code == 302
    assert Dossier.objects.get().state == State.WAITING
    assert ProactiveRefusal.objects.get().ended_at is not None
