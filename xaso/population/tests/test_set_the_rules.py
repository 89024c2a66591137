"""The administrator changes numbers and classes of spelling; points come from one table."""

from datetime import timedelta

import pytest

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Role
from xaso.kernel.refusals import Invalid
from xaso.kernel.working_time import clock
from xaso.population import actions, queries, rulebook, scoring, sounding
from xaso.population.actions import ruling
from xaso.population.models import DuplicateCase, Person, Rule, SpelledWord
from xaso.population.tests.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
HERE = "/binh-lu/can-bo/quan-tri/dan-cu/"


def _new(key: str, amount: int, **more: object) -> ruling.NewRule:
    return ruling.NewRule(key, amount, **{"valid_from": TODAY, **more})  # type: ignore[arg-type]


def test_a_number_holds_from_its_day_on(town) -> None:
    later = TODAY + timedelta(days=10)
    ruling.set_rule(town, _new("rights.stop_days", 12, valid_from=later), by=SYSTEM)
    assert rulebook.amount(town.id, "rights.stop_days") == 15
    with clock.at(NOW + timedelta(days=10)):
        assert rulebook.amount(town.id, "rights.stop_days") == 12
        assert rulebook.held(town.id)["rights.stop_days"].sureness == "commune"


@pytest.mark.parametrize(
    ("key", "amount", "more", "field"),
    [
        ("looks.names", 2, {}, "amount"),
        ("rights.stop_days", 0, {}, "amount"),
        ("watch.night_from", 24, {}, "amount"),
        ("rights.stop_days", 9, {"sureness": "law"}, "source"),
        ("rights.stop_days", 9, {"valid_from": TODAY - timedelta(days=800)}, "valid_from"),
    ],
)
def test_what_no_rule_can_be_is_said_beside_its_field(town, key, amount, more, field) -> None:
    with pytest.raises(Invalid) as refused:
        ruling.set_rule(town, _new(key, amount, **more), by=SYSTEM)
    assert set(refused.value.errors) == {field}
    assert not Rule.objects.exists()


def test_the_commune_s_points_find_other_pairs(town, person) -> None:
    person("Giàng A Páo", "1/5/1987")
    person("Dàng A Páo", "1987")
    actions.look_for_duplicates(town)
    assert not DuplicateCase.objects.exists()  # 30 + 15: below everything
    ruling.set_rule(town, _new("points.sound", 60), by=SYSTEM)
    actions.look_for_duplicates(town)
    case = DuplicateCase.objects.get()
    assert (case.score, dict(case.reasons)["sound"]) == (75, 60)
    assert rulebook.points(town.id) == scoring.SHIPPED | {"sound": 60}


def test_classes_of_spelling_change_what_is_found(town, person) -> None:
    person("Ma Líu", "1990")
    assert not _found(town, "ma ríu")
    ruling.set_classes(town, ["r = l", *ruling.written(sounding.SHIPPED)[:3]], by=SYSTEM)
    ruling.sound_again(town.id)
    assert _found(town, "ma ríu") == ["Ma Líu"]
    person("Tẩn Rế", "1991")  # new names are heard by the same classes
    assert Person.objects.get(fold="tan re").sound == "tan le"
    assert SpelledWord.objects.get(word="re").sound == "le"
    ruling.set_classes(town, [], by=SYSTEM)
    ruling.sound_again(town.id)
    assert Person.objects.get(fold="tan re").sound == "tan ze"
    assert rulebook.classes(town.id) == sounding.SHIPPED


def _found(town, text: str) -> list[str]:
    return [line.name for line in queries.find_persons(town, queries.read(text, [])).lines]


@pytest.mark.parametrize("line", ["gi", "= z", "gi = ", "g1 = z", "abcdefg = z", "gi = Z"])
def test_a_line_that_is_no_class_is_named(town, line) -> None:
    with pytest.raises(Invalid) as refused:
        ruling.set_classes(town, ["tr = ch", line], by=SYSTEM)
    assert "2" in refused.value.errors["lines"][0]


def test_the_administrator_s_pages(town, official, client_of) -> None:
    admin = client_of(official(Role.ADMINISTRATOR, town))
    page = admin.get(HERE).content.decode()
    assert "Điểm giống nhau của hai hồ sơ" in page
    one = f"{HERE}quy-tac/points.sound/"
    said = {"amount": "35", "valid_from": TODAY.isoformat(), "sureness": "commune", "source": ""}
    assert admin.post(one, said).status_code == 302
    assert "35" in admin.get(one).content.decode()
    assert admin.post(one, said | {"amount": "99999"}).status_code == 422
    assert admin.get(f"{HERE}quy-tac/khong-co/").status_code == 404
    assert "zang" in admin.get(f"{HERE}van/?thu=Giàng").content.decode()
    assert admin.post(f"{HERE}van/", {"lines": "sai"}).status_code == 422
    assert admin.post(f"{HERE}van/", {"lines": "tr = ch"}).status_code == 302
    register = admin.get(f"{HERE}xu-ly-du-lieu/").content.decode()
    assert "Đề cương đánh giá tác động" in register
    assert f"{town.full_name}, ngày" in register
    officer = client_of(official(Role.OFFICER, town))
    assert officer.get(HERE).status_code == 403
    assert officer.get(f"{HERE}xu-ly-du-lieu/").status_code == 200
