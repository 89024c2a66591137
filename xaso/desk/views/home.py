"""An official's own page: what is theirs, by deadline."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from xaso.dossiers import queries as dossiers
from xaso.kernel.identity import queries as identity
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import queries as reports
from xaso.reports.queries import looking
from xaso.reports.queries.inbox import GROUPS

# The groups of the summary: name of the count, icon, tone.
SUMMARY = (
    ("late", "circle-alert", "do"),
    ("today", "clock", ""),
    ("week", "calendar-clock", ""),
    ("paused", "circle-pause", ""),
)
# The dossiers that wait for an official: name of the count, words, icon, where they are listed.
DOSSIERS = (
    ("held", _("Tôi đang giữ"), "folder-open", "cua_toi=1"),
    ("late", _("Tôi giữ, quá hạn"), "circle-alert", "cua_toi=1&nhom=late"),
    ("today", _("Tôi giữ, hẹn hôm nay"), "clock", "cua_toi=1&nhom=today"),
    ("unit", _("Đơn vị tôi, chưa ai nhận"), "users", "nhom=unit"),
    ("asked", _("Hỏi ý kiến đơn vị tôi"), "reply", "nhom=asked"),
    ("new", _("Chờ tiếp nhận"), "inbox", "nhom=new"),
    ("unanswered", _("Tờ khai còn thiếu"), "file-text", "nhom=unanswered"),
    ("ready", _("Có kết quả, chờ trả"), "check-check", "nhom=ready"),
    ("approve", _("Chờ duyệt yêu cầu bổ sung"), "file-text", "nhom=approve"),
    ("withdrawing", _("Xin rút"), "rotate-ccw", "nhom=withdrawing"),
)


@may("desk.open")
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """Show what is assigned to this official; who has nothing assigned sees all that is open."""
    if not identity.may(request.actor, "desk.mine"):
        return redirect("desk:province")
    if not identity.may(request.actor, "reports.read"):
        return redirect("desk:administration")
    now = clock.now()
    counts = reports.desk_counts(request.commune, request.actor)
    request.menu_counts = {"reports": counts["all"], "look": counts["look"]}  # type: ignore[attr-defined]
    is_mine = counts["mine"] > 0
    wanted = reports.InboxFilter(is_mine=is_mine)
    page = reports.inbox(request.commune, wanted, by=request.actor, now=now)
    today = dates.local(now).date()
    share = reports.on_time(request.commune, today.replace(day=1), today + timedelta(days=1))
    context = {
        "now": now,
        "is_mine": is_mine,
        "page": page,
        "items": _summary(counts),
        "share": share,
        **_dossiers(request, now),
        "is_look_late": identity.may(request.actor, "reports.work")
        and looking.is_late(request.commune, now),
    }
    return render(request, "desk/home.html", context)


def _dossiers(request: DeskRequest, now: datetime) -> dict[str, object]:
    """Return what waits for this official among the dossiers; nothing for who may not read them."""
    if not identity.may(request.actor, "dossiers.read"):
        return {}
    work = dossiers.my_work(request.commune, request.actor, now)
    listed = reverse("dossiers_desk:index")
    items = [
        {
            "value": work.counts[name],
            "text": text,
            "icon": icon,
            "url": f"{listed}?{query}",
            "tone": "do" if name == "late" and work.counts[name] else "",
        }
        for name, text, icon, query in DOSSIERS
        if name in work.counts
    ]
    return {"dossier_work": work, "dossier_items": items}


def _summary(counts: dict[str, int]) -> list[dict[str, object]]:
    """Return the commune's open reports by group, each leading to its list."""
    inbox = reverse("reports_desk:inbox")
    return [
        {
            "value": counts.get(name, 0),
            "text": GROUPS[name],
            "icon": icon,
            "url": f"{inbox}?nhom={name}",
            "tone": tone if counts.get(name) else "",
        }
        for name, icon, tone in SUMMARY
    ]
