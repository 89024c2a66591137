"""What happened in a household: choose, fill in, done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as gl
from django.views.decorators.http import require_http_methods

from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions, births, queries
from xaso.population.actions import Event, Joining, NewHead, NewPerson, Said, Splitting
from xaso.population.births import Partial
from xaso.population.models import EventKind, Household, HouseholdState, Membership, Person
from xaso.population.queries import people
from xaso.population.views import change_forms as forms
from xaso.population.views import scope

Done = Callable[[DeskRequest, Household, Any], str]
ADULT = 18


@dataclass(frozen=True)
class Change:
    """One thing that can happen: its words, its form, and what is done."""

    verb: str
    name: str | Promise
    text: str | Promise
    icon: str
    form: type[forms.ChangeForm]
    permission: str = "population.tell"


@may("population.tell")
def choose(request: DeskRequest, household: str) -> HttpResponse:
    """Ask what happened."""
    row = scope.household(request, household)
    offered = [c for c in CHANGES.values() if request.allowed(c.permission)]  # type: ignore[attr-defined]
    context = {"household": row, "changes": offered, "crumbs": crumbs(row)}
    return render(request, "population/desk/choose.html", context)


@may("population.tell")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: DeskRequest, household: str, verb: str) -> HttpResponse:
    """Show one change's form, or do it."""
    row = scope.household(request, household)
    if verb not in CHANGES:
        raise Http404
    told = CHANGES[verb]
    if not request.allowed(told.permission):  # type: ignore[attr-defined]
        raise PermissionDenied
    members = list(queries.members(row))
    form = _form(request, row, told, members)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # several people, or a person and their place: all or none
                where = DOES[verb](request, row, form)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return redirect(where)
    context = {
        "household": row,
        "change": told,
        "form": form,
        "groups": _groups(form),
        "known": _known(request, form),
        "proposed": _proposed(members) if verb == "doi-chu-ho" else [],
        "crumbs": [*crumbs(row), (_choose(row), _("Có thay đổi"))],
    }
    status = 422 if form.is_bound else 200
    return render(request, "population/desk/change.html", context, status=status)


def crumbs(household: Household) -> list[tuple[str, str]]:
    """Return the way back from a household's pages."""
    return [
        (reverse("population_desk:index"), _("Dân cư")),
        (reverse("population_desk:household", args=[household.code]), household.code),
    ]


# --- what is done ---------------------------------------------------------------------------------
def _birth(request: DeskRequest, household: Household, form: forms.BirthForm) -> str:
    said = form.cleaned_data
    birth = actions.Birth(
        on=said["on"],
        name=said["name"],
        sex=said["sex"],
        mother=_member(form, said["mother"]),
        father=_member(form, said["father"]),
        household=household,
        role=said["role"],
        document=said["document"],
        id=said["uuid"],
    )
    actions.record_birth(birth, _said(form), commune=request.commune, by=request.actor)
    return _back(request, household, _("Đã ghi trẻ mới sinh vào hộ."))


def _death(request: DeskRequest, household: Household, form: forms.DeathForm) -> str:
    said = form.cleaned_data
    person = _member(form, said["person"])
    event = Event(EventKind.DEATH, said["on"], document=said["document"], id=said["uuid"])
    if person is not None:
        actions.record_death(person, event, _said(form), by=request.actor)
    household.refresh_from_db()
    where = _back(request, household, _("Đã ghi. Xin chia buồn cùng gia đình."))
    if household.state == HouseholdState.WITHOUT_HEAD and request.allowed("population.work"):  # type: ignore[attr-defined]
        messages.warning(
            request, _("Hộ chưa có chủ hộ. Bác hỏi gia đình rồi chọn người làm chủ hộ.")
        )
        return reverse("population_desk:change", args=[household.code, "doi-chu-ho"])
    return where


def _departure(request: DeskRequest, household: Household, form: forms.DepartureForm) -> str:
    said = form.cleaned_data
    return _each(request, household, form, EventKind(said["kind"]))


def _absence(request: DeskRequest, household: Household, form: forms.AbsenceForm) -> str:
    return _each(request, household, form, EventKind.ABSENCE)


