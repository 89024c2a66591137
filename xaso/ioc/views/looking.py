"""Who may look at a board: a screen by its cookie, or an official by their role."""

import time
from uuid import UUID

from django.http import HttpRequest

from xaso.ioc import actions, queries
from xaso.ioc.models import OVERVIEW, WallDevice
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune

# A cookie is bound to one path; the wall's page and its figures live under two.
PAGE, FIGURES = "man_hinh", "man_hinh_so"
_KEPT_SECONDS = 5.0  # a screen that was taken down goes dark within its next look
_MOST = 1_000

_kept: dict[tuple[UUID, str], tuple[float, WallDevice]] = {}


def screen(request: HttpRequest, commune: Commune, cookie: str) -> WallDevice | None:
    """Return the screen that asks, noted as seen; the database is asked every few seconds."""
    token = request.COOKIES.get(cookie, "")
    key = (commune.id, token)
    until, device = _kept.get(key, (0.0, None))
    if device is not None and until > time.monotonic():
        return device
    found = queries.screen_of(token, commune, OVERVIEW)
    if found is None:
        _kept.pop(key, None)
        return None
    actions.seen(found)
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[key] = (time.monotonic() + _KEPT_SECONDS, found)
    return found


def may_look(request: HttpRequest, commune: Commune) -> bool:
    """Return whether the figures may go to whoever asks."""
    if screen(request, commune, FIGURES) is not None:
        return True
    return request.user.is_authenticated and identity.may(identity.actor(request), "ioc.read")


def forget() -> None:
    """Forget which screens were seen."""
    _kept.clear()
