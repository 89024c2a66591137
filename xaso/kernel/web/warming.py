"""What a process prepares before its first visitor: addresses, words and templates.

Left to the first request this takes half a second, and everybody who comes in it waits along.
"""

from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.template import TemplateDoesNotExist, engines
from django.urls import get_resolver
from django.utils import translation


def warm() -> int:
    """Prepare this process; return how many templates it knows now."""
    places = (settings.ROOT_URLCONF, settings.SHARED_URLCONF)
    for addresses in places:
        import_module(addresses)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.pgettext("", "")  # reading any word loads the language
            for addresses in places:
                get_resolver(addresses).reverse_dict  # noqa: B018 - builds it, once per language
    return sum(_is_known(name) for name in _templates())


def _templates() -> list[str]:
    """Return the names of our own templates, those of every room."""
    found = []
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        if app.name.startswith("xaso.") and folder.is_dir():
            found += [str(file.relative_to(folder)) for file in folder.rglob("*.html")]
    return sorted(found)


def _is_known(name: str) -> bool:
    """Compile a template into the engine's memory; a broken one is the tests' business."""
    try:
        engines["django"].get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
