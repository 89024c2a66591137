"""Odd looks are found, asked about and decided; a resident asks about one look."""

from datetime import timedelta

import pytest
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.actions import tries
from xaso.kernel.identity.models import Role
from xaso.kernel.working_time import clock
from xaso.population import actions, rulebook
from xaso.population.actions import Purpose, own, ruling, watching
from xaso.population.models import LookAlert, OddLook, RequestState, SubjectRequest, ViewLog
from xaso.population.tests.conftest import BY, NOW, TODAY

pytestmark = pytest.mark.django_db
HERE = "/binh-lu/can-bo/quan-tri/dan-cu/luot-xem/"


@pytest.fixture(autouse=True)
def _no_tries(db) -> None:
    tries.forget_all()


def _set(town, key: str, amount: int) -> None:
    ruling.set_rule(town, ruling.NewRule(key, amount, TODAY), by=SYSTEM)


def _alerts() -> list[tuple[str, str, int]]:
    return sorted(LookAlert.objects.values_list("kind", "viewer", "persons"))


def test_many_people_in_an_hour_are_one_alert_and_no_more(town, person) -> None:
    _set(town, "watch.persons", 3)
    people = [person(f"Lò Văn {n}") for n in ("An", "Ba", "Chu", "Do", "Em")]
    for minutes, someone in enumerate(people[:3]):
        with clock.at(NOW + timedelta(minutes=minutes)):
            actions.saw(someone, ["basic"], Purpose("residence"), by=BY)
    with clock.at(NOW + timedelta(minutes=61)):  # the first three are no longer in the hour
        actions.saw(people[3], ["basic"], Purpose("residence"), by=BY)
        assert watching.look_over(town) == 0
    with clock.at(NOW + timedelta(minutes=62)):
        for someone in people:
            actions.saw(someone, ["basic"], Purpose("residence"), by=BY)
        assert watching.look_over(town) == 1
        assert watching.look_over(town) == 0
    assert _alerts() == [(OddLook.MANY, "7", 5)]


def test_a_list_that_was_exported_is_not_many_looks(town, person) -> None:
    _set(town, "watch.persons", 1)
    people = [person("Lò Văn An"), person("Lò Văn Ba")]
    actions.saw_many(people, ["basic"], Purpose("population.export"), by=BY)
    assert watching.look_over(town) == 0


def test_looks_at_night_by_the_dated_rule(town, person) -> None:
    someone = person("Lò Văn An")
    with clock.at(NOW.replace(hour=23)):
        actions.saw(someone, ["basic"], Purpose("residence"), by=BY)
    with clock.at(NOW.replace(hour=4) + timedelta(days=1)):
        actions.saw(someone, ["basic"], Purpose("visit"), by=BY)
        assert watching.look_over(town) == 1  # one night
    assert _alerts() == [(OddLook.NIGHT, "7", 1)]
    with clock.at(NOW.replace(hour=6) + timedelta(days=1)):
        actions.saw(someone, ["basic"], Purpose("residence"), by=BY)
        assert watching.look_over(town) == 0


def test_own_family_and_colleagues_unless_a_dossier_asks(town, person, family, official) -> None:
    mine, other = official(Role.OFFICER, town), official(Role.OFFICER, town)
    me, wife, far = person("Lò Văn An"), person("Lò Thị Ba", sex="female"), person("Vàng A Chu")
    family((me, "head"), (wife, "spouse"))
    watching.say_who_works_here(me, mine.pk, by=BY)
    watching.say_who_works_here(far, other.pk, by=BY)
    by = Actor("official", str(mine.pk), "desk", frozenset({"officer"}))
    actions.saw(wife, ["basic"], Purpose("one_stop", "H-1"), by=by)  # belongs to a dossier
    assert watching.look_over(town) == 0
    for someone in (me, wife, far):
        actions.saw(someone, ["basic"], Purpose("residence"), by=by)
    assert watching.look_over(town) == 3
    assert [kind for kind, _who, _n in _alerts()] == ["colleague", "family", "own"]
    LookAlert.objects.all().delete()
    _set(town, "watch.family", 0)
    assert watching.look_over(town) == 0


