"""Somebody of the village fills in a draft: agreed first, never the applicant, never accepted."""

import io
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xaso.dossiers import actions
from xaso.dossiers.content import shape
from xaso.dossiers.models import (
    Delivery,
    Dossier,
    DossierEvent,
    FilingConsent,
    Procedure,
    State,
)
from xaso.dossiers.queries import detail
from xaso.dossiers.tests.conftest import MONDAY, actor
from xaso.dossiers.tests.conftest import person as official_named
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Consent, Official, RoleAssignment
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
URL = "/binh-lu/can-bo/nop-ho/"
WHO = actions.Applicant("Sùng Thị Dợ", phone="0987 654 321")


@pytest.fixture
def village(centre) -> Village:
    new = places.NewVillage("BL-01", "bản", "Nà Đon", 22.34, 103.62)
    places.add_village(centre, new, by=SYSTEM)
    return Village.objects.get(commune=centre, code="BL-01")


@pytest.fixture
def helper(centre, village) -> Official:
    found = official_named(centre, "to-cong-dong", "community_team")
    RoleAssignment.objects.filter(official=found).update(village=village)
    return found


@pytest.fixture
def by(helper):
    return actor(helper, "community_team")


@pytest.fixture
def said(village) -> actions.NewAgreement:
    return actions.NewAgreement(
        uuid=uuid4(), procedure="1.004837", scopes=("prepare",), method=Consent.Method.SCREEN,
        language="hmn", village_id=village.pk, helper_phone="0912 345 678",
    )  # fmt: skip


def test_the_draft_is_the_residents_and_the_counter_goes_on(centre, by, said, clerk) -> None:
    agreed = actions.agree_to_help(said, by=by, commune=centre)
    assert actions.agree_to_help(said, by=by, commune=centre).pk == agreed.pk
    assert agreed.valid_until == MONDAY + timedelta(days=30)
    made = actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre).dossier
    assert not actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre).is_new
    assert (made.state, made.applicant, made.helper_id) == (State.DRAFT, WHO.name, int(by.id))
    event = DossierEvent.objects.get(dossier=made)
    assert (event.role, event.on_behalf_of) == ("helper", f"dossier-{said.uuid}")
    with pytest.raises(Refusal):  # agreed to prepare, not to hand in
        actions.submit(made, by=by)
    made = actions.submit(made, by=clerk)
    with pytest.raises(Refusal):
        actions.accept(made, [], by=by)
    assert Dossier.objects.get().state == State.WAITING


def test_the_helpers_number_is_refused_as_the_applicants(centre, by, said) -> None:
    agreed = actions.agree_to_help(said, by=by, commune=centre)
    with pytest.raises(Invalid) as refused:
        actions.file_for(
            agreed, actions.Filled(replace(WHO, phone="+84912345678")), by=by, commune=centre
        )
    assert "số của người giúp" in refused.value.errors["phone"][0]
    assert not Dossier.objects.exists()


def test_without_an_agreement_that_holds_nothing_is_filed(centre, by, said, clerk) -> None:
    agreed = actions.agree_to_help(replace(said, scopes=("submit",)), by=by, commune=centre)
    other = replace(by, id=str(int(by.id) + 1000))
    with pytest.raises(NotFound):
        actions.file_for(agreed, actions.Filled(WHO), by=other, commune=centre)
    made = actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre).dossier
    with clock.at(MONDAY + timedelta(days=31)), pytest.raises(actions.AgreementEnded):
        actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre)
    with clock.at(MONDAY + timedelta(days=31)), pytest.raises(Refusal):
        actions.submit(made, by=by)
    actions.take_back_help(agreed, by=by)
    assert Consent.objects.get(pk=agreed.consent_id).withdrawn_at
    with pytest.raises(Refusal):
        actions.submit(made, by=by)


def test_who_cannot_read_has_a_witness(centre, by, said) -> None:
    for changed in ({"is_read_aloud": True}, {"method": Consent.Method.VOICE}):
        with pytest.raises(Invalid) as refused:
            actions.agree_to_help(replace(said, **changed), by=by, commune=centre)
        assert set(refused.value.errors) == {"witness"}
    assert not Consent.objects.exists()


