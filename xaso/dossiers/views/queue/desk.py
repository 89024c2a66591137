"""Officials at a counter: call, serve, pass on; the administrator furnishes the room."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xaso.dossiers import actions
from xaso.dossiers.forms.queue import CounterForm, GroupForm, MachineForm
from xaso.dossiers.queries import waiting
from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import DeskRequest, may

_ACTS: dict[str, Callable[..., Any]] = {
    "goi": actions.call_next,
    "goi-lai": actions.call_again,
    "vang": actions.skip,
    "xong": actions.finish_turn,
    "nghi": actions.pause,
    "roi": actions.stand_up,
}


_CHOSEN: dict[str, tuple[str, Callable[..., Any]]] = {
    "ngoi": ("quay", lambda text, **of: actions.sit(_number(text), **of)),
    "chuyen": ("nhom", lambda text, **of: actions.pass_on(text[:1], **of)),
    "goi-vang": ("ve", lambda text, **of: actions.call_back(_number(text), **of)),
}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@may("dossiers.receive")
def counter(request: DeskRequest) -> HttpResponse:
    """Show one's counter: who is here, who waits, and one large button."""
    mine = waiting.my_counter(request.commune, request.actor)
    groups = waiting.groups(request.commune)
    counts = waiting.waiting(request.commune)
    waited, served = waiting.today_spreads(request.commune)
    context = {
        "mine": mine,
        "ticket": waiting.at_counter(mine) if mine else None,
        "absent": waiting.absent(request.commune, mine.letters) if mine else [],
        "counters": [] if mine else waiting.counters(request.commune),
        "groups": [(g, counts.get(g.letter, {"all": 0, "first": 0})) for g in groups],
        "letters": mine.letters if mine else [],
        "total": sum(counts.get(letter, {}).get("all", 0) for letter in mine.letters)
        if mine
        else 0,
        "waited": waited,
        "served": served,
    }
    return render(request, "dossiers/queue/counter.html", context)


@may("dossiers.receive")
@require_POST
def act(request: DeskRequest, name: str) -> HttpResponse:
    """Do one thing at one's counter and come back; a refusal is a sentence."""
    try:
        if name in _CHOSEN:
            field, chosen = _CHOSEN[name]
            chosen(request.POST.get(field, ""), commune=request.commune, by=request.actor)
        elif name in _ACTS:
            _ACTS[name](commune=request.commune, by=request.actor)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("dossiers_queue:counter")


@may("dossiers.manage")
def room(request: DeskRequest) -> HttpResponse:
    """List groups, counters and machines; add one of each."""
    kind = request.POST.get("them", "")
    counters = CounterForm(request.POST if kind == "counter" else None)
    counters.offer(waiting.groups(request.commune))
    shown: dict[str, forms.Form] = {
        "group": GroupForm(request.POST if kind == "group" else None),
        "counter": counters,
        "machine": MachineForm(request.POST if kind == "machine" else None),
    }
    address = ""
    if kind in shown and shown[kind].is_valid():
        address = _add(request, kind, shown[kind])
        if not address and not shown[kind].errors:
            return redirect("dossiers_queue:room")
    context = {
        "groups": waiting.groups(request.commune),
        "counters": waiting.counters(request.commune),
        "machines": waiting.devices(request.commune),
        "address": address,
        "crumbs": [(reverse("desk:administration"), _("Quản trị"))],
        **{f"{name}_form": form for name, form in shown.items()},
    }
    status = 422 if any(form.errors for form in shown.values()) else 200
    return render(request, "dossiers/queue/room.html", context, status=status)


@may("dossiers.manage")
@require_POST
def remove(request: DeskRequest, device: int) -> HttpResponse:
    """Revoke a machine."""
    actions.remove_machine(device, commune=request.commune, by=request.actor)
    messages.success(request, _("Đã thu hồi máy. Máy không lấy số, không hiện số nữa."))
    return redirect("dossiers_queue:room")


def _add(request: DeskRequest, kind: str, form: forms.Form) -> str:
    """Add what a form says; return the address of a new machine, shown once.

    What is refused is written into the form.
    """
    try:
        return _ADD[kind](request, form.cleaned_data)
    except Refusal as refusal:
        errors = getattr(refusal, "errors", {}) or {"": [str(refusal)]}
        for name, words in errors.items():
            form.add_error(name if name in form.fields else None, list(words))
    return ""


def _group(request: DeskRequest, said: dict[str, Any]) -> str:
    actions.set_group(actions.NewGroup(**said), commune=request.commune, by=request.actor)
    return ""


def _counter(request: DeskRequest, said: dict[str, Any]) -> str:
    actions.set_counter(actions.NewCounter(**said), commune=request.commune, by=request.actor)
    return ""


def _machine(request: DeskRequest, said: dict[str, Any]) -> str:
    made = actions.install_machine(
        said["kind"], said["name"], commune=request.commune, by=request.actor
    )
    return request.build_absolute_uri(reverse("dossiers_queue:enter", args=[made.token]))


_ADD = {"group": _group, "counter": _counter, "machine": _machine}
