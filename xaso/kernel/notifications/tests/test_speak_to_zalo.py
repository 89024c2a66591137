"""Zalo's tokens rotate: whatever is cut or asked twice, none is lost and none spent twice."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions
from xaso.kernel.notifications.actions import Recipient, tokens
from xaso.kernel.notifications.adapters import http, zalo_oa
from xaso.kernel.notifications.models import Account, Message, Receipt
from xaso.kernel.notifications.tests.conftest import hours_pass, set_up
from xaso.kernel.notifications.tests.fakes.server import Asked, Fake, Reply, says
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

Status = Message.Status
MY = Recipient("reporter:1", "zalo", "+84912000135")
SECRET = "khoa-ung-dung"
pytestmark = pytest.mark.usefixtures("committed", "daytime")


class Zalo:
    """An official account: each refresh token is good once, the newest access token alone opens."""

    def __init__(self, fake: Fake) -> None:
        self.fake, self.access, self.refresh, self.renewed = fake, "a0", "r0", 0
        self.sent: list[Asked] = []
        self.loses_answer = False
        self.says: Reply | None = None
        fake.answers = self.answer

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            return self.renew(asked)
        if self.says:
            return self.says
        if asked.headers["access_token"] != self.access:
            return says(error=-124, message="Access token invalid")
        self.sent.append(asked)
        return says(error=0, message="Success", data={"message_id": f"m{len(self.sent)}"})

    def renew(self, asked: Asked) -> Reply:
        form = asked.form
        is_right = asked.headers["secret_key"] == SECRET and form["app_id"] == "12345"
        is_code = form["grant_type"] == "authorization_code" and form["code_verifier"] == "v" * 43
        if not is_right or not (is_code or form.get("refresh_token") == self.refresh):
            return says(error=-14014, message="Invalid refresh token")
        self.renewed += 1
        self.access, self.refresh = f"a{self.renewed}", f"r{self.renewed}"
        if self.loses_answer:
            return Reply(closes=True)
        return says(access_token=self.access, refresh_token=self.refresh, expires_in="90000")


@pytest.fixture
def zalo(fake, settings, monkeypatch) -> Zalo:
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = settings.XASO_CHANNELS | {"zalo": f"{ways}zalo_oa"}
    monkeypatch.setattr(http, "SECONDS", 0.5)
    return Zalo(fake)


@pytest.fixture
def account(zalo: Zalo, binh_lu) -> Account:
    """An account whose access token ends in a minute."""
    url = zalo.fake.url
    with tenancy.inside(binh_lu.id):
        return set_up(
            binh_lu,
            "zalo",
            {
                "app_id": "12345",
                "token_url": f"{url}/token",
                "message_url": f"{url}/message",
                "template_url": f"{url}/template",
                "template_id": "77",
            },
            SECRET,
            access_token="a0",
            refresh_token="r0",
            access_until=clock.now() + timedelta(minutes=1),
            refreshed_at=clock.now() - timedelta(hours=24),
            login="ok",
        )


def _now(account: Account) -> Account:
    with tenancy.inside(account.commune_id):
        account.refresh_from_db()
    return account


def _send(tell, commune, to: Recipient = MY, key: str = "482915709/3") -> Message:
    with tenancy.inside(commune.id):
        (message,) = tell(commune, to, key=key, is_urgent=True)
        message_id = message.pk
    jobs.do_now()
    with tenancy.inside(commune.id):
        return Message.objects.get(pk=message_id)


def test_an_old_token_is_renewed_first_and_the_template_goes_to_the_phone(
    zalo, account, binh_lu, tell
) -> None:
    message = _send(tell, binh_lu)
    assert (message.status, message.outside_id) == (Status.SENT, "m1")
    (asked,) = zalo.sent
    assert asked.json == {
        "phone": "84912000135",
        "template_id": "77",
        "template_data": {
            "noi_dung": "Phản ánh 482 915 709: đã có trả lời",
            "duong_dan": "http://localhost:8000/t/482915709",
        },
        "tracking_id": str(message.pk),
    }
    kept = _now(account)
    assert (kept.access_token, kept.refresh_token, kept.login) == ("a1", "r1", "ok")
    assert kept.access_until - clock.now() == timedelta(seconds=90_000)


def test_a_good_token_is_not_renewed(zalo, account, binh_lu, tell) -> None:
    with tenancy.inside(binh_lu.id):
        Account.objects.update(access_until=clock.now() + timedelta(hours=5))
    _send(tell, binh_lu, Recipient("reporter:1", "zalo", "user:u-7"))
    assert zalo.renewed == 0
    assert zalo.sent[0].json["recipient"] == {"user_id": "u-7"}


def test_a_token_that_is_suddenly_not_taken_is_renewed_once(zalo, account, binh_lu, tell) -> None:
    with tenancy.inside(binh_lu.id):
        Account.objects.update(access_until=clock.now() + timedelta(hours=5))
    zalo.access = "another"
    assert _send(tell, binh_lu).status == Status.SENT
    assert zalo.renewed == 1


def test_two_workers_renew_once(zalo, account, binh_lu) -> None:
    found: list[str] = []
    at = clock.now()

    def work() -> None:
        with tenancy.inside(binh_lu.id), clock.at(at):
            found.append(tokens.fresh_token(Account.objects.get()))
        connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (found, zalo.renewed) == (["a1"] * 4, 1)


def test_a_crash_after_the_answer_loses_nothing(zalo, account, binh_lu, tell, monkeypatch) -> None:
    """The process dies between keeping the answer and using it; the next one finds it."""

    def dies(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(tokens, "_apply", dies)
        with pytest.raises(SystemExit), tenancy.inside(binh_lu.id):
            tokens.fresh_token(account)
    assert _now(account).refresh_token == "r0"  # spent, and not yet replaced
    assert _send(tell, binh_lu).status == Status.SENT
    kept = _now(account)
    assert (zalo.renewed, kept.refresh_token) == (1, "r1")


def test_the_tokens_stay_when_the_job_is_rolled_back(zalo, account, binh_lu) -> None:
    with tenancy.inside(binh_lu.id):
        tokens.fresh_token(account)
        transaction.set_rollback(True)
    assert _now(account).refresh_token == "r1"


def test_a_lost_answer_ends_with_a_person_who_is_told_once_a_day(
    zalo, account, binh_lu, tell, official
) -> None:
    official("administrator", binh_lu)
    zalo.loses_answer = True
    message = _send(tell, binh_lu)
    assert (message.status, message.attempts) == (Status.WAITING, 1)
    zalo.loses_answer = False
    hours_pass(4)
    jobs.do_now()
    assert _now(account).login == Account.Login.NEEDED
    with tenancy.inside(binh_lu.id):
        for _hour in range(3):
            actions.look_after(binh_lu.id)
        told = Message.objects.filter(event="notifications.login_needed")
        assert [each.title for each in told] == ["Zalo của xã cần cấp quyền lại"]
        assert "-14014" in account.last_error or "-14014" in Account.objects.get().last_error


def test_granting_access_again_sends_what_waited(zalo, account, binh_lu, tell) -> None:
    zalo.refresh = "somebody spent it"
    message = _send(tell, binh_lu)
    assert message.status == Status.WAITING
    grant = {"grant_type": "authorization_code", "code": "c", "code_verifier": "v" * 43}
    with tenancy.inside(binh_lu.id):
        actions.connect(binh_lu, "zalo", grant, by=SYSTEM)
    hours_pass(4)
    jobs.do_now()
    with tenancy.inside(binh_lu.id):
        message.refresh_from_db()
        kept = Account.objects.get()
    assert (message.status, kept.login) == (Status.SENT, "ok")
    assert kept.settings["bound_to"]


def test_a_wrong_code_is_refused_with_a_sentence(zalo, account, binh_lu) -> None:
    grant = {"grant_type": "authorization_code", "code": "c", "code_verifier": "wrong"}
    with pytest.raises(actions.AccessNotGranted), tenancy.inside(binh_lu.id):
        actions.connect(binh_lu, "zalo", grant, by=SYSTEM)


def test_when_zalo_is_away_it_says_so(zalo, account, binh_lu) -> None:
    zalo.fake.stop()
    with pytest.raises(actions.ZaloIsAway), tenancy.inside(binh_lu.id):
        actions.connect(binh_lu, "zalo", {"grant_type": "x"}, by=SYSTEM)


def test_a_copy_of_the_database_does_not_spend_the_tokens(
    zalo, account, binh_lu, tell, settings
) -> None:
    with tenancy.inside(binh_lu.id):
        account.settings["bound_to"] = settings.XASO_ORIGIN
        account.save()
    settings.XASO_ORIGIN = "https://copy.example"
    assert "another installation" in _send(tell, binh_lu).error
    assert zalo.renewed == 0


def test_idle_tokens_are_renewed_before_they_end(zalo, account, binh_lu) -> None:
    later = clock.now() + timedelta(days=3)
    for refreshed, until, expected in (
        (timedelta(hours=2), timedelta(hours=23), 0),
        (timedelta(hours=20), timedelta(hours=4), 1),
        (timedelta(days=8), timedelta(days=20), 2),
    ):
        with clock.at(later):
            with tenancy.inside(binh_lu.id):
                Account.objects.update(refreshed_at=later - refreshed, access_until=later + until)
            jobs.later("notifications.look_after_tokens", commune=None)
            jobs.do_now()
        assert zalo.renewed == expected


@pytest.mark.parametrize(
    "case",
    [
        (says(error=-32), Status.WAITING),
        (says(error=-201, message="params invalid"), Status.FAILED),
        (says(error="0"), Status.UNKNOWN),
        (says(ok=True), Status.UNKNOWN),
        (Reply(200, b"<html>"), Status.UNKNOWN),
        (Reply(200, b"null"), Status.UNKNOWN),
        (Reply(502), Status.UNKNOWN),
        (Reply(429), Status.WAITING),
        (Reply(closes=True), Status.UNKNOWN),
        (Reply(200, b"{" * 20, slow=True), Status.UNKNOWN),
    ],
)
def test_what_zalo_may_answer(zalo, account, binh_lu, tell, case) -> None:
    zalo.says, status = case
    message = _send(tell, binh_lu)
    assert (message.status, message.attempts) == (status, 1)


def test_tokens_lie_sealed_and_no_log_shows_them(zalo, account, binh_lu, tell) -> None:
    _send(tell, binh_lu)
    with tenancy.inside(binh_lu.id), connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM notifications_account a")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT r::text FROM notifications_receipt r")
        row += cursor.fetchone()[0]
        log = [vars(line) for line in audit.history(account, commune=binh_lu.id)]
        assert Receipt.objects.count() == 1
    for secret in ("a1", "r1", "r0", SECRET):
        assert f'"{secret}"' not in row
        assert secret.encode().hex() not in row
    assert SECRET not in json.dumps(log, default=str)


@pytest.mark.parametrize("raw", ["", "null", "[]", '{"error": -1}', '{"access_token": 5}', "x" * 9])
def test_an_answer_without_tokens_is_refused(raw) -> None:
    with pytest.raises(zalo_oa.TokenRefused):
        zalo_oa.tokens(raw)
