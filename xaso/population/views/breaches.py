"""Data that got out, and exercises of it: the list, the clock, the steps, the notice on paper."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.kernel.audit import actions as audit
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.deadlines import span
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.actions import breaches, viewing
from xaso.population.models import FieldGroup, LookAlert, Sureness
from xaso.population.queries import breaches as incidents
from xaso.population.queries.breaches import Incident
from xaso.population.views.breach_forms import BreachForm

_MAY = "population.breach"
_PER_PAGE = 50
_RULE = "rights.breach_hours"
_HOUR, _MINUTE, _DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@may(_MAY)
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """List incidents, and exercises apart with how long each step took."""
    real = incidents.listed(request.commune, is_drill=False, by=request.actor)
    drills = incidents.listed(request.commune, is_drill=True, by=request.actor)
    context = {
        "incidents": [(each, _clock(each)) for each in real],
        "drills": [(each, _clock(each), _spans(each)) for each in drills],
        "open": sum(not each.is_over for each in real),
        "crumbs": _crumbs(request)[:-1],
    }
    return render(request, "population/breaches/listed.html", context)


@may(_MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Open an incident or an exercise; an alert of looks brings its account and period along."""
    form = BreachForm(
        request.POST or None, commune=request.commune, me=request.actor.id, first=_first(request)
    )
    if form.is_valid():
        try:
            row = breaches.open_breach(request.commune, form.said(), by=request.actor)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, sentences)
        else:
            messages.success(request, _("Đã mở. Đồng hồ đang chạy."))
            return redirect("population_breaches:show", row.pk)
    title = _("Mở một buổi diễn tập") if form["is_drill"].value() else _("Ghi một sự cố")
    context = {"form": form, "title": title, "crumbs": _crumbs(request)}
    status = 422 if form.errors else 200
    return render(request, "population/breaches/new.html", context, status=status)


@may(_MAY)
@require_safe
def show(request: DeskRequest, breach: UUID) -> HttpResponse:
    """Show one incident: its clock, its steps, whom it concerns in numbers."""
    return _page(request, breach)


@may(_MAY)
@require_POST
def step(request: DeskRequest, breach: UUID) -> HttpResponse:
    """Take the next step; words that were typed stay when it is refused."""
    taken, note = request.POST.get("step", ""), request.POST.get("note", "")
    try:
        breaches.take_step(breach, taken, note, by=request.actor)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _page(request, breach, fault=str(refusal), note=note[:2_000])
    messages.success(request, _("Đã ghi."))
    return redirect("population_breaches:show", breach)


