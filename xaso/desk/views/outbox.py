"""The administrator sees what was told and what did not come through."""

import re
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.notifications import actions, channels, queries
from xaso.kernel.notifications.models import Message
from xaso.kernel.web.http import DeskRequest, may

MANAGE = "notifications.manage"
_PAGE = 50
# What opens something for whoever holds it: a rating link, a body's link. Read here by none.
_TOKEN = re.compile(r"(/t/[\w-]+/|/co-quan/)[^\s/<>\"]+")
_AGAIN = {Message.Status.FAILED, Message.Status.GIVEN_UP, Message.Status.UNKNOWN}


@may(MANAGE)
@require_safe
def outbox(request: DeskRequest) -> HttpResponse:
    """Show messages, newest first, by channel and by how they stand; the demo's inbox too."""
    wanted = _wanted(request)
    found = queries.newest(request.commune.id, _PAGE + 1, wanted=wanted)
    shown = found[:_PAGE]
    older = _address(wanted, shown[-1].created_at) if len(found) > _PAGE else ""
    context = {
        "lines": [
            {
                "message": each,
                "body": _TOKEN.sub(r"\1•••", each.body),
                "kind": channels.kind(each.channel),
                "again": each.status in _AGAIN,
            }
            for each in shown
        ],
        "channel_picks": _channel_picks(wanted),
        "status_picks": _status_picks(wanted),
        "older": older,
        "newer": _address(wanted) if wanted.before else "",
    }
    return render(request, "desk/channels/outbox.html", context)


@may(MANAGE)
@require_POST
def send_again(request: DeskRequest, message: UUID) -> HttpResponse:
    """Try a message once more."""
    found = get_object_or_404(Message, pk=message, commune=request.commune)
    actions.send_again(found, by=request.actor)
    messages.success(request, _("Đã xếp hàng gửi lại."))
    return redirect("desk:outbox")


def _wanted(request: DeskRequest) -> queries.Wanted:
    """Read the filters; what nobody knows is left out."""
    said = request.GET
    channel, status = said.get("kenh", ""), said.get("trang_thai", "")
    try:
        before = parse_datetime(said.get("truoc", ""))
    except ValueError:
        before = None
    return queries.Wanted(
        channel=channel if channel in channels.KINDS else "",
        status=status if status in Message.Status.values else "",
        before=before if before and before.tzinfo else None,
    )


def _address(wanted: queries.Wanted, before: datetime | None = None) -> str:
    """Return the address of this list, or of the part of it before a moment."""
    said = {
        "kenh": wanted.channel,
        "trang_thai": wanted.status,
        "truoc": before.isoformat() if before else "",
    }
    asked = urlencode({name: value for name, value in said.items() if value})
    return reverse("desk:outbox") + (f"?{asked}" if asked else "")


def _channel_picks(wanted: queries.Wanted) -> list[dict[str, object]]:
    choices = [("", _("Mọi kênh")), *((k.name, k.label) for k in channels.KINDS.values())]
    return [
        {
            "url": _address(queries.Wanted(name, wanted.status)),
            "text": text,
            "is_on": name == wanted.channel,
        }
        for name, text in choices
    ]


def _status_picks(wanted: queries.Wanted) -> list[dict[str, object]]:
    choices = [("", _("Tất cả")), *((s.value, s.label) for s in Message.Status)]
    return [
        {
            "url": _address(queries.Wanted(wanted.channel, value)),
            "text": text,
            "is_on": value == wanted.status,
        }
        for value, text in choices
    ]
