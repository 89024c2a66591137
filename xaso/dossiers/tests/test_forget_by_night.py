"""What never became a dossier is erased by night, by a compared rule alone, and leaves a trace."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest

from xaso.dossiers import actions, keeping, proactive
from xaso.dossiers.actions import forgetting
from xaso.dossiers.actions import keeping as work
from xaso.dossiers.models import (
    Dossier,
    DossierStone,
    FilingConsent,
    KeepingRule,
    OfflinePhoto,
    OfflineReception,
    ProactiveAnswer,
    State,
)
from xaso.dossiers.tests.conftest import MONDAY, actor, person
from xaso.dossiers.tests.test_receive_without_a_network import (
    Machine,
    decide,
    photo,
    send,
    send_photo,
)
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Consent
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.population import actions as population
from xaso.population import births

pytestmark = pytest.mark.django_db
Kind = KeepingRule.Kind
HERE = "/binh-lu/can-bo/ho-so/luu-giu/"


@pytest.fixture
def desk(centre, official, client_of):
    return client_of(official("one_stop_clerk", centre, full_name="Vàng Thị Dở"))


@pytest.fixture
def machine(centre) -> Machine:
    return Machine(centre)


def _rule(centre, kind: str, months: int, sureness: str = "source") -> KeepingRule:
    new = work.NewKeeping("", months, date(2026, 1, 1), sureness, "QĐ 5/QĐ-UBND, mục 4", kind)
    return work.set_keeping(centre, new, by=SYSTEM)


def _by_night(*, days: int) -> None:
    """Run the night's jobs so many days later, as the worker does."""
    with clock.at(MONDAY + timedelta(days=days)):
        forgetting.forget_everywhere()
        jobs.do_now()


@pytest.fixture
def turned_down(desk, machine) -> OfflineReception:
    """A reception with a photo that a clerk turned down on the Monday."""
    key, picture = uuid4(), photo(70)
    words = machine.words([picture], total=8_000, note="Nhà ở đầu suối")
    send(desk, machine.sealed(words), key)
    send_photo(desk, key, picture)
    row = OfflineReception.objects.get()
    assert row.why == "money"
    decide(desk, row, "khong", "Chị Mẩy thôi không làm nữa")
    row.refresh_from_db()
    return row


def test_words_turned_down_go_after_their_time_and_say_what_happened(
    centre, desk, turned_down
) -> None:
    sha256 = Attachment.objects.get().sha256
    _rule(centre, Kind.TURNED_DOWN, 12)
    _by_night(days=365)
    turned_down.refresh_from_db()
    assert (bool(turned_down.body), turned_down.erased_at) == (True, None)  # the very day is kept
    _by_night(days=366)
    row = OfflineReception.objects.get()
    assert (row.body, row.signature, row.reason, row.detail) == ("", "", "", "")
    assert (row.state, row.why, row.digest) == ("refused", "money", turned_down.digest)
    assert (row.erased_rule, row.decided_at) == ("QĐ 5/QĐ-UBND, mục 4", turned_down.decided_at)
    assert not OfflinePhoto.objects.exists()
    assert not Attachment.objects.filter(sha256=sha256).exists()
    assert Entry.objects.filter(action="dossier.offline_erased").count() == 1
    log = "".join(Entry.objects.values_list("payload", flat=True))
    assert "Lò Thị Mẩy" not in log
    page = desk.get(f"/binh-lu/can-bo/tiep-nhan/can-xem/{row.pk}/").content.decode()
    assert "nội dung đã hủy" in page
    assert "Nhà ở đầu suối" not in page
    assert "Chị Mẩy" not in desk.get("/binh-lu/can-bo/tiep-nhan/can-xem/").content.decode()
    _by_night(days=400)
    assert Entry.objects.filter(action="dossier.offline_erased").count() == 1  # once


def test_the_machine_that_sends_it_again_hears_the_same(centre, desk, machine) -> None:
    key, sealed = uuid4(), machine.sealed(machine.words(total=8_000))
    send(desk, sealed, key)
    decide(desk, OfflineReception.objects.get(), "khong", "Bản gõ nhầm")
    _rule(centre, Kind.TURNED_DOWN, 1)
    _by_night(days=60)
    assert send(desk, sealed, key).json()["state"] == "refused"
    row = OfflineReception.objects.get()
    assert (row.body, Dossier.objects.count()) == ("", 0)


