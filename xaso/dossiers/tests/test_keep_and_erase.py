"""Dossiers are kept their time, listed, decided about, and erased with a stone left behind."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from PIL import Image

from xaso.dossiers import actions, keeping
from xaso.dossiers.actions import keeping as work
from xaso.dossiers.models import (
    Component,
    Dossier,
    DossierEvent,
    DossierStone,
    ErasureLine,
    ErasureList,
    FilingConsent,
    State,
)
from xaso.dossiers.tests.conftest import MONDAY, actor, person
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Consent, Role
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Village
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=366 * 3)
HERE = "/binh-lu/can-bo/ho-so/luu-giu/"


@pytest.fixture
def done(dossier: Dossier) -> Dossier:
    """A dossier that was returned on the Monday."""
    Dossier.objects.filter(pk=dossier.pk).update(
        state=State.RETURNED, returned_at=MONDAY, resolved_at=MONDAY, ended_at=MONDAY
    )
    dossier.refresh_from_db()
    return dossier


def _rule(centre, months: int, procedure: str = "", sureness: str = "source"):
    new = work.NewKeeping(procedure, months, date(2026, 1, 1), sureness, "QĐ 5/QĐ-UBND, mục 3")
    return work.set_keeping(centre, new, by=SYSTEM)


def _codes(centre) -> list[str]:
    return [each.dossier.code for each in keeping.due(centre.id)]


def test_time_is_counted_from_the_end_by_the_dated_rule(centre, done) -> None:
    _rule(centre, 24)
    with clock.at(MONDAY + timedelta(days=700)):
        assert _codes(centre) == []
    with clock.at(LATER):
        assert _codes(centre) == [done.code]
        _rule(centre, 0, procedure="1.004837")  # this procedure is kept for ever
        assert _codes(centre) == []


def test_an_open_dossier_is_never_due(centre, dossier) -> None:
    _rule(centre, 1)
    with clock.at(LATER):
        assert _codes(centre) == []


def test_nothing_is_erased_by_a_rule_nobody_compared(centre, done) -> None:
    with clock.at(MONDAY + timedelta(days=366 * 12)):
        assert _codes(centre) == [done.code]  # shown, by the program's own rule
        with pytest.raises(work.NothingIsDue):
            work.propose_erasing(centre, by=SYSTEM)


def test_a_held_dossier_stays_even_when_held_after_the_decision(centre, done, office) -> None:
    _rule(centre, 12)
    with clock.at(LATER):
        made = work.propose_erasing(centre, by=office.clerk)
        with pytest.raises(work.ListWaits):
            work.propose_erasing(centre, by=office.clerk)
        work.decide_erasing(made.pk, "QĐ 9/QĐ-UBND", is_approved=True, by=office.leader_actor)
        held = work.hold(done, "Tòa án đang hỏi", date(2031, 1, 1), by=office.leader_actor)
        assert _codes(centre) == []
        assert work.erase_part(made.pk) == 1
        assert ErasureLine.objects.get().outcome == "kept"
        assert Dossier.objects.filter(pk=done.pk).exists()
        work.end_hold(held.pk, by=office.leader_actor)
        assert _codes(centre) == [done.code]


def test_only_an_approved_list_is_erased_and_a_stone_stays(
    centre, done, office, new_dossier
) -> None:
    _rule(centre, 12)
    events = DossierEvent.objects.filter(dossier=done).count()
    with clock.at(LATER):
        made = work.propose_erasing(centre, by=office.clerk)
        assert work.erase_part(made.pk) == 0  # nobody decided
        assert Dossier.objects.count() == 1
        work.decide_erasing(made.pk, "QĐ 9/QĐ-UBND", is_approved=True, by=office.leader_actor)
        with pytest.raises(work.DecidedMeanwhile):
            work.decide_erasing(made.pk, "Thôi vậy", is_approved=False, by=office.leader_actor)
        work.erase_part(made.pk)
        assert work.erase_part(made.pk) == 0  # twice is once
    assert not Dossier.objects.exists()
    assert not Component.objects.exists()
    assert not DossierEvent.objects.exists()
    stone = DossierStone.objects.get()
    assert (stone.code, stone.events, stone.last_hash) == (done.code, events, done.last_hash)
    assert ErasureList.objects.get().state == "done"
    log = "".join(Entry.objects.values_list("payload", flat=True))
    assert "dossiers.erased" in set(Entry.objects.values_list("action", flat=True))
    assert "Lò Thị Mẩy" not in log
    with pytest.raises(work.ErasedBefore):  # the phone that sends it again
        actions.receive(new_dossier(uuid=done.uuid), by=office.clerk, commune=centre)


def test_a_declined_list_changes_nothing(centre, done, office) -> None:
    _rule(centre, 12)
    with clock.at(LATER):
        made = work.propose_erasing(centre, by=office.clerk)
        work.decide_erasing(made.pk, "Tỉnh chưa duyệt", is_approved=False, by=office.leader_actor)
        assert work.erase_part(made.pk) == 0
        assert work.propose_erasing(centre, by=office.clerk).pk != made.pk
    assert Dossier.objects.count() == 1


def test_history_leaves_with_a_stone_alone(centre, done) -> None:
    from django.db import connection

    def forget() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT dossiers_forget(%s)", [[done.pk]])

    with pytest.raises(DatabaseError, match="stone"):
        forget()


def test_the_pages_ask_an_administrator(centre, done, official, client_of) -> None:
    import time

    admin = client_of(official(Role.ADMINISTRATOR, centre))
    session = admin.session  # the password was typed a moment ago
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    leader = client_of(official(Role.LEADER, centre))
    said = {"procedure": "", "months": "12", "valid_from": "2026-01-01", "sureness": "source"}
    assert admin.post(f"{HERE}quy-tac/", said).status_code == 422  # no source
    assert leader.post(f"{HERE}quy-tac/", said | {"source": "QĐ 5"}).status_code == 403
    assert admin.post(f"{HERE}quy-tac/", said | {"source": "QĐ 5"}).status_code == 302
    assert "QĐ 5" in leader.get(HERE).content.decode()
    hold = {"code": "khong-co", "reason": "Tòa án hỏi", "until": "2099-01-01"}
    assert leader.post(f"{HERE}giu/", hold).status_code == 422
    assert leader.post(f"{HERE}giu/", hold | {"code": done.code}).status_code == 302
    page = leader.get(HERE).content.decode()
    assert "Tòa án hỏi" in page
    assert "Lò Thị Mẩy" not in page
    with clock.at(LATER):
        work.end_hold(done.holds.get().pk, by=SYSTEM)
        assert leader.post(f"{HERE}lap-danh-sach/").status_code == 302
        made = ErasureList.objects.get()
        assert leader.get(f"{HERE}danh-sach/{made.pk}/").status_code == 403
        assert admin.post(f"{HERE}danh-sach/{made.pk}/", {"viec": "huy"}).status_code == 422
        admin.post(f"{HERE}danh-sach/{made.pk}/", {"viec": "huy", "note": "QĐ 9/QĐ-UBND"})
        assert ErasureList.objects.get().state == "approved"


@pytest.fixture
def helping(centre):
    """Somebody of a village's team, and an agreement they may write down."""
    by = actor(person(centre, "to", "community_team"), "community_team")
    new_village = places.NewVillage("BL-01", "bản", "Nà Đon", 22.34, 103.62)
    places.add_village(centre, new_village, by=SYSTEM)
    village = Village.objects.get(commune=centre, code="BL-01")
    new = actions.NewAgreement(
        uuid=uuid4(), procedure="1.004837", scopes=("prepare",), method=Consent.Method.SCREEN,
        language="hmn", village_id=village.pk, helper_phone="0912 345 678",
    )  # fmt: skip
    return by, new


