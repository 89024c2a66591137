"""The room's first page: one box, what waits, and who was found."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xaso.kernel.identity import actions as identity
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.web import unread
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions, asking, queries
from xaso.population.models import Person
from xaso.population.queries import repair
from xaso.population.views import scope

PER_MINUTE = 60
_MINUTE = timedelta(minutes=1)
_USE, _TOKEN = "population.search", "hoi"
_ASKED = ("tim", "ban", "so")


@may("population.village")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """Find somebody, or show what waits.

    The box is posted: the number of a paper stays out of addresses, of what a browser remembers of
    them and of a proxy's log. Words go on as an address only this official can read, for a day, so
    that one can come back to the list.
    """
    said: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    typed = said.get("tim", "")[:200]
    if typed.strip() and not (request.method == "POST" and asking.is_number(typed)):
        return redirect(_address(request, {n: said[n] for n in _ASKED if said.get(n)}))
    fault = ""
    if _TOKEN in request.GET:
        try:
            said = unread.opened(request.GET[_TOKEN], use=_USE, by=request.actor.id)
        except unread.NotYours:
            fault = _("Địa chỉ này không mở được nữa. Bác gõ lại điều cần tìm.")
    return _page(request, said, fault)


def _address(request: DeskRequest, asked: Mapping[str, str]) -> str:
    token = unread.sealed(asked, use=_USE, by=request.actor.id)
    return f"{reverse('population_desk:index')}?{_TOKEN}={token}"


def _page(request: DeskRequest, said: Mapping[str, str], fault: str) -> HttpResponse:
    seen = scope.of(request)
    there = scope.villages(request, seen)
    typed = said.get("tim", "")[:200]
    village = _number(said.get("ban", ""))
    context: dict[str, object] = {
        "typed": typed,
        "village": village,
        "villages": [(v.pk, v.full_name) for v in there],
        "is_whole": seen.is_whole,
        "waiting": repair.waiting(request.commune, seen.villages),
        "found": None,
        "fault": fault,
        "may_work": identity_may(request, "population.work"),
        "beside": _beside(request, said),
    }
    status = 422 if fault else 200
    if typed.strip():
        try:
            _find(request, seen, context)
        except Invalid as refusal:
            context["fault"], status = str(refusal.sentence), 422
    return render(request, "population/desk/index.html", context, status=status)


def _beside(request: DeskRequest, said: Mapping[str, str]) -> Person | None:
    """Return the person whom somebody is looked for to be compared with."""
    if not identity_may(request, "population.merge"):
        return None
    try:
        return queries.person(request.commune, UUID(said.get("so", "")))
    except (ValueError, Refusal):
        return None


def _find(request: DeskRequest, seen: scope.Scope, context: dict[str, object]) -> None:
    """Put who was found into the page, and write down that they were shown."""
    identity.take(
        f"population.search:{request.actor.id}", limit=PER_MINUTE, per=_MINUTE,
        commune=request.commune.id,
    )  # fmt: skip
    there = scope.villages(request, seen)
    village = context["village"] if isinstance(context["village"], int) else None
    if village is None and len(there) == 1 and not seen.is_whole:
        village = there[0].pk  # a village head's own village goes without saying
    asked = queries.read(str(context["typed"]), there, village)
    page = _number(request.GET.get("trang", "")) or 1
    found = queries.find_persons(request.commune, asked, villages=seen.villages, page=page)
    keys = [line.id for line in found.lines]
    actions.searched(keys, seen.purpose, commune=request.commune.id, by=request.actor)
    context["found"] = found
    context["older"] = _turned(request, found.page + 1) if found.page < found.pages else ""
    context["newer"] = _turned(request, found.page - 1) if found.page > 1 else ""
    context["turn"] = _("Trang %(page)s trong %(pages)s") % {
        "page": found.page,
        "pages": found.pages,
    }


def _turned(request: DeskRequest, page: int) -> str:
    query = request.GET.copy()
    query["trang"] = str(page)
    return f"{reverse('population_desk:index')}?{query.urlencode()}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def identity_may(request: DeskRequest, permission: str) -> bool:
    """Return whether the official holds a permission."""
    return bool(request.allowed(permission))  # type: ignore[attr-defined]