def _return(request: DeskRequest, household: Household, form: forms.ReturnForm) -> str:
    return _each(request, household, form, EventKind.ABSENCE_END)


def _unknown(request: DeskRequest, household: Household, form: forms.UnknownForm) -> str:
    return _each(request, household, form, EventKind.UNKNOWN)


def _each(
    request: DeskRequest, household: Household, form: forms.ChangeForm, kind: EventKind
) -> str:
    """Record the same event of several people."""
    said = form.cleaned_data
    for key in said["persons"]:
        person = _member(form, key)
        event = Event(
            kind,
            said.get("on") or Partial(people.today(), "day"),
            until=said.get("until"),
            to_place=said.get("to_place", ""),
            note=said.get("note", ""),
        )
        if person is not None:
            actions.record_event(person, event, _said(form), by=request.actor)
    return _back(request, household, _("Đã ghi."))


def _arrival(request: DeskRequest, household: Household, form: forms.ArrivalForm) -> str:
    said = form.cleaned_data
    person = _coming(request, form)
    kinds = {kind: event for event, kind in actions.BEGINS.items()}
    first = said["on"].day
    event = Event(
        kinds[said["kind"]],
        said["on"],
        until=said["until"],
        from_place=said["from_place"],
        document=said["evidence"],
        household=household,
    )
    joining = Joining(person, said["role"], first, said["kind"], said["evidence"])
    actions.record_arrival(person, event, joining, _said(form), by=request.actor)
    return _back(request, household, _("Đã thêm người vào hộ."))


def _move(request: DeskRequest, household: Household, form: forms.MoveForm) -> str:
    said = form.cleaned_data
    there = {v.pk: v for v in scope.villages(request, scope.of(request))}
    place = actions.NewDwelling(said["address"], said["old_address"], said["lat"], said["lon"])
    actions.move_household(household, there[said["village"]], place, _said(form), by=request.actor)
    return _back(request, household, _("Đã ghi chỗ ở."))


def _head(request: DeskRequest, household: Household, form: forms.HeadForm) -> str:
    said = form.cleaned_data
    new = NewHead(said["head"], said["on"], form.roles())
    actions.change_head(household, new, _said(form), by=request.actor)
    person = _member(form, said["head"])
    age = births.ages(person.birth_date, person.birth_precision, said["on"]) if person else None
    if age is not None and age[1] < ADULT:
        messages.warning(
            request, _("Chủ hộ mới dưới 18 tuổi. Vẫn được, nhưng bác kiểm tra lại giúp.")
        )
    return _back(request, household, _("Đã đổi chủ hộ."))


def _split(request: DeskRequest, household: Household, form: forms.SplitForm) -> str:
    said = form.cleaned_data
    wanted = Splitting(
        said["head"], form.roles(), said["on"], said["has_consent"], said["is_divorced"],
        said["uuid"],
    )  # fmt: skip
    own = actions.split(household, wanted, _said(form), by=request.actor)
    return _back(request, own, _("Đã tách hộ. Đây là hộ mới."))


CHANGES = {
    each.verb: each
    for each in (
        Change("sinh", gl("Sinh con"), gl("Thêm trẻ mới sinh"), "plus", forms.BirthForm),
        Change("tu", gl("Có người mất"), gl("Ghi ngày mất"), "minus", forms.DeathForm),
        Change("den", gl("Có người đến"), gl("Thường trú, tạm trú hoặc đến ở"), "log-in",
               forms.ArrivalForm),
        Change("di", gl("Có người đi"), gl("Chuyển hẳn hoặc hết tạm trú"), "log-out",
               forms.DepartureForm),
        Change("tam-vang", gl("Tạm vắng"), gl("Đi xa, vẫn là người của hộ"), "footprints",
               forms.AbsenceForm),
        Change("da-ve", gl("Đã về"), gl("Hết tạm vắng"), "house", forms.ReturnForm),
        Change("khong-ro", gl("Không rõ ở đâu"), gl("Nhờ bản xác minh"), "circle-help",
               forms.UnknownForm),
        Change("doi-chu-ho", gl("Đổi chủ hộ"), gl("Hỏi lại quan hệ của mọi người"), "user-check",
               forms.HeadForm, "population.work"),
        Change("tach-ho", gl("Tách hộ"), gl("Một số người thành hộ riêng"), "route",
               forms.SplitForm, "population.work"),
        Change("cho-o", gl("Chỗ ở"), gl("Chuyển trong xã hoặc sửa địa chỉ"), "map-pin",
               forms.MoveForm, "population.work"),
    )
}  # fmt: skip
DOES: dict[str, Done] = {
    "sinh": _birth,
    "tu": _death,
    "den": _arrival,
    "di": _departure,
    "tam-vang": _absence,
    "da-ve": _return,
    "khong-ro": _unknown,
    "doi-chu-ho": _head,
    "tach-ho": _split,
    "cho-o": _move,
}