def test_an_agreement_without_a_dossier_goes_with_its_proof(centre, helping) -> None:
    by, new = helping
    alone = actions.agree_to_help(new, by=by, commune=centre)
    made = BytesIO()
    Image.new("RGB", (40, 30), (9, 90, 60)).save(made, "JPEG")
    made.seek(0)
    proof = attachments.store_photo(made, name="giay.jpg", commune=centre, by=SYSTEM)
    actions.keep_evidence(alone, proof, by=by)
    with_draft = actions.agree_to_help(replace(new, uuid=uuid4()), by=by, commune=centre)
    who = actions.Filled(actions.Applicant("Sùng Thị Dợ"))
    actions.file_for(with_draft, who, by=by, commune=centre)
    _rule(centre, 24)
    with clock.at(MONDAY + timedelta(days=740)):  # its thirty days and two years are not over
        assert keeping.agreements_due(centre.id) == []
    with clock.at(LATER):
        assert [each.agreement.pk for each in keeping.agreements_due(centre.id)] == [alone.pk]
        made_list = work.propose_erasing(centre, by=SYSTEM)
        work.decide_erasing(made_list.pk, "QĐ 9/QĐ-UBND", is_approved=True, by=SYSTEM)
        work.erase_part(made_list.pk)
    assert list(FilingConsent.objects.all()) == [with_draft]
    assert not Attachment.objects.filter(pk=proof.pk).exists()
    line = ErasureLine.objects.get()
    assert (line.outcome, line.agreement_key, line.dossier_key) == ("erased", alone.pk, None)
    assert ErasureList.objects.get().state == "done"
    assert "dossiers.agreement_erased" in set(Entry.objects.values_list("action", flat=True))


def test_an_agreement_that_is_kept_for_ever_by_now_stays(centre, helping) -> None:
    by, new = helping
    alone = actions.agree_to_help(new, by=by, commune=centre)
    _rule(centre, 24)
    with clock.at(LATER):
        made = work.propose_erasing(centre, by=SYSTEM)
        work.decide_erasing(made.pk, "QĐ 9/QĐ-UBND", is_approved=True, by=SYSTEM)
        _rule(centre, 0)  # kept for ever by now
        work.erase_part(made.pk)
    assert FilingConsent.objects.get() == alone
    assert ErasureLine.objects.get().outcome == "kept"
