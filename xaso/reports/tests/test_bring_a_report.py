"""A village head sends for people without a phone; a clerk types in sheets of paper."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Consent, Official
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.actions import helping
from xaso.reports.models import Category, Help, PaperSheet, Report
from xaso.reports.queries import helping as told
from xaso.reports.tests.conftest import MONDAY
from xaso.reports.tests.test_say_it_instead import SOUND
from xaso.reports.tests.test_use_the_pages import jpeg
from xaso.reports.tests.test_work_at_the_desk import cost

pytestmark = pytest.mark.django_db
DESK = "/binh-lu/can-bo/phan-anh/"
Filled = Callable[..., actions.NewReport]


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def village_head(town: Commune, official: Callable) -> Official:
    return official("village_head", town, full_name="Lò Văn Dín")


@pytest.fixture
def head(village_head: Official, client_of: Callable) -> Client:
    return client_of(village_head)


@pytest.fixture
def actor(village_head: Official) -> Actor:
    return Actor("official", str(village_head.pk), "desk", frozenset({"village_head"}))


@pytest.fixture
def typed(village: Village) -> dict[str, object]:
    """What a helper typed for a resident who agreed."""
    return {
        "uuid": str(uuid4()),
        "category": "WATER",
        "text": "Mất nước ba hôm nay.",
        "village": village.pk,
        "landmark": "nhà bà Sùng",
        "km_post": "",
        "whose": "other",
        "has_agreed": "on",
        "method": "voice",
        "agreed_in": "hmv",
        "reach": "neighbour",
        "name": "Sùng Thị Mảy",
        "phone": "0912000135",
        "may_follow": "on",
    }


def test_a_helper_sends_for_a_resident_who_agreed(
    head: Client, village_head: Official, typed: dict
) -> None:
    reply = head.post(f"{DESK}gui-ho/", typed)
    report = Report.objects.get()
    assert reply.status_code == 302
    assert reply["Location"].endswith(f"gui-ho/{report.code}/giay-hen/")
    assert (report.channel, report.helper, report.is_on_behalf) == ("helper", village_head, True)
    assert report.reporter.phone == "+84912000135"
    consent = Consent.objects.get(pk=report.consent_id)
    assert (consent.purpose, consent.text_version) == (
        helping.PURPOSE,
        f"{helping.TEXT_VERSION}/hmv",
    )
    assert report.help.reach == Help.Reach.NEIGHBOUR
    assert report.help.may_follow_until == report.received_at + timedelta(days=90)
    page = head.get(reply["Location"]).content.decode()
    assert report.spoken in page
    assert "Sùng Thị Mảy" not in page


def test_sending_twice_is_one_report_and_one_consent(head: Client, typed: dict) -> None:
    assert head.post(f"{DESK}gui-ho/", typed).status_code == 302
    assert head.post(f"{DESK}gui-ho/", typed).status_code == 302
    assert Report.objects.count() == Consent.objects.count() == Help.objects.count() == 1


def test_without_agreement_nothing_of_a_resident_is_kept(
    head: Client, typed: dict, actor: Actor, town: Commune, new_report: Filled
) -> None:
    own = typed | {"whose": "self", "name": "", "phone": "", "has_agreed": ""}
    assert head.post(f"{DESK}gui-ho/", own).status_code == 302
    report = Report.objects.get()
    assert (report.reporter, report.is_on_behalf, report.consent_id) == (None, False, None)
    sneaked = new_report(contact=actions.Contact(name="Sùng Thị Mảy"))
    with pytest.raises(actions.NeedsAgreement):
        actions.receive_for(sneaked, actions.Helped(), by=actor, commune=town)


def test_the_box_is_not_ticked_and_every_fault_is_said_with_the_words_kept(
    head: Client, typed: dict
) -> None:
    assert "checked" not in _box(head.get(f"{DESK}gui-ho/").content.decode(), "has_agreed")
    faulty = typed | {"has_agreed": "", "method": "", "phone": "", "category": "", "anh": [jpeg()]}
    page = head.post(f"{DESK}gui-ho/", faulty)
    said = page.content.decode()
    assert page.status_code == 422
    assert "Mất nước ba hôm nay." in said
    assert "Ảnh đã lên máy chủ" in said
    for sentence in ("đánh dấu giúp", "đồng ý bằng cách nào", "Bác ghi số điện thoại"):
        assert sentence in said
    assert not Report.objects.exists()
    assert not Consent.objects.exists()


def test_a_paper_needs_its_photo_and_the_photo_survives_a_fault(head: Client, typed: dict) -> None:
    paper = typed | {"method": "paper"}
    assert "chụp tờ giấy" in head.post(f"{DESK}gui-ho/", paper).content.decode()
    page = head.post(f"{DESK}gui-ho/", paper | {"giay": jpeg(), "category": ""}).content.decode()
    kept = _box(page, "giay-giu").split('value="')[1].split('"')[0]
    assert head.post(f"{DESK}gui-ho/", paper | {"giay-giu": kept}).status_code == 302
    assert len(Consent.objects.get().evidence) == 64
    assert Report.objects.get().photos.count() == 0  # the paper is no photo of the matter
    forged = paper | {"uuid": str(uuid4()), "giay-giu": "x" + kept}
    assert "chụp tờ giấy" in head.post(f"{DESK}gui-ho/", forged).content.decode()


def test_nobody_is_called_on_a_number_they_only_showed(
    town: Commune, actor: Actor, new_report: Filled
) -> None:
    agreed = actions.Agreement(Consent.Method.VOICE)
    contact = actions.Contact(name="Mảy", phone="0912000135")
    for reach in (Help.Reach.SLIP, Help.Reach.HELPER):
        new = new_report(uuid=uuid4(), contact=contact)
        done = actions.receive_for(new, actions.Helped(agreed, reach), by=actor, commune=town)
        assert (done.report.reporter.phone, done.report.reporter.preferred) == ("", "none")


def test_the_slip_opens_for_its_helper_on_that_day_alone(
    head: Client, typed: dict, town: Commune, official: Callable, client_of: Callable
) -> None:
    address = head.post(f"{DESK}gui-ho/", typed)["Location"]
    other = client_of(official("village_head", town))
    assert head.get(address).status_code == 200
    assert other.get(address).status_code == 404
    with clock.at(MONDAY + timedelta(hours=13)):
        assert head.get(address).status_code == 404


def test_a_helper_sees_state_and_date_of_what_they_brought(
    head: Client, typed: dict, town: Commune, actor: Actor
) -> None:
    few = cost(head, f"{DESK}gui-ho/")
    head.post(f"{DESK}gui-ho/", typed)
    for _ in range(3):
        head.post(f"{DESK}gui-ho/", typed | {"uuid": str(uuid4())})
    assert len(cost(head, f"{DESK}gui-ho/")) == len(few)
    page = head.get(f"{DESK}gui-ho/").content.decode()
    assert "Đã nhận, đang chờ cán bộ xem" in page
    assert "Sùng Thị Mảy" not in page
    assert len(told.brought(town, actor)) == 4


@pytest.fixture
def sheet(town: Commune, village: Village, actor: Actor, village_head: Official) -> PaperSheet:
    """A sheet that was filled in at Chu Va 12 last Friday."""
    (made,) = actions.print_sheets(1, by=actor, commune=town)
    day = (MONDAY - timedelta(days=3)).date()
    return actions.collect(made, actions.Collected(village, day, village_head), by=actor)


def _row(village: Village, **facts: object) -> dict[str, object]:
    usual = {"category": "WASTE", "text": "Rác đổ đầu cầu.", "village": village.pk, "hang": 2}
    return usual | {"landmark": "", "km_post": "", "name": "", "phone": ""} | facts


def test_a_box_typed_twice_is_one_report(
    head: Client, sheet: PaperSheet, village: Village, clerk_actor: Actor
) -> None:
    here = f"{DESK}phieu-giay/{sheet.number}/"
    for _ in range(2):
        assert head.post(here, _row(village)).status_code == 302
    report = Report.objects.get()
    assert report.channel == "paper_batch"
    assert report.captured_at.date() == sheet.collected_on
    assert report.received_at == MONDAY  # the clock runs from the office's receipt
    page = head.get(here).content.decode()
    assert report.spoken in page
    assert f'value="{village.pk}" selected' in page  # the village is kept for the next box
    assert [row.code for row in told.rows(sheet)] == ["", report.code, "", "", "", ""]


def test_a_name_on_paper_needs_a_signature(
    head: Client, sheet: PaperSheet, village: Village
) -> None:
    here = f"{DESK}phieu-giay/{sheet.number}/"
    named = _row(village, name="Lù A Phù", phone="0912000246")
    assert "phải có chữ ký" in head.post(here, named).content.decode()
    assert not Report.objects.exists()
    assert head.post(here, named | {"is_signed": "on"}).status_code == 302
    assert Consent.objects.get().method == Consent.Method.PAPER


@pytest.mark.parametrize("row", ["0", "7", "x", "²", "-1", "99999999999"])
def test_a_box_that_is_not_there_is_refused(
    head: Client, sheet: PaperSheet, village: Village, row: str
) -> None:
    reply = head.post(f"{DESK}phieu-giay/{sheet.number}/", _row(village, hang=row))
    assert reply.status_code == 404
    assert not Report.objects.exists()


def test_a_finished_sheet_takes_no_more(
    head: Client, sheet: PaperSheet, village: Village, actor: Actor
) -> None:
    here = f"{DESK}phieu-giay/{sheet.number}/"
    assert head.post(f"{here}cat/").status_code == 302
    assert head.post(here, _row(village)).status_code == 409
    assert "Phiếu đã cất" in head.get(here).content.decode()
    with pytest.raises(actions.SheetFinished):
        actions.finish(sheet, by=actor)


def test_sheets_are_numbered_without_gap_and_printed_with_codes(
    head: Client, sheet: PaperSheet
) -> None:
    reply = head.post(f"{DESK}phieu-giay/", {"so": "3"})
    assert reply["Location"].endswith("?tu=2&den=4")
    page = head.get(reply["Location"]).content.decode()
    assert page.count('class="blank__box"') == 18
    for odd in ("0", "21", "x", "²"):
        assert head.post(f"{DESK}phieu-giay/", {"so": odd}).status_code in (409, 422)
    assert head.get(f"{DESK}phieu-giay/in/", {"tu": "1", "den": "500"}).status_code == 404
    assert "Phiếu 4" in head.get(f"{DESK}phieu-giay/").content.decode()


def test_a_sheet_from_the_future_is_refused_in_words(head: Client, sheet: PaperSheet) -> None:
    page = head.post(f"{DESK}phieu-giay/{sheet.number}/thu/", {"on": "2027-01-01"})
    assert page.status_code == 422
    assert "chưa tới" in page.content.decode()


def test_the_sheets_photo_stays_private(head: Client, sheet: PaperSheet, client: Client) -> None:
    here = f"{DESK}phieu-giay/{sheet.number}/"
    day = sheet.collected_on.isoformat()
    assert head.post(f"{here}thu/", {"on": day, "anh": jpeg()}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.photo is not None
    assert not sheet.photo.is_public
    assert client.get(f"/binh-lu/tep/{sheet.photo.sha256}/320.webp").status_code == 404


def _box(page: str, name: str) -> str:
    """Return the markup of a box of a form."""
    start = page.rindex("<input", 0, page.index(f'name="{name}"'))
    return page[start : page.index(">", start)]


def test_a_helper_is_asked_what_the_kind_asks_and_loses_nothing(head: Client, typed: dict) -> None:
    road = typed | {"category": "ROAD-BLOCKED", "anh": [jpeg()]}
    back = head.post(f"{DESK}gui-ho/", road)
    page = back.content.decode()
    assert back.status_code == 422
    assert "Xã hỏi thêm về việc này. Bác ghi" in page
    assert "Mất nước ba hôm nay." in page
    assert not Report.objects.exists()
    seen = road | {"da_hoi": "ROAD-BLOCKED", "answers.PASSABLE": "motorbike", "anh": []}
    unfit = head.post(f"{DESK}gui-ho/", seen | {"answers.PASSABLE": "bay"}).content.decode()
    assert 'id="ROAD-BLOCKED-answers.PASSABLE_error"' in unfit
    assert head.post(f"{DESK}gui-ho/", seen).status_code == 302
    report = Report.objects.get()
    assert report.answers == {"PASSABLE": "motorbike"}


@pytest.fixture
def must_say(town: Commune) -> None:
    """The commune must know how much waste lies there."""
    waste = Category.objects.get(commune=town, code="WASTE")
    given = actions.QuestionGiven(
        code="HOW", text="Bao nhiêu bao?", datatype="number", is_required=True
    )
    actions.ask(waste, given, by=SYSTEM)


def test_a_box_of_paper_is_asked_too_and_may_leave_open_what_it_does_not_say(
    head: Client, sheet: PaperSheet, village: Village, must_say: None
) -> None:
    here = f"{DESK}phieu-giay/{sheet.number}/"
    seen = _row(village, da_hoi="WASTE")
    assert "Bao nhiêu bao?" in head.post(here, _row(village)).content.decode()
    missing = head.post(here, seen)
    assert missing.status_code == 422
    assert "trả lời giúp câu này" in missing.content.decode()
    assert head.post(here, seen | {"answers.HOW": "nhiều"}).status_code == 422
    assert not Report.objects.exists()
    assert head.post(here, seen | {"answers.HOW": "2,5"}).status_code == 302
    assert Report.objects.get().answers == {"HOW": "2.5"}
    assert head.post(here, seen | {"hang": 3, "is_unsaid": "on"}).status_code == 302
    assert Report.objects.order_by("-id")[0].answers == {}


def test_a_recorded_yes_is_kept_as_proof_and_heard_by_officials_alone(
    head: Client, typed: dict, official: Callable, client_of: Callable
) -> None:
    wrong = head.post(f"{DESK}gui-ho/", typed | {"loi-dong-y": _spoken(b"no sound")})
    assert wrong.status_code == 422
    assert not Consent.objects.exists()
    back = head.post(f"{DESK}gui-ho/", typed | {"category": "", "loi-dong-y": _spoken(SOUND)})
    kept = _box(back.content.decode(), "loi-dong-y-giu").split('value="')[1].split('"')[0]
    assert head.post(f"{DESK}gui-ho/", typed | {"loi-dong-y-giu": kept}).status_code == 302
    consent, report = Consent.objects.get(), Report.objects.get()
    assert (consent.method, len(consent.evidence)) == (Consent.Method.VOICE, 64)
    assert report.voice_count == 0  # the yes is no voice note of the matter
    address = f"/binh-lu/tep/{consent.evidence}"
    clerk = client_of(official("one_stop_clerk", Commune.objects.get()))
    page = clerk.get(f"{DESK}{report.code}/").content.decode()
    assert address in page
    assert "Bà con đồng ý nhờ gửi hộ" in page
    source = page.split(address)[1].split('"')[0]
    assert clerk.get(f"{address}{source}").status_code == 200
    assert Client().get(f"{address}{source}").status_code == 404


def test_a_signed_paper_counts_and_not_what_was_recorded_beside(head: Client, typed: dict) -> None:
    both = typed | {"method": "paper", "giay": jpeg(), "loi-dong-y": _spoken(SOUND)}
    assert head.post(f"{DESK}gui-ho/", both).status_code == 302
    proof = Attachment.objects.get(sha256=Consent.objects.get().evidence)
    assert proof.kind == "photo"


def _spoken(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("ghi-am.webm", content, "audio/webm")