@pytest.mark.parametrize("rule", ["none", "unverified", "for ever"])
def test_nothing_goes_by_a_rule_nobody_compared(centre, turned_down, rule) -> None:
    if rule == "unverified":
        _rule(centre, Kind.TURNED_DOWN, 1, "unverified")
    if rule == "for ever":
        _rule(centre, Kind.TURNED_DOWN, 0)
    _rule(centre, Kind.DOSSIER, 1)  # of dossiers: not asked
    _by_night(days=3_000)
    turned_down.refresh_from_db()
    assert turned_down.body


def test_what_still_waits_for_a_human_stays(centre, desk, machine) -> None:
    send(desk, machine.sealed(machine.words(total=8_000)), uuid4())
    _rule(centre, Kind.TURNED_DOWN, 1)
    _by_night(days=3_000)
    assert OfflineReception.objects.get().body


def test_another_communes_rule_erases_nothing_here(centre, turned_down, ban_bo) -> None:
    with tenancy.inside(ban_bo.id):
        _rule(ban_bo, Kind.TURNED_DOWN, 1)
    _by_night(days=3_000)
    turned_down.refresh_from_db()
    assert turned_down.body


def test_a_kind_has_one_rule_for_all_procedures(centre) -> None:
    for wrong in ({"kind": "x"}, {"procedure": "1.004837"}, {"months": -1}, {"source": " "}):
        usual = {
            "procedure": "", "months": 3, "valid_from": date(2026, 1, 1), "sureness": "source",
            "source": "QĐ 5", "kind": Kind.TURNED_DOWN,
        }  # fmt: skip
        with pytest.raises(Invalid) as refused:
            work.set_keeping(centre, work.NewKeeping(**usual | wrong), by=SYSTEM)
        assert list(refused.value.errors) == list(wrong)
    assert not KeepingRule.objects.exists()


def test_the_page_shows_the_rule_and_how_many_went(
    centre, turned_down, official, client_of
) -> None:
    admin = client_of(official("administrator", centre))
    shown = admin.get(HERE).content.decode()
    assert "Bản ghi máy quầy gửi mà xã không nhận" in shown
    assert "chưa đối chiếu văn bản" in shown
    said = {
        "kind": "turned_down", "procedure": "", "months": "6", "valid_from": "2026-01-01",
        "sureness": "source", "source": "QĐ 6/QĐ-UBND",
    }  # fmt: skip
    wrong = admin.post(f"{HERE}quy-tac/", said | {"procedure": "1.004837"})
    assert wrong.status_code == 422
    assert "chung cho mọi thủ tục" in wrong.content.decode()
    assert admin.post(f"{HERE}quy-tac/", said).status_code == 302
    assert [row.months for row in KeepingRule.objects.all()] == [6]
    _by_night(days=300)
    page = " ".join(admin.get(HERE).content.decode().split())
    assert "QĐ 6/QĐ-UBND" in page
    assert "0 đã hết hạn, 1 đã hủy." in page


def test_photos_of_a_machines_reception_go_with_its_dossier(centre, desk, machine) -> None:
    key, picture = uuid4(), photo(80)
    send(desk, machine.sealed(machine.words([picture])), key)
    assert send_photo(desk, key, picture).json()["state"] == "received"
    row = Dossier.objects.get()
    Dossier.objects.filter(pk=row.pk).update(
        state=State.RETURNED, returned_at=MONDAY, resolved_at=MONDAY, ended_at=MONDAY
    )
    _rule(centre, Kind.DOSSIER, 12)
    with clock.at(MONDAY + timedelta(days=500)):
        made = work.propose_erasing(centre, by=SYSTEM)
        work.decide_erasing(made.pk, "QĐ 9/QĐ-UBND", is_approved=True, by=SYSTEM)
        work.erase_part(made.pk)
    assert not Dossier.objects.exists()
    assert not OfflineReception.objects.exists()
    assert not OfflinePhoto.objects.exists()
    assert not Attachment.objects.exists()
    assert keeping.due(centre.id) == []


@pytest.fixture
def helping(centre, helper_agreement):
    """A draft a helper filled in, with its agreement and the agreement's proof."""
    by, agreed = helper_agreement
    made = attachments.store_photo(
        io.BytesIO(photo(120)), name="giay.jpg", commune=centre, by=SYSTEM
    )
    actions.keep_evidence(agreed, made, by=by)
    who = actions.Filled(actions.Applicant("Sùng Thị Dợ", phone="0988 111 222"))
    return actions.file_for(agreed, who, by=by, commune=centre).dossier


@pytest.fixture
def helper_agreement(centre):
    new_village = places.NewVillage("BL-01", "bản", "Nà Đon", 22.34, 103.62)
    places.add_village(centre, new_village, by=SYSTEM)
    village = Village.objects.get(commune=centre, code="BL-01")
    by = actor(person(centre, "to", "community_team"), "community_team")
    new = actions.NewAgreement(
        uuid=uuid4(), procedure="1.004837", scopes=("submit",), method=Consent.Method.SCREEN,
        language="hmn", village_id=village.pk, helper_phone="0912 345 678",
    )  # fmt: skip
    return by, actions.agree_to_help(new, by=by, commune=centre)