def test_the_pages_of_a_helper(centre, helper, village, clerk, client_of) -> None:
    page = client_of(helper)
    assert "Đọc cho bà con nghe" in page.get(URL).content.decode()
    key = str(uuid4())
    form = {
        "key": key, "procedure": "1.004837", "village": village.pk, "scopes": ["prepare"],
        "method": "screen", "language": "hmn", "is_read_aloud": "on", "helper_phone": "0912345678",
    }  # fmt: skip
    assert page.post(URL, form).status_code == 422
    assert page.post(URL, form | {"witness": "Sùng A Lử"}).status_code == 302
    assert "Sùng Thị Dợ" not in page.get(f"{URL}{key}/").content.decode()
    draft = {"name": "Sùng Thị Dợ", "phone": "0912345678"}
    refused = page.post(f"{URL}{key}/", draft)
    assert refused.status_code == 422
    assert "số của người giúp" in refused.content.decode()
    answer = page.post(f"{URL}{key}/", draft | {"phone": ""})
    assert answer["Location"].endswith(f"{URL}{key}/giay-to/")
    counter = client_of(Official.objects.get(pk=clerk.id))
    drafts = counter.get("/binh-lu/can-bo/ho-so/", {"nhom": "drafts"}).content.decode()
    assert "Sùng Thị Dợ" in drafts
    assert counter.get(URL).status_code == 403
    page.post(f"{URL}{key}/rut/")
    assert FilingConsent.objects.get().withdrawn_at


def _resolved(made: Dossier, clerk) -> Dossier:
    """A result that waits to be fetched: accepted, then put there without the office's steps."""
    made = actions.submit(made, by=clerk)
    papers = [actions.Paper(each.code, source="", waived="mẫu") for each in made.components.all()]
    actions.accept(made, [], actions.Completed({}, papers), by=clerk)
    Dossier.objects.filter(pk=made.pk).update(state=State.RESOLVED, resolved_at=MONDAY)
    return Dossier.objects.get(pk=made.pk)


@pytest.fixture
def ready(centre, by, said, clerk):
    def made(*scopes: str) -> tuple[FilingConsent, Dossier]:
        agreed = actions.agree_to_help(replace(said, scopes=scopes), by=by, commune=centre)
        draft = actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre).dossier
        return agreed, _resolved(draft, clerk)

    return made


def test_a_helper_fetches_only_what_the_holder_allowed(ready, by, clerk) -> None:
    _agreed, dossier = ready("submit")
    fetches = actions.Handed(Delivery.IN_PERSON, "ký nhận", helper_id=int(by.id))
    with pytest.raises(Refusal) as refused:
        actions.give_result(dossier, fetches, by=clerk)
    assert "Mời bà con tự đến nhận" in str(refused.value)
    given = actions.give_result(dossier, replace(fetches, helper_id=None), by=clerk)
    event = given.events.get(action="tra")
    assert (event.payload["right"], "receiver" in event.payload) == ("holder", False)
    assert "Chính người nộp nhận" in detail.file(given, now=MONDAY).events[0].note


def test_the_history_says_who_fetched_it_and_by_what_right(ready, by, clerk, helper) -> None:
    agreed, dossier = ready("receive")
    fetches = actions.Handed(Delivery.IN_PERSON, "ký nhận", helper_id=int(by.id))
    stranger = replace(fetches, helper_id=int(clerk.id))
    for wrong in (stranger, replace(fetches, way=Delivery.POST)):
        with pytest.raises(Refusal):
            actions.give_result(dossier, wrong, by=clerk)
    with clock.at(MONDAY + timedelta(days=31)), pytest.raises(Refusal):
        actions.give_result(dossier, fetches, by=clerk)
    given = actions.give_result(dossier, fetches, by=clerk)
    payload = given.events.get(action="tra").payload
    assert (payload["right"], payload["receiver"]) == ("helper", helper.pk)
    assert payload["consent"] == agreed.consent_id
    note = detail.file(given, now=MONDAY).events[0].note
    assert f"{helper} nhận thay, theo lời đồng ý của người nộp ngày thứ Hai 23/11/2026" in note


