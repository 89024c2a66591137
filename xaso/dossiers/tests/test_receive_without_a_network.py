"""A counter machine's receptions arrive: once each, by its signature, or a human decides."""

import base64
import hashlib
import io
import json
import os
import random
from datetime import date, timedelta
from uuid import uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from PIL import Image

from xaso.documents import actions as documents
from xaso.documents import codes as check_codes
from xaso.dossiers import actions, catalogue, machine_clock
from xaso.dossiers.actions import telling
from xaso.dossiers.content import shape
from xaso.dossiers.content.shape import Question
from xaso.dossiers.models import Dossier, DossierCode, OfflineReception, State
from xaso.dossiers.queries import my_work
from xaso.dossiers.tests.conftest import MONDAY, actor, person
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.notifications.models import Message
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

CODE = "1.004837"
DOOR = "/binh-lu/can-bo/tiep-nhan/mat-mang/"
PLAIN = {"HTTP_X_XASO_OUTBOX": "1"}
Held = OfflineReception.State


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Machine:
    """What a browser at the counter does, with the same formats."""

    def __init__(self, commune, name: str = "Quầy 2") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        jwk = check_codes.public_jwk(self.key.public_key())
        self.row = documents.register_device(name, jwk, commune=commune, by=SYSTEM)
        self.kid, self.count, self.commune = self.row.kid, 0, commune
        self.compared = {"token": machine_clock.token(self.kid), "at": clock.now().isoformat()}

    def sign(self, body: str) -> str:
        r, s = utils.decode_dss_signature(self.key.sign(body.encode(), ec.ECDSA(SHA256())))
        return packed(r.to_bytes(32) + s.to_bytes(32))

    def words(self, photos=(), **changed) -> dict:
        self.count += 1
        held = catalogue.held(self.commune.id, CODE, date(2026, 11, 23))
        papers = [
            {"code": each.code, "waived": "Đã có trong cơ sở dữ liệu"}
            for each in held.content.components
        ]
        for paper, photo in zip(papers, photos, strict=False):
            paper |= {"sha256": hashlib.sha256(photo).hexdigest(), "waived": ""}
        usual = {
            "v": 1,
            "code": f"T-{self.kid.upper()}-{self.count}",
            "procedure": CODE,
            "frozen": held.frozen_id,
            "applicant": {
                "name": "Lò Thị Mẩy",
                "phone": "0912345678",
                "id_number": f"{self.count:012}",
            },
            "papers": papers,
            "taken_at": clock.now().isoformat(),
            "clock": self.compared,
        }
        return usual | changed

    def sealed(self, words: dict) -> dict:
        body = json.dumps(words, ensure_ascii=False)
        sent = clock.now().isoformat()
        return {"kid": self.kid, "body": body, "signature": self.sign(body), "sent_at": sent}


def send(desk, sealed: dict, key=None):
    return desk.put(f"{DOOR}nhan/{key or uuid4()}", sealed, "application/json", **PLAIN)


def send_photo(desk, key, photo: bytes, **more):
    sha = hashlib.sha256(photo).hexdigest()
    return desk.put(f"{DOOR}nhan/{key}/anh/{sha}", photo, "image/jpeg", **PLAIN, **more)


def photo(shade: int = 90) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, shade, 40)).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def desk(centre, official, client_of):
    return client_of(official("one_stop_clerk", centre, full_name="Vàng Thị Dở"))


@pytest.fixture
def stranger(client):
    return client


@pytest.fixture
def leader(centre, official, client_of):
    return client_of(official("leader", centre))


@pytest.fixture
def machine(centre) -> Machine:
    return Machine(centre)


