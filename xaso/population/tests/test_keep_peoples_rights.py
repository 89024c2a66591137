"""People see what is kept of them and who looked, ask, and are answered in time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.actions import tries
from xaso.kernel.identity.models import Role
from xaso.kernel.refusals import NotFound, TooMany
from xaso.kernel.working_time import clock
from xaso.population import actions
from xaso.population.actions import Purpose, consents, own, rights
from xaso.population.models import (
    ConsentRecord,
    ProcessingPurpose,
    RequestKind,
    RequestState,
    ResidentKey,
    SubjectRequest,
)
from xaso.population.queries import rights as asked
from xaso.population.tests.conftest import BY, NOW

pytestmark = pytest.mark.django_db
OWN = "/binh-lu/ho-so-cua-toi/"


@pytest.fixture(autouse=True)
def _no_tries(db) -> None:
    tries.forget_all()


@pytest.fixture
def pao(person, family):
    someone = person("Giàng A Páo", "5/1/1987")
    family((someone, "head"))
    return someone


@pytest.fixture
def desk(town, official, client_of) -> Client:
    return client_of(official(Role.OFFICER, town, full_name="Lò Thị Đôi"))


def test_a_code_and_the_birth_open_ones_own_record_and_nothing_less(pao, town, person):
    code = own.make_key(pao, by=BY)
    assert own.open_record(f"{code[:3]} {code[3:6]} {code[6:]}", "5/1/1987", commune=town) == pao
    assert own.open_record(code, "1987", commune=town) == pao
    for wrong in ((code, "6/1/1987"), (code, ""), (code, "x"), ("123456789", "5/1/1987")):
        with pytest.raises(own.NoSuchRecord):
            own.open_record(*wrong, commune=town)
    assert code not in str(ResidentKey.objects.values().get())


def test_guessing_ends_after_five_tries(pao, town):
    code = own.make_key(pao, by=BY)
    for year in range(1990, 1995):
        with pytest.raises(own.NoSuchRecord):
            own.open_record(code, str(year), commune=town)
    with pytest.raises(TooMany):
        own.open_record(code, "1987", commune=town)


def test_an_old_or_replaced_code_opens_nothing(pao, town):
    first = own.make_key(pao, by=BY)
    second = own.make_key(pao, by=BY)
    with pytest.raises(own.NoSuchRecord):
        own.open_record(first, "1987", commune=town)
    with clock.at(NOW + timedelta(days=31)), pytest.raises(own.NoSuchRecord):
        own.open_record(second, "1987", commune=town)


def test_the_clocks_of_a_request(pao, town):
    kept = rights.ask(pao, rights.NewRequest(RequestKind.CORRECT, "Tên là Pháo"), by=BY)
    assert kept.answer_due_at > NOW  # two working days from Monday 14:00
    assert kept.answer_due_at <= NOW + timedelta(days=3)
    assert kept.done_due_at == NOW + timedelta(days=15)
    with clock.at(NOW + timedelta(days=4)):
        assert asked.is_late(kept)
        kept = rights.answer_request(kept, "Xã đang xem.", by=BY)
        assert not asked.is_late(kept)
    kept = rights.extend_request(kept, by=BY)
    assert kept.done_due_at == NOW + timedelta(days=30)
    with pytest.raises(rights.ExtendedAlready):
        rights.extend_request(kept, by=BY)
    done = rights.close_request(kept, "Đã sửa.", by=BY)
    assert (done.state, done.answer) == (RequestState.DONE, "Đã sửa.")
    with pytest.raises(rights.AlreadyClosed):
        rights.close_request(done, "Lần nữa", by=BY)
    assert "Pháo" not in "".join(Entry.objects.values_list("payload", flat=True))


def test_stopping_takes_longer_with_a_third_party(pao):
    kept = rights.ask(pao, rights.NewRequest(RequestKind.OBJECT), by=BY)
    kept = rights.answer_request(kept, "Xã báo nơi kia.", has_third_party=True, by=BY)
    assert kept.done_due_at == NOW + timedelta(days=20)


def test_a_correction_says_what_is_wrong_and_sending_twice_is_once(pao):
    with pytest.raises(rights.NothingSaid):
        rights.ask(pao, rights.NewRequest(RequestKind.CORRECT, "  "), by=BY)
    new = rights.NewRequest(RequestKind.VIEW, id=uuid4())
    assert rights.ask(pao, new, by=BY) == rights.ask(pao, new, by=BY)


def test_consent_is_spoken_with_witnesses_and_taken_back(pao, town):
    notices, _new = ProcessingPurpose.objects.get_or_create(
        commune=town, code="tin-xa", defaults={"text": "Nhắn tin", "basis": "consent"}
    )
    duty = ProcessingPurpose.objects.create(
        commune=town, code="viec-luat", text="Theo luật", basis="legal_duty"
    )
    told = consents.Agreement(notices, "1", "Mông", ConsentRecord.Channel.VOICE, ("Lò Á",))
    with pytest.raises(consents.WitnessesMissing):
        consents.give_consent(pao, told, by=BY)
    with pytest.raises(consents.NeedsNoConsent):
        consents.give_consent(pao, consents.Agreement(duty, "1", "Mông", "paper"), by=BY)
    both = consents.Agreement(notices, "1", "Mông", "voice", ("Lò Á", "Tẩn Dao"))
    given = consents.give_consent(pao, both, by=BY)
    assert consents.give_consent(pao, both, by=BY) == given
    assert consents.withdraw_consent(given, by=BY).withdrawn_at == NOW


def test_the_purpose_the_program_brings_can_be_agreed_to(pao, town, desk):
    page = f"/binh-lu/can-bo/dan-cu/quyen-du-lieu/{pao.pk}/"
    assert "Nhắn tin của xã về việc chung" in desk.get(page).content.decode()
    desk.post(f"{page}dong-y/", {"purpose": "notices", "channel": "paper"})
    assert pao.consents.get().purpose.code == "notices"
    with pytest.raises(NotFound):
        consents.purpose(town, "khong-co")


def test_a_resident_reads_who_looked_and_asks(pao, town, desk):
    shown = desk.post(f"/binh-lu/can-bo/dan-cu/quyen-du-lieu/{pao.pk}/ma/").content.decode()
    assert "Mã chỉ hiện một lần" in shown
    code = own.make_key(pao, by=BY)
    actions.saw(pao, ["basic", "number"], Purpose("welfare"), by=BY)
    phone = Client()
    assert phone.get(f"{OWN}xem/")["Location"] == OWN  # nobody without the code
    wrong = phone.post(OWN, {"ma": code, "sinh": "1999"})
    assert wrong.status_code == 422
    assert "chưa đúng" in wrong.content.decode()
    assert phone.post(OWN, {"ma": code, "sinh": "5/1/1987"})["Location"] == f"{OWN}xem/"
    page = phone.get(f"{OWN}xem/").content.decode()
    assert "Giàng A Páo" in page
    assert "Lò Thị Đôi" in page  # who made the code looked as well
    assert "Số giấy tờ" in page
    phone.post(f"{OWN}yeu-cau/", {"kind": "correct", "text": "Sai tên", "id": str(uuid4())})
    kept = SubjectRequest.objects.get()
    assert (kept.kind, kept.text, kept.channel) == ("correct", "Sai tên", "web")
    listed = desk.get("/binh-lu/can-bo/dan-cu/quyen-du-lieu/").content.decode()
    assert "Giàng A Páo" in listed
    desk.post(
        f"/binh-lu/can-bo/dan-cu/quyen-du-lieu/xu-ly/{kept.pk}/",
        {"step": "done", "answer": "Đã sửa tên."},
    )
    assert "Đã sửa tên." in phone.get(f"{OWN}xem/").content.decode()
    phone.post(f"{OWN}thoat/")
    assert phone.get(f"{OWN}xem/").status_code == 302


def test_only_officers_of_the_register_work_on_requests(town, official, client_of, pao):
    for role in (Role.VILLAGE_HEAD, Role.CLERK, Role.LEADER):
        client = client_of(official(role, town))
        assert client.get("/binh-lu/can-bo/dan-cu/quyen-du-lieu/").status_code == 403
        assert client.get(f"/binh-lu/can-bo/dan-cu/quyen-du-lieu/{pao.pk}/").status_code == 403
