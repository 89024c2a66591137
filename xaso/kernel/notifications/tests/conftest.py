"""Somebody to tell, a mail server that really listens, and one that is down."""

import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage as Mail
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Sink

from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.notifications.models import Message

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


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def mail_port(settings) -> int:
    """Point the platform at a mail server that is not there (yet)."""
    port = free_port()
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
            context={"code": "482 915 709", "link": "http://localhost:8000/t/482915709"},
            key=key,
            **more,
        )

    return told
