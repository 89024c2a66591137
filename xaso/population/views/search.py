"""The room's first page: one box, what waits, and who was found."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xaso.kernel.identity import actions as identity
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions, asking, queries
from xaso.population.models import Person
from xaso.population.queries import repair
from xaso.population.views import scope

PER_MINUTE = 60
_MINUTE = timedelta(minutes=1)


@may("population.village")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """Find somebody, or show what waits.

    The box is posted: the number of a paper stays out of addresses, of what a browser remembers of
    them and of a proxy's log. Words go on as an address, so that one can come back to the list.
    """
    seen = scope.of(request)
    there = scope.villages(request, seen)
    said = request.POST if request.method == "POST" else request.GET
    typed = said.get("tim", "")[:200]
    if request.method == "POST" and not asking.is_number(typed):
        asked = {name: said[name] for name in ("tim", "ban", "so") if said.get(name)}
        return redirect(f"{reverse('population_desk:index')}?{urlencode(asked)}")
    village = _number(said.get("ban", ""))
    context: dict[str, object] = {
        "typed": typed,
        "village": village,
        "villages": [(v.pk, v.full_name) for v in there],
        "is_whole": seen.is_whole,
        "waiting": repair.waiting(request.commune, seen.villages),
        "found": None,
        "fault": "",
        "may_work": identity_may(request, "population.work"),
        "beside": _beside(request),
    }
    status = 200
    if typed.strip():
        try:
            _find(request, seen, context)
        except Invalid as refusal:
            context["fault"], status = str(refusal.sentence), 422
    return render(request, "population/desk/index.html", context, status=status)


def _beside(request: DeskRequest) -> Person | None:
    """Return the person whom somebody is looked for to be compared with."""
    if not identity_may(request, "population.merge"):
        return None
    try:
        said = request.POST if request.method == "POST" else request.GET
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
