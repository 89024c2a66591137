"""What others may ask about people, their roles and their devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, Exists, OuterRef, Value
from django.http import HttpRequest
from django.utils import timezone

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import keys, permissions
from xaso.kernel.identity.models import (
    ApiKey,
    Device,
    Official,
    ProvinceGrant,
    Role,
    RoleAssignment,
    Unit,
)
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock

DEVICE_COOKIE = "xaso_device"
DEVICE_SALT = "identity.device"
SHARED_COOKIE = "xaso_may_chung"  # this computer is used by several officials
SHARED_SALT = "identity.shared_desk"
_NONE = Value(None, output_field=BigIntegerField())
_SCOPE = "api:"  # a machine's permission among its roles


@dataclass(frozen=True)
class Held:
    """A role someone holds now, and how far it reaches (None = the whole commune)."""

    role: str
    unit_id: int | None = None
    village_id: int | None = None


@dataclass(frozen=True)
class Colleague:
    """An official of a commune with the roles they hold, have held, or will hold there."""

    official: Official
    roles: tuple[RoleAssignment, ...]


def roles(official: Official, commune: UUID, at: datetime | None = None) -> tuple[Held, ...]:
    """Return the roles an official holds in a commune at a moment, oldest first, in one SQL.

    Asked anew for each request: a role that ended a second ago opens nothing.
    """
    moment = at or clock.now()
    own = (
        RoleAssignment.objects.at(moment)
        .filter(commune=commune, official=official)
        .order_by()
        .values_list("role", "unit_id", "village_id", "valid_from")
    )
    granted = (
        ProvinceGrant.objects.at(moment)
        .filter(commune=commune, official=official)
        .values_list(Value(str(Role.PROVINCE)), _NONE, _NONE, "valid_from")
    )
    rows = sorted(own.union(granted, all=True), key=lambda row: row[3])
    return tuple(Held(role, unit, village) for role, unit, village, _ in rows)


def official_actor(
    official: Official, commune: Commune | UUID | None, channel: str = "desk"
) -> Actor:
    """Return who an official is in a commune now; without a commune they hold no role."""
    if commune is None:
        return Actor("official", str(official.pk), channel)
    key = commune.id if isinstance(commune, Commune) else commune
    return _as_actor(official, roles(official, key), channel)


def held(request: HttpRequest) -> tuple[Held, ...]:
    """Return the roles of the request's official in the request's commune, asked once."""
    known: tuple[Held, ...] | None = getattr(request, "roles_held", None)
    if known is None:
        commune = _commune(request)
        user = getattr(request, "user", None)
        known = roles(user, commune.id) if commune and isinstance(user, Official) else ()
        request.roles_held = known  # type: ignore[attr-defined]
    return known


def actor(request: HttpRequest, channel: str = "") -> Actor:
    """Return who asks: an official with their roles, else a resident with their device, if any."""
    user = getattr(request, "user", None)
    if isinstance(user, Official):
        return _as_actor(user, held(request), channel or "desk")
    known = device(request)
    return Actor("resident", str(known.pk) if known else "", channel or "web")


def may(actor: Actor, permission: str) -> bool:
    """Return whether an actor holds a permission of `permissions.TABLE`.

    The system may do everything, a machine what its key names, a resident nothing of the desk.
    """
    holders = permissions.roles_with(permission)
    if actor.kind == "system":
        return True
    if actor.kind == "machine":
        return f"{_SCOPE}{permission}" in actor.roles
    return actor.kind == "official" and bool(actor.roles & holders)


def machine_actor(key: ApiKey) -> Actor:
    """Return who a machine is: its key's number, and its scopes as permissions."""
    return Actor(
        "machine", str(key.pk), "api", frozenset(f"{_SCOPE}{scope}" for scope in key.scopes)
    )


def api_key(text: str, commune: Commune | UUID) -> ApiKey | None:
    """Return the key a machine showed, if it is the commune's and good now."""
    prefix, digest = keys.taken_apart(text)
    found = ApiKey.objects.filter(commune=commune, prefix=prefix).first() if prefix else None
    if found is None or not keys.is_same(found.digest, digest):
        return None
    return found if found.is_good_at(clock.now()) else None


def device(request: HttpRequest) -> Device | None:
    """Return the resident's device by its signed cookie, if this commune knows it."""
    known: Device | None = getattr(request, "device_known", None)
    commune = _commune(request)
    if known is None and commune is not None:
        token = device_token(request)
        known = device_of(token, commune.id) if token else None
        request.device_known = known  # type: ignore[attr-defined]
    return known