def test_a_draft_nobody_handed_in_goes_with_the_agreement_and_a_stone_stays(
    centre, helping, new_dossier, clerk
) -> None:
    _rule(centre, Kind.DRAFT, 3)
    _by_night(days=92)  # 23 February: the very day is kept
    assert Dossier.objects.exists()
    events = helping.events.count()
    _by_night(days=93)
    assert not Dossier.objects.exists()
    assert not FilingConsent.objects.exists()
    assert not Attachment.objects.exists()
    assert Consent.objects.get(pk=helping.consent_id).withdrawn_at is not None
    stone = DossierStone.objects.get()
    assert (stone.state, stone.uuid, stone.list) == (State.DRAFT, helping.uuid, None)
    assert (stone.events, stone.source) == (events, "QĐ 5/QĐ-UBND, mục 4")
    assert Entry.objects.filter(action="dossiers.draft_erased").count() == 1
    log = "".join(Entry.objects.values_list("payload", flat=True))
    assert "Sùng Thị Dợ" not in log
    with pytest.raises(work.ErasedBefore):  # a phone that sends it again
        actions.open_draft(new_dossier(uuid=helping.uuid), by=clerk, commune=centre)
    _by_night(days=200)
    assert DossierStone.objects.count() == 1


def test_a_draft_that_was_touched_handed_in_or_held_stays(
    centre, helping, clerk, new_dossier, office
) -> None:
    def opened(name: str) -> Dossier:
        new = new_dossier(applicant=actions.Applicant(name))
        return actions.open_draft(new, by=clerk, commune=centre).dossier

    handed_in, held, touched = opened("Lò Thị Nộp"), opened("Lò Thị Giữ"), opened("Lò Thị Sửa")
    actions.submit(handed_in, by=clerk)
    work.hold(held, "Tòa án đang hỏi", date(2031, 1, 1), by=office.leader_actor)
    elsewhere = opened("Lò Thị Khác")
    actions.hand_to_system(elsewhere, "PROVINCE", "H35.50.05.13-261008-0975", by=clerk)
    with clock.at(MONDAY + timedelta(days=80)):
        actions.edit(touched, actions.Editing(subject="Đăng ký giám hộ"), by=clerk)
    _rule(centre, Kind.DRAFT, 3)
    _by_night(days=120)
    left = set(Dossier.objects.values_list("pk", flat=True))
    assert left == {handed_in.pk, held.pk, touched.pk, elsewhere.pk}
    _by_night(days=200)
    assert touched.pk not in set(Dossier.objects.values_list("pk", flat=True))


def test_no_draft_goes_by_the_programs_own_rule(centre, helping) -> None:
    _by_night(days=3_000)
    assert Dossier.objects.get() == helping
    assert keeping.nightly(centre.id)[1].gone == 0


def test_a_prepared_draft_goes_and_its_person_is_asked_anew(centre, clerk, official) -> None:
    born = births.parse("1/11/1951", today=MONDAY.date())
    new = population.NewPerson("Lò Thị Đã", "female", born)
    who = population.register_person(
        new, population.Said("self_declared"), commune=centre, by=SYSTEM
    )
    rule = actions.NewRule(
        code="age-75", valid_from=date(2026, 1, 1), amount=75, ahead_days=30, behind_days=3_650,
        level=2, procedure="1.004837", is_on=True, sureness="commune", source="QĐ 5 (mẫu)",
    )  # fmt: skip
    actions.set_reminder(rule, by=SYSTEM, commune=centre)
    reminder = actions.Reminder(who.pk, "age-75")
    first = actions.propose(reminder, by=clerk, commune=centre).dossier
    actions.answer_yes(reminder, by=clerk, commune=centre)
    assert proactive.waits_for_a_yes(first) is None
    _rule(centre, Kind.DRAFT, 6)
    _by_night(days=200)
    assert not Dossier.objects.exists()
    assert not ProactiveAnswer.objects.filter(said="yes").exists()
    assert DossierStone.objects.get().uuid != first.uuid  # its key is free
    with clock.at(MONDAY + timedelta(days=201)):
        again = actions.propose(reminder, by=clerk, commune=centre)
        assert (again.is_new, again.dossier.uuid) == (True, first.uuid)
        assert proactive.waits_for_a_yes(again.dossier) is not None
    _by_night(days=500)
    assert DossierStone.objects.count() == 2
