"""A person decides about the words and about each photo before everybody sees them."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.working_time import clock
from xaso.reports import actions, queries
from xaso.reports.actions import Seen, Words
from xaso.reports.models import KeptFrom, Photo, Report, ReportEvent, Visibility
from xaso.reports.queries import looking
from xaso.reports.tests.conftest import MONDAY, RESIDENT

DESK = "/binh-lu/can-bo/phan-anh/"
BOX = (100, 100, 300, 300)
OK = Words("ok")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path) -> None:
    settings.XASO_HOME = tmp_path


def _picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").rotate(shade).resize((400, 300)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def develop(django_capture_on_commit_callbacks) -> Callable[[], None]:
    """Return a function that develops every photo, as the job does."""

    def run() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            for photo in Attachment.objects.filter(state="received"):
                attachments.process(photo)

    return run


@pytest.fixture
def with_photos(town: Commune, new_report: Callable, develop: Callable) -> Callable[..., Report]:
    """Return a function that sends a report with photos of these shades."""

    def send(*shades: int, **facts: object) -> Report:
        files = [
            attachments.store_photo(_picture(n), name="a.jpg", commune=town, by=RESIDENT)
            for n in shades
        ]
        develop()
        new = new_report(photos=files, **facts)
        return actions.receive(new, by=RESIDENT, commune=town).report

    return send


@pytest.fixture
def clerk(town: Commune, official: Callable, client_of: Callable) -> Client:
    return client_of(official("one_stop_clerk", town))


def _photos(report: Report) -> list[Photo]:
    rows = Photo.objects.filter(report=report).select_related("attachment", "public_file")
    return list(rows.order_by("order", "id"))


def _opens(file: Attachment) -> bool:
    address = f"/binh-lu/tep/{file.sha256}/320.jpg"
    return Client().get(address).status_code == 200


def _view(report: Report, viewer: str = "anybody"):
    return queries.public_view(queries.by_code(report.commune_id, report.code), viewer)


def test_each_photo_has_its_own_decision(
    with_photos: Callable, clerk_actor: Actor, develop: Callable
) -> None:
    report = with_photos(10, 80, 200)
    shown, blurred, hidden = _photos(report)
    seen = {
        shown.pk: Seen("ok"),
        blurred.pk: Seen("blurred", "face", [BOX]),
        hidden.pk: Seen("hidden", "child"),
    }
    report = actions.moderate(report, OK, seen, by=clerk_actor)
    develop()
    shown, blurred, hidden = _photos(report)
    assert [p.moderation for p in (shown, blurred, hidden)] == ["ok", "blurred", "hidden"]
    assert {p.moderated_by for p in (shown, blurred, hidden)} == {clerk_actor.id}
    assert (blurred.reason, hidden.reason) == ("face", "child")

    pictures = _view(report).before
    assert [blurred.public_file.sha256 in p.src for p in pictures] == [False, True]
    assert [_opens(p.attachment) for p in (shown, blurred, hidden)] == [True, False, False]
    assert _opens(blurred.public_file)
    own = _view(report, "sender").before
    assert [
        p.attachment.sha256 in s.src for p, s in zip((shown, blurred, hidden), own, strict=True)
    ] == [True] * 3
    assert report.cover == shown.attachment.sha256
    assert report.look_since is None

    said = ReportEvent.objects.filter(report=report, kind="publish").get().payload["photos"]
    assert [(p["to"], p["reason"], p["boxes"]) for p in said] == [
        ("ok", "", 0),
        ("blurred", "face", 1),
        ("hidden", "child", 0),
    ]


def test_machines_and_the_board_get_what_everybody_gets(
    with_photos: Callable, clerk_actor: Actor, develop: Callable
) -> None:
    report = with_photos(10, 80)
    first, second = _photos(report)
    seen = {first.pk: Seen("blurred", "plate", [BOX]), second.pk: Seen("hidden", "paper")}
    report = actions.moderate(report, OK, seen, by=clerk_actor)
    develop()
    first, second = _photos(report)
    pages = "".join(
        Client().get(f"/binh-lu/{path}").content.decode()
        for path in (
            f"phan-anh/{report.code}/",
            "phan-anh/",
            f"open311/v2/requests/{report.code}.json?extensions=true",
            "open311/v2/requests.json?extensions=true",
            "du-lieu-mo/phan-anh.json",
            "",
        )
    )
    assert first.public_file.sha256 in pages
    assert first.attachment.sha256 not in pages
    assert second.attachment.sha256 not in pages


def test_a_decision_changes_and_the_old_address_is_dead(
    with_photos: Callable, clerk_actor: Actor, develop: Callable
) -> None:
    report = with_photos(10)
    photo = _photos(report)[0]
    report = actions.moderate(report, OK, {photo.pk: Seen("ok")}, by=clerk_actor)
    assert _opens(photo.attachment)

    for boxes in ([BOX], [BOX, (500, 500, 200, 200)]):
        report = actions.moderate(
            report, None, {photo.pk: Seen("blurred", "", boxes)}, by=clerk_actor
        )
        develop()
        assert not _opens(photo.attachment)
        assert report.cover == _photos(report)[0].public_file.sha256
    assert Attachment.objects.filter(source=photo.attachment).count() == 1  # the first is erased

    report = actions.moderate(report, None, {photo.pk: Seen("hidden", "unfit")}, by=clerk_actor)
    assert not Attachment.objects.filter(source__isnull=False).exists()
    assert (report.cover, _view(report).before) == ("", [])
    report = actions.moderate(report, None, {photo.pk: Seen("ok")}, by=clerk_actor)
    assert _opens(photo.attachment)
    kinds = ReportEvent.objects.filter(report=report).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["receive", "publish", *["decide"] * 4]


def test_files_follow_the_report(with_photos: Callable, clerk_actor: Actor) -> None:
    report = with_photos(10)
    photo = _photos(report)[0]
    report = actions.moderate(report, None, {photo.pk: Seen("ok")}, by=clerk_actor)
    assert not _opens(photo.attachment)  # decided, but the report itself waits
    assert _view(report).before == []
    report = actions.moderate(report, OK, {}, by=clerk_actor)
    assert _opens(photo.attachment)
    report = actions.hide(report, by=clerk_actor, reason="Xem lại")
    assert not _opens(photo.attachment)
    report = actions.moderate(report, Words("hidden"), {}, by=clerk_actor)
    assert (_opens(photo.attachment), report.public_text) == (True, "")
    spam = "Tin này là quảng cáo, xã không xử lý."
    actions.reject(report, "spam", spam, by=clerk_actor)
    assert not _opens(photo.attachment)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (Seen("hidden"), "lý do"),
        (Seen("ok", "child"), "trẻ em"),
        (Seen("ok", "paper"), "giấy tờ"),
        (Seen("blurred", "face"), "khoanh"),
        (Seen("shown"), "chọn"),
    ],
)
def test_too_little_is_refused_beside_its_photo(
    seen: Seen, said: str, with_photos: Callable, clerk_actor: Actor
) -> None:
    report = with_photos(10)
    photo = _photos(report)[0]
    with pytest.raises(Invalid) as refusal:
        actions.moderate(report, None, {photo.pk: seen}, by=clerk_actor)
    assert said in refusal.value.errors[f"photo_{photo.pk}"][0]
    with pytest.raises(NotFound):
        actions.moderate(report, None, {photo.pk + 999: Seen("ok")}, by=clerk_actor)


def test_the_same_picture_elsewhere_waits_for_another_look(
    with_photos: Callable, clerk_actor: Actor
) -> None:
    first, second = with_photos(10), with_photos(10)
    for report in (first, second):
        photo = _photos(report)[0]
        actions.moderate(report, OK, {photo.pk: Seen("ok")}, by=clerk_actor)
    photo = _photos(first)[0]
    actions.moderate(first, None, {photo.pk: Seen("hidden", "body")}, by=clerk_actor)
    second.refresh_from_db()
    assert not _opens(photo.attachment)
    assert _photos(second)[0].moderation == "pending"
    assert second.look_since is not None
    line = ReportEvent.objects.filter(report=second).order_by("seq").last()
    assert (line.kind, line.actor_kind) == ("decide", "system")
    # One report leaves the public: the other keeps its own.
    photo = _photos(second)[0]
    actions.moderate(first, None, {_photos(first)[0].pk: Seen("ok")}, by=clerk_actor)
    actions.moderate(second, None, {photo.pk: Seen("ok")}, by=clerk_actor)
    actions.hide(first, by=clerk_actor)
    assert _opens(photo.attachment)


def test_a_photo_that_comes_later_waits_alone(
    with_photos: Callable, clerk_actor: Actor, develop: Callable, town: Commune
) -> None:
    report = with_photos()
    report = actions.moderate(report, OK, {}, by=clerk_actor)
    assert report.look_since is None
    asked = actions.ask_info(report, "Bác cho biết chỗ nào sạt nặng nhất?", by=clerk_actor)
    late = attachments.store_photo(_picture(33), name="b.jpg", commune=town, by=RESIDENT)
    develop()
    report = actions.give_info(asked, actions.Reply("Ở đầu cầu.", (late, late)), by=clerk_actor)
    assert report.look_since is not None
    assert not _opens(late)
    line = looking.queue(town, SYSTEM, MONDAY).lines[0]
    assert (line.has_words, line.photos) == (False, 1)


def test_the_words_are_blanked_as_a_person_says(
    town: Commune, new_report: Callable, clerk: Client
) -> None:
    text = "Nhà ông Lò Văn Xá, gọi 0912 345 678 hoặc 0213 3876 113. Đồ ngu! Xe 25B1-234.56."
    contact = actions.Contact(name="Lò Văn Xá")
    report = actions.receive(
        new_report(text=text, contact=contact), by=RESIDENT, commune=town
    ).report
    here = f"{DESK}{report.code}/dang/"
    page = clerk.get(here).content.decode()
    for kind in ("tên người", "số điện thoại", "lời xúc phạm", "biển số xe"):
        assert kind in page
    marks = looking.work(queries.by_code(town, report.code), MONDAY).marks
    assert [mark.kind for mark in marks] == ["name", "phone", "phone", "insult", "plate"]

    left = next(mark for mark in marks if text[mark.start : mark.end] == "0213 3876 113")
    ticked = [f"{m.start}-{m.end}" for m in marks if m != left]
    said = {"che": ticked, "them": "gọi", "loi": "ok", "version": report.version}
    shown = clerk.post(here, {**said, "xem_thu": "1"}).content.decode()
    public = "Nhà ông •••, ••• ••• hoặc 0213 3876 113. •••! Xe •••."
    assert public in shown
    report.refresh_from_db()
    assert report.visibility == Visibility.PENDING  # a preview decides nothing

    assert clerk.post(here, said).status_code == 302
    report.refresh_from_db()
    assert report.public_text == public
    payload = ReportEvent.objects.filter(report=report, kind="publish").get().payload
    assert (payload["words"], payload["masked"], payload["left"]) == ("ok", 5, ["phone"])
    again = looking.work(queries.by_code(town, report.code), MONDAY)
    assert sum(part.is_masked for part in again.parts) == 5


def test_several_decisions_in_one_post(
    with_photos: Callable, clerk: Client, develop: Callable
) -> None:
    report = with_photos(10, 80, 200)
    first, second, third = _photos(report)
    here = f"{DESK}{report.code}/dang/"
    assert clerk.get(here).status_code == 200
    said = {
        "version": report.version,
        "loi": "hidden",
        f"anh_{first.pk}": "blurred",
        f"o_{first.pk}": ["0-0", "1-0"],  # without script: cells
        f"anh_{second.pk}": "blurred",
        f"khung_{second.pk}": "[[100, 200, 300, 400]]",  # with it: boxes
        f"ly_do_{third.pk}": "child",  # a reason alone keeps it hidden
    }
    assert clerk.post(here, {**said, f"anh_{third.pk}": "ok"}).status_code == 422
    assert clerk.post(here, said).status_code == 302
    develop()
    first, second, third = _photos(report)
    assert [p.moderation for p in (first, second, third)] == ["blurred", "blurred", "hidden"]
    assert first.public_file.boxes == [[0, 0, 167, 112]]
    assert second.public_file.boxes == [[100, 200, 300, 400]]
    assert clerk.post(here, said).status_code == 409  # somebody decided in between
    assert "Ảnh đã làm mờ" in clerk.get(here).content.decode()


def test_the_queue_is_old_first_and_costs_the_same(
    town: Commune, new_report: Callable, clerk: Client, clerk_actor: Actor
) -> None:
    def cost(page: int = 1) -> int:
        with CaptureQueriesContext(connection) as said:
            clerk.get(f"{DESK}duyet-dang/?trang={page}")
        return len(said)

    found = []
    for hours in range(23):
        with clock.at(MONDAY + timedelta(hours=hours)):
            one = new_report(text=f"Rác ở ngã ba số {hours}.")
            found.append(actions.receive(one, by=RESIDENT, commune=town).report)
        if hours == 2:
            clerk.get(f"{DESK}duyet-dang/")
            few = cost()
    assert cost() == few
    assert few <= 14, "the queue itself asks for six"
    later = MONDAY + timedelta(days=3)
    queue = looking.queue(town, SYSTEM, later)
    assert [line.code for line in queue.lines] == [report.code for report in found[:20]]
    assert (queue.count, queue.has_more, queue.is_late) == (23, True, True)
    assert len(looking.queue(town, SYSTEM, later, 2).lines) == 3
    with CaptureQueriesContext(connection) as said:
        looking.queue(town, SYSTEM, later)
    assert len(said) <= 6
    assert looking.after(found[0], SYSTEM) == found[1].code
    actions.moderate(found[0], OK, {}, by=clerk_actor)
    assert looking.queue(town, SYSTEM, later).lines[0].code == found[1].code
    page = clerk.get(DESK).content.decode()
    assert "Duyệt đăng 22" in page


def test_what_came_in_a_rush_says_so_until_somebody_looked(
    town: Commune, new_report: Callable, clerk: Client
) -> None:
    report = actions.receive(new_report(is_held=True), by=RESIDENT, commune=town).report
    assert "Tới dồn dập" in clerk.get(f"{DESK}duyet-dang/").content.decode()
    here = f"{DESK}{report.code}/dang/"
    assert "xem kỹ giúp" in clerk.get(here).content.decode()
    assert clerk.post(here, {"loi": "private", "version": report.version}).status_code == 302
    report.refresh_from_db()
    assert (report.is_held, report.visibility, report.look_since) == (False, "private", None)


def test_one_working_day_and_no_longer(report: Report, town: Commune) -> None:
    line = looking.queue(town, SYSTEM, MONDAY).lines[0]
    assert (line.is_late, line.due.day) == (False, 25)  # the 24th is a day off
    assert looking.queue(town, SYSTEM, line.due + timedelta(minutes=1)).is_late
    assert looking.is_late(town, line.due + timedelta(minutes=1))
    assert not looking.is_late(town, line.due)


def test_what_nobody_will_see_waits_for_nobody(
    town: Commune, new_report: Callable, clerk_actor: Actor, clerk: Client
) -> None:
    private = actions.receive(new_report(category="STAFF"), by=RESIDENT, commune=town).report
    drill = actions.receive(new_report(is_drill=True), by=RESIDENT, commune=town).report
    gone = actions.receive(new_report(), by=RESIDENT, commune=town).report
    gone = actions.withdraw(gone, by=RESIDENT)
    secret = actions.receive(new_report(), by=RESIDENT, commune=town).report
    secret = actions.seal(secret, "denunciation", by=clerk_actor)
    assert [r.look_since for r in (private, drill, gone, secret)] == [None] * 4
    assert clerk.get(f"{DESK}{secret.code}/dang/").status_code == 404
    assert looking.queue(town, SYSTEM, MONDAY).count == 0


def test_whoever_does_not_work_on_reports_does_not_decide(
    report: Report, official: Callable, client_of: Callable
) -> None:
    stranger = client_of(official("village_head", report.commune))
    for path in ("duyet-dang/", f"{report.code}/dang/"):
        assert stranger.get(f"{DESK}{path}").status_code in (403, 404)


def test_whom_a_report_is_about_does_not_look_at_it(report: Report, clerk_actor: Actor) -> None:
    KeptFrom.objects.create(
        commune=report.commune,
        report=report,
        official_id=int(clerk_actor.id),
        created_at=MONDAY,
    )
    Report.objects.filter(pk=report.pk).update(is_apart=True)
    assert looking.queue(report.commune, clerk_actor, MONDAY).count == 0
    assert looking.queue(report.commune, SYSTEM, MONDAY).count == 1
    with pytest.raises(NotFound):
        actions.moderate(report, OK, {}, by=clerk_actor)