def test_a_resident_asks_about_a_look_and_reads_the_answer(
    town, person, official, client_of
) -> None:
    someone = person("Giàng A Páo", "5/1/1987")
    looker = official(Role.OFFICER, town, full_name="Lò Thị Đôi")
    by = Actor("official", str(looker.pk), "desk", frozenset({"officer"}))
    actions.saw(someone, ["basic", "number"], Purpose("welfare"), by=by)
    look = ViewLog.objects.get()
    phone, code = Client(), own.make_key(someone, by=BY)
    phone.post("/binh-lu/ho-so-cua-toi/", {"ma": code, "sinh": "5/1/1987"})
    page = phone.get("/binh-lu/ho-so-cua-toi/xem/").content.decode()
    assert "Hỏi lại lượt xem này" in page
    assert "05/01/1987" in page
    phone.post(f"/binh-lu/ho-so-cua-toi/hoi-lai/{look.pk}/", {"text": "Sao lại xem tôi?"})
    phone.post(f"/binh-lu/ho-so-cua-toi/hoi-lai/{look.pk}/", {"text": "Lần nữa"})
    alert, request = LookAlert.objects.get(), SubjectRequest.objects.get()
    assert (alert.kind, alert.request) == ("complaint", request)
    # another's look is nobody's to ask about
    stranger = person("Vàng A Chu")
    actions.saw(stranger, ["basic"], Purpose("welfare"), by=by)
    other = ViewLog.objects.exclude(pk=look.pk).get()
    phone.post(f"/binh-lu/ho-so-cua-toi/hoi-lai/{other.pk}/")
    assert LookAlert.objects.count() == 1
    # who looked cannot close it on the page of requests, leaders can
    desk = client_of(looker)
    work = f"/binh-lu/can-bo/dan-cu/quyen-du-lieu/xu-ly/{request.pk}/"
    assert desk.post(work, {"step": "done", "answer": "Xong"}).status_code == 404
    assert desk.get(HERE).status_code == 403
    leader = client_of(official(Role.LEADER, town))
    shown = leader.get(HERE).content.decode()
    assert "Sao lại xem tôi?" in shown
    assert "Giàng A Páo" not in shown
    leader.post(f"{HERE}{alert.pk}/", {"verdict": "founded", "note": ""})
    assert LookAlert.objects.get().verdict == ""
    leader.post(f"{HERE}{alert.pk}/", {"verdict": "founded", "note": "Xét trợ cấp theo đơn."})
    assert LookAlert.objects.get().verdict == "founded"
    request.refresh_from_db()
    assert (request.state, request.answer) == (RequestState.DONE, "Xét trợ cấp theo đơn.")
    assert "Xét trợ cấp" in phone.get("/binh-lu/ho-so-cua-toi/xem/").content.decode()
    assert "Sao lại" not in "".join(Entry.objects.values_list("payload", flat=True))


def test_nobody_decides_about_own_looks_and_once_is_enough(town, person) -> None:
    someone = person("Lò Văn An")
    with clock.at(NOW.replace(hour=23)):
        actions.saw(someone, ["basic"], Purpose("residence"), by=BY)
        watching.look_over(town)
    alert = LookAlert.objects.get()
    with pytest.raises(watching.OwnLooks):
        watching.decide_alert(alert.pk, "founded", "Tôi trực đêm", by=BY)
    boss = Actor("official", "8", "desk", frozenset({"leader"}))
    watching.decide_alert(alert.pk, "careless", "Đã nhắc", by=boss)
    with pytest.raises(watching.DecidedAlready):
        watching.decide_alert(alert.pk, "misuse", "Lần nữa", by=boss)


def test_names_of_officials_are_hidden_from_residents_by_the_rule(town, person, official) -> None:
    from xaso.population.queries import rights

    someone = person("Giàng A Páo", "5/1/1987")
    looker = official(Role.OFFICER, town, full_name="Lò Thị Đôi")
    by = Actor("official", str(looker.pk), "desk", frozenset({"officer"}))
    actions.saw(someone, ["basic"], Purpose("welfare"), by=by)
    assert rights.looks(someone, to_resident=True)[0].who == "Lò Thị Đôi"
    _set(town, "looks.names", 0)
    assert rights.looks(someone, to_resident=True)[0].who == "Cán bộ xã"
    assert rights.looks(someone)[0].who == "Lò Thị Đôi"
    assert rulebook.held(town.id)["looks.names"].amount == 0
