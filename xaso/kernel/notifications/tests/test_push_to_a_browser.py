"""A browser that agreed is told, and only it can read it; one that left is forgotten."""

import base64
import contextlib
import functools
import json
import struct

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions
from xaso.kernel.notifications.actions import Browser, Recipient, listening
from xaso.kernel.notifications.adapters import http, web_push
from xaso.kernel.notifications.models import Message, Subscription
from xaso.kernel.notifications.tests.conftest import hours_pass
from xaso.kernel.notifications.tests.fakes.server import Reply
from xaso.kernel.tenancy import actions as tenancy

Status = Message.Status
DEVICE = "d" * 64
MY = Recipient("reporter:1", "push", DEVICE)


def _raw(key: ec.EllipticCurvePrivateKey) -> bytes:
    public = serialization.PublicFormat.UncompressedPoint
    return key.public_key().public_bytes(serialization.Encoding.X962, public)


class Phone:
    """A browser with its keys; it opens what only it can open (RFC 8291, the receiving side)."""

    def __init__(self, url: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        self.browser = Browser(url, web_push.encoded(_raw(self.key)), web_push.encoded(self.auth))

    def read(self, body: bytes) -> dict:
        salt, length = body[:16], body[20]
        assert struct.unpack("!I", body[16:20]) == (4096,)
        theirs_raw = body[21 : 21 + length]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs_raw)
        info = b"WebPush: info\0" + _raw(self.key) + theirs_raw
        shared = self.key.exchange(ec.ECDH(), theirs)
        first = HKDF(hashes.SHA256(), 32, self.auth, info).derive(shared)
        kinds = ((16, b"aes128gcm"), (12, b"nonce"))
        key, nonce = (
            HKDF(hashes.SHA256(), n, salt, b"Content-Encoding: " + kind + b"\0").derive(first)
            for n, kind in kinds
        )
        plain = AESGCM(key).decrypt(nonce, body[21 + length :], None)
        assert plain[-1:] == b"\x02"
        return json.loads(plain[:-1])


@pytest.fixture(autouse=True)
def _push(settings, monkeypatch) -> None:
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = settings.XASO_CHANNELS | {"push": f"{ways}web_push"}
    monkeypatch.setattr(http, "SECONDS", 0.5)


@pytest.fixture
def phone(fake, inside_binh_lu, daytime) -> Phone:
    fake.replies = [Reply(201, b"")]
    found = Phone(f"{fake.url}/p/1")
    actions.listen(DEVICE, found.browser, commune=inside_binh_lu.id)
    return found


def _told(tell, commune, key: str = "482915709/3") -> Message:
    (message,) = tell(commune, MY, key=key)
    jobs.do_now()
    message.refresh_from_db()
    return message


