"""A clerk looks the person at the counter up in the register; the dossier is linked by key."""

from datetime import date
from uuid import uuid4

import pytest

from xaso.dossiers.models import Dossier
from xaso.dossiers.tests.test_receive_at_the_counter import CODE, PAGE, filled, kind_of, papers
from xaso.dossiers.tests.test_remind_people import SAID, resident, villages
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import permissions
from xaso.population import actions as population
from xaso.population.models import SearchLog, ViewLog

__all__ = ["papers", "resident", "villages"]
NUMBER = "012187001234"


@pytest.fixture
def desk(centre, official, client_of):
    return client_of(official("one_stop_clerk", centre, full_name="Vàng Thị Dở"))


@pytest.fixture
def may(resident):
    """Two women of one name; the elder's number is known."""
    elder = resident("Lò Thị Mẩy", "1987")
    population.add_number(elder, population.Number("national_id", NUMBER), SAID, by=SYSTEM)
    return elder, resident("Lò Thị Mẩy", "2001", 1)


def look(desk, **said) -> str:
    asked = {"tim": "1", "key": str(uuid4())} | said
    return desk.post(f"{PAGE}{CODE}/", asked).content.decode()


def test_a_number_finds_exactly_and_fills_in(desk, may, papers) -> None:
    elder, _younger = may
    key = str(uuid4())
    page = look(desk, id_number="012 187 001 234", key=key)
    assert "Hồ sơ sẽ gắn với người này" in page
    assert 'value="Lò Thị Mẩy"' in page
    assert str(elder.pk) in page
    seen = ViewLog.objects.get(person=elder)
    assert (seen.purpose, seen.ref) == ("one_stop", key)
    said = filled(papers, kind=kind_of(desk), id_number=NUMBER, person=str(elder.pk))
    done = desk.post(f"{PAGE}{CODE}/", said, follow=True)
    assert done.status_code == 200
    row = Dossier.objects.get()
    assert row.person == elder.pk
    shown = desk.get(f"/binh-lu/can-bo/ho-so/{row.uuid}/").content.decode()
    assert "Đã gắn với một người trong sổ" in shown


def test_a_name_offers_all_of_that_name_and_links_nobody_by_itself(desk, may, papers) -> None:
    elder, younger = may
    page = look(desk, name="lo thi may")
    assert str(elder.pk) in page
    assert str(younger.pk) in page
    assert "Hồ sơ sẽ gắn" not in page
    assert NUMBER not in page
    assert set(SearchLog.objects.get(purpose="one_stop").persons) == {elder.pk, younger.pk}
    one = look(desk, name="lo thi may", birth_year="2001")
    assert one.index(str(younger.pk)) < one.index(str(elder.pk)) if str(elder.pk) in one else True
    desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk), person="-"))
    assert Dossier.objects.get().person is None


def test_somebody_else_is_not_linked_under_a_number(desk, may, papers) -> None:
    _elder, younger = may
    said = filled(papers, kind=kind_of(desk), id_number=NUMBER, person=str(younger.pk))
    answer = desk.post(f"{PAGE}{CODE}/", said)
    assert answer.status_code == 422
    assert "của người khác" in answer.content.decode()
    assert not Dossier.objects.exists()


def test_who_is_not_in_the_register_stays_typed(desk, may, papers) -> None:
    page = look(desk, name="Giàng A Sùng Páo")
    assert "Không thấy người này trong sổ dân cư" in page
    assert 'value="Giàng A Sùng Páo"' in page
    assert "Bác ghi thêm họ" in look(desk, name="Páo")
    strange = filled(papers, kind=kind_of(desk), person=str(uuid4()))
    assert desk.post(f"{PAGE}{CODE}/", strange).status_code == 422
    assert desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk))).status_code == 302


def test_without_the_permission_the_register_stays_closed(desk, may, papers, monkeypatch) -> None:
    monkeypatch.setitem(permissions.TABLE, "population.look_up", frozenset())
    elder, _younger = may
    page = look(desk, id_number=NUMBER)
    assert str(elder.pk) not in page
    assert not ViewLog.objects.exists()
    desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk), person=str(elder.pk)))
    assert Dossier.objects.get().person is None


def test_what_the_register_answers_is_exact(resident) -> None:
    from xaso.dossiers import registered
    from xaso.dossiers.content.shape import Content, Question

    content = Content(form=[Question("born", "Ngày sinh", "date", prefill="person.birth_date")])
    facts = registered.facts(resident("Lò Thị Panh", "12/03/1950"))
    assert registered.filled(content, facts) == {"born": date(1950, 3, 12).isoformat()}
    by_year = registered.facts(resident("Lò Thị Pành", "1950"))
    assert registered.filled(content, by_year) == {}
