"""SMS over any HTTP gateway: address, fields and the test of success are settings.

Settings: `url`, `method` (GET, POST), `format` (form, json, query), `fields` (name → text with
`{phone}` 84912345678, `{local}` 0912345678, `{text}`, `{id}`), `header` (the secret goes there),
`path` and `equals` (where the answer says "taken": `data.code` = `100`; without a path every 2xx
counts).
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from xaso.kernel.notifications.adapters import http
from xaso.kernel.notifications.letters import Letter, NoAnswer, NotLetIn, TryLater, Undeliverable
from xaso.kernel.notifications.texts import GSM_7, LONGEST_SMS

NEEDS_ACCOUNT = True


def send(letter: Letter) -> str:
    """Hand an SMS to the gateway; return nothing, as gateways differ in what they call a message.

    Raises Undeliverable, NotLetIn (401, 403), TryLater, and NoAnswer when it may have been taken.
    A gateway that is given `{id}` knows a second try, so no answer there means try again.
    """
    _check(letter.body)
    settings = letter.settings
    fields = {name: _filled(text, letter) for name, text in settings.get("fields", {}).items()}
    url, body, kind = _packed(settings, fields)
    headers = {"Content-Type": kind} if kind else {}
    if letter.secret:
        headers[settings.get("header") or "Authorization"] = letter.secret
    try:
        answer = http.ask(settings.get("method", "POST"), url, body=body, headers=headers)
        _judge(answer, settings)
    except NoAnswer as error:
        if any("{id}" in text for text in settings.get("fields", {}).values()):
            raise TryLater(str(error)) from error
        raise
    return ""


def _check(text: str) -> None:
    """Refuse what is not one plain SMS: such a text must never leave, whoever made it."""
    if len(text) > LONGEST_SMS or any(c not in GSM_7 for c in text):
        raise Undeliverable("not a plain SMS of 160 characters")


def _filled(text: str, letter: Letter) -> str:
    digits = letter.address.lstrip("+")
    values = {
        "{phone}": digits,
        "{local}": f"0{digits[2:]}" if digits.startswith("84") else letter.address,
        "{text}": letter.body,
        "{id}": letter.id,
    }
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _packed(
    settings: Mapping[str, Any], fields: Mapping[str, str]
) -> tuple[str, bytes | None, str]:
    url, form = str(settings["url"]), settings.get("format", "form")
    if form == "query":
        return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}", None, ""
    if form == "json":
        return url, json.dumps(fields).encode(), "application/json"
    return url, urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _judge(answer: http.Answer, settings: Mapping[str, Any]) -> None:
    """Read what the gateway says; silence about success is not success."""
    http.busy(answer)
    if answer.status in {401, 403}:
        raise NotLetIn(f"HTTP {answer.status}")
    if not 200 <= answer.status < 300:
        raise Undeliverable(f"HTTP {answer.status}")
    path = settings.get("path", "")
    if not path:
        return
    said = answer.json()
    for step in path.split("."):
        said = said.get(step) if isinstance(said, dict) else None
    if said is None:
        raise NoAnswer("the answer does not say whether it was taken")
    if str(said) != str(settings.get("equals", "")):
        raise Undeliverable(f"the gateway says {str(said)[:40]}")