@may("population.rights")
@require_safe
def people(request: DeskRequest, breach: UUID) -> HttpResponse:
    """List who is concerned, so that they can be told: a look of its own, written down.

    An exercise needs no names and opens none.
    """
    found = _found(request, breach)
    counted = None if found.breach.is_drill else incidents.concerned(found.breach)
    if counted is None:
        raise NotFound
    pages = max(1, -(-counted.persons // _PER_PAGE))
    asked = request.GET.get("trang", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    page = max(1, min(page, pages))
    rows = incidents.people(found.breach, page=page, per_page=_PER_PAGE)
    purpose = viewing.Purpose("population.breach", str(breach))
    shown = [row.person for row in rows]
    viewing.saw_many(shown, [FieldGroup.BASIC], purpose, by=request.actor)
    audit.record(
        "population.breach_people_listed", found.breach, by=request.actor,
        commune=request.commune.id, changes={"page": page, "persons": len(shown)},
    )  # fmt: skip
    base = reverse("population_breaches:people", args=[breach])
    context = {
        "rows": rows,
        "persons": counted.persons,
        "newer": f"{base}?trang={page - 1}" if page > 1 else "",
        "older": f"{base}?trang={page + 1}" if page < pages else "",
        "turn": _("Tờ %(page)s trong %(pages)s") % {"page": page, "pages": pages},
        "crumbs": [
            *_crumbs(request),
            (reverse("population_breaches:show", args=[breach]), _title(found)),
        ],
    }
    return render(request, "population/breaches/people.html", context)


@may(_MAY)
@require_safe
def notice(request: DeskRequest, breach: UUID) -> HttpResponse:
    """Show the notice to the authority, in Vietnamese, to be printed; it names no resident."""
    with override("vi"):
        found = _found(request, breach)
        context = {
            "incident": found,
            "commune": request.commune,
            "concerned": incidents.concerned(found.breach),
            "told_in": span(found.told_in) if found.told_in is not None else "",
            "hours": _hours(found.breach.due_at - found.breach.noticed_at),
            "today": dates.local(clock.now()).date(),
        }
        return render(request, "population/breaches/notice.html", context)


def _page(request: DeskRequest, key: UUID, *, fault: str = "", note: str = "") -> HttpResponse:
    found = _found(request, key)
    rule = rulebook.held(request.commune.id)[_RULE]
    context = {
        "incident": found,
        "title": _title(found),
        "clock": _clock(found),
        "steps": [(each, span(each.took) if each.took is not None else "") for each in found.steps],
        "concerned": incidents.concerned(found.breach),
        "may_list": identity.may(request.actor, "population.rights") and not found.breach.is_drill,
        "is_unverified": rule.sureness == Sureness.UNVERIFIED,
        "fault": fault,
        "note": note,
        "crumbs": _crumbs(request),
    }
    status = 409 if fault else 200
    return render(request, "population/breaches/show.html", context, status=status)


def _found(request: DeskRequest, key: UUID) -> Incident:
    found = incidents.incident(request.commune, key, by=request.actor)
    if found is None:
        raise NotFound
    return found


def _first(request: DeskRequest) -> dict[str, Any]:
    """Return what the form begins with: the alert in the address, or the last day."""
    now = clock.now().replace(second=0, microsecond=0)
    first = {
        "is_drill": request.GET.get("dien-tap") == "1",
        "began_at": now - _DAY,
        "ended_at": now,
    }
    try:
        key = UUID(request.GET.get("canh-bao", "")[:36])
    except ValueError:
        return first
    alert = LookAlert.objects.filter(commune=request.commune, pk=key).first()
    if alert is None:
        return first
    return first | {
        "account": alert.viewer,
        "noticed_at": max(alert.found_at.replace(second=0, microsecond=0), alert.first_at),
        "began_at": alert.first_at.replace(second=0, microsecond=0),
        "ended_at": min(now, alert.last_at.replace(second=0, microsecond=0) + _MINUTE),
        "text": alert.get_kind_display(),
    }


def _title(found: Incident) -> str:
    when = dates.moment(found.breach.noticed_at, year=True)
    said = _("Diễn tập lúc %(when)s") if found.breach.is_drill else _("Sự cố lúc %(when)s")
    return said % {"when": when}


def _spans(found: Incident) -> list[tuple[str, str]]:
    return [(each.label, span(each.took)) for each in found.steps if each.took is not None]


def _clock(found: Incident) -> tuple[str, str]:
    """Return how the clock stands in words, and its tone."""
    if found.told_in is not None:
        said = _("Đã báo sau %(time)s, quá hạn") if found.was_late else _("Đã báo sau %(time)s")
        return said % {"time": span(found.told_in)}, "do" if found.was_late else "xanh"
    if found.left is None:
        return _("Đã đóng, không phải lộ dữ liệu"), "line"
    if found.left < timedelta(0):
        return _("Quá hạn báo %(time)s") % {"time": _in_hours(-found.left)}, "do"
    said = _("Còn %(time)s để báo") % {"time": _in_hours(found.left)}
    return said, "cam" if found.left < _DAY else "cham"


def _in_hours(length: timedelta) -> str:
    n = _hours(length)
    return ngettext("%(n)d giờ", "%(n)d giờ", n) % {"n": n} if n else span(length)


def _hours(length: timedelta) -> int:
    return int(length // _HOUR)


def _crumbs(request: DeskRequest) -> list[tuple[str, str]]:
    """Return the way here: by the looks for who watches, else by what residents ask."""
    if identity.may(request.actor, "population.watch"):
        above = (reverse("population_manage:looks"), _("Lượt xem bất thường"))
    else:
        above = (reverse("population_rights:listed"), _("Yêu cầu về dữ liệu"))
    return [above, (reverse("population_breaches:listed"), _("Sự cố lộ dữ liệu"))]
