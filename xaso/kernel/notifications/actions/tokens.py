"""Tokens that rotate: a refresh token is good once, so its answer is kept before anything else.

The steps run on a connection of their own, each committed at once, one process at a time: whatever
happens to the job that needed the token, nothing that was given to us is lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection

from xaso.kernel.notifications.actions import alerting
from xaso.kernel.notifications.adapters import zalo_oa
from xaso.kernel.notifications.letters import Letter, NoAnswer, NotLetIn, TryLater
from xaso.kernel.notifications.models import Account
from xaso.kernel.sealing.boxes import blind, seal, unseal
from xaso.kernel.working_time import clock

_SPARE = timedelta(minutes=30)  # an access token with less left is renewed first
_LIFE_OF_REFRESH = timedelta(days=90)
_IDLE = timedelta(days=7)  # renewed this often even when nobody is told anything
_ACCESS, _REFRESH, _ANSWER = (
    f"notifications_{name}"
    for name in ("account.access_token", "account.refresh_token", "receipt.answer")
)
Wire = psycopg.Connection[tuple[Any, ...]]


@dataclass
class _Held:
    """The tokens of an account as they are now."""

    id: int
    access: str
    access_until: datetime | None
    refresh: str


def with_token(account: Account, letter: Letter, serves: ModuleType) -> str:
    """Send with a good token; one that is not taken is renewed once. NotLetIn when that fails."""
    token = fresh_token(account)
    try:
        return str(serves.send(replace(letter, token=token)))
    except NotLetIn:
        return str(serves.send(replace(letter, token=fresh_token(account, refused=token))))


def fresh_token(account: Account, *, refused: str = "") -> str:
    """Return an access token that lives half an hour longer; two processes renew it once.

    `refused` is one that was not taken although it looked good. Raises NotLetIn when a person has
    to grant access again, TryLater when Zalo is away.
    """
    bound = account.settings.get("bound_to", "")
    if bound and bound != settings.XASO_ORIGIN:
        raise NotLetIn("these tokens belong to another installation")
    with _apart(account.commune_id, f"notifications.tokens.{account.commune_id}") as wire:
        held = _held(wire, account)
        _recover(wire, held)
        is_good = held.access_until is not None and held.access_until - clock.now() > _SPARE
        if held.access and is_good and held.access != refused:
            return held.access
        if not held.refresh:
            raise NotLetIn("access was never granted")
        grant = {"grant_type": "refresh_token", "refresh_token": held.refresh}
        return _spend(wire, held, account, grant)


def grant_access(account: Account, grant: dict[str, str]) -> None:
    """Exchange a code, or a refresh token somebody typed in, for the first pair of tokens.

    Raises NotLetIn and TryLater.
    """
    with _apart(account.commune_id, f"notifications.tokens.{account.commune_id}") as wire:
        _spend(wire, _held(wire, account), account, grant)


def renew_when_old(account: Account) -> bool:
    """Renew tokens after four fifths of their life, or after a week; True when it was done."""
    now = clock.now()
    if not account.refresh_token or account.refreshed_at is None:
        return False
    until = account.access_until or now
    is_old = now > account.refreshed_at + (until - account.refreshed_at) * 0.8
    if not (is_old or now - account.refreshed_at > _IDLE):
        return False
    fresh_token(account, refused=account.access_token)
    return True


def look_after(commune: UUID) -> None:
    """Renew a commune's tokens when they are old; when that needs a person, say so once a day."""
    account = Account.objects.filter(commune=commune, channel="zalo").first()
    if account is None or not account.refresh_token:
        return
    is_needed = account.login == Account.Login.NEEDED
    try:
        if not is_needed:
            renew_when_old(account)
    except NotLetIn:
        is_needed = True
    if is_needed:
        ask_for_login(account)


def ask_for_login(account: Account) -> None:
    """Tell the commune's administrators, once a day, that a person has to grant access again."""
    alerting.administrators(
        "notifications.login_needed",
        subject=account,
        commune=account.commune_id,
        key=f"{account.channel}/login/{clock.now():%Y-%m-%d}",
        context={},
    )


@contextmanager
def _apart(commune: UUID, lock: str) -> Iterator[Wire]:
    """Open a connection inside the commune on which every statement is committed at once."""
    address = connection.get_connection_params()
    with psycopg.connect(**address, autocommit=True) as wire:
        wire.execute("SELECT set_config('app.commune', %s, false)", [str(commune)])
        wire.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [lock])
        yield wire


def _held(wire: Wire, account: Account) -> _Held:
    row = wire.execute(
        "SELECT id, access_token, access_until, refresh_token FROM notifications_account "
        "WHERE commune_id = %s AND channel = %s",
        [account.commune_id, account.channel],
    ).fetchone()
    if row is None:
        raise NotLetIn("the channel is not set up")
    opened = [unseal(box, context=name) if box else "" for box, name in _boxes(row)]
    return _Held(row[0], opened[0], row[2], opened[1])


def _boxes(row: tuple[Any, ...]) -> tuple[tuple[bytes, str], tuple[bytes, str]]:
    return (row[1], _ACCESS), (row[3], _REFRESH)


def _recover(wire: Wire, held: _Held) -> None:
    """Apply an answer that came for the present refresh token and was not written down yet."""
    row = wire.execute(
        "SELECT answer FROM notifications_receipt WHERE account_id = %s AND parent = %s "
        "AND answer <> '' ORDER BY id DESC LIMIT 1",
        [held.id, _digest(held.refresh)],
    ).fetchone()
    if row is not None:
        _apply(wire, held, unseal(row[0], context=_ANSWER))


def _spend(wire: Wire, held: _Held, account: Account, grant: dict[str, str]) -> str:
    """Spend a token: note that it is being spent, ask, keep the raw answer, then use it."""
    row = wire.execute(
        "INSERT INTO notifications_receipt (commune_id, account_id, parent, answer, asked_at) "
        "VALUES (%s, %s, %s, '', %s) RETURNING id",
        [account.commune_id, held.id, _digest(grant.get("refresh_token", "")), clock.now()],
    ).fetchone()
    try:
        raw = zalo_oa.renew(account.settings, account.secret, grant).decode("utf-8", "replace")
    except NoAnswer as error:
        raise TryLater("no answer about the tokens", 300) from error
    wire.execute(
        "UPDATE notifications_receipt SET answer = %s, answered_at = %s WHERE id = %s",
        [seal(raw, context=_ANSWER), clock.now(), row and row[0]],
    )
    _apply(wire, held, raw)
    return held.access


def _apply(wire: Wire, held: _Held, raw: str) -> None:
    """Write the tokens of an answer; one without tokens means that a person has to log in."""
    now = clock.now()
    try:
        access, refresh, seconds = zalo_oa.tokens(raw)
    except zalo_oa.TokenRefused as error:
        wire.execute(
            "UPDATE notifications_account SET login = 'needed', last_error = %s, "
            "last_error_at = %s WHERE id = %s",
            [str(error)[:200], now, held.id],
        )
        raise NotLetIn(str(error)) from error
    held.access, held.refresh = access, refresh
    held.access_until = now + timedelta(seconds=seconds)
    wire.execute(
        "UPDATE notifications_account SET access_token = %s, access_until = %s, "
        "refresh_token = %s, refresh_until = %s, refreshed_at = %s, login = 'ok' WHERE id = %s",
        [
            seal(access, context=_ACCESS),
            held.access_until,
            seal(refresh, context=_REFRESH),
            now + _LIFE_OF_REFRESH,
            now,
            held.id,
        ],
    )


def _digest(token: str) -> str:
    return blind(token, context="notifications.receipt") if token else ""
