"""The four digits on a printed slip: with the code, they open what only the sender may see.

Derived from the code under the installation's index key, so that a lost slip can be printed again
at the counter and nothing secret is stored.
"""

from hmac import compare_digest

from xaso.kernel.sealing.boxes import blind
from xaso.reports.models import Report, Reporter

DIGITS = 4


def secret(code: str) -> str:
    """Return the four digits of a code's slip."""
    return f"{int(blind(code, context='reports.slip')[:12], 16) % 10**DIGITS:0{DIGITS}}"


def opens(report: Report, factor: str) -> bool:
    """Return whether a second factor is the slip's secret or the last digits of the phone."""
    return opens_code(report.code, factor, report.reporter)


def opens_code(code: str, factor: str, who: Reporter | None) -> bool:
    """Return whether a second factor opens what belongs to this code and this person."""
    if len(factor) != DIGITS or not factor.isascii() or not factor.isdigit():
        return False
    is_slip = compare_digest(factor, secret(code))
    return is_phone(factor, who) or is_slip


def is_phone(factor: str, who: Reporter | None) -> bool:
    """Return whether four digits are the last of somebody's phone."""
    phone = who.phone if who else ""
    tail = phone[-DIGITS:] if phone else ""
    return bool(tail) and factor.isascii() and compare_digest(factor, tail)
