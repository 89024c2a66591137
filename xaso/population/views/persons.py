"""A person's page: what is known, where from, and what may be shown for a purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as gl
from django.views.decorators.http import require_http_methods, require_POST

from xaso.kernel.audit import actions as audit
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions, births, ethnic, national_id, purposes, queries
from xaso.population.actions import Joining, Number, OtherName, Purpose, Reach, Said
from xaso.population.models import (
    FieldGroup,
    Person,
    PersonContact,
    PersonFlag,
    PersonIdentifier,
    Residence,
    ResidenceEvent,
    Status,
)
from xaso.population.queries import apart, people
from xaso.population.views import changing, person_forms, scope


@may("population.village")
def show(request: DeskRequest, person: UUID) -> HttpResponse:
    """Show somebody; a merged record leads to the one that remains."""
    row = scope.person(request, person)
    if row.status == Status.DUPLICATE:
        survivor = queries.resolve_person(row.pk)
        return redirect("population_desk:person", survivor.pk, permanent=True)
    return _page(request, row, {})


@may("population.reveal")
@require_POST
def reveal(request: DeskRequest, person: UUID, paper: UUID) -> HttpResponse:
    """Show one number in full, for a purpose that is written down."""
    row = scope.person(request, person)
    kept = PersonIdentifier.objects.filter(person=row, pk=paper).first()
    if kept is None:
        raise NotFound
    seen = actions.reveal(kept, _purpose(request), by=request.actor)
    shown = national_id.grouped(seen) if kept.kind == "national_id" else seen
    return _page(request, row, {"number": kept.pk, "full": shown})


@may("population.reveal")
@require_POST
def reveal_contact(request: DeskRequest, person: UUID, contact: UUID) -> HttpResponse:
    """Show one way to reach somebody, for a purpose that is written down."""
    row = scope.person(request, person)
    kept = PersonContact.objects.filter(person=row, pk=contact).first()
    if kept is None:
        raise NotFound
    seen = actions.reveal_contact(kept, _purpose(request), by=request.actor)
    return _page(request, row, {"contact": kept.pk, "reach": seen})


@may("population.sensitive")
@require_POST
def sensitive(request: DeskRequest, person: UUID) -> HttpResponse:
    """Show the ethnic group and flags, for a purpose that is written down."""
    row = scope.person(request, person)
    asked = _purpose(request)
    actions.saw(row, [FieldGroup.SENSITIVE], asked, by=request.actor)
    audit.view(row, by=request.actor, commune=row.commune_id, purpose=asked.code)
    flags = [
        flag
        for flag in PersonFlag.objects.filter(person=row).order_by("-period")
        if request.allowed(f"population.flag.{flag.kind}")  # type: ignore[attr-defined]
    ]
    told = ethnic.name(row.ethnic_code) or _("chưa có")
    group = f"{told} ({row.local_group})" if row.local_group else told
    return _page(request, row, {"ethnic": group, "flags": flags})


@may("population.work")
@require_POST
def answer(request: DeskRequest, person: UUID, paper: UUID) -> HttpResponse:
    """Say who is right where a number and the statement differ."""
    row = scope.person(request, person)
    kept = PersonIdentifier.objects.filter(person=row, pk=paper).first()
    if kept is None:
        raise NotFound
    actions.answer_number(kept, request.POST.get("answer", ""), by=request.actor)
    messages.success(request, _("Đã ghi."))
    return redirect("population_desk:repair" if request.POST.get("ve") == "sua" else _here(row))


@may("population.work")
@require_POST
def reverse_event(request: DeskRequest, person: UUID, event: UUID) -> HttpResponse:
    """Say that an event was recorded by mistake."""
    row = scope.person(request, person)
    told = ResidenceEvent.objects.filter(person=row, pk=event).first()
    if told is None:
        raise NotFound
    actions.reverse(told, request.POST.get("reason", ""), by=request.actor)
    messages.success(request, _("Đã ghi là nhầm. Mọi việc trở lại như trước."))
    return redirect(_here(row))


@may("population.work")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, person: UUID, verb: str) -> HttpResponse:
    """Show one form about a person, or take it."""
    row = scope.person(request, person)
    if verb not in EDITS:
        raise Http404
    told = EDITS[verb]
    first = {"on": people.today(), "first": people.today()}
    options = {"initial": first} if verb != "sua" else {}
    form = told.form(request.POST or None, person=row, **options)
    if isinstance(form, person_forms.FlagForm):
        choices = [(p.code, _(p.text)) for p in purposes.TO_LOOK]
        form.fields["purpose"].choices = choices  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            told.do(request, row, form)
        except Refusal as refusal:
            changing.blame(form, refusal)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect(_here(row))
    context = {
        "person": row,
        "edit": told,
        "form": form,
        "crumbs": [(reverse("population_desk:index"), _("Dân cư")), (_here(row), row.display_name)],
    }
    status = 422 if form.is_bound else 200
    return render(request, "population/desk/edit.html", context, status=status)


# --- the page -------------------------------------------------------------------------------------
def _page(request: DeskRequest, person: Person, opened: dict[str, Any]) -> HttpResponse:
    seen = scope.of(request)
    if not opened:
        actions.saw(person, [FieldGroup.BASIC], Purpose(seen.purpose), by=request.actor)
    whole = seen.is_whole
    born = births.shown(person.birth_date, person.birth_precision)
    context = {
        "person": person,
        "born": born if whole else str(person.birth_year or born),
        "age": _age(person),
        "died": births.shown(person.death_date, person.death_precision),
        "state": _state(person),
        "homes": list(people.memberships(person)),
        "set_apart": apart.of(person),
        "is_whole": whole,
        "may_work": request.allowed("population.work"),  # type: ignore[attr-defined]
        "may_merge": request.allowed("population.merge"),  # type: ignore[attr-defined]
        "purposes": [(p.code, _(p.text)) for p in purposes.TO_LOOK],
        "opened": opened,
        "crumbs": [(reverse("population_desk:index"), _("Dân cư"))],
        "edits": EDITS.values(),
        "evidence": {},
    }
    if whole:
        context |= _more(person)
    return render(request, "population/desk/person.html", context)


def _age(person: Person) -> str:
    """Return the age of today, or the one somebody died at; nothing where nobody knows."""
    if person.status != Status.DECEASED:
        return births.age_shown(person.birth_date, person.birth_precision, people.today())
    if person.death_date is None:
        return ""
    return births.age_shown(person.birth_date, person.birth_precision, person.death_date)


def _more(person: Person) -> dict[str, Any]:
    """Return what only officials of the whole commune see."""
    events = person.events.select_related("household").order_by("-on", "-recorded_at")
    reversed_ = set(person.events.filter(reverses__isnull=False).values_list("reverses", flat=True))
    return {
        "evidence": people.evidence(person.pk, person.commune_id),
        "numbers": _numbers(person),
        "contacts": person.contacts.order_by("created_at"),
        "names": person.other_names.order_by("name"),
        "events": [
            (e, births.shown(e.on, e.on_precision), e.pk in reversed_)
            for e in events
            if e.reverses_id is None
        ],
        "past": person.memberships.filter(period__upper_inf=False).select_related("household"),
        "former": len(queries.former_ids(person)),
    }


def _numbers(person: Person) -> list[dict[str, Any]]:
    """Return numbers by their last digits, each with where it comes from."""
    return [
        {
            "pk": row.pk,
            "get_kind_display": row.get_kind_display(),
            "tail3": row.tail3,
            "warnings": row.warnings,
            "answer": row.answer,
            "mark": {"source": row.get_source_display(), "verified_at": row.verified_at},
        }
        for row in person.identifiers.order_by("kind", "created_at")
    ]


def _state(person: Person) -> str:
    return str(Residence(queries.residence_on(person)).label)


def _purpose(request: DeskRequest) -> Purpose:
    """Return the purpose chosen on the page; one that is not offered is none."""
    code = request.POST.get("purpose", "")
    if code not in {p.code for p in purposes.TO_LOOK}:
        raise actions.NoPurpose
    return Purpose(code, request.POST.get("ref", "")[:60])


def _here(person: Person) -> str:
    return reverse("population_desk:person", args=[person.pk])


# --- what is done ---------------------------------------------------------------------------------
def _said(form: person_forms.PersonForm) -> Said:
    checked = people.today() if form.cleaned_data["is_checked"] else None
    return Said(form.cleaned_data["source"], verified_at=checked)


def _edit(request: DeskRequest, person: Person, form: person_forms.EditForm) -> None:
    actions.change_person(
        person, form.changes(), _said(form), by=request.actor, version=form.cleaned_data["version"]
    )


def _number(request: DeskRequest, person: Person, form: person_forms.NumberForm) -> None:
    said = form.cleaned_data
    kept = actions.add_number(
        person, Number(said["kind"], said["number"]), _said(form), by=request.actor
    )
    if kept.warnings:
        messages.warning(request, _("Số này chưa khớp với lời khai. Bác xem phần “Số giấy tờ”."))


def _contact(request: DeskRequest, person: Person, form: person_forms.ContactForm) -> None:
    said = form.cleaned_data
    reach = Reach(said["kind"], said["contact"], said["is_shared"])
    actions.add_contact(person, reach, _said(form), by=request.actor)


def _name(request: DeskRequest, person: Person, form: person_forms.OtherNameForm) -> None:
    said = form.cleaned_data
    other = OtherName(said["name"], said["kind"])
    actions.add_name(person, other, _said(form), by=request.actor)


def _move(request: DeskRequest, person: Person, form: person_forms.MoveHouseForm) -> None:
    said = form.cleaned_data
    try:
        household = queries.household(request.commune, said["household"])
    except NotFound:
        raise NoSuchHousehold from None
    joining = Joining(person, said["role"], said["on"], said["kind"], said["evidence"])
    actions.go_to_household(person, household, joining, _said(form), by=request.actor)


def _flag(request: DeskRequest, person: Person, form: person_forms.FlagForm) -> None:
    said = form.cleaned_data
    flag = actions.Flag(
        said["kind"], said["first"], said["last"], said["decision"], said["purpose"]
    )
    actions.add_flag(person, flag, _said(form), by=request.actor)


class NoSuchHousehold(Refusal):
    """The code belongs to no household here."""

    sentence = gl("Không có hộ nào mang mã này. Bác xem lại giúp.")


@dataclass(frozen=True)
class Edit:
    """One form about a person: its words and what is done."""

    verb: str
    name: str | Promise
    icon: str
    form: type[person_forms.PersonForm]
    do: Callable[[DeskRequest, Person, Any], None]


EDITS = {
    each.verb: each
    for each in (
        Edit("sua", gl("Sửa thông tin"), "pencil", person_forms.EditForm, _edit),
        Edit("so", gl("Thêm số giấy tờ"), "fingerprint", person_forms.NumberForm, _number),
        Edit("lien-he", gl("Thêm cách liên hệ"), "phone", person_forms.ContactForm, _contact),
        Edit("ten-khac", gl("Thêm tên khác"), "plus", person_forms.OtherNameForm, _name),
        Edit("chuyen-ho", gl("Chuyển sang hộ khác"), "route", person_forms.MoveHouseForm, _move),
        Edit("dien", gl("Thêm diện chính sách"), "shield-check", person_forms.FlagForm, _flag),
    )
}