# --- small parts ----------------------------------------------------------------------------------
def _form(
    request: DeskRequest, household: Household, told: Change, members: list[Membership]
) -> forms.ChangeForm:
    first: dict[str, Any] = {"source": "digital_team"} if not scope.of(request).is_whole else {}
    if told.verb in ("doi-chu-ho", "tach-ho"):
        first["on"] = household.headless_since or people.today()
    if told.verb == "den" and request.GET.get("nguoi"):
        first["person"] = request.GET["nguoi"]
    home = household.dwelling
    if told.verb == "cho-o":
        first["village"] = household.village_id
        if home is not None:
            first |= {n: getattr(home, n) for n in ("address", "old_address", "lat", "lon")}
    form = told.form(request.POST or None, members=members, initial=first)
    if isinstance(form, forms.MoveForm):
        there = scope.villages(request, scope.of(request))
        form.fields["village"].choices = [(v.pk, v.full_name) for v in there]  # type: ignore[attr-defined]
    return form


def _groups(form: forms.ChangeForm) -> dict[str, Any]:
    """Return the fields: one after the other, then everybody's role together."""
    roles = [form[name] for name in form.fields if name.startswith("role_")]
    plain = [form[name] for name in form.fields if not name.startswith("role_")]
    last = [f for f in plain if f.name in ("source", "is_checked", "uuid")]
    return {"plain": [f for f in plain if f not in last], "roles": roles, "last": last}


def _known(request: DeskRequest, form: forms.ChangeForm) -> Person | None:
    """Return the person a form of arrival is about, when they are in the register."""
    key = form["person"].value() if isinstance(form, forms.ArrivalForm) else None
    try:
        return scope.person(request, UUID(str(key))) if key else None
    except (ValueError, Refusal):
        return None


def _coming(request: DeskRequest, form: forms.ArrivalForm) -> Person:
    said = form.cleaned_data
    if said.get("person"):
        return queries.resolve_person(scope.person(request, said["person"]).pk)
    new = NewPerson(said["name"], said["sex"], said["birth"], id=said["uuid"])
    return actions.register_person(new, _said(form), commune=request.commune, by=request.actor)


def _proposed(members: list[Membership]) -> list[str]:
    """Return names of adult members by age, the oldest first: who may be asked."""
    today = people.today()
    found = []
    for row in members:
        age = births.ages(row.person.birth_date, row.person.birth_precision, today)
        if row.role != "head" and age is not None and age[1] >= ADULT:
            found.append((-age[1], row.person.display_name))
    return [name for _age, name in sorted(found)]


def _said(form: forms.ChangeForm) -> Said:
    checked = people.today() if form.cleaned_data["is_checked"] else None
    return Said(form.cleaned_data["source"], verified_at=checked)


def _member(form: forms.ChangeForm, key: UUID | None) -> Person | None:
    return next((m.person for m in form.members if m.person_id == key), None)


def blame(form: Form, refusal: Refusal) -> None:
    """Put a refusal beside its box, or above the form."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    named = {name: said for name, said in errors.items() if name in form.fields}
    if not named:
        form.add_error(None, str(refusal.sentence))
    for name, said in named.items():
        form.add_error(name, said)


def _back(request: DeskRequest, household: Household, said: str) -> str:
    messages.success(request, said)
    return reverse("population_desk:household", args=[household.code])


def _choose(household: Household) -> str:
    return reverse("population_desk:choose", args=[household.code])