def test_a_reception_becomes_one_dossier_with_both_codes(desk, machine, centre) -> None:
    sealed, key = machine.sealed(machine.words()), uuid4()
    first = send(desk, sealed, key)
    assert (first.status_code, first.json()["state"]) == (201, "received")
    again = send(desk, sealed, key)
    assert (again.status_code, again.json()["official"]) == (200, first.json()["official"])
    row = Dossier.objects.get()
    assert (row.state, row.is_offline, row.uuid) == (State.ACCEPTED, True, key)
    provisional = f"T-{machine.kid.upper()}-1"
    assert set(row.codes.values_list("code", flat=True)) == {row.code, provisional}
    kept = OfflineReception.objects.get()
    assert (kept.state, kept.body, kept.dossier) == (Held.RECEIVED, "", row)
    listed = desk.post("/binh-lu/can-bo/ho-so/", {"tim": provisional}, follow=True)
    assert row.code in listed.content.decode()
    accepted = row.events.get(action="tiep_nhan")
    assert (accepted.device_id, accepted.device_time) == (machine.kid, MONDAY)
    telling.tell_now(row.pk, accepted.seq)  # as the job does that was put off with it
    assert row.code in Message.objects.get().body


def test_words_come_before_photos_and_photos_in_pieces(desk, machine) -> None:
    one, two, key = photo(90), photo(160), uuid4()
    answer = send(desk, machine.sealed(machine.words([one, two])), key)
    assert answer.json()["state"] == "waiting"
    assert len(answer.json()["missing"]) == 2
    assert not Dossier.objects.exists()
    half = len(one) // 2
    said = f"bytes 0-{half - 1}/{len(one)}"
    sha = hashlib.sha256(one).hexdigest()
    path = f"{DOOR}nhan/{key}/anh/{sha}"
    first = desk.put(path, one[:half], "image/jpeg", **PLAIN, HTTP_CONTENT_RANGE=said)
    assert first.status_code == 202
    assert {"sha": sha, "have": half} in first.json()["missing"]
    hole = f"bytes {half + 5}-{len(one) - 1}/{len(one)}"
    gap = desk.put(path, one[half + 5 :], "image/jpeg", **PLAIN, HTTP_CONTENT_RANGE=hole)
    assert gap.status_code == 416
    assert {"sha": sha, "have": half} in gap.json()["receipt"]["missing"]
    rest = f"bytes {half}-{len(one) - 1}/{len(one)}"
    assert (
        desk.put(path, one[half:], "image/jpeg", **PLAIN, HTTP_CONTENT_RANGE=rest).status_code
        == 200
    )
    assert not Dossier.objects.exists()
    assert send_photo(desk, key, two).json()["state"] == "received"
    row = Dossier.objects.get()
    assert row.components.filter(attachment__isnull=False).count() == 2
    assert send_photo(desk, key, two).status_code == 200
    assert Dossier.objects.count() == 1


def test_who_may_not_is_refused_and_nothing_is_written(
    desk, machine, stranger, leader, ban_bo
) -> None:
    sealed = machine.sealed(machine.words())
    assert send(stranger, sealed).status_code == 401
    assert "đăng nhập" in send(stranger, sealed).json()["detail"]
    assert send(leader, sealed).status_code == 403
    bare = desk.put(f"{DOOR}nhan/{uuid4()}", sealed, "application/json")
    assert bare.status_code == 404
    with tenancy.inside(ban_bo.id):
        foreign = Machine(ban_bo)
    foreign.commune, foreign.count = machine.commune, 5
    assert send(desk, foreign.sealed(foreign.words())).status_code == 403
    other = machine.sealed(machine.words())
    assert send(desk, sealed | {"body": other["body"]}).status_code == 422
    assert send(desk, sealed | {"signature": "A" * 86}).status_code == 422
    assert send(desk, sealed | {"signature": "?"}).status_code == 422
    stolen = machine.words(code="T-AAAAAAAA-1")
    assert send(desk, machine.sealed(stolen)).status_code == 422
    assert send(desk, machine.sealed(machine.words(more="x"))).status_code == 422
    assert send_photo(desk, uuid4(), photo()).status_code == 404
    assert not OfflineReception.objects.exists()
    assert not Dossier.objects.exists()


