"""A household's card, its visits on paper, and a new household."""

from typing import Any
from uuid import uuid4

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from xaso.kernel.audit import actions as audit
from xaso.kernel.identity.asking import fresh
from xaso.kernel.refusals import NotFound
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions, births, queries
from xaso.population.actions import NewDwelling, NewHousehold, Purpose, Said, issuing
from xaso.population.models import FieldGroup, HouseholdKind
from xaso.population.queries import apart, households, people, visiting
from xaso.population.views import fields, scope, sheets
from xaso.population.views.changing import crumbs

PER_SHEET, MOST_IN_FILE = 40, 5_000


class NewHouseholdForm(forms.Form):
    """A household to be opened; its first member follows on the next screen."""

    uuid = fields.uuid()
    village = forms.TypedChoiceField(label=gettext_lazy("Bản"), coerce=int)
    opened = fields.day(gettext_lazy("Có hộ này từ ngày"), validators=[fields.past])
    kind = forms.ChoiceField(
        label=gettext_lazy("Loại hộ"), choices=HouseholdKind.choices, widget=forms.RadioSelect,
        initial=HouseholdKind.FAMILY,
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("Địa chỉ"),
        help_text=gettext_lazy("Số nhà, đường, xóm; chưa có thì mô tả."),
        max_length=200,
        required=False,
    )
    source = fields.source()


@may("population.village")
def card(request: DeskRequest, household: str) -> HttpResponse:
    """Show a household with its members."""
    row = scope.household(request, household)
    seen = scope.of(request)
    everybody = queries.members(row)
    set_apart = set() if request.allowed("population.rights") else apart.keys(request.commune)  # type: ignore[attr-defined]
    members = [m for m in everybody if m.person_id not in set_apart]
    looked = [FieldGroup.BASIC]
    actions.saw_many([m.person for m in members], looked, Purpose(seen.purpose), by=request.actor)
    today = people.today()
    context = {
        "household": row,
        "members": [_member(m, seen, today) for m in members],
        "hidden": len(everybody) - len(members),
        "past": households.past_members(row) if seen.is_whole else [],
        "events": [
            (each, births.shown(each.on, each.on_precision))
            for each in (households.events(row) if seen.is_whole else [])
        ],
        "tasks": households.tasks(row),
        "evidence": people.evidence(row.dwelling_id, row.commune_id) if row.dwelling_id else {},
        "is_whole": seen.is_whole,
        "may_tell": request.allowed("population.tell"),  # type: ignore[attr-defined]
        "may_work": request.allowed("population.work"),  # type: ignore[attr-defined]
        "crumbs": crumbs(row)[:1],
        "today": today,
    }
    return render(request, "population/desk/household.html", context)


@may("population.work")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: DeskRequest) -> HttpResponse:
    """Open a household, then go on to its head."""
    there = scope.villages(request, scope.of(request))
    first = {"uuid": uuid4(), "opened": people.today()}
    form = NewHouseholdForm(request.POST or None, initial=first)
    form.fields["village"].choices = [(v.pk, v.full_name) for v in there]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        village = next(v for v in there if v.pk == said["village"])
        new = NewHousehold(
            village, said["opened"], said["kind"], NewDwelling(said["address"]), id=said["uuid"]
        )
        row = actions.open_household(
            new, Said(said["source"]), commune=request.commune, by=request.actor
        )
        messages.success(request, _("Đã mở hộ %(code)s. Bác thêm chủ hộ.") % {"code": row.code})
        return redirect("population_desk:change", row.code, "den")
    context = {"form": form, "crumbs": [(reverse("population_desk:index"), _("Dân cư"))]}
    status = 422 if form.is_bound else 200
    return render(request, "population/desk/add_household.html", context, status=status)


@may("population.village")
def visits(request: DeskRequest, village: int) -> HttpResponse:
    """Show a village's households to be visited, to be printed on A4."""
    seen = scope.of(request)
    there = next((v for v in scope.villages(request, seen) if v.pk == village), None)
    if there is None:
        raise NotFound
    asked = request.GET.get("trang", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    found = visiting.sheet(request.commune, there, page=page, per_page=PER_SHEET)
    actions.saw_many(found.persons, [FieldGroup.BASIC], Purpose("visit"), by=request.actor)
    base = reverse("population_desk:visits", args=[village])
    context = {
        "place": there,
        "sheet": found,
        "rows": [(row, _qr(request, row.code)) for row in found.rows],
        "newer": f"{base}?trang={found.page - 1}" if found.page > 1 else "",
        "older": f"{base}?trang={found.page + 1}" if found.page < found.pages else "",
        "may_export": request.allowed("population.export"),  # type: ignore[attr-defined]
        "turn": _("Tờ %(page)s trong %(pages)s") % {"page": found.page, "pages": found.pages},
        "crumbs": [(reverse("population_desk:index"), _("Dân cư"))],
    }
    return render(request, "population/desk/visits.html", context)


@may("population.export")
@fresh
def visits_file(request: DeskRequest, village: int) -> HttpResponse:
    """Hand out a village's households as a file, without numbers and ethnic groups; logged."""
    there = next((v for v in scope.villages(request, scope.of(request)) if v.pk == village), None)
    if there is None:
        raise NotFound
    issuing.take_turn(request.commune, by=request.actor)
    found = visiting.sheet(request.commune, there, page=1, per_page=MOST_IN_FILE)
    actions.saw_many(found.persons, [FieldGroup.BASIC], Purpose("residence"), by=request.actor)
    audit.record(
        "population.exported", request.commune, by=request.actor, commune=request.commune.id,
        changes={"village": there.code, "households": found.households},
    )  # fmt: skip
    rows: list[list[object]] = [
        [_("Mã hộ"), _("Địa chỉ"), _("Họ và tên"), _("Năm sinh"), _("Quan hệ với chủ hộ")]
    ]
    for row in found.rows:
        rows += [[row.code, row.address, *person] for person in row.people]
    return sheets.as_csv(f"{request.commune.slug}-{there.code}.csv", rows)


def _member(row: Any, seen: scope.Scope, today: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a member's card; a village head sees the birth year alone."""
    person = row.person
    born = births.shown(person.birth_date, person.birth_precision)
    return {
        "id": person.pk,
        "name": person.display_name,
        "role": row.get_role_display(),
        "is_head": row.role == "head",
        "kind": row.get_residence_kind_display() if row.residence_kind != "permanent" else "",
        "born": born if seen.is_whole else str(person.birth_year or ""),
        "age": births.age_shown(person.birth_date, person.birth_precision, today),
        "sex": person.get_sex_display(),
        "since": row.period.lower,
    }


def _qr(request: DeskRequest, code: str) -> SafeString:
    """Draw the address of a household; the address holds no name."""
    url = request.build_absolute_uri(reverse("population_desk:household", args=[code]))
    drawn = segno.make(url, error="m", micro=False)
    return SafeString(drawn.svg_inline(scale=2, border=2, omitsize=True))
