"""A relative or a neighbour fetches a result with a paper of authority; without a right, nobody."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from xaso.dossiers import actions, authority, keeping
from xaso.dossiers.actions import keeping as erasing
from xaso.dossiers.models import Delivery, Dossier, ResultReceiver, State
from xaso.dossiers.queries import detail, tracking
from xaso.dossiers.tests.conftest import MONDAY, person
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Official, Role
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
NUMBER = "011187000321"


def _photo(shade: int = 70) -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 60)).save(made, "JPEG")
    return SimpleUploadedFile(f"giay-{shade}.jpg", made.getvalue(), "image/jpeg")


@pytest.fixture
def ready(dossier) -> Dossier:
    """A result of guardianship, a matter of civil status, that waits to be fetched."""
    Dossier.objects.filter(pk=dossier.pk).update(state=State.RESOLVED, resolved_at=MONDAY)
    return Dossier.objects.select_related("procedure").get(pk=dossier.pk)


@pytest.fixture
def daughter(centre) -> actions.Authority:
    photo = attachments.store_photo(_photo(), name="giay.jpg", commune=centre, by=SYSTEM)
    return actions.Authority(
        "Lò Thị Ín", NUMBER, "child", is_certified=False, authorised_on=date(2026, 11, 20),
        evidence=photo,
    )  # fmt: skip


def _by(brought: actions.Authority, way: str = Delivery.IN_PERSON) -> actions.Handed:
    return actions.Handed(way, "ký nhận", authority=brought)


def test_the_history_says_who_came_and_by_which_paper(ready, daughter, clerk) -> None:
    given = actions.give_result(ready, _by(daughter), by=clerk)
    assert (given.state, given.delivery) == (State.RETURNED, Delivery.IN_PERSON)
    row = ResultReceiver.objects.get(dossier=given)
    assert (row.name, row.id_number, row.number_end) == ("Lò Thị Ín", NUMBER, "•••321")
    payload = given.events.get(action="tra").payload
    assert (payload["right"], payload["relation"]) == ("authority", "child")
    assert payload["sha256"] == daughter.evidence.sha256
    assert "Lò Thị Ín" not in str(payload)
    assert NUMBER not in str(payload)
    note = detail.file(given, now=MONDAY).events[0].note
    assert "Lò Thị Ín (con của người nộp, số giấy tờ •••321) nhận thay" in note
    assert "giấy ủy quyền ngày thứ Sáu 20/11/2026" in note
    shown = tracking.tracked(given).steps[0]
    assert "Người có giấy ủy quyền của bà con đã nhận" in shown.note
    log = "".join(Entry.objects.values_list("payload", flat=True))
    assert "dossier.tra" in set(Entry.objects.values_list("action", flat=True))
    assert "Lò Thị Ín" not in log
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, id_number FROM dossiers_resultreceiver")
        kept = b"".join(bytes(each) for each in cursor.fetchone())
    assert NUMBER.encode() not in kept


def test_who_is_not_near_needs_a_certified_paper(ready, daughter, clerk) -> None:
    neighbour = replace(daughter, relation="other")
    with pytest.raises(Refusal) as refused:
        actions.give_result(ready, _by(neighbour), by=clerk)
    assert "phải có chứng thực (Thông tư 04/2020/TT-BTP, Điều 2)" in str(refused.value)
    assert Dossier.objects.get().state == State.RESOLVED
    assert not ResultReceiver.objects.exists()
    given = actions.give_result(ready, _by(replace(neighbour, is_certified=True)), by=clerk)
    assert "có chứng thực ngày" in detail.file(given, now=MONDAY).events[0].note


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"authorised_on": date(2026, 11, 24)}, "ngày chưa tới"),
        ({"valid_until": date(2026, 11, 22)}, "đã hết hạn"),
    ],
)
def test_a_paper_of_another_day_gives_no_right(ready, daughter, clerk, changed, words) -> None:
    with pytest.raises(Refusal) as refused:
        actions.give_result(ready, _by(replace(daughter, **changed)), by=clerk)
    assert words in str(refused.value)
    last_day = replace(daughter, valid_until=date(2026, 11, 23))
    assert actions.give_result(ready, _by(last_day), by=clerk).state == State.RETURNED


def test_nothing_goes_by_post_to_somebody_else(ready, daughter, clerk) -> None:
    with pytest.raises(Refusal) as refused:
        actions.give_result(ready, _by(daughter, Delivery.POST), by=clerk)
    assert "gửi thẳng cho bà con" in str(refused.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("id_number", "12"), ("id_number", "012187345901"), ("relation", ""),
        ("authorised_on", None), ("evidence", None),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_field(ready, daughter, clerk, field, value) -> None:
    with pytest.raises(Invalid) as refused:
        actions.give_result(ready, _by(replace(daughter, **{field: value})), by=clerk)
    assert list(refused.value.errors) == [field]


def test_the_newest_rule_of_the_procedure_holds(centre, ready, daughter, clerk) -> None:
    rule = actions.NewAuthorityRule(
        "1.004837", "", "always", (), date(2026, 11, 23), "law", "QĐ 7/QĐ-UBND, khoản 1"
    )
    actions.set_authority(centre, rule, by=SYSTEM)
    assert not authority.rule_for(ready.procedure, date(2026, 11, 22)).needs_certifying("child")
    with pytest.raises(Refusal) as refused:
        actions.give_result(ready, _by(daughter), by=clerk)
    assert "QĐ 7/QĐ-UBND" in str(refused.value)
    for wrong in (
        {"procedure": "9.9"}, {"procedure": "", "field": "khong-co"}, {"field": "ho-tich"},
        {"certifying": "x"}, {"certifying": "unless_near"}, {"sureness": ""}, {"source": " "},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            actions.set_authority(centre, replace(rule, **wrong), by=SYSTEM)


def test_the_page_keeps_what_was_typed_and_the_photo(ready, clerk, client_of) -> None:
    page = client_of(Official.objects.get(pk=clerk.id))
    url = f"/binh-lu/can-bo/ho-so/{ready.uuid}/tra/"
    shown = page.get(url).content.decode()
    assert "Người có giấy ủy quyền" in shown
    assert 'data-nguoi-nhan="uy-quyen"' in shown  # what the script opens
    assert "dossiers/returning" in shown
    form = {
        "way": Delivery.IN_PERSON, "proof": "", "fetcher": "uy-quyen", "name": "Lò Thị Ín",
        "id_number": NUMBER, "relation": "other", "authorised_on": "2026-11-20",
    }  # fmt: skip
    answer = page.post(url, form | {"evidence": _photo()})  # no proof
    assert (answer.status_code, Attachment.objects.count()) == (422, 1)
    kept = answer.context["form"]["kept"].value()
    assert "Ảnh lúc nãy đã giữ" in answer.content.decode()
    form |= {"proof": "ký nhận", "kept": kept}
    answer = page.post(url, form)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "phải có chứng thực" in shown
    assert "Lò Thị Ín" in shown
    assert Dossier.objects.get().state == State.RESOLVED
    unsaid = page.post(url, form | {"fetcher": ""})
    assert "hoặc xóa phần giấy" in unsaid.content.decode()
    assert unsaid.context["form"].is_paper_open  # what is to be cleared stands in sight
    forged = page.post(url, form | {"kept": "1:x", "is_certified": "on"})
    assert "Bác chụp giấy ủy quyền" in forged.content.decode()
    assert page.post(url, form | {"is_certified": "on"}).status_code == 302
    row = ResultReceiver.objects.get()
    assert (row.evidence, row.is_certified) == (Attachment.objects.get(), True)


def test_a_kept_photo_is_of_one_dossier_and_one_official(
    ready, clerk, client_of, new_dossier
) -> None:
    applicant = actions.Applicant("Giàng A Lử", phone="0912 345 679")
    other = actions.receive(
        new_dossier(applicant=applicant), by=clerk, commune=ready.commune
    ).dossier
    Dossier.objects.filter(pk=other.pk).update(state=State.RESOLVED, resolved_at=MONDAY)
    page = client_of(Official.objects.get(pk=clerk.id))
    url = "/binh-lu/can-bo/ho-so/{}/tra/".format
    form = {
        "way": Delivery.IN_PERSON, "proof": "", "fetcher": "uy-quyen", "name": "Lò Thị Ín",
        "id_number": NUMBER, "relation": "child", "authorised_on": "2026-11-20",
    }  # fmt: skip
    answer = page.post(url(other.uuid), form | {"evidence": _photo()})
    form |= {"proof": "ký nhận", "kept": answer.context["form"]["kept"].value()}
    elsewhere = page.post(url(ready.uuid), form)
    assert (elsewhere.status_code, ResultReceiver.objects.count()) == (422, 0)
    assert "Bác chụp giấy ủy quyền" in elsewhere.content.decode()
    assert "Ảnh lúc nãy đã giữ" not in elsewhere.content.decode()
    colleague = client_of(person(ready.commune, "mot-cua-2", "one_stop_clerk"))
    theirs = colleague.post(url(other.uuid), form)
    assert (theirs.status_code, ResultReceiver.objects.count()) == (422, 0)
    assert page.post(url(other.uuid), form).status_code == 302
    assert ResultReceiver.objects.get().dossier == other


def test_the_paper_is_seen_by_who_reads_the_dossier(ready, daughter, clerk, client_of) -> None:
    page = client_of(Official.objects.get(pk=clerk.id))
    url = f"/binh-lu/can-bo/ho-so/{ready.uuid}/giay-uy-quyen/"
    assert page.get(url).status_code == 404
    actions.give_result(ready, _by(daughter), by=clerk)
    assert page.get(url)["Location"].endswith(f"/ho-so/{ready.uuid}/")  # not developed yet
    attachments.process(daughter.evidence)
    where = page.get(url)["Location"]
    assert page.get(where).status_code == 200
    assert Entry.objects.filter(kind="view", purpose="dossiers.authority").count() == 1
    desk = f"/binh-lu/can-bo/ho-so/{ready.uuid}/"
    assert NUMBER not in page.get(desk).content.decode()
    assert NUMBER in page.get(f"{desk}?lien-he=1").content.decode()
    head = client_of(person(ready.commune, "truong-ban", "village_head"))
    assert head.get(url).status_code == 403


def test_the_administrator_writes_a_rule(centre, client_of, official, clerk) -> None:
    url = "/binh-lu/can-bo/thu-tuc/uy-quyen/"
    page = client_of(official(Role.ADMINISTRATOR, centre))
    shown = page.get(url).content.decode()
    assert "Thông tư 04/2020/TT-BTP, Điều 2" in shown
    assert "Chưa đối chiếu văn bản gốc" in shown
    form = {
        "procedure": "", "field": "ho-tich", "certifying": "unless_near", "near": ["child"],
        "valid_from": "2026-11-23", "sureness": "law", "source": "",
    }  # fmt: skip
    assert page.post(url, form).status_code == 422
    assert page.post(url, form | {"source": "Luật mẫu, Điều 1"}).status_code == 302
    assert "Luật mẫu, Điều 1" in page.get(url).content.decode()
    assert client_of(Official.objects.get(pk=clerk.id)).get(url).status_code == 403


def test_the_paper_goes_with_its_dossier(centre, ready, daughter, clerk) -> None:
    actions.give_result(ready, _by(daughter), by=clerk)
    new = erasing.NewKeeping("", 12, date(2026, 1, 1), "source", "QĐ 5/QĐ-UBND")
    erasing.set_keeping(centre, new, by=SYSTEM)
    with clock.at(MONDAY + timedelta(days=500)):
        assert [each.dossier.pk for each in keeping.due(centre.id)] == [ready.pk]
        made = erasing.propose_erasing(centre, by=SYSTEM)
        erasing.decide_erasing(made.pk, "QĐ 9/QĐ-UBND", is_approved=True, by=SYSTEM)
        erasing.erase_part(made.pk)
    assert not ResultReceiver.objects.exists()
    assert not Attachment.objects.filter(sha256=daughter.evidence.sha256).exists()
