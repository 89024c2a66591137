"""Officials use the register: search, card, changes, and what each role may see."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from xaso.kernel.audit.models import Entry
from xaso.kernel.identity import actions as identity
from xaso.kernel.tenancy import actions as tenancy
from xaso.population import actions, queries
from xaso.population.models import (
    DuplicateCase,
    Household,
    Membership,
    Merge,
    Person,
    SearchLog,
    ViewLog,
)
from xaso.population.tests.conftest import BY, SAID, START

pytestmark = pytest.mark.django_db
ROOT = "/binh-lu/can-bo/dan-cu/"
COPY = "không thay thế CSDL quốc gia về dân cư"


@pytest.fixture
def clerk(town, official, client_of) -> Client:
    return client_of(official("officer", town))


@pytest.fixture
def head_of_village(town, village, official, client_of) -> Client:
    person = official("officer", town)
    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.identity.models import RoleAssignment

    RoleAssignment.objects.filter(official=person).delete()
    new = identity.NewRole("village_head", None, village)
    identity.give_role(person, new, commune=town, by=SYSTEM)
    return client_of(person)


@pytest.fixture
def house(person, family) -> Household:
    head = person("Giàng A Páo", "5/1/1987")
    return family((head, "head"), (person("Vàng Thị Dợ", "1990", "female"), "spouse"))


def _member(house, role) -> Person:
    return Membership.objects.get(household=house, role=role, period__upper_inf=True).person


def _send(client, house, verb, **said):
    said = {"uuid": str(uuid4()), "source": "self_declared"} | said
    return client.post(f"{ROOT}ho/{house.code}/thay-doi/{verb}/", said)


def test_find_somebody_and_open_the_household(clerk, house) -> None:
    page = clerk.post(ROOT, {"tim": "giang a pao 1987"}, follow=True).content.decode()
    assert "Giàng A Páo" in page
    assert house.code in page
    assert COPY in page
    assert SearchLog.objects.get().persons == [_member(house, "head").pk]
    card = clerk.get(f"{ROOT}ho/{house.code}/").content.decode()
    assert "Có thay đổi" in card
    assert "Chủ hộ" in card
    assert COPY in card
    assert ViewLog.objects.filter(purpose="residence", groups=["basic"]).count() == 2


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [("Páo", 422, "chọn bản"), ("zzz qqq", 200, "Chưa tìm thấy ai"), ("1987", 422, "ghi tên")],
)
def test_the_box_says_what_to_do(clerk, house, typed, status, said) -> None:
    answer = clerk.post(ROOT, {"tim": typed}, follow=True)
    assert answer.status_code == status
    assert said in answer.content.decode()


def test_a_birth_takes_three_steps(clerk, house) -> None:
    assert "Sinh con" in clerk.get(f"{ROOT}ho/{house.code}/thay-doi/").content.decode()
    assert clerk.get(f"{ROOT}ho/{house.code}/thay-doi/sinh/").status_code == 200
    mother = _member(house, "spouse")
    key = str(uuid4())
    said = {"name": "", "sex": "female", "on": "20/11/2026", "mother": str(mother.pk),
            "role": "child", "uuid": key}  # fmt: skip
    for _ in range(2):  # sent twice
        assert _send(clerk, house, "sinh", **said).status_code == 302
    child = Person.objects.get(pk=key)
    assert (child.is_unnamed, child.mother_id) == (True, mother.pk)
    assert Membership.objects.filter(person=child).count() == 1
    wrong = _send(clerk, house, "sinh", name="", sex="male", on="30/2/2026", role="child")
    assert wrong.status_code == 422
    assert "chưa đặt tên thì cần biết mẹ" in wrong.content.decode()
    assert "Ngày này chưa đúng" in wrong.content.decode()


def test_a_death_of_the_head_leads_to_a_new_head(clerk, house) -> None:
    head, wife = _member(house, "head"), _member(house, "spouse")
    answer = _send(clerk, house, "tu", person=str(head.pk), on="1/11/2026")
    assert answer["Location"].endswith("/thay-doi/doi-chu-ho/")
    page = clerk.get(answer["Location"]).content.decode()
    assert "Vàng Thị Dợ" in page
    assert "2026-11-01" in page
    assert "chưa có chủ hộ" in clerk.get(f"{ROOT}can-sua/").content.decode().lower()
    done = _send(clerk, house, "doi-chu-ho", head=str(wife.pk), on="2026-11-01")
    assert done.status_code == 302
    house.refresh_from_db()
    assert house.state == "normal"


@pytest.mark.parametrize(
    ("typed", "said"), [("", "không rõ"), ("2026", "2026"), ("10/2026", "10/2026")]
)
def test_a_day_known_in_part_is_never_shown_whole(clerk, house, typed, said) -> None:
    head = _member(house, "head")
    assert _send(clerk, house, "tu", person=str(head.pk), on=typed).status_code == 302
    for address in (f"nguoi/{head.pk}/", f"ho/{house.code}/"):
        page = " ".join(clerk.get(f"{ROOT}{address}").content.decode().split())
        assert re.search(rf"Tử</b> · (<a [^>]*>[^<]*</a> · )?{said}\b", page), address


def test_the_dead_grow_no_older(clerk, house) -> None:
    head = _member(house, "head")  # born on 5/1/1987
    assert "(39 tuổi)" in clerk.get(f"{ROOT}nguoi/{head.pk}/").content.decode()
    _send(clerk, house, "tu", person=str(head.pk), on="")
    assert "tuổi)" not in clerk.get(f"{ROOT}nguoi/{head.pk}/").content.decode()


def test_a_household_is_not_opened_on_a_day_to_come(clerk, village) -> None:
    said = {"uuid": str(uuid4()), "village": village.pk, "opened": "2030-01-01", "kind": "family",
            "source": "self_declared", "address": "Cạnh suối"}  # fmt: skip
    answer = clerk.post(f"{ROOT}them-ho/", said)
    assert answer.status_code == 422
    assert "Ngày này chưa tới" in answer.content.decode()
    assert "Cạnh suối" in answer.content.decode()


def test_a_new_head_asks_everybodys_role(clerk, house, person) -> None:
    actions.join(house, actions.Joining(person("Giàng A Tủa", "2015"), "child", START), SAID, by=BY)
    child, head, wife = (_member(house, role) for role in ("child", "head", "spouse"))
    lacking = _send(clerk, house, "doi-chu-ho", head=str(wife.pk), on="2026-11-01")
    assert lacking.status_code == 422
    assert lacking.content.decode().count("Bác chọn quan hệ giúp.") == 2
    roles = {f"role_{wife.pk.hex}": "parent", f"role_{head.pk.hex}": "parent"}
    done = _send(clerk, house, "doi-chu-ho", head=str(child.pk), on="2026-11-01", **roles)
    assert done.status_code == 302
    page = clerk.get(done["Location"]).content.decode()
    assert "dưới 18 tuổi" in page


def test_somebody_comes_goes_and_is_away(clerk, house) -> None:
    said = {"name": "Lò Văn Khách", "sex": "male", "birth": "1980", "role": "lodger",
            "kind": "temporary", "on": "1/11/2026"}  # fmt: skip
    assert "Tạm trú thì cần ngày hết hạn" in _send(clerk, house, "den", **said).content.decode()
    assert _send(clerk, house, "den", **said, until="2027-11-01").status_code == 302
    guest = _member(house, "lodger")
    assert queries.residence_on(guest) == "resident_temporary"
    assert _send(clerk, house, "di", persons=str(guest.pk), kind="temporary_out",
                 on="20/11/2026").status_code == 302  # fmt: skip
    assert queries.residence_on(guest) == "left"
    head = _member(house, "head")
    for verb, state in (("tam-vang", "absent"), ("da-ve", "resident_permanent")):
        assert _send(clerk, house, verb, persons=str(head.pk), on="1/11/2026").status_code == 302
        assert queries.residence_on(head) == state
    assert _send(clerk, house, "khong-ro", persons=str(head.pk)).status_code == 302
    assert queries.residence_on(head) == "unknown"
    assert "Giàng A Páo" in clerk.get(f"{ROOT}can-sua/").content.decode()


def test_a_household_is_opened_split_and_moved(clerk, village, other_village, house) -> None:
    said = {"uuid": str(uuid4()), "village": village.pk, "opened": "2026-11-01", "kind": "family",
            "address": "Nhà sàn cuối bản", "source": "paper"}  # fmt: skip
    answer = clerk.post(f"{ROOT}them-ho/", said)
    assert answer["Location"].endswith("/BL-000002/thay-doi/den/")
    wife = _member(house, "spouse")
    wrong = _send(clerk, house, "tach-ho", persons=str(wife.pk), head=str(wife.pk), on="2026-11-01")
    assert "Tách hộ cần chủ hộ" in wrong.content.decode()
    done = _send(clerk, house, "tach-ho", persons=str(wife.pk), head=str(wife.pk), on="2026-11-01",
                 is_divorced="on")  # fmt: skip
    assert done["Location"].endswith("/BL-000003/")
    moved = _send(clerk, house, "cho-o", village=other_village.pk, address="Số 5")
    assert moved.status_code == 302
    house.refresh_from_db()
    assert house.village_id == other_village.pk


def test_a_number_is_shown_for_a_purpose_and_written_down(clerk, house) -> None:
    head = _member(house, "head")
    url = f"{ROOT}nguoi/{head.pk}/"
    form = {"source": "paper", "kind": "national_id", "number": "012 187 001 234"}
    page = clerk.post(f"{url}so/", form, follow=True).content.decode()
    assert "•••••••••234" in page
    assert "chưa khớp với lời khai" in page
    assert "012187001234" not in page
    number = head.identifiers.get()
    refused = clerk.post(f"{url}so/{number.pk}/hien/", {"purpose": ""})
    assert refused.status_code == 422
    shown = clerk.post(f"{url}so/{number.pk}/hien/", {"purpose": "one_stop", "ref": "H-12"})
    assert "012 187 001 234" in shown.content.decode()
    log = ViewLog.objects.get(person=head, purpose="one_stop")
    assert (log.groups, log.ref) == (["number"], "H-12")
    assert Entry.objects.filter(kind="view", purpose="one_stop").count() == 1
    assert clerk.post(f"{url}so/{number.pk}/tra-loi/", {"answer": "paper_right"}).status_code == 302
    assert queries.person(head.commune_id, head.pk).identifiers.get().answer == "paper_right"


def test_the_ethnic_group_is_shown_for_a_purpose_only(clerk, house) -> None:
    head = _member(house, "head")
    url = f"{ROOT}nguoi/{head.pk}/"
    edit = {"source": "self_declared", "version": head.version, "name": head.display_name,
            "sex": "male", "birth": "5/1/1987", "ethnic_code": "08",
            "local_group": "Mông Hoa"}  # fmt: skip
    assert clerk.post(f"{url}sua/", edit).status_code == 302
    assert "Mông Hoa" not in clerk.get(url).content.decode()
    page = clerk.post(f"{url}nhay-cam/", {"purpose": "welfare"}).content.decode()
    assert "Mông (Mông Hoa)" in page
    assert ViewLog.objects.get(person=head, purpose="welfare").groups == ["sensitive"]
    stale = clerk.post(f"{url}sua/", edit | {"name": "Khác"})
    assert "vừa sửa bản ghi này" in stale.content.decode()


def test_a_person_goes_to_another_household(clerk, house, person, family) -> None:
    other = family((person("Lò Văn B"), "head"))
    wife = _member(house, "spouse")
    said = {"source": "self_declared", "household": "bl-000002", "role": "other",
            "kind": "permanent", "on": "2026-11-10"}  # fmt: skip
    url = f"{ROOT}nguoi/{wife.pk}/chuyen-ho/"
    assert "Không có hộ nào" in clerk.post(url, said | {"household": "X-1"}).content.decode()
    assert clerk.post(url, said).status_code == 302
    assert queries.household_of(wife) == other
    assert queries.household_of(wife, date(2026, 11, 9)) == house


def test_a_village_head_sees_the_own_village_without_numbers(
    head_of_village, house, person, family, other_village
) -> None:
    there = family((person("Lò Văn Kia", "1970"), "head"), where=other_village)
    head = _member(house, "head")
    actions.add_number(head, actions.Number("national_id", "012087001234"), SAID, by=BY)
    page = head_of_village.post(ROOT, {"tim": "pao"}, follow=True).content.decode()
    assert "Giàng A Páo" in page
    assert "05/01/1987" not in page
    assert (
        "Lò Văn Kia"
        not in head_of_village.post(ROOT, {"tim": "lo van kia"}, follow=True).content.decode()
    )
    own = head_of_village.get(f"{ROOT}nguoi/{head.pk}/").content.decode()
    assert "1987" in own
    assert "05/01/1987" not in own
    assert "234" not in own
    assert "Dân tộc" not in own
    assert head_of_village.get(f"{ROOT}ho/{there.code}/").status_code == 404
    assert head_of_village.get(f"{ROOT}nguoi/{_member(there, 'head').pk}/").status_code == 404
    assert head_of_village.get(f"{ROOT}ban/{other_village.pk}/di-tham/").status_code == 404
    assert head_of_village.post(ROOT, {"tim": "012087001234"}, follow=True).status_code == 200
    assert (
        "Giàng"
        not in head_of_village.post(ROOT, {"tim": "012087001234"}, follow=True).content.decode()
    )
    number = head.identifiers.get()
    for path in (f"nguoi/{head.pk}/so/{number.pk}/hien/", f"nguoi/{head.pk}/nhay-cam/"):
        assert head_of_village.post(ROOT + path, {"purpose": "visit"}).status_code == 403
    assert _send(head_of_village, house, "doi-chu-ho").status_code == 403
    died = _send(head_of_village, house, "tu", person=str(head.pk), on="1/11/2026")
    assert died["Location"].endswith(f"/ho/{house.code}/")


@pytest.mark.parametrize("role", ["one_stop_clerk", "leader", "administrator", "province_viewer"])
def test_who_sees_no_person_at_all(town, house, official, client_of, role) -> None:
    client = client_of(official(role, town))
    head = _member(house, "head")
    for path in ("", f"ho/{house.code}/", f"nguoi/{head.pk}/", "can-sua/", f"nguoi/{head.pk}/sua/"):
        assert client.get(ROOT + path).status_code == 403, path


def test_the_visit_list_of_a_village(head_of_village, clerk, house, village) -> None:
    for client in (head_of_village, clerk):
        page = client.get(f"{ROOT}ban/{village.pk}/di-tham/").content.decode()
        assert "Giàng A Páo" in page
        assert page.count("<svg") >= 2
        assert COPY in page
    assert ViewLog.objects.filter(purpose="visit", person=_member(house, "head")).count() == 2


def test_a_mistake_is_taken_back_on_the_page(clerk, house) -> None:
    head = _member(house, "head")
    _send(clerk, house, "tu", person=str(head.pk), on="1/11/2026")
    event = head.events.get()
    url = f"{ROOT}nguoi/{head.pk}/su-kien/{event.pk}/nham/"
    assert clerk.post(url, {"reason": "nhầm người"}).status_code == 302
    house.refresh_from_db()
    assert house.state == "normal"
    assert "đã ghi là nhầm" in clerk.get(f"{ROOT}nguoi/{head.pk}/").content.decode()


def test_pages_cost_the_same_however_many(
    clerk, person, family, house, django_assert_max_num_queries
) -> None:
    village = house.village
    for number in range(8):
        more = [(person(f"Giàng A Páo {'abcdefgh'[number]}"), "head")]
        more += [(person(f"Sùng Thị {'abcdefgh'[number]}{i}".replace("0", "x").replace("1", "y")),
                  "child") for i in range(2)]  # fmt: skip
        family(*more)
    clerk.get(ROOT)
    search = clerk.post(ROOT, {"tim": "giang a pao"})["Location"].removeprefix(ROOT)
    for path, most in (
        ("", 14),
        (search, 20),
        (f"ho/{house.code}/", 18),
        (f"ban/{village.pk}/di-tham/", 14),
        ("can-sua/", 19),
    ):
        with django_assert_max_num_queries(most):
            assert clerk.get(ROOT + path).status_code == 200


def test_another_commune_is_not_there(house, ban_bo, official, client_of) -> None:
    with tenancy.inside(ban_bo.id):
        stranger = client_of(official("officer", ban_bo))
    head = _member(house, "head")
    for path in (f"ho/{house.code}/", f"nguoi/{head.pk}/"):
        assert stranger.get(f"/ban-bo/can-bo/dan-cu/{path}").status_code == 404
    assert (
        "Giàng"
        not in stranger.post(
            "/ban-bo/can-bo/dan-cu/", {"tim": "giang a pao"}, follow=True
        ).content.decode()
    )


def test_two_columns_merge_and_apart(clerk, person, family) -> None:
    one, two = person("Giàng A Páo", "1/5/1987"), person("Dàng A Páo", "1987")
    house = family((one, "head"))
    actions.join(house, actions.Joining(two, "other", START, "living_only"), SAID, by=BY)
    listed = clerk.get(f"{ROOT}trung/").content.decode()
    assert "Tên đọc giống nhau" in listed
    case = DuplicateCase.objects.get()
    url = f"{ROOT}trung/{case.pk}/"
    page = clerk.get(url).content.decode()
    assert "checked" not in page  # nothing is picked beforehand
    stays = "first" if case.first_id == one.pk else "second"
    other = "second" if stays == "first" else "first"
    assert "bên trái hay bên phải" in clerk.post(url, {"viec": "merge"}).content.decode()
    lacking = clerk.post(url, {"viec": "merge", "stays": stays, "reason": "gõ hai lần"})
    assert lacking.status_code == 422
    said = {"viec": "merge", "stays": stays, "name": stays, "birth": other, "reason": "gõ hai lần"}
    assert clerk.post(url, said).status_code == 302
    one.refresh_from_db()
    assert one.birth_precision == "year"
    moved = clerk.get(f"{ROOT}nguoi/{two.pk}/")
    assert (moved.status_code, moved["Location"]) == (301, f"{ROOT}nguoi/{one.pk}/")
    merge = Merge.objects.get()
    assert "Tách lại" in clerk.get(f"{ROOT}gop/{merge.pk}/").content.decode()
    clerk.post(f"{ROOT}nguoi/{one.pk}/ten-khac/",
               {"source": "paper", "kind": "alias", "name": "A Páo"})  # fmt: skip
    assert clerk.post(f"{ROOT}gop/{merge.pk}/tach-lai/")["Location"].endswith(f"gop/{merge.pk}/")
    assert "đã sửa sau khi gộp" in clerk.get(f"{ROOT}gop/{merge.pk}/").content.decode()
    assert clerk.post(f"{ROOT}gop/{merge.pk}/tach-lai/", {"da-xem": "1"}).status_code == 302
    one.refresh_from_db()
    assert (one.birth_precision, one.other_names.get().name) == ("day", "A Páo")


def test_another_official_confirms(clerk, person) -> None:
    one, two = person("Lò Văn A", "1/5/1987"), person("Lò Văn A", "1/5/1987")
    checked = actions.Said("paper", verified_at=START)
    actions.add_number(two, actions.Number("national_id", "012087000001"), checked, by=BY)
    merging = actions.Merging(one.pk, two.pk, {}, "gõ hai lần")
    merge = actions.merge_persons(merging, by=BY)
    page = clerk.get(f"{ROOT}gop/{merge.pk}/").content.decode()
    assert "Xác nhận gộp" in page
    asked = clerk.post(f"{ROOT}gop/{merge.pk}/xac-nhan/")  # the password is asked again
    assert asked.status_code == 302
    assert "xac-nhan" not in Merge.objects.get().confirmed_by
    assert Merge.objects.get().done_at is None


def test_compare_with_somebody_who_was_searched(clerk, person) -> None:
    one, two = person("Lò Văn A", "1987"), person("Sùng Thị B", "1990", "female")
    page = clerk.get(f"{ROOT}nguoi/{one.pk}/").content.decode()
    assert f'href="{ROOT}?so={one.pk}"' in page
    found = clerk.post(ROOT, {"so": str(one.pk), "tim": "sung thi b"}, follow=True).content.decode()
    assert f'name="other" value="{two.pk}"' in found
    url = f"{ROOT}nguoi/{one.pk}/so-sanh/"
    assert clerk.post(url, {"other": "xyz"}).status_code == 404
    opened = clerk.post(url, {"other": str(two.pk)})
    assert clerk.get(opened["Location"]).status_code == 200
    done = clerk.post(opened["Location"], {"viec": "distinct"})
    assert done.status_code == 302
    assert DuplicateCase.objects.get().state == "distinct"


def test_a_list_as_a_file_asks_for_the_password(clerk, head_of_village, house, village) -> None:
    url = f"{ROOT}ban/{village.pk}/danh-sach.csv"
    assert clerk.get(url).status_code == 302  # the password is asked again
    assert head_of_village.get(url).status_code == 403
    assert house.village_id == village.pk


def test_cells_are_no_formulas() -> None:
    from xaso.population.views import sheets

    assert sheets.guarded("=1+1") == "'=1+1"
    assert sheets.guarded("Lò Văn A") == "Lò Văn A"
    assert sheets.guarded(-3) == -3
