"""Two records in two columns; merging them, and taking a merge apart."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from xaso.kernel.identity.asking import ask_again, is_fresh
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions, births, queries, rulebook
from xaso.population.actions import Merging, Purpose
from xaso.population.models import (
    CaseState,
    DuplicateCase,
    FieldGroup,
    Membership,
    Merge,
    Person,
    Status,
)
from xaso.population.queries import merges, people, repair
from xaso.population.views import wording

_FIELDS = {
    "name": gettext_lazy("Họ và tên"),
    "birth": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
    "death": gettext_lazy("Còn sống hay đã mất"),
    "languages": gettext_lazy("Nói được tiếng"),
    "mother": gettext_lazy("Mẹ"),
    "father": gettext_lazy("Bố"),
    "ethnic": gettext_lazy("Dân tộc"),
}
SURVIVOR, ABSORBED = "survivor", "absorbed"


@may("population.merge")
def listed(request: DeskRequest) -> HttpResponse:
    """Show pairs that may be one person, and merges of the last weeks."""
    every = request.GET.get("xem") == "het"
    points = rulebook.points(request.commune.id)
    least = points["nightly" if every else "possible"]
    rows = repair.open_cases(request.commune, least)
    context = {
        "cases": [(row, _why(row)) for row in rows[: repair.MOST]],
        "count": rows.count(),
        "every": every,
        "merges": merges.recent(request.commune),
        "crumbs": [(reverse("population_desk:index"), _("Dân cư"))],
    }
    return render(request, "population/desk/cases.html", context)


@may("population.merge")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: DeskRequest, case: UUID) -> HttpResponse:
    """Show a pair in two columns; merge it, call it two people, or put it off."""
    row = DuplicateCase.objects.select_related("first", "second").filter(pk=case).first()
    if row is None:
        raise NotFound
    fault = ""
    if request.method == "POST":
        asked = request.POST.get("viec", "")
        try:
            if asked in (CaseState.DISTINCT, CaseState.POSTPONED):
                actions.decide(row, asked, request.POST.get("reason", ""), by=request.actor)
                messages.success(request, _("Đã ghi."))
                return redirect("population_desk:cases")
            done = _merge(request, row)
        except Refusal as refusal:
            fault = str(refusal.sentence)
        else:
            return done
    return _shown(request, row, fault)


@may("population.merge")
def merge(request: DeskRequest, merge: UUID) -> HttpResponse:
    """Show a merge: before, merged, now; with what may be done about it."""
    row = _merge_of(merge)
    context = {
        "merge": row,
        "columns": [(_FIELDS.get(name, name), *told) for name, told in merges.three(row)],
        "is_changed": merges.is_changed(row),
        "may_confirm": row.done_at is None and row.asked_by != request.actor.id,
        "crumbs": [
            (reverse("population_desk:index"), _("Dân cư")),
            (reverse("population_desk:cases"), _("Có thể trùng")),
        ],
    }
    return render(request, "population/desk/merge.html", context)


@may("population.merge")
@require_POST
def confirm(request: DeskRequest, merge: UUID) -> HttpResponse:
    """Confirm what another official proposed; the password is asked again."""
    row = _merge_of(merge)
    if not is_fresh(request):
        return ask_again(request)
    actions.confirm_merge(row, by=request.actor)
    messages.success(request, _("Đã gộp hai bản ghi."))
    return redirect("population_desk:person", row.survivor_id)


@may("population.merge")
@require_POST
def undo(request: DeskRequest, merge: UUID) -> HttpResponse:
    """Take a merge apart."""
    row = _merge_of(merge)
    try:
        actions.undo_merge(row, by=request.actor, is_looked_at="da-xem" in request.POST)
    except actions.ChangedSinceMerge as refusal:
        messages.warning(request, str(refusal.sentence))
        return redirect("population_desk:merge", row.pk)
    messages.success(request, _("Đã tách lại thành hai bản ghi như trước."))
    return redirect("population_desk:person", row.absorbed_id)


@may("population.merge")
@require_POST
def compare(request: DeskRequest, person: UUID) -> HttpResponse:
    """Open the two columns for somebody and another record, found by searching."""
    first = queries.person(request.commune, person)
    try:
        other = queries.person(request.commune, UUID(request.POST.get("other", "")))
    except ValueError:
        raise NotFound from None
    row = actions.open_case(first, other, by=request.actor)
    return redirect("population_desk:case", row.pk)


def _merge(request: DeskRequest, row: DuplicateCase) -> HttpResponse:
    """Merge as chosen: the record that stays, and for each field which side."""
    keys = {"first": row.first_id, "second": row.second_id}
    stays = request.POST.get("stays", "")
    if stays not in keys:
        raise Refusal(_("Bác chọn giữ bản ghi bên trái hay bên phải."))
    survivor, absorbed = keys[stays], keys["second" if stays == "first" else "first"]
    lacking = [name for name in _conflicts(row) if request.POST.get(name, "") not in keys]
    if lacking:
        raise Refusal(_("Bác chọn bên trái hoặc bên phải cho từng chỗ khác nhau."))
    choices = {
        name: SURVIVOR if request.POST[name] == stays else ABSORBED
        for name in _FIELDS
        if request.POST.get(name, "") in keys
    }
    if actions.needs_another(queries.person(request.commune, absorbed)) and not is_fresh(request):
        return ask_again(request)
    merging = Merging(survivor, absorbed, choices, request.POST.get("reason", ""))
    done = actions.merge_persons(merging, by=request.actor)
    if done.done_at is None:
        messages.info(request, _("Đã đề nghị gộp. Một cán bộ khác mở trang này để xác nhận."))
        return redirect("population_desk:merge", done.pk)
    messages.success(request, _("Đã gộp hai bản ghi. Gộp nhầm thì tách lại được."))
    return redirect("population_desk:person", survivor)


def _shown(request: DeskRequest, row: DuplicateCase, fault: str) -> HttpResponse:
    pair = (row.first, row.second)
    actions.saw_many(pair, [FieldGroup.BASIC], Purpose("residence"), by=request.actor)
    conflicts = _conflicts(row)
    sides = [_side(person) for person in pair]
    context = {
        "case": row,
        "why": _why(row),
        "sides": sides,
        "rows": [
            {
                "name": name,
                "label": label,
                "cells": [side["cells"][name] for side in sides],
                "is_conflict": name in conflicts,
                "chosen": request.POST.get(name, ""),
            }
            for name, label in _FIELDS.items()
        ],
        "posted": request.POST,
        "fault": fault,
        "is_open": row.state in (CaseState.OPEN, CaseState.POSTPONED)
        and not any(person.status == Status.DUPLICATE for person in pair),
        "crumbs": [
            (reverse("population_desk:index"), _("Dân cư")),
            (reverse("population_desk:cases"), _("Có thể trùng")),
        ],
    }
    status = 422 if fault else 200
    return render(request, "population/desk/case.html", context, status=status)


def _side(person: Person) -> dict[str, Any]:
    """Return one record as a column; the ethnic group is only said to be there."""
    told = people.evidence(person.pk, person.commune_id)
    values = {
        "name": person.display_name,
        "birth": births.shown(person.birth_date, person.birth_precision),
        "sex": person.get_sex_display(),
        "death": births.shown(person.death_date, person.death_precision)
        if person.status == Status.DECEASED
        else _("còn sống"),
        "languages": ", ".join(person.spoken_languages),
        "mother": person.mother.display_name if person.mother else "",
        "father": person.father.display_name if person.father else "",
        "ethnic": _("đã ghi") if person.ethnic_code else "",
    }
    return {
        "person": person,
        "cells": {
            name: {"value": value, "known": told.get(_EVIDENCE.get(name, name))}
            for name, value in values.items()
        },
        "homes": list(
            Membership.objects.filter(person=person).select_related("household").order_by("period")
        ),
        "numbers": list(person.identifiers.order_by("kind")),
    }


def _conflicts(row: DuplicateCase) -> set[str]:
    """Return the fields in which both records state something and not the same."""
    first, second = row.first, row.second
    found = set()
    for name, columns in _COMPARED.items():
        one, two = (tuple(getattr(p, c) for c in columns) for p in (first, second))
        if one != two and all(any(side) for side in (one, two)):
            found.add(name)
    return found


def _why(row: DuplicateCase) -> list[tuple[str, int]]:
    return [(wording.signal(name), points) for name, points in row.reasons]


def _merge_of(key: UUID) -> Merge:
    row = Merge.objects.select_related("survivor", "absorbed").filter(pk=key).first()
    if row is None:
        raise NotFound
    return row


_EVIDENCE = {"ethnic": "ethnic_code"}
_COMPARED = {
    "name": ("display_name",),
    "birth": ("birth_date", "birth_precision"),
    "sex": ("sex",),
    "death": ("death_date",),
    "languages": ("spoken_languages",),
    "mother": ("mother_id",),
    "father": ("father_id",),
    "ethnic": ("ethnic_code",),
}
