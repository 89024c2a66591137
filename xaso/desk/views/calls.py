"""The call list: whom to tell by phone, and how it went."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.notifications import actions, queries
from xaso.kernel.notifications.actions import Outcome
from xaso.kernel.notifications.models import Message
from xaso.kernel.text import phone
from xaso.kernel.web.http import DeskRequest, may

CALL = "notifications.call"
_OUTCOMES = {"da-bao": "told", "khong-nghe": "no_answer", "sai-so": "wrong_number"}


@may(CALL)
@require_safe
def calls(request: DeskRequest) -> HttpResponse:
    """List the calls that are due: what to say, not yet whom."""
    context = {"calls": queries.calls(request.commune.id)}
    return render(request, "desk/calls/calls.html", context)


@may(CALL)
@require_safe
def call(request: DeskRequest, message: UUID) -> HttpResponse:
    """Show one call with its number; that it was looked at stands in the log."""
    found = _call(request, message)
    number = actions.number_to_call(found, by=request.actor)
    context = {
        "call": found,
        "number": phone.grouped(number),
        "dial": f"tel:{number}",
        "crumbs": [{"url": reverse("desk:calls"), "text": _("Gọi điện báo")}],
    }
    return render(request, "desk/calls/call.html", context)


@may(CALL)
@require_POST
def note_call(request: DeskRequest, message: UUID, what: str) -> HttpResponse:
    """Note how a call went."""
    found = _call(request, message)
    outcome = _OUTCOMES.get(what)
    if outcome is None:
        raise Http404
    actions.note_call(found, cast("Outcome", outcome), by=request.actor)
    messages.success(request, _("Đã ghi."))
    return redirect("desk:calls")


def _call(request: DeskRequest, message: UUID) -> Message:
    found = queries.call(request.commune.id, message)
    if found is None:
        raise Http404
    return found