def test_who_took_the_agreement_back_fetches_it_themselves(ready, by, clerk, client_of) -> None:
    agreed, dossier = ready("receive")
    actions.take_back_help(agreed, by=by)
    page = client_of(Official.objects.get(pk=clerk.id))
    url = f"/binh-lu/can-bo/ho-so/{dossier.uuid}/tra/"
    assert "bà con chưa cho nhận thay" in page.get(url).content.decode()
    form = {"way": Delivery.IN_PERSON, "proof": "ký nhận", "fetcher": by.id}
    answer = page.post(url, form)
    assert (answer.status_code, Dossier.objects.get().state) == (422, State.RESOLVED)
    assert "Mời bà con tự đến nhận" in answer.content.decode()
    assert page.post(url, form | {"fetcher": ""}).status_code == 302
    assert Dossier.objects.get().state == State.RETURNED


def _asks_for_the_ward(centre) -> None:
    """From Monday on, guardianship must know the ward; one paper, no money is left."""
    procedure = Procedure.objects.get(commune=centre, code="1.004837")
    version = actions.open_version(procedure, by=SYSTEM)
    content = shape.read(version.content)
    asked = [
        msgspec.structs.replace(each, is_mandatory=each.code == "ward") for each in content.form
    ]
    content = msgspec.structs.replace(content, form=asked, components=content.components[:1])
    version = actions.save_version(version, shape.write(content), by=SYSTEM)
    actions.publish(version, MONDAY.date(), by=SYSTEM)


def test_the_counter_answers_what_the_helper_left_open(centre, by, said, clerk, client_of) -> None:
    _asks_for_the_ward(centre)
    agreed = actions.agree_to_help(said, by=by, commune=centre)
    filled = actions.Filled(WHO, {"why": "Bố mẹ đi làm xa"})
    made = actions.file_for(agreed, filled, by=by, commune=centre).dossier
    made = actions.submit(made, by=clerk)
    papers = [actions.Paper(made.components.get().code, sha256="a" * 64)]
    with pytest.raises(Refusal) as refused:
        actions.accept(made, [], actions.Completed({"why": "x"}, papers), by=clerk)
    assert "Họ tên người được giám hộ" in str(refused.value)
    assert made.components.count() == 1  # nothing of the refused try stayed
    page = client_of(Official.objects.get(pk=clerk.id))
    url = f"/binh-lu/can-bo/ho-so/{made.uuid}/tiep-nhan/"
    shown = page.get(url).content.decode()
    assert "Tờ khai: còn chưa trả lời" in shown
    assert "Bố mẹ đi làm xa" in shown
    code = papers[0].code
    form = {"q_why": "Bố mẹ đi làm xa", "q_ward_born": "2020-05-01", f"waive_{code}": "Xã đã có"}
    answer = page.post(url, form)
    assert answer.status_code == 422
    assert "Bố mẹ đi làm xa" in answer.content.decode()
    assert page.post(url, form | {"q_ward": "Sùng A Páo"}).status_code == 302
    made = Dossier.objects.get()
    assert made.state == State.ACCEPTED
    assert made.form == {
        "ward": "Sùng A Páo", "ward_born": "2020-05-01", "why": "Bố mẹ đi làm xa",
    }  # fmt: skip
    assert made.components.get(replaced_by__isnull=True).waived == "Xã đã có"


def _photo(shade: int) -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 60)).save(made, "JPEG")
    return SimpleUploadedFile(f"anh-{shade}.jpg", made.getvalue(), "image/jpeg")


@pytest.fixture
def draft(centre, by, said) -> tuple[FilingConsent, Dossier]:
    agreed = actions.agree_to_help(said, by=by, commune=centre)
    return agreed, actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre).dossier