def test_a_machine_out_of_use_waits_for_a_human(desk, machine) -> None:
    before = machine.sealed(machine.words())
    with clock.at(MONDAY + timedelta(hours=1)):
        documents.retire_key(machine.row, by=SYSTEM)
    with clock.at(MONDAY + timedelta(hours=2)):
        assert send(desk, before | {"sent_at": clock.now().isoformat()}).json()["official"]
        after = send(desk, machine.sealed(machine.words())).json()
        assert (after["state"], after["official"]) == ("conflict", "")
        documents.retire_key(machine.row, by=SYSTEM, is_lost=True)
        early = machine.words(taken_at=MONDAY.isoformat())
        assert send(desk, machine.sealed(early)).json()["state"] == "conflict"
    assert Dossier.objects.count() == 1


@pytest.mark.parametrize(
    "story",
    [
        (timedelta(), timedelta(hours=2), timedelta(hours=3), True),
        (timedelta(minutes=4), timedelta(hours=2), timedelta(hours=3), True),
        (timedelta(minutes=6), timedelta(hours=2), timedelta(hours=3), False),
        (timedelta(), timedelta(hours=25), timedelta(hours=26), False),  # compared too long ago
        (timedelta(), timedelta(hours=2), timedelta(hours=9), False),  # wrong when it sends
        (timedelta(), -timedelta(hours=2), timedelta(hours=3), False),  # put back meanwhile
        (-timedelta(days=2200), timedelta(hours=2), timedelta(hours=3), False),  # wrong by years
        (timedelta(), timedelta(days=9000), timedelta(hours=3), False),
    ],
)
def test_the_clock_of_a_machine_counts_only_where_it_was_checked(desk, machine, story) -> None:
    compared, taken, sent, counts = story
    machine.compared["at"] = (MONDAY + compared).isoformat()
    words = machine.words(taken_at=(MONDAY + taken).isoformat())
    arrives = MONDAY + max(timedelta(hours=3), min(taken, timedelta(days=2)) + timedelta(hours=1))
    with clock.at(arrives):
        sealed = machine.sealed(words) | {"sent_at": (MONDAY + sent).isoformat()}
        answer = send(desk, sealed).json()
    assert answer["is_clock_trusted"] is counts
    row = Dossier.objects.get()
    assert row.accepted_at == (MONDAY + taken if counts else arrives)


def test_a_made_up_comparison_does_not_count(desk, machine) -> None:
    machine.compared["token"] = machine_clock.token("aaaaaaaa")
    assert send(desk, machine.sealed(machine.words())).json()["is_clock_trusted"] is False
    machine.compared["token"] = "made-up"
    assert send(desk, machine.sealed(machine.words())).json()["is_clock_trusted"] is False


def conflict(answer) -> OfflineReception:
    assert answer.json()["state"] == "conflict", answer.json()
    return OfflineReception.objects.latest("id")


def decide(desk, row, what: str, reason: str = ""):
    page = f"/binh-lu/can-bo/tiep-nhan/can-xem/{row.pk}/"
    return desk.post(page, {"viec": what, "ly_do": reason})


def test_the_same_person_received_elsewhere_is_joined_by_a_human(
    desk, machine, new_dossier, clerk, centre
) -> None:
    words = machine.words()
    who = actions.Applicant("Lò Thị Mẩy", id_number=words["applicant"]["id_number"])
    first = actions.receive(new_dossier(applicant=who), by=clerk, commune=centre).dossier
    key = uuid4()
    sealed = machine.sealed(words)
    row = conflict(send(desk, sealed, key))
    assert (row.why, row.other) == ("twice", first)
    page = desk.get(f"/binh-lu/can-bo/tiep-nhan/can-xem/{row.pk}/").content.decode()
    assert first.code in page
    assert row.code in page
    assert row.code in desk.get("/binh-lu/can-bo/tiep-nhan/can-xem/").content.decode()
    assert decide(desk, row, "gop").status_code == 302
    assert Dossier.objects.count() == 1
    assert DossierCode.objects.get(code=row.code).dossier == first
    answer = send(desk, sealed, key).json()
    assert (answer["state"], answer["official"]) == ("joined", first.code)
    assert decide(desk, row, "nhan").status_code == 422  # only once
    assert Dossier.objects.count() == 1