def is_at_shared_desk(request: HttpRequest) -> bool:
    """Return whether an official's screen locks early: by their account, or by this computer."""
    user = getattr(request, "user", None)
    if not isinstance(user, Official):
        return False
    return user.is_at_shared_desk or is_shared_computer(request)


def is_shared_computer(request: HttpRequest) -> bool:
    """Return whether somebody signed in here said that several people use this computer."""
    return request.get_signed_cookie(SHARED_COOKIE, default="", salt=SHARED_SALT) == "1"


def device_token(request: HttpRequest) -> str:
    """Return the token in the device cookie when we signed it, else an empty text."""
    return str(request.get_signed_cookie(DEVICE_COOKIE, default="", salt=DEVICE_SALT) or "")


def device_of(token: str, commune: UUID) -> Device | None:
    """Return the device of a token in a commune."""
    return Device.objects.filter(commune=commune, digest=keys.device_digest(token, commune)).first()


def official(key: int | str, commune: Commune | UUID) -> Official | None:
    """Return an official by key when they hold, held or will hold a role in the commune."""
    return Official.objects.filter(pk=key, assignments__commune=commune).distinct().first()


def colleagues(commune: Commune | UUID) -> Sequence[Colleague]:
    """Return everyone who ever held a role in a commune, by name, in one SQL."""
    rows = (
        RoleAssignment.objects.filter(commune=commune)
        .select_related("official", "unit", "village")
        .order_by("official__full_name", "official__username", "valid_from", "id")
    )
    by_official: dict[int, list[RoleAssignment]] = {}
    for row in rows:
        by_official.setdefault(row.official_id, []).append(row)
    return [Colleague(held[0].official, tuple(held)) for held in by_official.values()]


def assignments(official: Official, commune: Commune | UUID) -> Sequence[RoleAssignment]:
    """Return the roles of an official in a commune, past ones too, newest first."""
    rows = RoleAssignment.objects.filter(official=official, commune=commune)
    return list(rows.select_related("unit", "village").order_by("-valid_from", "-id"))


def sessions(official: Official) -> Sequence[UserSession]:
    """Return where an official is signed in now, newest first."""
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    return list(UserSession.objects.filter(Exists(alive), user=official).order_by("-created_at"))


def has_second_factor(official: Official) -> bool:
    """Return whether an official set up an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=official).exists())


def api_keys(commune: Commune | UUID) -> Sequence[ApiKey]:
    """Return the keys of a commune's machines, newest first; ended ones too."""
    return list(ApiKey.objects.filter(commune=commune))


def units(commune: Commune | UUID) -> Sequence[Unit]:
    """Return the open units of a commune, by code."""
    return list(Unit.objects.filter(commune=commune, is_open=True).select_related("head"))


def members(
    commune: Commune | UUID, *, unit: Unit | int | None = None, permission: str = ""
) -> Sequence[Official]:
    """Return who works in a commune now, by name: of one unit, or holding one permission."""
    rows = RoleAssignment.objects.at(clock.now()).filter(commune=commune)
    if unit is not None:
        rows = rows.filter(unit=unit)
    if permission:
        rows = rows.filter(role__in=permissions.roles_with(permission))
    found = Official.objects.filter(is_active=True, pk__in=rows.values("official"))
    return list(found.order_by("full_name", "username"))


def province_communes(official: Official, at: datetime | None = None) -> Sequence[Commune]:
    """Return the communes a province official may look at, by name."""
    grants = ProvinceGrant.objects.at(at or clock.now()).filter(official=official)
    return list(Commune.objects.filter(pk__in=grants.values("commune")).order_by("name"))


def is_managed_by(official: Official, commune: Commune | UUID) -> bool:
    """Return whether a commune's administrator may reset an official's sign-in.

    An account belongs to the commune it was made in: the administrator of another commune where
    the same person helps out must not be able to take it over.
    """
    return official.home_id == (commune.id if isinstance(commune, Commune) else commune)


def address(request: HttpRequest) -> str:
    """Return the network address of the browser.

    Behind a proxy it is what our own proxy wrote last; what a client itself put into the header
    is not believed.
    """
    if settings.XASO_HTTPS:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded:
            return forwarded.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR") or "")


def prefix(address: str) -> str:
    """Return what stands for an address: itself, or the /56 a home gets in IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        return str(IPv6Address(int(known) >> 72 << 72))
    return str(known)


def _commune(request: HttpRequest) -> Commune | None:
    return cast("Commune | None", getattr(request, "commune", None))


def _as_actor(official: Official, now: tuple[Held, ...], channel: str) -> Actor:
    unit = next((h.unit_id for h in now if h.unit_id is not None), None)
    return Actor("official", str(official.pk), channel, frozenset(h.role for h in now), unit)