@pytest.mark.parametrize("scopes", [("prepare",), ("prepare", "submit")])
def test_a_helper_hands_in_on_screen_where_that_was_agreed(
    centre, said, helper, client_of, scopes
) -> None:
    by = actor(helper, "community_team")
    agreed = actions.agree_to_help(replace(said, scopes=scopes), by=by, commune=centre)
    draft = actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre).dossier
    page, url = client_of(helper), f"{URL}{agreed.uuid}/"
    is_agreed = "submit" in scopes
    assert ("Nộp cho xã thay" in page.get(f"{url}giay-to/").content.decode()) is is_agreed
    page.post(f"{url}nop/")
    draft.refresh_from_db()
    assert draft.state == (State.WAITING if is_agreed else State.DRAFT)


def test_papers_photographed_in_the_village_lie_at_the_counter(
    draft, clerk, helper, client_of
) -> None:
    agreed, made = draft
    page, url = client_of(helper), f"{URL}{agreed.uuid}/giay-to/"
    first, second = (each.code for each in made.components.all())
    assert page.post(url, {}).status_code == 422
    sent = page.post(url, {f"file_{first}": [_photo(10), _photo(20)]})
    assert sent.status_code == 302
    assert page.post(url, {f"bring_{second}": "on"}).status_code == 302
    there = list(made.components.filter(replaced_by__isnull=True))
    assert [(each.code, each.is_there, each.will_bring) for each in there] == [
        (first, True, False), (first, True, False), (second, False, True),
    ]  # fmt: skip
    assert there[1].name == f"{there[0].name}, trang 2"
    assert page.post(url, {f"file_{first}": [_photo(30)]}).status_code == 302
    assert made.components.filter(code=first, replaced_by__isnull=True).count() == 1
    broken = SimpleUploadedFile("hong.jpg", b"no photo", "image/jpeg")
    refused = page.post(url, {f"file_{first}": [broken]})
    assert refused.status_code == 422
    assert made.components.filter(code=first, replaced_by__isnull=True).get().is_there
    event = made.events.order_by("-seq")[0]
    assert (event.action, event.on_behalf_of) == ("sua", f"dossier-{agreed.uuid}")
    counter = client_of(Official.objects.get(pk=clerk.id))
    desk = counter.get(f"/binh-lu/can-bo/ho-so/{made.uuid}/").content.decode()
    assert "Bà con mang ra xã" in desk
    made = actions.submit(Dossier.objects.get(), by=clerk)
    form = counter.get(f"/binh-lu/can-bo/ho-so/{made.uuid}/tiep-nhan/").content.decode()
    assert (f"file_{first}" in form, f"file_{second}" in form) == (False, True)
    assert page.post(url, {f"file_{first}": [_photo(40)]}).status_code != 302  # handed in


def test_the_proof_of_an_agreement_is_seen_by_who_reads_the_dossier(
    draft, by, clerk, helper, client_of
) -> None:
    agreed, made = draft
    page, kept = client_of(helper), f"{URL}{agreed.uuid}/bang-chung/"
    page.post(kept, {"evidence": SimpleUploadedFile("x.jpg", b"no photo", "image/jpeg")})
    page.post(kept, {})
    assert FilingConsent.objects.get().evidence is None
    page.post(kept, {"evidence": _photo(50)})
    row = FilingConsent.objects.get()
    assert (row.evidence is not None, row.evidence_by) == (True, by.id)
    url = f"{URL}{agreed.uuid}/xem-bang-chung/"
    assert page.get(url).status_code == 403
    counter = client_of(Official.objects.get(pk=clerk.id))
    assert "Xem bằng chứng" in counter.get(f"/binh-lu/can-bo/ho-so/{made.uuid}/").content.decode()
    looks = Entry.objects.filter(kind="view", purpose="dossiers.consent")
    assert counter.get(url)["Location"].endswith(f"/ho-so/{made.uuid}/")  # not developed yet
    attachments.process(row.evidence)
    shown = counter.get(url)["Location"]
    assert row.evidence.sha256 in shown
    assert counter.get(shown).status_code == 200
    assert looks.count() == 1
    actions.take_back_help(row, by=by)
    with pytest.raises(actions.AgreementEnded):
        actions.keep_evidence(row, row.evidence, by=by)
    with pytest.raises(actions.AgreementEnded):
        actions.add_papers(row, [], by=by)
