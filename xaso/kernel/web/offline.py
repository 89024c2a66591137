"""What phones keep of a commune's pages: the worker, the page without a network, the manifest."""

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

import xaso
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.web import away, caching, context, menu

_SCRIPT = "text/javascript; charset=utf-8"


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker of a commune; switched off, one that takes itself and its copies away."""
    if getattr(request, "commune", None) is None:
        raise Http404
    root = context.shell(request).home
    values: dict[str, Any] = {"root": root}
    name = "web/sw_off.js"
    if settings.XASO_OFFLINE:
        name = "web/sw.js"
        values |= _kept(root)
        values["push"] = _push(request)
    response = HttpResponse(render_to_string(name, values), content_type=_SCRIPT)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@caching.public(300)
def page(request: HttpRequest) -> HttpResponse:
    """Show what a phone says when a page is neither reachable nor kept."""
    if getattr(request, "commune", None) is None:
        raise Http404
    return render(request, "web/offline.html", {"form": away.address("FORM")})


@require_safe
@caching.public(3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Tell phones how to put the commune on the home screen."""
    shell = context.shell(request)
    name = shell.commune.title if shell.commune else "Xã Số"
    data: dict[str, Any] = {
        "id": shell.home,
        "name": name,
        "short_name": name,
        "lang": get_language() or "vi",
        "start_url": f"{shell.home}?pwa",
        "scope": shell.home,
        "display": "standalone",
        "background_color": "#FAF8F2",
        "theme_color": "#27386F",
        "icons": [_icon("192"), _icon("512"), _icon("maskable", "512")],
        "shortcuts": [
            {"name": str(entry.name), "url": entry.url, "icons": [_icon("192")]}
            for entry in menu.shown("SHORTCUTS", "")
        ],
    }
    if away.address("SHARE"):
        data["share_target"] = {
            "action": away.address("SHARE"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "anh", "accept": ["image/*"]}]},
        }
    return JsonResponse(data, content_type="application/manifest+json")


def _kept(root: str) -> dict[str, Any]:
    """Return what the worker keeps: which kept page answers for which address, and files."""
    shells = {root: root, away.reverse("web:offline"): away.reverse("web:offline")}
    shells |= {
        away.reverse(asked): away.reverse(kept) for asked, kept in dict(away.plan("SHELLS")).items()
    }
    files = [static(name) for name in away.plan("FILES")]
    return {
        "shells": json.dumps(shells),
        "files": json.dumps(files),
        "build": _build(json.dumps([xaso.__version__, shells, files])),
        "share": away.address("SHARE"),
        "form": away.address("FORM"),
        "switch": away.reverse("web:switch"),
        "offline": away.reverse("web:offline"),
    }


def _push(request: HttpRequest) -> str:
    """Return what the worker needs to show messages and to renew its subscription; or nothing."""
    url, commune = away.address("PUSH"), context.shell(request).commune
    if not url or not commune or not settings.XASO_CHANNELS["push"].endswith(".web_push"):
        return ""
    told = {
        "key": notifications.push_key(),
        "url": url,
        "name": commune.title,
        "icon": static("web/icons/192.png"),
    }
    # In a script of ours: nothing in it may end a tag or a line.
    return json.dumps(told).replace("<", "\\u003c")


@cache
def _build(kept: str) -> str:
    return hashlib.sha256(kept.encode()).hexdigest()[:12]


def _icon(name: str, size: str = "") -> dict[str, str]:
    size = size or name
    return {
        "src": static(f"web/icons/{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": "maskable" if name == "maskable" else "any",
    }
