"""The link by which somebody says what they think of an answer, without an account or digits.

Its token is derived from the person's own code and the answer, so nothing secret is stored; another
answer has another token.
"""

from hmac import compare_digest

from xaso.kernel.sealing.boxes import blind

LENGTH = 12  # hexadecimal digits


def token(code: str, answer: int) -> str:
    """Return the token of whoever follows by this code, for this answer."""
    return blind(f"{code}/{answer}", context="reports.rating")[:LENGTH]


def opens(code: str, answer: int | None, given: str) -> bool:
    """Return whether a token is the one of this person and this answer."""
    return answer is not None and compare_digest(given.encode(), token(code, answer).encode())
