"""A round to the villages: planned, announced, worked in, closed; results come on a later visit."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.dossiers import actions, catalogue
from xaso.dossiers.actions import telling_villages
from xaso.dossiers.models import Delivery, Dossier, Round, RoundDossier, State
from xaso.dossiers.queries import rounds
from xaso.dossiers.tests.test_receive_at_the_counter import filled, kind_of
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.notifications.models import Message
from xaso.kernel.places import actions as opening
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock
from xaso.population import actions as population
from xaso.population import births
from xaso.population.actions import consents
from xaso.population.models import ViewLog

DESK = "/binh-lu/can-bo/luu-dong/"
COUNTER = "/binh-lu/can-bo/tiep-nhan/"
CODE = "1.004837"
DAY = date(2026, 11, 25)  # Wednesday
BEGINS = datetime(2026, 11, 25, 8, 0, tzinfo=ZONE)


@pytest.fixture
def clerk(centre, official):
    return official("one_stop_clerk", centre, full_name="Vàng Thị Dở")


@pytest.fixture
def desk(clerk, client_of):
    return client_of(clerk)


@pytest.fixture
def villages(centre):
    for code, name in (("BL-01", "Nà Đon"), ("BL-02", "Chu Va 12")):
        opening.add_village(centre, opening.NewVillage(code, "bản", name, 22.34, 103.62), by=SYSTEM)
    return [each.pk for each in places.named_villages(centre)]


@pytest.fixture
def typed(villages, clerk):
    """Return a form that is right; words replace fields."""

    def made(**words):
        said = {
            "key": str(uuid4()),
            "name": "Giấy tờ tại bản xa",
            "day": "2026-11-25",
            "since": "08:00",
            "until": "11:30",
            "place": "Nhà văn hóa bản",
            "villages": villages,
            "members": [clerk.pk],
            "procedures": [CODE],
            "bring": "Căn cước",
        }
        return {key: value for key, value in (said | words).items() if value is not None}

    return made


@pytest.fixture
def announced(desk, typed):
    desk.post(f"{DESK}moi/", typed())
    row = Round.objects.get()
    desk.post(f"{DESK}{row.uuid}/bao/")
    row.refresh_from_db()
    return row


@pytest.fixture
def begun(desk, announced):
    """The day has come, and the clerk opened the round in the village."""
    with clock.at(BEGINS):
        desk.post(f"{DESK}{announced.uuid}/mo/")
        announced.refresh_from_db()
        yield announced


def test_a_plan_is_seen_by_residents_once_it_is_announced(desk, typed, client) -> None:
    said = typed()
    assert desk.post(f"{DESK}moi/", said).status_code == 302
    assert desk.post(f"{DESK}moi/", said).status_code == 302  # sent twice
    row = Round.objects.get()
    assert row.state == Round.State.DRAFT
    assert "Giấy tờ tại bản xa" not in client.get("/binh-lu/luu-dong/").content.decode()
    desk.post(f"{DESK}{row.uuid}/bao/")
    page = client.get("/binh-lu/luu-dong/").content.decode()
    assert "Giấy tờ tại bản xa" in page
    assert "Nhà văn hóa bản" in page
    assert "Căn cước" in page
    assert "Vàng Thị Dở" not in page  # who goes is not for everybody
    assert "Giấy tờ tại bản xa" in client.get("/binh-lu/thu-tuc/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "x"}, "Bác đặt tên cho đợt"),
        ({"place": " ."}, "Bác ghi chỗ làm"),
        ({"until": "07:00"}, "Giờ kết thúc phải sau giờ bắt đầu"),
        ({"day": "2025-11-25"}, "Ngày phải từ hôm nay"),
        ({"day": "2031-11-25"}, "Ngày phải từ hôm nay"),
        ({"villages": None}, "Bắt buộc|Mục này|Bác"),
        ({"members": None}, "Bắt buộc|Mục này|Bác"),
        ({"procedures": ["1.004222"]}, "1.004222"),
    ],
)
def test_a_wrong_plan_gets_a_sentence_and_keeps_what_was_typed(desk, typed, wrong, sentence):
    answer = desk.post(f"{DESK}moi/", typed(**wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert any(each in page for each in sentence.split("|"))
    assert "Căn cước" in page
    assert not Round.objects.exists()


def test_an_announced_round_moves_with_a_reason(desk, typed, announced, client) -> None:
    later = typed(key=str(announced.uuid), day="2026-11-26")
    answer = desk.post(f"{DESK}{announced.uuid}/sua/", later)
    assert answer.status_code == 422
    assert "vì sao đổi" in answer.content.decode()
    desk.post(f"{DESK}{announced.uuid}/sua/", later | {"notice": "Đường sạt, lùi một ngày"})
    page = client.get("/binh-lu/luu-dong/").content.decode()
    assert "Đường sạt, lùi một ngày" in page
    assert "Trước báo là" in page
    announced.refresh_from_db()
    assert announced.starts_at == BEGINS + timedelta(days=1)
    assert announced.moved_from == BEGINS
    # changing only what to bring needs no reason
    same = typed(key=str(announced.uuid), day="2026-11-26", bring="Sổ hộ khẩu cũ")
    assert desk.post(f"{DESK}{announced.uuid}/sua/", same).status_code == 302


def test_a_cancelled_round_says_why_until_its_day_is_over(desk, announced, client) -> None:
    assert desk.post(f"{DESK}{announced.uuid}/huy/", {"notice": ""}).status_code == 422
    desk.post(f"{DESK}{announced.uuid}/huy/", {"notice": "Mưa lũ, xã báo lại sau"})
    assert "Mưa lũ, xã báo lại sau" in client.get("/binh-lu/luu-dong/").content.decode()
    with clock.at(BEGINS + timedelta(days=1)):
        assert "Mưa lũ" not in client.get("/binh-lu/luu-dong/").content.decode()
    with pytest.raises(actions.NotNow):
        actions.open_round(announced, by=SYSTEM)


def test_a_round_opens_on_its_day_only(desk, announced) -> None:
    answer = desk.post(f"{DESK}{announced.uuid}/mo/", follow=True)
    assert "Hôm nay không phải ngày của đợt" in answer.content.decode()
    announced.refresh_from_db()
    assert announced.state == Round.State.ANNOUNCED


def test_what_is_over_cannot_be_announced(desk, typed) -> None:
    desk.post(f"{DESK}moi/", typed())
    row = Round.objects.get()
    with clock.at(BEGINS + timedelta(days=2)):
        answer = desk.post(f"{DESK}{row.uuid}/bao/", follow=True)
    assert "Giờ của đợt đã qua" in answer.content.decode()


def test_a_dossier_is_received_in_the_village(desk, begun) -> None:
    choose = desk.get(COUNTER, {"dot": str(begun.uuid)}).content.decode()
    assert "Đang nhận hồ sơ tại đợt" in choose
    assert f"{CODE}/?dot={begun.uuid}" in choose
    assert "kết hôn" not in choose  # only what this round takes
    address = f"{COUNTER}{CODE}/?dot={begun.uuid}"
    said = filled(_papers(begun.commune), kind=kind_of(desk))
    broken = desk.post(address, said | {"name": ""})
    assert broken.status_code == 422
    assert "Đang nhận hồ sơ tại đợt" in broken.content.decode()
    said = filled(_papers(begun.commune), kind=said["kind"])
    assert desk.post(address, said).status_code == 302
    said = filled(_papers(begun.commune), kind=said["kind"], key=said["key"])
    assert desk.post(address, said).status_code == 302  # sent twice
    row = Dossier.objects.get()
    assert row.state == State.ACCEPTED
    assert RoundDossier.objects.get().dossier == row
    page = desk.get(f"{DESK}{begun.uuid}/").content.decode()
    assert "Đã nhận 1" in page
    assert row.code in page


def _papers(commune):
    return [each.code for each in catalogue.held(commune.id, CODE, DAY).content.components]


def test_nothing_is_received_in_a_round_that_is_over(desk, begun, clerk, centre) -> None:
    said = filled(_papers(centre), kind=kind_of(desk))
    desk.post(f"{DESK}{begun.uuid}/ket-thuc/", {"came": "0", "report": "Không ai đến"})
    answer = desk.post(f"{COUNTER}{CODE}/?dot={begun.uuid}", said, follow=True)
    assert "Đợt này không còn nhận" in answer.content.decode()
    # the counter takes it as any other; the round stays as it was closed
    assert Dossier.objects.count() == 1
    assert not RoundDossier.objects.exists()


def test_a_procedure_the_round_does_not_take_is_refused(desk, begun) -> None:
    other = "1.001193"
    page = desk.get(f"{COUNTER}{other}/").content.decode()
    kind = page.partition('name="kind"')[2].partition('value="')[2].partition('"')[0]
    content = catalogue.held(begun.commune_id, other, DAY).content
    said = filled([each.code for each in content.components], kind=kind)
    answer = desk.post(f"{COUNTER}{other}/?dot={begun.uuid}", said)
    assert answer.status_code == 422
    assert "Đợt này không nhận thủ tục ấy" in answer.content.decode()
    assert not Dossier.objects.exists()


def test_a_round_long_over_is_not_opened(desk, announced) -> None:
    with clock.at(BEGINS + timedelta(days=3)):
        answer = desk.post(f"{DESK}{announced.uuid}/mo/", follow=True)
    assert "Hôm nay không phải ngày của đợt" in answer.content.decode()


def test_dropping_a_village_needs_a_reason(desk, typed, announced, villages) -> None:
    less = typed(key=str(announced.uuid), villages=villages[:1])
    assert desk.post(f"{DESK}{announced.uuid}/sua/", less).status_code == 422
    told = less | {"notice": "Bản kia làm đợt sau"}
    assert desk.post(f"{DESK}{announced.uuid}/sua/", told).status_code == 302


def test_dossiers_taken_elsewhere_join_by_code(desk, begun) -> None:
    desk.post(f"{COUNTER}{CODE}/", filled(_papers(begun.commune), kind=kind_of(desk)))
    row = Dossier.objects.get()
    codes = f"{row.code}\nH35.99.999-000000-0001"
    answer = desk.post(f"{DESK}{begun.uuid}/gop/", {"codes": codes}, follow=True)
    page = answer.content.decode()
    assert "Đã đưa 1 hồ sơ vào đợt" in page
    assert "Không thấy mã: H35.99.999-000000-0001" in page
    desk.post(f"{DESK}{begun.uuid}/gop/", {"codes": row.code})
    assert RoundDossier.objects.count() == 1


def test_a_dossier_belongs_to_one_round(desk, begun, typed) -> None:
    desk.post(
        f"{COUNTER}{CODE}/?dot={begun.uuid}", filled(_papers(begun.commune), kind=kind_of(desk))
    )
    row = Dossier.objects.get()
    desk.post(f"{DESK}moi/", typed(since="13:00", until="16:00"))
    other = Round.objects.exclude(pk=begun.pk).get()
    desk.post(f"{DESK}{other.uuid}/bao/")
    desk.post(f"{DESK}{other.uuid}/mo/")
    answer = desk.post(f"{DESK}{other.uuid}/gop/", {"codes": row.code}, follow=True)
    assert "Đã thuộc đợt khác" in answer.content.decode()
    assert RoundDossier.objects.get().round == begun


def test_a_round_with_dossiers_is_closed_not_cancelled(desk, begun) -> None:
    address = f"{COUNTER}{CODE}/?dot={begun.uuid}"
    desk.post(address, filled(_papers(begun.commune), kind=kind_of(desk)))
    answer = desk.post(f"{DESK}{begun.uuid}/huy/", {"notice": "Không làm nữa"}, follow=True)
    assert "Đợt này đang ở bước khác" in answer.content.decode()
    zero = desk.post(f"{DESK}{begun.uuid}/ket-thuc/", {"came": "0"})
    assert zero.status_code == 422
    desk.post(f"{DESK}{begun.uuid}/ket-thuc/", {"came": "7", "report": "Hẹn trả ngày 9/12"})
    page = desk.get(f"{DESK}{begun.uuid}/").content.decode()
    assert "Hẹn trả ngày 9/12" in page
    assert "Đã kết thúc" in page


def test_results_are_given_in_the_village_and_say_who_signed(desk, begun) -> None:
    address = f"{COUNTER}{CODE}/?dot={begun.uuid}"
    desk.post(address, filled(_papers(begun.commune), kind=kind_of(desk)))
    row = Dossier.objects.get()
    Dossier.objects.filter(pk=row.pk).update(
        state=State.RESOLVED, delivery=Delivery.READY, resolved_at=clock.now()
    )
    desk.post(f"{DESK}{begun.uuid}/ket-thuc/", {"came": "1"})
    listed = desk.get("/binh-lu/can-bo/ho-so/nhieu/tra/", {"dot": str(begun.uuid)})
    assert row.code in listed.content.decode()
    assert "Ký nhận tại Nhà văn hóa bản" in listed.content.decode()
    row.refresh_from_db()
    said = {
        "batch": str(uuid4()),
        "way": Delivery.IN_PERSON,
        "proof": "Ký nhận tại Nhà văn hóa bản",
        "chon": f"{row.uuid}:{row.version}",
        f"proof_{row.uuid}": "Lò Thị Mẩy ký sổ",
    }
    desk.post(f"/binh-lu/can-bo/ho-so/nhieu/tra/?dot={begun.uuid}", said)
    row.refresh_from_db()
    assert row.returned_at is not None
    assert row.events.get(action="tra").payload["proof"] == "Lò Thị Mẩy ký sổ"
    assert rounds.board(begun).returned == 1


def test_the_sheet_lists_who_is_due_and_writes_down_who_looked(
    desk, announced, clerk, population_of
) -> None:
    old = population_of("Giàng A Sình", "01/12/1951")
    page = desk.get(f"{DESK}{announced.uuid}/to-giay/").content.decode()
    assert old.display_name in page
    assert "12/1951" not in page  # not the birthday: the year is enough to ask by
    looked = ViewLog.objects.get(person_id=old.pk)
    assert looked.viewer == str(clerk.pk)
    assert looked.purpose == "proactive"


@pytest.fixture
def population_of(centre, villages):
    said = population.Said("self_declared")

    def made(name, born):
        known = births.parse(born, today=DAY)
        new = population.NewPerson(name, "male", known)
        found = population.register_person(new, said, commune=centre, by=SYSTEM)
        start, home = date(2025, 7, 1), Village.objects.get(pk=villages[0])
        house = population.open_household(
            population.NewHousehold(home, start), said, commune=centre, by=SYSTEM
        )
        population.join(house, population.Joining(found, "head", start), said, by=SYSTEM)
        return found

    return made


def test_every_act_is_written_down(desk, begun) -> None:
    said = Entry.objects.filter(action__startswith="dossier_round.")
    assert [each.action.split(".")[1] for each in said.order_by("id")] == [
        "planned", "announced", "opened",
    ]  # fmt: skip


def test_who_may_not_plan_reads_only(begun, official, client_of, centre) -> None:
    officer = client_of(official("officer", centre))
    assert officer.get(f"{DESK}{begun.uuid}/").status_code == 200
    assert officer.get(f"{DESK}moi/").status_code == 403
    assert officer.post(f"{DESK}{begun.uuid}/ket-thuc/", {"came": "1"}).status_code == 403


def test_the_list_costs_the_same_for_many(desk, typed, centre) -> None:
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert desk.get(DESK).status_code == 200
        return len(caught)

    desk.post(f"{DESK}moi/", typed())
    desk.get(DESK)
    few = statements()
    for _n in range(5):
        desk.post(f"{DESK}moi/", typed())
    assert statements() == few


def test_a_plan_is_refused_with_every_fault_at_once(centre, villages, clerk) -> None:
    plan = actions.Plan(uuid4(), "", "", BEGINS, BEGINS, [10**9], [10**9], ["0.000000"])
    with pytest.raises(Invalid) as refused:
        actions.plan_round(plan, commune=centre, by=SYSTEM)
    assert set(refused.value.errors) == {
        "name", "place", "until", "villages", "members", "procedures",
    }  # fmt: skip


# --- texts, the poster, several places on one day ---
@pytest.fixture
def agreed(centre, villages, settings):
    """Somebody of the first village agreed to texts, somebody of the second did not."""
    settings.XASO_CHANNELS = {"sms": "xaso.kernel.notifications.adapters.demo"}
    said, start = population.Said("self_declared"), date(2025, 7, 1)
    for name, phone, village in (("Lò Thị Đã", "0912345678", 0), ("Lò Thị Im", "0912345679", 1)):
        born = births.parse("1980", today=DAY)
        found = population.register_person(
            population.NewPerson(name, "female", born), said, commune=centre, by=SYSTEM
        )
        house = population.open_household(
            population.NewHousehold(Village.objects.get(pk=villages[village]), start), said,
            commune=centre, by=SYSTEM,
        )  # fmt: skip
        population.join(house, population.Joining(found, "head", start), said, by=SYSTEM)
        population.add_contact(found, population.Reach("phone", phone), said, by=SYSTEM)
        if village == 0:
            told = consents.Agreement(consents.purpose(centre, "notices"), "1", "Thái", "paper")
            consents.give_consent(found, told, by=SYSTEM)
    return found


def _told(row: Round, what: str, villages) -> int:
    """Do what the job does that was put off with a step."""
    key = telling_villages.key_of(row, what)
    return telling_villages.tell_now(row.pk, what, villages, key, row.commune_id)


def test_who_agreed_is_told_once_of_each_change(desk, typed, announced, agreed, villages) -> None:
    for _try in range(2):
        assert _told(announced, "round_announced", villages) == 1
    message = Message.objects.get()
    assert message.address == "+84912345678"
    assert "Nha van hoa ban" in message.body
    assert "Lo Thi" not in message.body
    assert len(message.body) <= 160
    assert "1 người đồng ý nhận tin" in desk.get(f"{DESK}{announced.uuid}/").content.decode()
    old = telling_villages.key_of(announced, "round_moved")
    moved = typed(key=str(announced.uuid), place="Trường học", notice="Nhà văn hóa đang sửa")
    assert desk.post(f"{DESK}{announced.uuid}/sua/", moved).status_code == 302
    announced.refresh_from_db()
    assert telling_villages.tell_now(
        announced.pk, "round_moved", villages, old, announced.commune_id
    ) == 0  # fmt: skip
    assert _told(announced, "round_moved", villages) == 1
    desk.post(f"{DESK}{announced.uuid}/huy/", {"notice": "Đường sạt lở"})
    announced.refresh_from_db()
    assert _told(announced, "round_announced", villages) == 0  # overtaken
    assert _told(announced, "round_cancelled", villages) == 1
    said = list(Message.objects.order_by("created_at", "pk").values_list("event", flat=True))
    assert sorted(said) == [
        "dossiers.round_announced", "dossiers.round_cancelled", "dossiers.round_moved",
    ]  # fmt: skip


def test_nobody_is_told_of_a_plan(desk, typed, agreed, villages) -> None:
    desk.post(f"{DESK}moi/", typed())
    row = Round.objects.get()
    assert _told(row, "round_announced", villages) == 0
    desk.post(f"{DESK}{row.uuid}/huy/", {"notice": ""})
    assert not Message.objects.exists()


def test_the_team_is_at_one_place_at_a_time(desk, typed, announced, clerk) -> None:
    again = desk.post(f"{DESK}moi/", typed(since="11:00", until="12:00"))
    assert again.status_code == 422
    assert "đã đi đợt “Giấy tờ tại bản xa”" in again.content.decode()
    page = desk.get(f"{DESK}moi/", {"tu": str(announced.uuid)})
    start = page.context["form"].initial
    assert (start["day"], start["members"]) == (DAY, [clerk.pk])
    assert "place" not in start
    next_place = typed(since="13:30", until="16:00", place="Trường Chu Va")
    assert desk.post(f"{DESK}moi/", next_place).status_code == 302
    shown = desk.get(f"{DESK}{announced.uuid}/").content.decode()
    assert "Trường Chu Va" in shown
    desk.post(f"{DESK}{announced.uuid}/huy/", {"notice": "Đường sạt lở"})
    assert desk.post(f"{DESK}moi/", typed(since="08:00", until="12:00")).status_code == 302


def test_the_poster_is_one_page_with_nobody_on_it(desk, typed, announced, clerk) -> None:
    url = f"{DESK}{announced.uuid}/ap-phich/"
    made = desk.get(url)
    assert made["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(made.content) as read:
        assert len(read) == 1
        text = " ".join(read[0].get_textpage().get_text_bounded().split())
    for words in ("Nhà văn hóa bản", "08:00 – 11:30", "25/11/2026", "Căn cước", "luu-dong"):
        assert words in text
    assert clerk.full_name not in text
    desk.post(f"{DESK}{announced.uuid}/huy/", {"notice": "Đường sạt lở"})
    assert desk.get(url).status_code == 302


def test_the_longest_words_still_fit_on_one_page(desk, typed) -> None:
    words = typed(place="Nhà văn hóa bản Phiêng Hoi " * 7, bring="Căn cước, giấy chứng sinh. " * 18)
    desk.post(f"{DESK}moi/", words)
    row = Round.objects.get()
    desk.post(f"{DESK}{row.uuid}/bao/")
    made = desk.get(f"{DESK}{row.uuid}/ap-phich/")
    with pypdfium2.PdfDocument(made.content) as read:
        assert len(read) == 1


def test_a_village_names_its_next_round(announced, client) -> None:
    shown = client.get("/binh-lu/ban/").content.decode()
    assert "Cán bộ về bản 8:00" in shown
