"""Somebody to tell, a mail server that really listens, and one that is down."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage as Mail
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Sink
from django.db import connection

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.notifications import actions
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.notifications.models import Account, Message
from xaso.kernel.notifications.tests.fakes.server import Fake
from xaso.kernel.working_time import clock

CHI = Recipient("device:9", "email", "chi.sung@example.vn")


class Letters(Sink):
    """Keep what arrives; refuse one address for good and the first letters as too busy."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[Mail] = []
        self.busy = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address.startswith("khong.co"):
            return "550 5.1.1 no such person"
        if self.busy:
            self.busy -= 1
            return "451 4.3.0 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Mail) -> None:
        self.arrived.append(message)


@pytest.fixture
def mail_port(settings, free_ports) -> int:
    """Point the platform at a mail server that is not there (yet)."""
    port = free_ports()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "Xã Bình Lư <bao@binh-lu.example.vn>"
    return port


@pytest.fixture
def start_mail(mail_port: int) -> Iterator[Callable[[], Letters]]:
    """Return a function that starts the mail server."""
    running: list[Controller] = []

    def start() -> Letters:
        letters = Letters()
        running.append(Controller(letters, hostname="127.0.0.1", port=mail_port))
        running[-1].start()
        return letters

    yield start
    for each in running:
        each.stop()


@pytest.fixture(autouse=True)
def texts(settings) -> None:
    """Texts as a room would bring them."""
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = {
        "email": f"{ways}email",
        "demo": f"{ways}demo",
        "sms": f"{ways}failing",
        "zalo": f"{ways}absent",
    }
    settings.XASO_CHANNEL_TWIN = f"{ways}demo"
    settings.XASO_PRIVATE_HOSTS = ["127.0.0.1"]
    own = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(own)]}]


@pytest.fixture
def tell() -> Callable[..., list[Message]]:
    """Return a function that tells somebody about the commune itself."""
    from xaso.kernel.notifications import actions

    def told(commune, *recipients: Recipient, key: str = "482915709/3", **more) -> list[Message]:
        return actions.tell(
            "test.answered",
            subject=commune,
            commune=commune.id,
            recipients=recipients or (CHI,),
            context={
                "code": "482 915 709",
                "link": "http://localhost:8000/t/482915709",
                "address": "http://localhost:8000/t/482915709",
            },
            key=key,
            **more,
        )

    return told


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A gateway, a push service, a Zalo: whatever the test makes of it."""
    running = Fake()
    yield running
    running.stop()


@pytest.fixture
def daytime() -> Iterator[datetime]:
    """Ten in the morning of a day to come: nothing waits for a night's end, later is later."""
    at = datetime(2040, 11, 23, 3, tzinfo=UTC)
    with clock.at(at):
        yield at


def set_up(commune, channel: str, settings: dict, secret: str = "", **more) -> Account:
    """Give a commune an account at a channel, as the administrator's page does."""
    new = actions.NewSettings(settings, secret)
    account = actions.set_up(commune, channel, new, by=SYSTEM)
    if more:
        Account.objects.filter(pk=account.pk).update(**more)
        account.refresh_from_db()
    return account


def hours_pass(hours: float) -> None:
    """Let the jobs of the next hours become due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE scheduled_at <= %s",
            [clock.now() + timedelta(hours=hours)],
        )
