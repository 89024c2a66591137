"""People are told once, after the commit, also when the mail server was down."""

from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header

import pytest
from django.db import connection, transaction
from django.utils import timezone

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.jobs import queries as waiting
from xaso.kernel.notifications import actions, queries, quiet
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.notifications.models import Message
from xaso.kernel.notifications.tests.conftest import CHI
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

Status = Message.Status


def _later(hours: float) -> None:
    """Let the waiting jobs become due, as if the hours had passed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - make_interval(secs => %s)",
            [hours * 3600],
        )


def test_a_letter_arrives_and_names_nobody(inside_binh_lu, tell, start_mail) -> None:
    letters = start_mail()
    tell(inside_binh_lu)
    jobs.do_now()
    (letter,) = letters.arrived
    title = str(make_header(decode_header(letter["Subject"].strip())))
    assert title == "Phản ánh 482 915 709: đã có trả lời"
    assert letter["X-RcptTo"] == CHI.address
    (kept,) = queries.newest(inside_binh_lu.id)
    assert (kept.status, kept.attempts) == (Status.SENT, 1)
    assert letter["Message-ID"] == f"<{kept.pk}@binh-lu.example.vn>"
    body = letter.get_payload(decode=True).decode()
    assert body.strip() == "Xem tại: http://localhost:8000/t/482915709"


def test_telling_twice_tells_once(inside_binh_lu, tell, start_mail) -> None:
    letters = start_mail()
    first, again = tell(inside_binh_lu), tell(inside_binh_lu)
    assert first[0].pk == again[0].pk
    jobs.do_now()
    tell(inside_binh_lu)
    jobs.do_now()
    assert len(letters.arrived) == 1


def test_another_event_person_or_channel_is_another_message(inside_binh_lu, tell) -> None:
    tell(
        inside_binh_lu, CHI, Recipient("device:9", "demo", ""), Recipient("official:1", "demo", "")
    )
    tell(inside_binh_lu, key="482915709/4")
    assert Message.objects.count() == 4


def test_a_rolled_back_event_tells_nobody(inside_binh_lu, tell) -> None:
    with transaction.atomic():
        tell(inside_binh_lu)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert waiting.counts() == {}


def test_a_mail_server_that_was_down_gets_the_letter_once(inside_binh_lu, tell, start_mail) -> None:
    tell(inside_binh_lu)
    jobs.do_now()
    (kept,) = queries.newest(inside_binh_lu.id)
    assert (kept.status, kept.attempts) == (Status.WAITING, 1)
    assert kept.error.startswith("ConnectionRefusedError")
    assert jobs.do_now() == 0  # not before its time
    letters = start_mail()
    _later(1)
    jobs.do_now()
    kept.refresh_from_db()
    assert (kept.status, kept.attempts, kept.error) == (Status.SENT, 2, "")
    assert len(letters.arrived) == 1


def test_a_busy_mail_server_is_asked_again(inside_binh_lu, tell, start_mail) -> None:
    letters = start_mail()
    letters.busy = 1
    tell(inside_binh_lu)
    jobs.do_now()
    assert queries.newest(inside_binh_lu.id)[0].status == Status.WAITING
    _later(1)
    jobs.do_now()
    assert len(letters.arrived) == 1


def test_an_address_that_does_not_exist_fails_at_once(inside_binh_lu, tell, start_mail) -> None:
    start_mail()
    tell(inside_binh_lu, Recipient("device:1", "email", "khong.co@example.vn"))
    jobs.do_now()
    (kept,) = queries.newest(inside_binh_lu.id)
    assert (kept.status, kept.error) == (Status.FAILED, "Undeliverable: SMTP 550")
    assert queries.not_told([inside_binh_lu], commune=inside_binh_lu.id) == {str(inside_binh_lu.pk)}


def test_it_is_given_up_at_last_and_errors_show_no_address(inside_binh_lu, tell) -> None:
    tell(inside_binh_lu, Recipient("device:1", "sms", "0912345678"), is_urgent=True)
    for _try in range(12):
        assert jobs.do_now() == 1
        _later(4)
    (kept,) = queries.newest(inside_binh_lu.id)
    assert (kept.status, kept.attempts) == (Status.GIVEN_UP, 12)
    assert kept.error == "ConnectionRefusedError: ••• cannot be reached"
    assert jobs.do_now() == 0


def test_a_channel_nobody_configured_fails_and_says_so(inside_binh_lu, tell) -> None:
    with clock.at(datetime(2026, 11, 27, 3, 0, tzinfo=UTC)):  # at night it waits for the morning
        tell(inside_binh_lu, Recipient("device:1", "zalo", "1"))
        jobs.do_now()
    assert "no server is configured" in queries.newest(inside_binh_lu.id)[0].error


def test_a_message_can_be_sent_again_but_not_twice(inside_binh_lu, tell, start_mail) -> None:
    start_mail()
    (message,) = tell(inside_binh_lu, Recipient("device:1", "email", "khong.co@example.vn"))
    jobs.do_now()
    actions.send_again(message, by=SYSTEM)
    with pytest.raises(actions.NothingToSendAgain):
        actions.send_again(message, by=SYSTEM)
    jobs.do_now()
    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.FAILED, 1)


def test_the_address_lies_sealed(inside_binh_lu, tell) -> None:
    tell(inside_binh_lu)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, m::text FROM notifications_message m")
        sealed, row = cursor.fetchone()
    assert b"chi.sung" not in bytes(sealed)
    assert "chi.sung" not in row


def test_the_neighbour_sees_no_message(binh_lu, ban_bo, tell) -> None:
    with tenancy.inside(binh_lu.id):
        tell(binh_lu)
        assert len(queries.about(binh_lu, commune=binh_lu.id)) == 1
    with tenancy.inside(ban_bo.id):
        assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(5, 6), (6, 6), (12, 12), (20, 20), (21, 30), (23, 30)],
)
def test_nobody_is_woken(hour: int, expected: int) -> None:
    midnight = datetime(2026, 11, 22, 17, tzinfo=UTC)  # 0:00 in Vietnam
    asked = midnight + timedelta(hours=hour)
    assert quiet.earliest(asked) == midnight + timedelta(hours=expected)


def test_a_channel_that_makes_a_sound_waits_for_the_morning(
    inside_binh_lu, tell, monkeypatch
) -> None:
    morning = timezone.now() + timedelta(hours=5)
    monkeypatch.setattr(quiet, "earliest", lambda at: morning)
    (message,) = tell(inside_binh_lu, Recipient("device:1", "sms", "0912345678"))
    assert message.next_at == morning
    assert jobs.do_now() == 0
