"""The link by which somebody says that a report that tells them is not theirs."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from xaso.kernel.places.models import Commune
from xaso.reports.models import Report

_SALT = "reports.not_mine"
_SECONDS = 400 * 24 * 3600


@dataclass(frozen=True)
class Contact:
    """A report, and the row of the person it tells."""

    report: int
    reporter: int


def token(report: Report) -> str:
    """Return what proves that its holder was told about a report; good for 400 days."""
    return signing.dumps([report.pk, report.reporter_id], salt=_SALT, compress=False)


def read(text: str) -> Contact | None:
    """Return what a token names; nothing for one that we did not make, or that is too old."""
    try:
        report, reporter = signing.loads(text, salt=_SALT, max_age=_SECONDS)
        return Contact(int(report), int(reporter))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def home(commune: Commune) -> str:
    """Return where a commune's pages begin, as a whole address."""
    if commune.host:
        return f"https://{commune.host}/"
    return f"{settings.XASO_ORIGIN}/{commune.slug}/"


def short(commune: Commune, code: str) -> str:
    """Return the short address that follows a code on any phone."""
    return f"{home(commune) if commune.host else f'{settings.XASO_ORIGIN}/'}t/{code}"


def not_mine(commune: Commune, report: Report) -> str:
    """Return the whole address of the page where somebody says that it is not theirs."""
    return f"{home(commune)}khong-phai-toi/{token(report)}/"