def test_two_matters_of_one_person_are_two_when_a_human_says_so(desk, machine) -> None:
    words = machine.words()
    assert send(desk, machine.sealed(words)).json()["state"] == "received"
    second = words | {"code": f"T-{machine.kid.upper()}-2"}
    row = conflict(send(desk, machine.sealed(second)))
    assert decide(desk, row, "nhan").status_code == 302
    assert Dossier.objects.count() == 2
    row.refresh_from_db()
    assert (row.state, row.dossier.codes.filter(code=row.code).exists()) == (Held.RECEIVED, True)


def test_other_words_under_one_key_are_both_kept(desk, machine) -> None:
    key, words = uuid4(), machine.words()
    first = send(desk, machine.sealed(words), key).json()["official"]
    changed = words | {"note": "Lời khác"}
    row = conflict(send(desk, machine.sealed(changed), key))
    assert row.why == "content"
    assert Dossier.objects.get().note == ""
    page = desk.get(f"/binh-lu/can-bo/tiep-nhan/can-xem/{row.pk}/").content.decode()
    assert "Lời khác" in page
    assert first in page
    assert decide(desk, row, "khong").status_code == 422  # a reason is needed
    assert decide(desk, row, "khong", "Bản gõ nhầm").status_code == 302
    row.refresh_from_db()
    assert (row.state, bool(row.body)) == (Held.REFUSED, True)
    other = conflict(send(desk, machine.sealed(words | {"note": "Nữa"}), key))
    assert decide(desk, other, "nhan").status_code == 302
    assert Dossier.objects.count() == 2


def test_a_code_used_twice_waits_for_a_human(desk, machine) -> None:
    words = machine.words()
    send(desk, machine.sealed(words))
    twice = machine.words(code=words["code"])
    row = conflict(send(desk, machine.sealed(twice)))
    assert row.why == "code"
    assert decide(desk, row, "nhan").status_code == 302
    assert DossierCode.objects.filter(code=words["code"]).count() == 1


def test_a_procedure_that_changed_meanwhile_waits_for_a_human(desk, machine, centre) -> None:
    sealed = machine.sealed(machine.words(frozen=987_654))
    row = conflict(send(desk, sealed))
    assert row.why == "version"
    assert decide(desk, row, "nhan").status_code == 302
    assert Dossier.objects.get().state == State.ACCEPTED


def test_a_procedure_that_ended_meanwhile_waits_for_a_human(desk, machine, centre) -> None:
    words = machine.words()
    words["clock"] = None  # a machine whose clock nobody checked: the day of sending counts
    version = catalogue.held(centre.id, CODE, date(2026, 11, 23)).version
    actions.retire(version, date(2026, 11, 24), by=SYSTEM)
    with clock.at(MONDAY + timedelta(days=2)):
        row = conflict(send(desk, machine.sealed(words)))
        assert row.why == "version"
        assert decide(desk, row, "nhan").status_code == 422  # no version holds: say so, keep it
        row.refresh_from_db()
        assert row.state == Held.CONFLICT
        assert decide(desk, row, "khong", "Thủ tục đã bãi bỏ").status_code == 302


def test_money_and_missing_papers_wait_for_a_human(desk, machine) -> None:
    row = conflict(send(desk, machine.sealed(machine.words(total=8_000))))
    assert row.why == "money"
    assert "8000" in row.detail
    words = machine.words()
    words["papers"] = [each | {"waived": ""} for each in words["papers"]]
    row = conflict(send(desk, machine.sealed(words)))
    assert row.why == "guard"
    assert decide(desk, row, "nhan").status_code == 422
    assert decide(desk, row, "nhan", "Bản chính giữ tại quầy").status_code == 302
    assert Dossier.objects.get().state == State.ACCEPTED


