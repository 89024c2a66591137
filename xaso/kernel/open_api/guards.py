"""Who may call: a machine with a key, a resident's device, a page of our own."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as identity_actions
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune

SAFE = {"GET", "HEAD", "OPTIONS"}


def commune_of(request: HttpRequest) -> Commune | None:
    """Return the commune of the address, if it has one."""
    return cast("Commune | None", getattr(request, "commune", None))


class MachineKey(HttpBearer):
    """`Authorization: Bearer …` with a key of this commune, for one permission.

    `request.auth` is then the machine as an Actor.
    """

    def __init__(self, permission: str) -> None:
        """Take the permission of the rights table that the key must hold."""
        self.permission = permission
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the machine, or None for an unknown, ended or lesser key."""
        commune = commune_of(request)
        actor = identity_actions.use_api_key(token, commune) if commune else None
        return actor if actor and identity.may(actor, self.permission) else None


class KnownDevice(APIKeyCookie):
    """The signed cookie of a resident's device that this commune knows.

    `request.auth` is then the resident as an Actor. The cookie is bound to our own pages by the
    Origin check of every changing request, so a phone's queue needs no page token.
    """

    param_name = identity.DEVICE_COOKIE

    def __init__(self) -> None:
        """Leave the page token out (see the class)."""
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return the resident, or None."""
        known = identity.device(request) if key else None
        return Actor("resident", str(known.pk), "pwa") if known else None


class Anyone:
    """The permission of a route that everyone may call; the actor is whoever it is."""

    def __call__(self, request: HttpRequest) -> Actor:
        """Return who asks: a device we know, or a resident we do not."""
        return identity.actor(request, "pwa")


def is_foreign(request: HttpRequest) -> bool:
    """Return whether another site's page makes this changing request in someone's browser."""
    origin = request.headers.get("Origin")
    if request.method in SAFE or origin is None:
        return False
    own = f"{request.scheme}://{request.get_host()}"
    return origin != own and origin not in settings.CSRF_TRUSTED_ORIGINS


def sender(request: HttpRequest) -> str:
    """Return a text that tells senders apart without asking the database."""
    shown = request.headers.get("Authorization", "") or identity.device_token(request)
    return shown or identity.address(request)
