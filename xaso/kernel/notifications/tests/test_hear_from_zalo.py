"""Zalo reports what arrived and who wrote: believed once, when signed, and nothing said is kept."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.notifications.adapters import http, zalo_events
from xaso.kernel.notifications.models import Account, Incoming, Message
from xaso.kernel.notifications.tests.conftest import set_up
from xaso.kernel.notifications.tests.fakes.server import Fake, Reply, says
from xaso.kernel.notifications.tests.fakes.zalo import Events
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

DOOR, SECRET = "/binh-lu/bao-tin/zalo/", "khoa-cua-trang"
SETTINGS = {"app_id": "12345", "oa_id": "999", "template_id": "77"}
Status = Message.Status
pytestmark = pytest.mark.usefixtures("committed", "daytime")


@pytest.fixture
def zalo(fake: Fake, settings, monkeypatch, binh_lu) -> Events:
    """Two sides of Zalo on loopback: one is sent to, the other reports."""
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = settings.XASO_CHANNELS | {"zalo": f"{ways}zalo_oa"}
    monkeypatch.setattr(http, "SECONDS", 0.5)
    fake.replies = [says(error=0, data={"message_id": "m1"})]
    addresses = {"message_url": f"{fake.url}/message", "template_url": f"{fake.url}/template"}
    tokens = {"access_token": "a", "refresh_token": "r", "login": "ok"}
    until = clock.now() + timedelta(hours=20)
    with tenancy.inside(binh_lu.id):
        account = set_up(binh_lu, "zalo", SETTINGS | addresses, "khoa", **tokens)
        account.inbound_secret, account.access_until = SECRET, until
        account.refreshed_at = clock.now()
        account.save()
    return Events(DOOR, SECRET)


def _told(tell, commune, to: str = "+84912000135") -> Message:
    with tenancy.inside(commune.id):
        tell(commune, Recipient("reporter:1", "zalo", to), is_urgent=True)
    jobs.do_now()
    return _only(commune)


def _only(commune, event: str = "test.answered") -> Message:
    with tenancy.inside(commune.id):
        return Message.objects.get(event=event)


def _account(commune) -> Account:
    with tenancy.inside(commune.id):
        return Account.objects.get(channel="zalo")


def test_the_known_signature_is_taken_and_a_changed_byte_is_not(shared_data) -> None:
    known = shared_data("market_vectors.json")["zalo"]["webhook"]
    body, mac = known["raw_body"].encode(), known["header_value"]
    settings, secret = {"app_id": known["app_id"]}, known["oa_secret"]
    for given in (mac, mac.removeprefix("mac="), mac.upper().replace("MAC=", "mac=")):
        event = zalo_events.read(body, {known["header"]: given}, settings, secret)
        assert (event.kind, event.message, event.user) == ("arrived", "m1", "u1")
        assert event.at == datetime.fromtimestamp(1_763_700_000, UTC)
    keyed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    wrong = [
        (body.replace(b"u1", b"u2"), mac, settings, secret),
        (json.dumps(json.loads(body)).encode(), mac, settings, secret),  # written anew
        (body, f"mac={keyed}", settings, secret),
        (body, "", settings, secret),
        (body, mac, settings, ""),
        (body, mac, settings, "another"),
        (body, mac, {"app_id": "9"}, secret),
        (body, "mac=ộ", settings, secret),
    ]
    for bytes_, given, known_as, key in wrong:
        with pytest.raises(zalo_events.NotZalo):
            zalo_events.read(bytes_, {known["header"]: given}, known_as, key)


def test_another_formula_is_a_setting(zalo, binh_lu) -> None:
    body = json.dumps({"app_id": "12345", "event_name": "x", "timestamp": _stamp()}).encode()
    by_oa = zalo.sign(body, first="999")
    assert zalo.post(body, f"mac={by_oa}").status_code == 403
    with tenancy.inside(binh_lu.id):
        account = Account.objects.get()
        account.settings["in_formula"] = "oa"
        account.save()
    assert zalo.post(body, f"mac={by_oa}").status_code == 200
    with tenancy.inside(binh_lu.id):
        account.settings["in_formula"] = "header"
        account.save()
    other = body.replace(b'"x"', b'"y"')
    by_header = zalo.sign(other, stamp="17")
    answer = zalo.post(other, f"mac={by_header}", **{"X-ZEvent-Timestamp": "17"})
    assert answer.status_code == 200


def _stamp() -> str:
    return str(int(clock.now().timestamp() * 1000))


def test_arrival_is_noted_once(zalo, binh_lu, tell) -> None:
    sent = _told(tell, binh_lu)
    assert (sent.status, sent.outside_id, sent.arrived_at) == (Status.SENT, "m1", None)
    first = zalo.report("user_received_message", message={"msg_id": "m1"})
    assert first.json() == {"ok": True}
    at = _only(binh_lu).arrived_at
    assert at == clock.now()
    with clock.at(clock.now() + timedelta(minutes=1)):
        zalo.report("user_seen_message", message={"msg_id": "m1"})
    assert _only(binh_lu).arrived_at == at


def test_proof_of_arrival_settles_what_got_no_answer(zalo, fake, binh_lu, tell) -> None:
    fake.replies = [Reply(closes=True)]
    lost = _told(tell, binh_lu)
    assert lost.status == Status.UNKNOWN
    zalo.report("user_received_message", message={"msg_id": "m9", "tracking_id": str(lost.pk)})
    found = _only(binh_lu)
    assert (found.status, found.outside_id) == (Status.SENT, "m9")
    assert found.arrived_at


def test_proof_that_comes_before_the_answer_counts_too(zalo, binh_lu, tell) -> None:
    zalo.report("user_received_message", message={"msg_id": "m1"})
    assert _told(tell, binh_lu).arrived_at


def test_who_writes_is_answered_once_a_day_and_their_words_are_nowhere(zalo, fake, binh_lu) -> None:
    for text in ("Nhà tôi ở bản Nà Tăm, đường lở", "Alo?", "Có ai không"):
        assert zalo.writes(text).status_code == 200
        jobs.do_now()
    (asked,) = fake.asked
    assert asked.json["recipient"] == {"user_id": "u-7"}
    said = asked.json["message"]["text"]
    assert "gửi phản ánh ở trang của xã" in said
    assert said.endswith("/binh-lu/phan-anh/gui/")
    kept = _only(binh_lu, actions.hearing.ANSWER)
    assert (kept.status, kept.address) == (Status.SENT, "")
    assert "u-7" not in kept.recipient
    with tenancy.inside(binh_lu.id), connection.cursor() as cursor:
        for table in ("incoming", "message"):
            cursor.execute(f"SELECT string_agg(x::text, ' ') FROM notifications_{table} x")
            rows = cursor.fetchone()[0]
            assert "Nà Tăm" not in rows
            assert "u-7" not in rows
        assert {(each.sender, each.text) for each in Incoming.objects.all()} == {("", "")}
    with clock.at(clock.now() + timedelta(days=1)):
        zalo.writes("Chào xã")
    with tenancy.inside(binh_lu.id):
        assert Message.objects.filter(event=actions.hearing.ANSWER).count() == 2


def test_a_repetition_does_nothing_and_an_old_one_is_refused(zalo, binh_lu, tell) -> None:
    said = {"message": {"text": "Alo", "msg_id": "w-same"}}
    assert zalo.report("user_send_text", **said).status_code == 200
    assert zalo.report("user_send_text", **said).status_code == 200
    with tenancy.inside(binh_lu.id):
        assert Incoming.objects.count() == 1
    late = {"message": {"msg_id": "x1"}}
    assert zalo.report("user_send_text", ago=3_600, **late).status_code == 200  # Zalo tries an hour
    assert zalo.report("user_send_text", ago=3_600, **late).status_code == 403
    assert zalo.report("user_send_text", ago=90_000, **said).status_code == 403
    assert zalo.report("user_send_text", ago=-3_600, **said).status_code == 403
    account = _account(binh_lu)
    assert (account.refused_events, account.refused_at) == (3, clock.now())


def test_a_wrong_signature_is_refused_and_counted(zalo, binh_lu) -> None:
    forged = Events(DOOR, "sai")
    assert forged.writes("Alo").status_code == 403
    assert forged.post(b"{", "mac=0").status_code == 422
    assert zalo.post(b'{"app_id": "12345", "timestamp": "x"}').status_code == 422
    assert zalo.post(b"[" * 70_000, "mac=0").status_code == 422
    account = _account(binh_lu)
    assert (account.refused_events, account.heard_at) == (1, None)
    zalo.report("anything_new")
    assert _account(binh_lu).heard_at == clock.now()


def test_a_neighbour_hears_nothing_with_this_secret(zalo, binh_lu, ban_bo) -> None:
    other = Events(DOOR.replace("binh-lu", "ban-bo"), SECRET)
    assert other.writes("Alo").status_code == 403
    with tenancy.inside(ban_bo.id):
        assert not Incoming.objects.exists()


def test_who_leaves_is_not_written_to(zalo, fake, binh_lu) -> None:
    zalo.report("follow")
    zalo.writes("Alo")
    zalo.report("unfollow")
    jobs.do_now()
    assert fake.asked == []
    kept = _only(binh_lu, actions.hearing.ANSWER)
    assert (kept.status, kept.address) == (Status.MERGED, "")


def test_events_are_forgotten_after_a_month(zalo, binh_lu) -> None:
    zalo.writes("Alo")
    with clock.at(clock.now() + timedelta(days=31)), tenancy.inside(binh_lu.id):
        actions.forget_texts(binh_lu.id)
        assert not Incoming.objects.exists()