def test_a_photo_nobody_can_read_waits_for_a_human(desk, machine) -> None:
    key, broken = uuid4(), b"not a picture at all"
    send(desk, machine.sealed(machine.words([broken])), key)
    row = conflict(send_photo(desk, key, broken))
    assert row.why == "photo"
    assert decide(desk, row, "nhan", "Đã xem bản giấy").status_code == 302
    assert Dossier.objects.count() == 1


def test_the_package_names_what_holds_today_and_nobody(desk, machine, centre, new_dossier, clerk):
    actions.receive(new_dossier(), by=clerk, commune=centre)
    said = desk.get(f"{DOOR}goi.json", {"may": machine.kid}).json()
    here = {each["code"]: each for each in said["procedures"]}
    assert here[CODE]["is_here"]
    assert here[CODE]["papers"]
    assert said["machine"] == {"name": "Quầy 2", "is_in_use": True}
    assert said["clock"]
    assert "Lò Thị Mẩy" not in json.dumps(said, ensure_ascii=False)
    unknown = desk.get(f"{DOOR}goi.json", {"may": "zzzzzzzz"}).json()
    assert (unknown["machine"]["is_in_use"], unknown["clock"]) == (False, "")


def test_a_machine_is_registered_and_taken_out_of_use(desk, centre, official, client_of) -> None:
    admin = client_of(official("administrator", centre))
    page = "/binh-lu/can-bo/tiep-nhan/may-quay/"
    jwk = check_codes.public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
    given = {"ten": "Quầy 3", "khoa": json.dumps(jwk)}
    assert desk.post(page, given).status_code == 302
    assert desk.post(page, given).status_code == 422  # known already
    assert desk.post(page, given | {"khoa": "{}"}).status_code == 422
    assert desk.post(page, given | {"khoa": "x"}).status_code == 422
    assert "Quầy 3" in admin.get(page).content.decode()
    kid = check_codes.key_id(check_codes.from_jwk(jwk))
    assert admin.post(f"{page}{kid}/thu-hoi/").status_code == 302
    assert "Quầy 3" in admin.get(page).content.decode()
    leader = client_of(official("leader", centre))
    assert leader.get(page).status_code == 403


