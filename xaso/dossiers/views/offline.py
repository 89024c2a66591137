"""The counter without a network: its page, its worker, and what a machine keeps for that day."""

import hashlib
import json
from functools import cache
from typing import Any

import msgspec
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

import xaso
from xaso.documents import queries as documents
from xaso.documents.refusals import UnknownDevice
from xaso.dossiers import catalogue, machine_clock, printing
from xaso.dossiers.catalogue import Held
from xaso.dossiers.models import ApplicantKind
from xaso.kernel.places import queries as places
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

_RECEIVED_HERE = "XASO"
FILES = (
    "web/xaso.css",
    "web/desk.css",
    "web/xaso.js",
    "web/fonts/be-vietnam-pro-400.woff2",
    "web/fonts/be-vietnam-pro-600.woff2",
    "web/fonts/be-vietnam-pro-rest-400.woff2",
    "web/fonts/be-vietnam-pro-rest-600.woff2",
    "web/img/logo.svg",
    "documents/code.js",
    "dossiers/offline.css",
    "dossiers/offline-qr.js",
    "dossiers/offline-queue.js",
    "dossiers/offline.js",
)


@may("dossiers.receive")
@require_safe
def page(request: DeskRequest) -> HttpResponse:
    """Show the counter's page for a cut network: the same for everybody, no name, no token."""
    return render(request, "dossiers/offline/page.html", {"kinds": ApplicantKind.choices})


@may("dossiers.receive")
@require_safe
def worker(request: DeskRequest) -> HttpResponse:
    """Serve the worker that keeps that page and its files, and sends the queue."""
    here = reverse("dossiers_offline:page")
    files = [static(name) for name in FILES]
    context = {
        "page": here,
        "files": json.dumps(files),
        "build": _build(json.dumps([xaso.__version__, files])),
        "queue": static("dossiers/offline-queue.js"),
    }
    text = render_to_string("dossiers/offline/sw.js", context)
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@may("dossiers.receive")
@require_safe
def package(request: DeskRequest) -> JsonResponse:
    """Return what a machine needs without us: procedures of today, places, our time. No persons."""
    today = dates.local(clock.now()).date()
    kid = request.GET.get("may", "")
    try:
        machine = documents.device(kid, commune=request.commune)
    except UnknownDevice:
        machine = None
    is_in_use = machine is not None and machine.valid_to is None and not machine.is_lost
    said = {
        "as_of": clock.now().isoformat(),
        "day": today.isoformat(),
        "commune": request.commune.full_name,
        "clerk": {"id": request.actor.id, "name": request.user.full_name},
        "machine": {"name": machine.name if machine else "", "is_in_use": is_in_use},
        "clock": machine_clock.token(kid) if is_in_use else "",
        "check": request.build_absolute_uri(reverse("documents:check")),
        "villages": [[each.pk, each.full_name] for each in places.villages(request.commune)],
        "procedures": [_procedure(each) for each in catalogue.listed(request.commune.id, today)],
    }
    return JsonResponse(said)


def _procedure(held: Held) -> dict[str, Any]:
    content = held.content
    is_here = content.systems.receive == _RECEIVED_HERE
    said: dict[str, Any] = {
        "code": held.procedure.code,
        "name": held.procedure.name,
        "is_here": is_here,
        "system": content.systems.receive,
        "term": printing.term_in_words(content.time),
        "papers": msgspec.to_builtins(content.components),
    }
    if not is_here:
        return said
    until = held.version.valid_to
    return said | {
        "frozen": held.frozen_id,
        "until": until.isoformat() if until else "",
        "questions": msgspec.to_builtins(content.form),
        "fees": msgspec.to_builtins(content.fees),
        "exemptions": msgspec.to_builtins(content.exemptions),
    }


@cache
def _build(kept: str) -> str:
    return hashlib.sha256(kept.encode()).hexdigest()[:12]
