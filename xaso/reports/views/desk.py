"""Reports on the officials' desk: the inbox by deadline, and one report with everything known."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.identity import queries as identity
from xaso.kernel.notifications import queries as notifications
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import NotFound
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, queries, readers
from xaso.reports.actions import looking
from xaso.reports.actions.filtering import ASKED
from xaso.reports.models import Report, State
from xaso.reports.queries import detail, sealed
from xaso.reports.queries.inbox import GROUPS, PAGE
from xaso.reports.views import lines, verbs

_ICONS = {
    "late": "circle-alert",
    "today": "clock",
    "week": "calendar-clock",
    "later": "calendar",
    "paused": "circle-pause",
}
_SHORT = {"week": gettext_lazy("Tuần này"), "paused": gettext_lazy("Đang chờ dân")}


@may("reports.read")
def inbox(request: DeskRequest) -> HttpResponse:
    """Show what waits for the commune, the most urgent first."""
    asked = wanted(request)
    head = queries.head(request.commune, request.actor)
    counts = head.counts
    kinds = catalogue.stamped(request.commune.id, head.stamp)
    found = queries.inbox(request.commune, asked, by=request.actor, kinds=kinds)
    _count_in_menu(request, counts)
    now = clock.now()
    drawn = [(name, label, lines.jobs(jobs, now)) for name, label, jobs in found.groups]
    context = {
        "now": now,
        "groups": drawn,
        "icons": {icon for _name, _label, jobs in drawn for job in jobs for icon in job.icons},
        "wanted": asked,
        "counts": counts,
        "sum": _sum(counts, asked.group),
        "picks": _picks(request, asked, counts),
        "kept": head.filters,
        "query": _query(request),
        "may_work": identity.may(request.actor, "reports.work"),
        "may_help": request.allowed("reports.help"),  # type: ignore[attr-defined]
        "newer": _again(request, trang=str(found.page - 1)) if found.page > 1 else "",
        "older": _again(request, trang=str(found.page + 1)) if found.has_more else "",
        "shown": _shown(found.page, len(found.jobs)),
        "filter_address": _again(request, loc="1"),
        "ringing": counts["ringing"],
        "sealed_count": sealed.count_sealed(request.commune, head, by=request.actor),
    }
    if "loc" in request.GET or _is_filtered(asked):
        context |= _choices(request, kinds)
    return render(request, "reports/desk/inbox.html", context)


@may("reports.read")
def show(request: DeskRequest, code: str) -> HttpResponse:
    """Show one report: photos, place, deadline and why, history, and what may be done now."""
    report = queries.with_route(request.commune, queries.check_code(code))
    may_contact = identity.may(request.actor, "reports.view_contact")
    shows_contact = may_contact and "lien-he" in request.GET
    readers.refuse_named(report, request.actor)
    if report.is_sealed:
        found = sealed.sealed_one(request.commune, report.code, by=request.actor)
        return redirect("reports_desk:sealed", found.code)
    is_hidden = report.reporter is not None and report.reporter.is_anonymous
    contact = None if is_hidden else report.reporter
    looking.opened(report, by=request.actor)
    if shows_contact and contact is not None:
        looking.at_contact(report, contact, by=request.actor)
    buttons = verbs.buttons(report, request.actor)
    context = {
        "file": detail.file(report, by=request.actor, now=clock.now()),
        "buttons": buttons,
        "has_rare": any(button.is_rare for button in buttons),
        "contact": contact if shows_contact else None,
        "is_hidden": is_hidden,
        "may_work": identity.may(request.actor, "reports.work"),
        "may_hold": identity.may(request.actor, "reports.retain"),
        "may_contact": may_contact and contact is not None,
        "is_not_told": report.reporter is not None and _is_not_told(report),
        "crumbs": [(reverse("reports_desk:inbox"), _("Phản ánh"))],
    }
    return render(request, "reports/desk/show.html", context)


def _is_not_told(report: Report) -> bool:
    """Return whether a message to the sender has not come through, by whatever way."""
    found = notifications.not_told([report], commune=report.commune_id, recipients="reporter:")
    return bool(found)


@may("reports.read")
def point(request: DeskRequest, code: str) -> HttpResponse:
    """Return the exact point of a report for the officials' map (GeoJSON, RFC 7946)."""
    report = queries.by_code(request.commune, queries.check_code(code))
    if report.is_sealed or readers.is_about(report, request.actor):
        raise NotFound
    features = [_feature(report)] if report.lat is not None else []
    border = request.commune.boundary
    return JsonResponse({"type": "FeatureCollection", "features": features, "border": border})