def test_the_example_of_the_standard() -> None:
    """RFC 8291, section 5 and appendix A."""
    private = int.from_bytes(web_push.decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
    sealed = web_push.encrypt(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        salt=web_push.decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        ours=ec.derive_private_key(private, ec.SECP256R1()),
    )
    assert web_push.encoded(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )


def test_only_the_phone_reads_it_and_it_says_code_state_and_address(
    phone, fake, inside_binh_lu, tell
) -> None:
    message = _told(tell, inside_binh_lu)
    assert message.status == Status.SENT
    (asked,) = fake.asked
    assert phone.read(asked.body) == {
        "title": "Phản ánh 482 915 709: đã có trả lời",
        "url": "http://localhost:8000/t/482915709",
        "tag": f"places.Commune:{inside_binh_lu.pk}",
    }
    assert b"482" not in asked.body
    assert asked.headers["content-encoding"] == "aes128gcm"
    assert 0 < int(asked.headers["ttl"]) <= 30 * 86_400
    assert len(asked.headers["topic"]) <= 32


def test_the_push_service_learns_who_sends(phone, fake, inside_binh_lu, tell) -> None:
    _told(tell, inside_binh_lu)
    token, key = fake.asked[0].headers["authorization"].removeprefix("vapid t=").split(", k=")
    assert key == actions.push_key()
    public = web_push.private_key().public_key()
    said = jwt.decode(token, public, algorithms=["ES256"], audience=fake.url)
    assert said["sub"].startswith("mailto:")


def test_a_second_message_about_the_report_takes_the_firsts_place(
    phone, fake, inside_binh_lu, tell
) -> None:
    _told(tell, inside_binh_lu)
    tell(inside_binh_lu, MY, key="482915709/4", is_urgent=True)
    jobs.do_now()
    assert len({asked.headers["topic"] for asked in fake.asked}) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_left_is_forgotten(phone, fake, inside_binh_lu, tell, status) -> None:
    fake.replies = [Reply(status)]
    message = _told(tell, inside_binh_lu)
    assert message.status == Status.FAILED
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_what_is_our_own_fault_forgets_nobody(phone, fake, inside_binh_lu, tell, status) -> None:
    fake.replies = [Reply(status)]
    message = _told(tell, inside_binh_lu)
    assert message.status == (Status.WAITING if status in {401, 403} else Status.FAILED)
    assert Subscription.objects.count() == 1


def test_a_browser_under_a_new_address_is_still_told(phone, fake, inside_binh_lu, tell) -> None:
    moved = Phone(f"{fake.url}/p/9")
    anew = functools.partial(actions.listen_anew, commune=inside_binh_lu.id)
    assert not anew("https://push.example/guessed", moved.browser, device="x" * 64)
    assert not anew("", moved.browser, device="")
    assert anew(phone.browser.endpoint, moved.browser, device="")
    assert [row.endpoint for row in Subscription.objects.all()] == [moved.browser.endpoint]
    assert _told(tell, inside_binh_lu).status == Status.SENT
    assert [asked.path for asked in fake.asked] == ["/p/9"]
    again = Phone(f"{fake.url}/p/10")  # browsers that do not say what they were called before
    assert anew("", again.browser, device=DEVICE)
    assert {row.device for row in Subscription.objects.all()} == {DEVICE}


def test_without_a_key_nothing_is_offered_and_nothing_breaks(
    phone, fake, inside_binh_lu, tell, settings
) -> None:
    settings.XASO_PUSH_KEY = ""
    assert not actions.push_key()
    assert _told(tell, inside_binh_lu).status == Status.WAITING
    assert not fake.asked


@pytest.mark.parametrize("reply", [Reply(429), Reply(500), Reply(closes=True)])
def test_a_busy_push_service_is_asked_again(phone, fake, inside_binh_lu, tell, reply) -> None:
    fake.replies = [reply, Reply(201, b"")]
    message = _told(tell, inside_binh_lu)
    assert (message.status, message.attempts) == (Status.WAITING, 1)
    assert Subscription.objects.count() == 1
    hours_pass(4)
    jobs.do_now()
    message.refresh_from_db()
    assert message.status == Status.SENT


def test_one_of_two_browsers_left(phone, fake, inside_binh_lu, tell) -> None:
    other = Phone(f"{fake.url}/p/2")
    actions.listen(DEVICE, other.browser, commune=inside_binh_lu.id)
    fake.answers = lambda asked: Reply(410 if asked.path == "/p/1" else 201, b"")
    assert _told(tell, inside_binh_lu).status == Status.SENT
    assert Subscription.objects.get().endpoint == other.browser.endpoint


def test_agreeing_twice_is_agreeing_once_and_six_browsers_are_five(
    phone, fake, inside_binh_lu
) -> None:
    actions.listen(DEVICE, phone.browser, commune=inside_binh_lu.id)
    assert Subscription.objects.count() == 1
    for n in range(6):
        actions.listen(DEVICE, Phone(f"{fake.url}/n/{n}").browser, commune=inside_binh_lu.id)
    assert Subscription.objects.count() == 5
    assert actions.stop_listening(DEVICE, commune=inside_binh_lu.id) == 5


def test_the_endpoint_lies_sealed_and_the_neighbour_sees_none(
    phone, inside_binh_lu, ban_bo
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM notifications_subscription s")
        assert "127.0.0.1" not in cursor.fetchone()[0]
    with tenancy.inside(ban_bo.id):
        assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        Browser("http://push.example/1", "B" * 87, "a" * 22),
        Browser("https://push.example/1", "B" * 87, "a" * 22),  # not a point of the curve
        Browser("https://push.example/1", "<script>", "a" * 22),
        Browser("https://push.example/" + "x" * 1000, "B" * 87, "a" * 22),
        Browser("", "", ""),
    ],
)
def test_what_is_no_subscription_is_refused(inside_binh_lu, wrong) -> None:
    with pytest.raises(actions.NotASubscription):
        actions.listen(DEVICE, wrong, commune=inside_binh_lu.id)


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=120))
def test_no_keys_a_stranger_sends_break_anything(endpoint: str, p256dh: str, auth: str) -> None:
    with contextlib.suppress(ValueError):
        web_push.encrypt(b"x", p256dh, auth)
    with pytest.raises(actions.NotASubscription):
        listening._check(Browser(f"https://{endpoint}", p256dh, auth))


def test_base64url_with_and_without_padding() -> None:
    for raw in (b"", b"a", b"ab", b"abc", bytes(range(256))):
        assert web_push.decoded(web_push.encoded(raw)) == raw
        assert web_push.decoded(base64.urlsafe_b64encode(raw).decode()) == raw