def test_the_page_holds_nothing_of_whoever_opens_it(desk, centre, official, client_of) -> None:
    page = desk.get(DOOR)
    other = client_of(official("one_stop_clerk", centre, full_name="Lù Thị Khác")).get(DOOR)
    assert page.content == other.content
    assert b"csrf" not in page.content
    worker = desk.get(f"{DOOR}sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert DOOR in worker.content.decode().replace("\\u002D", "-")


def replayed(desk, machine, many: int, times: int, seed: int = 7) -> None:
    """Send receptions over and over in random order; every third answer is lost on the way."""
    dice = random.Random(seed)  # noqa: S311
    queue = [(uuid4(), machine.sealed(machine.words())) for _ in range(many)]
    tries = [each for each in queue for _ in range(times)]
    dice.shuffle(tries)
    official: dict[str, set[str]] = {}
    for number, (key, sealed) in enumerate(tries):
        answer = send(desk, sealed, key)
        assert answer.status_code in {200, 201}
        if number % 3:  # the others never arrive at the machine: it sends again
            official.setdefault(str(key), set()).add(answer.json()["official"])
    assert all(len(found) == 1 for found in official.values())
    assert Dossier.objects.count() == many
    assert DossierCode.objects.filter(system=DossierCode.OFFLINE).count() == many
    assert len(set(Dossier.objects.values_list("code", flat=True))) == many


def test_a_queue_sent_three_times_makes_each_dossier_once(desk, machine) -> None:
    replayed(desk, machine, 12, 3)


@pytest.mark.chaos
def test_five_hundred_receptions_sent_three_times_are_five_hundred_dossiers(desk, machine) -> None:
    replayed(desk, machine, 500 if os.environ.get("XASO_CHAOS") == "long" else 30, 3)


def _asks(centre, *questions: Question):
    """Guardianship asks these questions from today on."""
    held = catalogue.held(centre.id, CODE, MONDAY.date())
    actions.retire(held.version, MONDAY.date(), by=SYSTEM)
    draft = actions.open_version(held.procedure, by=SYSTEM)
    content = msgspec.structs.replace(shape.read(draft.content), form=list(questions))
    draft = actions.save_version(draft, shape.write(content), by=SYSTEM)
    return actions.publish(draft, MONDAY.date(), by=SYSTEM)


def test_what_a_machine_did_not_ask_is_asked_before_it_goes_on(
    desk, machine, centre, office
) -> None:
    _asks(
        centre, Question("ward", "Họ tên người được giám hộ", is_mandatory=True),
        Question("kin", "Quan hệ"),
    )  # fmt: skip
    answer = send(desk, machine.sealed(machine.words(form={"kin": "Bà nội"}))).json()
    assert (answer["state"], answer["unanswered"]) == ("received", 1)
    row = Dossier.objects.get()
    clerk = actor(person(centre, "mot-cua-2", "one_stop_clerk"), "one_stop_clerk")
    to = actions.Handing(receiver_id=office.officer.pk)
    with pytest.raises(Refusal) as refused:
        actions.hand_over(row, to, by=clerk)
    assert "Họ tên người được giám hộ" in str(refused.value)
    assert my_work(centre, clerk, MONDAY).counts["unanswered"] == 1
    assert "còn phải hỏi bà con" in desk.get("/binh-lu/can-bo/tiep-nhan/").content.decode()
    listed = desk.get("/binh-lu/can-bo/ho-so/", {"nhom": "unanswered"}).content.decode()
    assert row.code in listed
    together = desk.get("/binh-lu/can-bo/ho-so/nhieu/chuyen/").content.decode()
    assert "Tờ khai còn thiếu: bác hỏi" in together
    page = f"/binh-lu/can-bo/ho-so/{row.uuid}/"
    assert "còn chưa hỏi bà con" in desk.get(page).content.decode()
    form = desk.get(f"{page}ghi-to-khai/").content.decode()
    assert ('name="q_ward"' in form, 'name="q_kin"' in form) == (True, False)
    assert desk.post(f"{page}ghi-to-khai/", {}).status_code == 422
    assert desk.post(f"{page}ghi-to-khai/", {"q_ward": "Lò Văn Páo"}).status_code == 302
    row.refresh_from_db()
    assert (row.form, row.unanswered) == ({"ward": "Lò Văn Páo", "kin": "Bà nội"}, 0)
    event = row.events.get(action="ghi_to_khai")
    assert event.payload == {"answered": ["ward"], "left": 0}
    assert "unanswered" not in my_work(centre, clerk, MONDAY).counts
    assert actions.hand_over(row, to, by=clerk).state == State.IN_PROGRESS


def test_the_counter_itself_asks_at_once(centre, clerk, new_dossier) -> None:
    _asks(centre, Question("ward", "Họ tên người được giám hộ", is_mandatory=True))
    with pytest.raises(Refusal) as refused:
        actions.receive(new_dossier(), by=clerk, commune=centre)
    assert "Họ tên người được giám hộ" in str(refused.value)
    new = new_dossier(form={"ward": "Lò Văn Páo"})
    assert actions.receive(new, by=clerk, commune=centre).dossier.unanswered == 0


def test_answers_of_another_version_are_kept_in_the_note(desk, machine, centre) -> None:
    before = machine.words(form={"ward": "Lò Văn Páo", "old": "Câu cũ", "born": "hôm kia"})
    _asks(
        centre, Question("ward", "Họ tên người được giám hộ"), Question("born", "Sinh", "date"),
        Question("kin", "Quan hệ", is_mandatory=True),
    )  # fmt: skip
    row = conflict(send(desk, machine.sealed(before)))
    assert decide(desk, row, "nhan").status_code == 302
    made = Dossier.objects.get()
    assert (made.form, made.unanswered) == ({"ward": "Lò Văn Páo"}, 1)
    assert "old: Câu cũ" in made.note
    assert "born: hôm kia" in made.note


def correct(desk, row, what: str, number: str, reason: str = ""):
    page = f"/binh-lu/can-bo/tiep-nhan/can-xem/{row.pk}/"
    return desk.post(page, {"viec": what, "so_dinh_danh": number, "ly_do": reason})


def _of(machine, number: str, **changed) -> dict:
    words = machine.words(**changed)
    return words | {"applicant": words["applicant"] | {"id_number": number}}


def test_a_number_a_machine_wrote_wrongly_is_corrected_before_it_is_received(desk, machine) -> None:
    row = conflict(send(desk, machine.sealed(_of(machine, "01218734590"))))  # a digit is missing
    assert row.why == "guard"
    body = row.body
    wrong = correct(desk, row, "sua", "0121873459", "Đã xem thẻ")
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Số giấy tờ chưa đúng" in page
    assert 'value="0121873459"' in page
    assert 'value="Đã xem thẻ"' in page
    to_come = correct(desk, row, "sua", "012330000001").content.decode()
    assert "Năm sinh trong số định danh chưa tới" in to_come
    assert correct(desk, row, "nhan", "01218734590").status_code == 422  # still the wrong one
    assert correct(desk, row, "sua", "012187 345901").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.corrected_number, row.body) == (Held.CONFLICT, "012187345901", body)
    page = desk.get(f"/binh-lu/can-bo/tiep-nhan/can-xem/{row.pk}/").content.decode()
    assert "Số định danh đã sửa" in page
    assert "01218734590<" in page.replace("\n", "").replace(" ", "")  # as the machine wrote it
    assert decide(desk, row, "nhan").status_code == 302
    done = Dossier.objects.get()
    row.refresh_from_db()
    assert (done.id_number, row.state) == ("012187345901", Held.RECEIVED)
    assert (row.body, row.corrected_number) == ("", "")
    assert "đã được sửa" in done.events.get(action="ghi_chu").internal_text
    entry = Entry.objects.get(action="dossier.offline_corrected")
    assert '"field": "id_number"' in entry.payload.replace('":"', '": "')
    log = "".join(Entry.objects.values_list("payload", flat=True))
    assert "0121873459" not in log
    assert "0121873459" not in str(done.events.values_list("payload", "internal_text"))