def _feature(report: Report) -> dict[str, Any]:
    where = {"type": "Point", "coordinates": [report.lon, report.lat]}
    facts = {"n": 1, "title": report.where(), "state": report.state}
    return {"type": "Feature", "geometry": where, "properties": facts}


def _is_filtered(wanted: queries.InboxFilter) -> bool:
    return bool(wanted.unit or wanted.category or wanted.village or wanted.state)


def _choices(request: DeskRequest, kinds: catalogue.Categories) -> dict[str, object]:
    """Return what the filter offers; asked for only when somebody filters."""
    return {
        "state_choices": State.choices,
        "unit_choices": [(unit.pk, unit.name) for unit in identity.units(request.commune)],
        "kind_choices": [(kind.code, kind.name) for kind in kinds.choices],
        "village_choices": [(v.pk, v.full_name) for v in places.named_villages(request.commune)],
    }


def wanted(request: DeskRequest, *, is_all: bool = False) -> queries.InboxFilter:
    """Return what the address asks of the inbox; `is_all` also wants what is closed."""
    asked = request.GET
    group = asked.get("nhom", "")
    return queries.InboxFilter(
        words=asked.get("tim", "")[:100],
        state=asked.get("trang_thai", "")[:20],
        unit=_number(asked.get("don_vi", "")),
        is_mine=bool(asked.get("cua_toi")),
        category=asked.get("loai", "")[:40],
        village=_number(asked.get("ban", "")),
        group=group if group in GROUPS else "",
        page=min(_number(asked.get("trang", "")) or 1, 2_000),
        is_all=is_all,
    )


def _sum(counts: dict[str, int], chosen: str) -> list[dict[str, object]]:
    address = reverse("reports_desk:inbox")
    return [
        {
            "value": counts[name],
            "text": _SHORT.get(name, GROUPS[name]),
            "icon": icon,
            "url": address if name == chosen else f"{address}?nhom={name}",
            "tone": "do" if name == "late" and counts[name] else "",
        }
        for name, icon in _ICONS.items()
    ]


def _picks(
    request: DeskRequest, wanted: queries.InboxFilter, counts: dict[str, int]
) -> list[dict[str, object]]:
    plain = not (wanted.is_mine or wanted.state or wanted.group)
    return [
        {
            "url": reverse("reports_desk:inbox"),
            "text": _("Đang mở %(n)s") % {"n": counts["all"]},
            "is_on": plain,
        },
        {
            "url": _again(request, cua_toi="1", trang_thai="", nhom=""),
            "text": _("Của tôi %(n)s") % {"n": counts["mine"]},
            "is_on": wanted.is_mine,
        },
        {
            "url": _again(request, trang_thai="new", cua_toi="", nhom=""),
            "text": _("Mới tới %(n)s") % {"n": counts["new"]},
            "is_on": wanted.state == State.NEW,
        },
        {
            "url": _again(request, trang_thai="answered", cua_toi="", nhom=""),
            "text": _("Đã trả lời"),
            "is_on": wanted.state == State.ANSWERED,
        },
        *(_work_picks(counts) if identity.may(request.actor, "reports.work") else ()),
    ]


def _work_picks(counts: dict[str, int]) -> list[dict[str, object]]:
    """Return the lists that only those who work on reports may open."""
    return [
        {"url": reverse("reports_clocks:pressing"), "text": _("Đến hạn"), "is_on": False},
        {
            "url": reverse("reports_clocks:approvals"),
            "text": _("Chờ duyệt %(n)s") % {"n": counts["asked"]},
            "is_on": False,
        },
        {
            "url": reverse("reports_desk:looks"),
            "text": _("Duyệt đăng %(n)s") % {"n": counts["look"]},
            "is_on": False,
        },
    ]


def _again(request: DeskRequest, **changed: str) -> str:
    """Return this page's address with some of its questions changed."""
    asked = request.GET.copy()
    asked.pop("trang", None)
    for name, value in changed.items():
        asked[name] = value
        if not value:
            del asked[name]
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _query(request: DeskRequest) -> str:
    """Return the filter of this page as a query string; empty when nothing is filtered."""
    asked = [(name, request.GET[name]) for name in ASKED if request.GET.get(name)]
    return urlencode(asked)


def _shown(page: int, count: int) -> str:
    first = (page - 1) * PAGE
    if not count:
        return ""
    return _("Việc %(first)s–%(last)s") % {"first": first + 1, "last": first + count}


def _count_in_menu(request: DeskRequest, counts: dict[str, int]) -> None:
    known = getattr(request, "menu_counts", None) or {}
    shown = {"reports": counts["all"], "look": counts["look"]}
    request.menu_counts = known | shown  # type: ignore[attr-defined]


def _number(text: str) -> int | None:
    """Return a typed key, or None for anything that cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
