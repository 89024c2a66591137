"""What a room offers in the menus: plain values that the roof puts together.

A room declares its entries in its own `menu.py`; `xaso/config/menu.py` lists them in order as
`TABS` (residents, at most five), `RAIL` (officials) and `FOOT` (small links under every page).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Allowed = Callable[[str], bool]


@dataclass(frozen=True)
class Entry:
    """One entry: a word, an icon of the kit, the name of its address, who may see it.

    `permission` is a permission of `identity.permissions`, or nothing for everyone.
    `key` names the count that a page may show beside the entry.
    """

    name: str | Promise
    icon: str
    view: str
    permission: str = ""
    key: str = ""
    holds: tuple[str, ...] = ()  # names of further addresses whose pages belong to it


@dataclass(frozen=True)
class Shown:
    """An entry on one page."""

    name: str | Promise
    icon: str
    url: str
    is_current: bool = False
    count: int | None = None


def entries(kind: str) -> tuple[Entry, ...]:
    """Return the roof's list "TABS", "RAIL" or "FOOT"; empty when the roof has none."""
    where = getattr(settings, "XASO_MENU", "")
    return tuple(getattr(import_module(where), kind, ())) if where else ()


def shown(
    kind: str, path: str, *, allowed: Allowed | None = None, counts: Mapping[str, int] | None = None
) -> list[Shown]:
    """Return the entries one person sees on the page at `path`, the current one marked.

    An entry whose address does not exist is left out: a menu has no dead ends.
    """
    found = [
        (entry, url)
        for entry in entries(kind)
        if (not entry.permission or (allowed is not None and allowed(entry.permission)))
        and (url := _address(entry)) is not None
    ]
    held = {place: url for entry, url in found for place in _held(entry)}
    under = {url: url for _, url in found} | held
    current = under.get(_current(path, under) or "")
    return [
        Shown(entry.name, entry.icon, url, url == current, (counts or {}).get(entry.key))
        for entry, url in found
    ]


def broken() -> list[str]:
    """Return the views of entries that have no address: a test of the roof expects none."""
    everything = (entry for kind in ("TABS", "RAIL", "FOOT") for entry in entries(kind))
    return [entry.view for entry in everything if _address(entry) is None]


def _address(entry: Entry) -> str | None:
    try:
        return reverse(entry.view)
    except NoReverseMatch:
        return None


def _held(entry: Entry) -> list[str]:
    """Return the further addresses whose pages belong to an entry."""
    found = (_address(Entry(entry.name, entry.icon, view)) for view in entry.holds)
    return [url for url in found if url is not None]


def _current(path: str, urls: Iterable[str]) -> str | None:
    """Return the address that holds the page: the longest one the path starts with."""
    holding = [url for url in urls if path.startswith(url)]
    return max(holding, key=len, default=None)
