"""What residents ask about their own data, at the desk: clocks, answers, codes, consents."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.population.actions import consents, own, rights, setting_apart, viewing, watching
from xaso.population.models import (
    ConsentRecord,
    FieldGroup,
    RequestKind,
    SubjectRequest,
)
from xaso.population.queries import apart, processing
from xaso.population.queries import rights as asked
from xaso.population.queries import watching as watched
from xaso.population.views import scope

PERMISSION = "population.rights"


@may(PERMISSION)
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """List what waits for an answer or an end, the most urgent first."""
    waiting = [(row, asked.is_late(row)) for row in asked.open_requests(request.commune)]
    held = apart.listed(request.commune)
    people = {row.person_id: row.person for row, _late in waiting}
    people |= {row.person_id: row.person for row in held}
    purpose = viewing.Purpose("request")
    viewing.saw_many(list(people.values()), [FieldGroup.BASIC], purpose, by=request.actor)
    context = {
        "waiting": waiting,
        "closed": asked.closed_requests(request.commune),
        "set_apart": held,
        "crumbs": [(reverse("population_desk:index"), _("Dân cư"))],
    }
    return render(request, "population/rights/listed.html", context)


@may(PERMISSION)
@require_safe
def person(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show who looked at a record, what its person asked and agreed to."""
    return _page(request, key)


@may(PERMISSION)
@require_POST
def make_key(request: DeskRequest, key: UUID) -> HttpResponse:
    """Give a resident a code for their own record: shown on this page once."""
    row = scope.person(request, key)
    code = own.make_key(row, by=request.actor)
    return _page(request, key, code=f"{code[:3]} {code[3:6]} {code[6:]}")


@may(PERMISSION)
@require_POST
def ask(request: DeskRequest, key: UUID) -> HttpResponse:
    """Take a request that somebody makes at the counter."""
    row = scope.person(request, key)
    said = request.POST
    new = rights.NewRequest(said.get("kind", ""), said.get("text", ""), "counter")
    _said(request, lambda: rights.ask(row, new, by=request.actor))
    return redirect("population_rights:person", key)


@may(PERMISSION)
@require_POST
def set_apart(request: DeskRequest, key: UUID) -> HttpResponse:
    """Lock a record: kept, and no longer used."""
    row = scope.person(request, key)
    reason = request.POST.get("reason", "")
    asking = SubjectRequest.objects.filter(
        person=row, kind__in=[RequestKind.RESTRICT, RequestKind.DELETE], done_at__isnull=True
    ).first()
    _said(request, lambda: setting_apart.set_apart(row, reason, by=request.actor, request=asking))
    return redirect("population_rights:person", key)


@may(PERMISSION)
@require_POST
def use_again(request: DeskRequest, key: UUID) -> HttpResponse:
    """Unlock a record."""
    row = scope.person(request, key)
    held = apart.of(row)
    if held is None:
        raise NotFound
    reason = request.POST.get("reason", "")
    _said(request, lambda: setting_apart.use_again(held.pk, reason, by=request.actor))
    return redirect("population_rights:person", key)


@may(PERMISSION)
@require_POST
def staff(request: DeskRequest, key: UUID) -> HttpResponse:
    """Say which official this record is the own one of."""
    row = scope.person(request, key)
    typed = request.POST.get("official", "")
    official = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    _said(request, lambda: watching.say_who_works_here(row, official, by=request.actor))
    return redirect("population_rights:person", key)


@may(PERMISSION)
@require_POST
def consent(request: DeskRequest, key: UUID) -> HttpResponse:
    """Keep that somebody agreed to a purpose."""
    row = scope.person(request, key)
    purpose = consents.purpose(request.commune, request.POST.get("purpose", "")[:60])
    said = request.POST
    channel = said.get("channel", "")
    agreed = consents.Agreement(
        purpose,
        said.get("version", "1"),
        said.get("language", "") or _("Việt"),
        channel if channel in ConsentRecord.Channel.values else ConsentRecord.Channel.PAPER,
        (said.get("witness_1", ""), said.get("witness_2", "")),
    )
    try:
        consents.give_consent(row, agreed, by=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, key, agreed=agreed)
    return redirect("population_rights:person", key)


@may(PERMISSION)
@require_POST
def withdraw(request: DeskRequest, consent: UUID) -> HttpResponse:
    """Keep that somebody took a consent back at the counter."""
    found = ConsentRecord.objects.filter(commune=request.commune, pk=consent).first()
    if found is None:
        raise NotFound
    consents.withdraw_consent(found, by=request.actor)
    return redirect("population_rights:person", found.person_id)


@may(PERMISSION)
@require_POST
def work(request: DeskRequest, asking: UUID) -> HttpResponse:
    """Answer, extend, finish or refuse a request."""
    row = SubjectRequest.objects.filter(commune=request.commune, pk=asking).first()
    if row is None:
        raise NotFound
    if row.kind == RequestKind.COMPLAIN:
        raise NotFound  # whoever watches over looks answers it, not whoever may have looked
    text, step = request.POST.get("answer", ""), request.POST.get("step", "")
    third = bool(request.POST.get("third"))
    steps: dict[str, Callable[[], object]] = {
        "answer": lambda: rights.answer_request(row, text, has_third_party=third, by=request.actor),
        "extend": lambda: rights.extend_request(row, by=request.actor),
        "done": lambda: rights.close_request(row, text, by=request.actor),
        "refuse": lambda: rights.close_request(row, text, is_refused=True, by=request.actor),
    }
    if step in steps:
        _said(request, steps[step])
    return redirect("population_rights:person", row.person_id)


def _page(
    request: DeskRequest, key: UUID, *, code: str = "", agreed: consents.Agreement | None = None
) -> HttpResponse:
    """Draw the page; a consent that was refused stays as it was typed."""
    row = scope.person(request, key)
    viewing.saw(row, [FieldGroup.BASIC], viewing.Purpose("request"), by=request.actor)
    context = {
        "person": row,
        "code": code,
        "agreed": agreed,
        "channels": [
            ("paper", _("Ký giấy")),
            ("voice", _("Nghe đọc, có hai người làm chứng")),
            ("screen", _("Bấm trên màn hình")),
        ],
        "address": request.build_absolute_uri(reverse("population:own")),
        "looks": asked.looks(row),
        "requests": [(each, asked.is_late(each)) for each in asked.requests(row)],
        "consents": asked.consents(row),
        "purposes": processing.to_agree_to(request.commune),
        "kinds": [c for c in RequestKind.choices if c[0] != RequestKind.COMPLAIN],
        "set_apart": apart.of(row),
        "wants_a_copy": asked.wants_a_copy(row),
        "colleagues": identity.colleagues(request.commune),
        "official": watched.official_of(row),
        "crumbs": [
            (reverse("population_rights:listed"), _("Yêu cầu về dữ liệu")),
            (reverse("population_desk:person", args=[row.pk]), row.display_name),
        ],
    }
    status = 422 if agreed else 200
    return render(request, "population/rights/person.html", context, status=status)


def _said(request: DeskRequest, act: Callable[[], object]) -> None:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi."))
