"""Zalo Official Account, as public clients of 2025-2026 speak it (its own site was not readable).

A message to someone who wrote to the account (`user:<id>`) is free within 48 hours; to a phone
goes an approved template (ZNS). Addresses are settings, because two sources disagree on some.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from xaso.kernel.notifications.adapters import http
from xaso.kernel.notifications.letters import Letter, NoAnswer, NotLetIn, TryLater, Undeliverable

NEEDS_ACCOUNT = True
TOKEN_URL = "https://oauth.zaloapp.com/v4/oa/access_token"  # noqa: S105
PERMISSION_URL = "https://oauth.zaloapp.com/v4/oa/permission"
_MESSAGE_URL = "https://openapi.zalo.me/v3.0/oa/message/cs"
_TEMPLATE_URL = "https://business.openapi.zalo.me/message/template"
_TOKEN_INVALID = -124
_TOO_FAST = {-32, -211}  # rate and quota


class TokenRefused(Exception):
    """The refresh token or code is not taken any more; the text is Zalo's own code."""


def send(letter: Letter) -> str:
    """Send a text or a template; return Zalo's number of the message.

    Raises NotLetIn for a token that is not taken, Undeliverable, TryLater, and NoAnswer: Zalo has
    no key by which it would know a second try, so that one is left to a person.
    """
    url, data = _message(letter)
    headers = {"access_token": letter.token, "Content-Type": "application/json"}
    answer = http.ask("POST", url, body=json.dumps(data).encode(), headers=headers)
    if answer.status == 429:
        http.busy(answer)
    if answer.status >= 500:
        raise NoAnswer(f"HTTP {answer.status}")
    said = answer.json()
    if not isinstance(said, dict) or not isinstance(said.get("error"), int):
        raise NoAnswer("the answer has no error number")
    _judge(said["error"], http.pause(answer))
    inside = said.get("data")
    found = inside if isinstance(inside, dict) else {}
    return str(found.get("message_id") or found.get("msg_id") or "")[:120]


def renew(settings: Mapping[str, Any], secret: str, grant: Mapping[str, str]) -> bytes:
    """Spend a refresh token (or a code) and return the raw answer, not yet understood.

    Raises TryLater when nothing was sent, NoAnswer when the token may be spent.
    """
    form = {"app_id": str(settings.get("app_id", "")), **grant}
    headers = {"secret_key": secret, "Content-Type": "application/x-www-form-urlencoded"}
    url = str(settings.get("token_url") or TOKEN_URL)
    answer = http.ask("POST", url, body=urlencode(form).encode(), headers=headers)
    if answer.status == 429 or answer.status >= 500:
        raise NoAnswer(f"HTTP {answer.status}")
    return answer.body


def tokens(raw: str) -> tuple[str, str, int]:
    """Return access token, refresh token and seconds of the access token from a raw answer.

    Raises TokenRefused.
    """
    try:
        said = json.loads(raw)
        access, refresh = said["access_token"], said["refresh_token"]
        seconds = int(said.get("expires_in") or 90_000)
    except (ValueError, KeyError, TypeError) as error:
        raise TokenRefused(_why(raw)) from error
    if not (isinstance(access, str) and isinstance(refresh, str) and access and refresh):
        raise TokenRefused("no token in the answer")
    return access, refresh, max(0, min(seconds, 30 * 86_400))


def _why(raw: str) -> str:
    try:
        said = json.loads(raw)
        return f"Zalo says {int(said['error'])}"
    except (ValueError, KeyError, TypeError):
        return "an answer nobody can read"


def _message(letter: Letter) -> tuple[str, dict[str, Any]]:
    settings = letter.settings
    kind, _colon, user = letter.address.partition(":")
    if kind == "user":
        body = {"recipient": {"user_id": user}, "message": {"text": letter.body}}
        return str(settings.get("message_url") or _MESSAGE_URL), body
    template = str(settings.get("template_id", ""))
    if not template:
        raise Undeliverable("no approved template is set up for phone numbers")
    names = settings.get("template_fields") or {"title": "noi_dung", "link": "duong_dan"}
    values = {names["title"]: letter.title, names["link"]: letter.link}
    return str(settings.get("template_url") or _TEMPLATE_URL), {
        "phone": letter.address.lstrip("+"),
        "template_id": template,
        "template_data": values,
        "tracking_id": letter.id,
    }


def _judge(error: int, seconds: float | None) -> None:
    if error == 0:
        return
    if error == _TOKEN_INVALID:
        raise NotLetIn(f"Zalo says {error}")
    if error in _TOO_FAST:
        raise TryLater(f"Zalo says {error}", seconds)
    raise Undeliverable(f"Zalo says {error}")
