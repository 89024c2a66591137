"""A complaint, a denunciation, a tip: readable to few, gone from everywhere else."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import ProgrammingError, connection, transaction
from PIL import Image

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.measures import queries as measures
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.workflow.table import GuardRefused
from xaso.kernel.working_time import clock
from xaso.reports import actions, history, queries
from xaso.reports.actions import counting, photographs, reception
from xaso.reports.models import (
    Photo,
    Report,
    Reporter,
    ReportEvent,
    SealedContent,
    SealedPhoto,
    State,
    Visibility,
)
from xaso.reports.tests.conftest import MONDAY, RESIDENT

pytestmark = pytest.mark.django_db
SECRET = "Ông Mẫu Văn Giả ở kho lương thực vòi tiền bà con hai lần."
NOTE = "Đã hỏi bà Thử Thị Nghiệm ở đầu bản."
Filled = Callable[..., actions.NewReport]


@pytest.fixture(autouse=True)
def demo_channel(settings: object) -> None:
    settings.XASO_CHANNELS = {"demo": "xaso.kernel.notifications.adapters.demo"}  # type: ignore[attr-defined]


def picture(colour: str = "#884400") -> bytes:
    body = BytesIO()
    Image.new("RGB", (400, 300), colour).save(body, "JPEG")
    return body.getvalue()


@pytest.fixture
def told(town: Commune, new_report: Filled, clerk_actor: Actor) -> Report:
    """A report with words, contact, photo and a note, that nobody has sealed yet."""
    photo = attachments.store_photo(picture(), name="a.jpg", commune=town, by=RESIDENT)
    attachments.process(photo)
    new = new_report(
        text=SECRET,
        photos=[photo],
        contact=actions.Contact(name="Lý A Thử", phone="0912345678"),
        device_hash="d" * 64,
    )
    report = actions.receive(new, by=RESIDENT, commune=town).report
    return actions.note(report, NOTE, by=clerk_actor)


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND relkind = 'r' AND has_table_privilege(c.oid, 'SELECT')"
        )
        return [row[0] for row in cursor.fetchall()]


def _where_it_stands(words: str) -> list[str]:
    """Return every table of the database in which these words can be read."""
    found = []
    for table in _tables():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_sealing_takes_every_word_out_of_every_table(told: Report, clerk_actor: Actor) -> None:
    words = ("Mẫu Văn Giả", "mau van gia", "Thử Thị Nghiệm", "Qua cầu treo")
    assert all(_where_it_stands(w) for w in words)
    sealed = actions.restream(told, "denunciation", by=clerk_actor)
    assert (sealed.state, sealed.visibility) == (State.FORWARDED, Visibility.SEALED)
    for w in words:
        assert _where_it_stands(w) == [], w
    assert sealed.village is None
    assert sealed.device_hash == ""
    assert not Reporter.objects.exists()
    content = SealedContent.objects.get(report=sealed)
    assert content.text == SECRET
    papers = json.loads(content.papers)
    assert papers["contact"]["name"] == "Lý A Thử"
    assert NOTE in str(papers["events"])


def test_the_chain_holds_and_the_payload_says_sealed(told: Report, clerk_actor: Actor) -> None:
    before = list(ReportEvent.objects.filter(report=told).values_list("hash", flat=True))
    actions.restream(told, "complaint", by=clerk_actor)
    events = list(ReportEvent.objects.filter(report=told).order_by("seq"))
    assert [e.hash for e in events[: len(before)]] == before
    assert history.broken_at(events) is None
    assert all(e.payload == {"sealed": True} for e in events)
    events[0].digests = events[1].digests
    assert history.broken_at(events) == 1


def test_photos_leave_the_folder_of_files(told: Report, clerk_actor: Actor) -> None:
    actions.restream(told, "denunciation", by=clerk_actor)
    assert not Photo.objects.filter(report=told).exists()
    assert not Attachment.objects.exists()
    kept = SealedPhoto.objects.get(report=told)
    assert kept.body
    late = picture("#112233")
    with pytest.raises(photographs.NotAnnounced):
        actions.add_photo(told, "0" * 64, late, by=RESIDENT)


def test_a_photo_another_report_shows_stays_there(
    told: Report, new_report: Filled, town: Commune, clerk_actor: Actor
) -> None:
    photo = Attachment.objects.get()
    other = actions.receive(new_report(photos=[photo]), by=RESIDENT, commune=town).report
    actions.restream(told, "denunciation", by=clerk_actor)
    assert Photo.objects.get(report=other).attachment == photo


def test_an_announced_photo_goes_straight_into_the_sealed_store(
    town: Commune, new_report: Filled, clerk_actor: Actor
) -> None:
    import hashlib

    body = picture("#445566")
    sha = hashlib.sha256(body).hexdigest()
    new = new_report(photos=[actions.Announced(sha, len(body))])
    report = actions.receive(new, by=RESIDENT, commune=town).report
    actions.restream(report, "complaint", by=clerk_actor)
    assert actions.add_photo(report, sha, body, by=RESIDENT)[1] is True
    assert actions.add_photo(report, sha, body, by=RESIDENT)[1] is False
    assert SealedPhoto.objects.get(report=report).sha256 == sha
    assert not Attachment.objects.exists()


def test_a_sealed_report_takes_no_step_that_would_write_about_it(
    told: Report, clerk_actor: Actor, leader_actor: Actor, unit: Unit
) -> None:
    sealed = actions.restream(told, "denunciation", by=clerk_actor)
    for do in (
        lambda: actions.note(sealed, "lộ", by=leader_actor),
        lambda: actions.assign(sealed, actions.Assigning(unit.pk), by=leader_actor),
        lambda: actions.take_back(sealed, "timeout", by=SYSTEM),
    ):
        with pytest.raises(actions.KeptSealed):
            do()


def test_only_a_leader_opens_it_again(
    told: Report, clerk_actor: Actor, leader_actor: Actor, village: object
) -> None:
    sealed = actions.restream(told, "complaint", by=clerk_actor)
    with pytest.raises(GuardRefused, match="lãnh đạo"):
        actions.restream(sealed, "field", by=clerk_actor)
    opened = actions.restream(sealed, "field", by=leader_actor)
    assert (opened.text, opened.village, opened.visibility) == (SECRET, village, "pending")
    assert opened.reporter is not None
    assert opened.reporter.phone == "+84912345678"
    assert Photo.objects.get(report=opened).attachment is not None
    assert not SealedContent.objects.exists()
    events = list(ReportEvent.objects.filter(report=opened).order_by("seq"))
    assert history.broken_at(events) is None
    assert events[0].payload == {"sealed": True}


def test_counts_know_no_place_and_show_none_under_five(
    town: Commune, new_report: Filled, clerk_actor: Actor
) -> None:
    def received() -> int:
        until = MONDAY.date().replace(day=28)
        return measures.total(counting.RECEIVED, town.id, MONDAY.date(), until).n

    for number in range(5):
        report = actions.receive(new_report(), by=RESIDENT, commune=town).report
        assert received() == 1
        actions.restream(report, "complaint", by=clerk_actor)
        assert received() == 0
        shown = queries.sealed_by_month(town, MONDAY.date())
        assert shown == ({"complaint": 5} if number == 4 else {})


def test_who_reads_is_told_the_code_and_nothing_else(
    told: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    sealed = actions.restream(told, "denunciation", by=clerk_actor)
    message = Message.objects.get(event="reports.sealed")
    assert sealed.spoken in message.title
    assert "Tố cáo" not in message.title + message.body
    assert message.recipient == f"official:{leader_actor.id}"


def test_merged_reports_are_taken_out_first(
    told: Report, new_report: Filled, town: Commune, clerk_actor: Actor
) -> None:
    child = actions.receive(new_report(), by=RESIDENT, commune=town).report
    actions.mark_duplicate(child, told, by=clerk_actor)
    actions.restream(told, "denunciation", by=clerk_actor)
    assert Report.objects.get(pk=child.pk).parent is None


def test_history_can_lose_words_and_nothing_else(told: Report) -> None:
    for sql in (
        "UPDATE reports_reportevent SET internal_text = 'khác'",
        "DELETE FROM reports_reportevent",
        "UPDATE reports_clockentry SET text = 'khác'",
        "DELETE FROM reports_tombstone",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            connection.cursor().execute(sql)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        connection.cursor().execute("SELECT reports_forget(%s)", [[told.pk]])


def test_a_category_of_a_sealed_stream_is_sealed_on_arrival(
    town: Commune, new_report: Filled
) -> None:
    new = new_report(category="WRONGDOING", text=SECRET)
    report = actions.receive(new, by=RESIDENT, commune=town).report
    assert report.is_sealed
    assert report.stream == "denunciation"
    assert _where_it_stands("Mẫu Văn Giả") == []
    again = actions.receive(new, by=RESIDENT, commune=town)
    assert (again.is_new, again.report.code) == (False, report.code)


def test_a_hint_holds_publication_until_a_person_chose(told: Report, clerk_actor: Actor) -> None:
    with pytest.raises(GuardRefused, match="Cách xử lý"):
        actions.publish(told, "Đường hỏng", by=clerk_actor)
    chosen = actions.restream(told, "field", by=clerk_actor)
    assert actions.publish(chosen, "Đường hỏng", by=clerk_actor).visibility == "public"


def test_the_hinting_words_are_data(told: Report, town: Commune, clerk_actor: Actor) -> None:
    new = actions.NewRule("hint.denunciation", MONDAY.date(), text="chặt rừng")
    actions.set_rule(town, new, by=SYSTEM)
    assert actions.publish(told, "Đường hỏng", by=clerk_actor).visibility == "public"


def test_the_date_follows_the_stream_and_moves_later_only_with_the_head(
    report: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    first = report.first_due_at
    with pytest.raises(GuardRefused, match="hạn muộn hơn"):
        actions.restream(report, "regulation", by=clerk_actor)
    moved = actions.restream(report, "regulation", by=leader_actor)
    assert (moved.due_at - moved.received_at).days > 20  # fifteen working days
    assert moved.first_due_at == first


def test_a_tip_is_handed_over_and_leaves_only_a_receipt(
    told: Report, clerk_actor: Actor, officer_actor: Actor
) -> None:
    from datetime import timedelta

    tip = actions.restream(told, "security_tip", by=clerk_actor)
    receipt = tip.handover
    assert receipt.due_at == MONDAY + timedelta(minutes=30)
    reception.ask_for_tip(tip.pk)
    assert not Message.objects.filter(event="reports.tip_waits").exists()
    taken = actions.take_tip(tip, by=officer_actor)
    assert taken.taken_at == clock.now()
    assert not SealedContent.objects.exists()
    assert not SealedPhoto.objects.exists()
    done = Report.objects.get(pk=tip.pk)
    assert (done.state, done.visibility) == (State.CLOSED, Visibility.SEALED)
    with pytest.raises(reception.AlreadyTaken):
        actions.take_tip(tip, by=officer_actor)


def test_leaders_hear_of_a_tip_nobody_took(
    told: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    from datetime import timedelta

    tip = actions.restream(told, "security_tip", by=clerk_actor)
    with clock.at(MONDAY + timedelta(minutes=31)):
        reception.ask_for_tip(tip.pk)
        reception.ask_for_tip(tip.pk)
    assert Message.objects.filter(event="reports.tip_waits").count() == 1


def test_it_ends_with_the_number_of_the_paper_file(
    told: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    sealed = actions.restream(told, "complaint", by=clerk_actor)
    with pytest.raises(GuardRefused, match="hồ sơ giấy"):
        actions.settle(sealed, " ", by=leader_actor)
    assert actions.settle(sealed, "12/KN-2026", by=leader_actor).state == State.CLOSED
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
