"""What surrounds every page: the commune's name and phone, menus, language, letters.

Nothing here asks the database for more than the request already holds, so that error pages can
be drawn when it is down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.web import away, menu


@dataclass(frozen=True)
class Face:
    """How a commune shows itself; plain texts, empty when unknown."""

    title: str
    office: str
    under: str
    province: str
    address: str
    hours: str
    phone: str
    is_demo: bool

    @property
    def phone_href(self) -> str:
        """Return the address that dials the phone."""
        return "tel:" + "".join(c for c in self.phone if c.isdigit() or c == "+")


@dataclass(frozen=True)
class Me:
    """The official who is signed in."""

    name: str
    position: str


@dataclass(frozen=True)
class Language:
    """A language one may switch to."""

    code: str
    name: str


@dataclass(frozen=True)
class Shell:
    """Everything around a page's own content; templates read it as `shell`."""

    commune: Face | None
    home: str
    desk: str
    here: str
    language: str
    languages: list[Language]
    big_letters: bool
    switch: str
    manifest: str
    worker: str = ""
    outbox: str = ""
    tabs: list[menu.Shown] = field(default_factory=list)
    rail: list[menu.Shown] = field(default_factory=list)
    foot: list[menu.Shown] = field(default_factory=list)
    me: Me | None = None
    sign_out: str = ""
    lock: str = ""  # where an idle screen is locked, when this one locks early


def page(request: HttpRequest) -> dict[str, Shell]:
    """Return the context every template has (a context processor)."""
    return {"shell": shell(request)}


def shell(request: HttpRequest) -> Shell:
    """Return what surrounds a page for this request."""
    actor = getattr(request, "actor", None)
    commune = getattr(request, "commune", None)
    language = (get_language() or "vi").partition("-")[0]
    path = request.path
    return Shell(
        commune=face(commune) if commune else None,
        home=request.META.get("SCRIPT_NAME", "").rstrip("/") + "/",
        desk=_address("desk:home") or _address("desk:inbox"),
        here=request.get_full_path(),
        language=language,
        languages=list(_others(language)),
        big_letters=request.COOKIES.get("chu") == "to",
        switch=_address("web:switch"),
        manifest=_address("web:manifest") if commune else "",
        worker=away.worker(request),
        outbox=away.address("OUTBOX") if commune else "",
        tabs=menu.shown("TABS", path) if commune else [],
        foot=menu.shown("FOOT", path) if commune else [],
        **_officials(request, actor, path),
    )


def face(commune: Commune) -> Face:
    """Return how a commune shows itself."""
    office = _("UBND %(commune)s") % {"commune": f"{commune.kind} {commune.name}"}
    return Face(
        title=commune.full_name,
        office=office,
        under=_("UBND %(kind)s · tỉnh %(province)s")
        % {"kind": commune.kind, "province": commune.province},
        province=commune.province,
        address=commune.address,
        hours=commune.hours,
        phone=commune.phone,
        is_demo=commune.is_demo,
    )


def _officials(request: HttpRequest, actor: Actor | None, path: str) -> dict[str, Any]:
    """Return the officials' part: rail, name, sign-out. Empty until `may` has let one in."""
    if actor is None or actor.kind != "official":
        return {}
    allowed = getattr(request, "allowed", None)
    user: Any = request.user
    return {
        "rail": menu.shown(
            "RAIL", path, allowed=allowed, counts=getattr(request, "menu_counts", None)
        ),
        "me": Me(str(user), str(getattr(user, "position", ""))),
        "sign_out": _address("account_logout"),
        "lock": _address("identity_lock") if identity.is_at_shared_desk(request) else "",
    }


def _others(language: str) -> Iterator[Language]:
    for code, name in settings.LANGUAGES:
        if code != language:
            yield Language(code, str(name))


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