def test_a_corrected_number_leads_to_the_dossier_the_commune_has(
    desk, machine, new_dossier, clerk, centre
) -> None:
    who = actions.Applicant("Lò Thị Mẩy", id_number="012187345901")
    first = actions.receive(new_dossier(applicant=who), by=clerk, commune=centre).dossier
    row = conflict(send(desk, machine.sealed(_of(machine, "012187345902", total=8_000))))
    assert (row.why, row.other) == ("money", None)
    shown = correct(desk, row, "nhan", "012187345901")  # not received behind one's back
    assert shown.status_code == 422
    assert first.code in shown.content.decode()
    row.refresh_from_db()
    assert (row.other, Dossier.objects.count()) == (first, 1)
    assert correct(desk, row, "gop", "012187345901").status_code == 302
    assert DossierCode.objects.get(code=row.code).dossier == first
    assert correct(desk, row, "sua", "012187345903").status_code == 422  # decided by now


def test_somebody_without_a_number_is_received_without_one(desk, machine) -> None:
    words = _of(machine, "012187345902")
    assert send(desk, machine.sealed(words)).json()["state"] == "received"
    second = _of(machine, "012187345902")
    row = conflict(send(desk, machine.sealed(second)))
    assert row.why == "twice"
    assert correct(desk, row, "sua", "").status_code == 302
    row.refresh_from_db()
    assert (row.corrected_number, row.corrected_at) == ("", MONDAY)
    assert decide(desk, row, "nhan").status_code == 302
    assert set(Dossier.objects.values_list("id_index", flat=True)) > {""}
