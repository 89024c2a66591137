"""Codes of dossiers: how they look, how they are found, how ours are given out.

Format: agency, acceptance date, daily sequence (`H35.50.05.13-261008-0975`); systems of ministries
use six or seven digits.
"""

import re
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models import CentreSettings, DossierCode
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import nfc

NATIONAL = re.compile(r"(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{2,3}){0,4}-(\d{6})-\d{4,7}")
_RECEIPTS = "phieu-thu"
OFFLINE = re.compile(r"T-[A-Z0-9]{2,12}-\d{1,7}")
_DASHES = re.compile("[\u2010-\u2015\u2212\u00ad_]")
_TAKE = """
INSERT INTO dossiers_codecounter AS c (commune_id, unit, day, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (commune_id, unit, day) DO UPDATE SET last = c.last + 1 RETURNING last
"""


class NotACode(Invalid):
    """The text cannot be a dossier's code."""

    sentence = _("Mã hồ sơ chưa đúng. Ví dụ: H35.50.05.13-261008-0975.")


def normalise(text: str) -> str:
    """Return a typed code without blanks, in capitals, with plain dashes."""
    bare = "".join(nfc(text).split()).upper()
    return _DASHES.sub("-", bare)


def check(text: str) -> str:
    """Return a national or offline code. Refuses with NotACode, also for a day that never was."""
    code = normalise(text)
    found = NATIONAL.fullmatch(code)
    if found:
        _real_day(found[1])
        return code
    if OFFLINE.fullmatch(code):
        return code
    raise NotACode


def _real_day(text: str) -> date:
    try:
        return datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        raise NotACode from None


def prefix(settings: CentreSettings, commune: Commune) -> str:
    """Return the agency's code; without a decision, the province's and the commune's number."""
    return settings.code_prefix or f"H35.{commune.code[:2]}.{commune.code[2:]}"


def take(commune: UUID, unit: str, day: date) -> str:
    """Return the next code of an agency on a local day.

    The counter's row stays locked until the transaction ends: a rollback gives the number back,
    so that accepted dossiers have no gap and no number twice.
    """
    return f"{unit}-{day:%y%m%d}-{_next(commune, unit, day):04}"


def take_receipt(commune: UUID, day: date) -> str:
    """Return the next number of the year's receipts, `00012/2026`; a rollback gives it back."""
    return f"{_next(commune, _RECEIPTS, date(day.year, 1, 1)):05}/{day.year}"


def _next(commune: UUID, unit: str, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [commune, unit, day])
        return int(cursor.fetchone()[0])


def row(commune: UUID, system: str, code: str, seen: datetime, *, is_primary: bool) -> DossierCode:
    """Return a code as a row of its dossier, not saved yet."""
    return DossierCode(
        commune_id=commune,
        system=system,
        code=code,
        backwards=code[::-1],
        is_primary=is_primary,
        seen_at=seen,
    )
