"""What never became a dossier is erased by night, by a compared rule alone, and leaves a trace."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from xaso.dossiers import keeping
from xaso.dossiers.actions import forgetting
from xaso.dossiers.actions import keeping as work
from xaso.dossiers.models import Dossier, KeepingRule, OfflinePhoto, OfflineReception, State
from xaso.dossiers.tests.conftest import MONDAY
from xaso.dossiers.tests.test_receive_without_a_network import (
    Machine,
    decide,
    photo,
    send,
    send_photo,
)
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.refusals import Invalid
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

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
