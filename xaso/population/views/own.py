"""A resident's own record: opened by a printed code and the date of birth, for 15 minutes."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as tries
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Refusal
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, View, citizen_page
from xaso.population import births, queries
from xaso.population.actions import consents, own, rights, watching
from xaso.population.models import ConsentRecord, Person, PersonIdentifier, RequestKind, Status
from xaso.population.queries import apart
from xaso.population.queries import rights as asked

_KEY, _SECONDS = "own_record", 15 * 60
_TRIES, _HOUR = 60, timedelta(hours=1)  # of one address: a village may share one


@citizen_page
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: CommuneRequest) -> HttpResponse:
    """Ask for the code and the date of birth; what is wrong of both is not said."""
    fault = ""
    if request.method == "POST":
        code, birth = request.POST.get("ma", ""), request.POST.get("sinh", "")
        try:
            near = identity.prefix(identity.address(request))
            tries.take(
                f"own records of {near}", limit=_TRIES, per=_HOUR, commune=request.commune.id
            )
            person = own.open_record(code, birth, commune=request.commune)
        except Refusal as refusal:
            fault = str(refusal)
        else:
            request.session.cycle_key()  # a session somebody else prepared opens nothing
            request.session[_KEY] = [str(person.pk), str(request.commune.pk), int(time.time())]
            return redirect("population:record")
    return render(
        request, "population/own/enter.html", {"fault": fault}, status=422 if fault else 200
    )


def opened(view: Callable[..., HttpResponse]) -> View:
    """Open a view to the person whose record was opened a moment ago; others are asked again."""

    @wraps(view)
    def checked(request: CommuneRequest, /, *args: object, **kwargs: object) -> HttpResponse:
        person = _mine(request)
        if person is None:
            return redirect("population:own")
        return view(request, person, *args, **kwargs)

    return caching.personal(citizen_page(checked))


@opened
@require_safe
def record(request: CommuneRequest, person: Person) -> HttpResponse:
    """Show what the commune keeps of somebody, who looked, what they asked and agreed to."""
    return _page(request, person)


def _page(request: CommuneRequest, person: Person, fault: str = "") -> HttpResponse:
    """Draw the record; a request that was refused stays as it was typed."""
    household = queries.household_of(person)
    context = {
        "person": person,
        "household": household,
        "members": queries.members(household) if household else [],
        "numbers": PersonIdentifier.objects.filter(person=person),
        "looks": asked.looks(person, to_resident=True),
        "born": births.shown(person.birth_date, person.birth_precision),
        "set_apart": apart.of(person),
        "requests": asked.requests(person),
        "consents": asked.consents(person),
        "kinds": [c for c in RequestKind.choices if c[0] != RequestKind.COMPLAIN],
        "request_id": uuid4(),
        "fault": fault,
        "typed": request.POST,
    }
    status = 422 if fault else 200
    return render(request, "population/own/record.html", context, status=status)


@opened
@require_POST
def ask(request: CommuneRequest, person: Person) -> HttpResponse:
    """Take a request about one's own data."""
    try:
        key = UUID(request.POST.get("id", ""))
    except ValueError:
        key = uuid4()
    new = rights.NewRequest(request.POST.get("kind", ""), request.POST.get("text", ""), id=key)
    try:
        kept = rights.ask(person, new, by=_actor(person))
        said = {"day": f"{kept.answer_due_at:%d/%m/%Y}"}
        messages.success(request, _("Xã đã nhận, sẽ trả lời trước ngày %(day)s.") % said)
    except Refusal as refusal:
        return _page(request, person, str(refusal))
    return redirect("population:record")


@opened
@require_POST
def question(request: CommuneRequest, person: Person, look: int) -> HttpResponse:
    """Ask what a look at one's own record was for."""
    try:
        watching.complain(person, look, request.POST.get("text", ""), by=_actor(person))
        messages.success(request, _("Xã đã nhận. Lãnh đạo xã xem lại lượt xem này và trả lời."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("population:record")


@opened
@require_POST
def withdraw(request: CommuneRequest, person: Person, consent: UUID) -> HttpResponse:
    """Take a consent back; it holds from this moment, and the commune is asked to stop."""
    found = ConsentRecord.objects.filter(person=person, pk=consent).first()
    if found is not None and found.withdrawn_at is None:
        consents.withdraw_consent(found, by=_actor(person))
        rights.ask(person, rights.NewRequest(RequestKind.WITHDRAW), by=_actor(person))
        messages.success(request, _("Đã rút lại sự đồng ý."))
    return redirect("population:record")


@citizen_page
@require_POST
def leave(request: CommuneRequest) -> HttpResponse:
    """Close the record on this device."""
    request.session.pop(_KEY, None)
    return redirect("population:own")


def _mine(request: CommuneRequest) -> Person | None:
    held = request.session.get(_KEY)
    if not held or held[1] != str(request.commune.pk) or time.time() - held[2] > _SECONDS:
        return None
    rows = Person.objects.filter(commune=request.commune, pk=held[0])
    return rows.exclude(status=Status.DUPLICATE).first()


def _actor(person: Person) -> Actor:
    return Actor("resident", str(person.pk), "web")
