"""What the roof says about pages without a network, in the module `XASO_AWAY` names.

See `xaso/config/away.py`.
"""

from importlib import import_module
from typing import Any

from django import urls
from django.conf import settings
from django.http import HttpRequest


def plan(name: str) -> Any:  # noqa: ANN401  (texts, tables of addresses)
    """Return what the roof says under a name; empty when it says nothing."""
    where = getattr(settings, "XASO_AWAY", "")
    return getattr(import_module(where), name, ()) if where else ()


def address(name: str) -> str:
    """Return the address of the view the roof names, or nothing where there is none."""
    view = plan(name)
    return reverse(view) if view else ""


def worker(request: HttpRequest) -> str:
    """Return where a page finds its worker: nowhere outside a commune, or while it is off."""
    has_commune = getattr(request, "commune", None) is not None
    return reverse("web:worker") if has_commune and settings.XASO_OFFLINE else ""


def reverse(view: str) -> str:
    """Return the address of a view, or nothing where the host has none."""
    try:
        return urls.reverse(view)
    except urls.NoReverseMatch:
        return ""
