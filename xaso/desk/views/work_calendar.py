"""The commune's working calendar: look at a year, mend a day, close for a storm, publish."""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from xaso.desk.forms.work_calendar import (
    ClosureForm,
    DayForm,
    HoursForm,
    PublishForm,
    WhyForm,
    YearForm,
)
from xaso.kernel.identity import queries as identity
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import actions, clock, comparing, grid, queries, telling
from xaso.kernel.working_time.calendar import Calendar
from xaso.kernel.working_time.explanation import DayKind
from xaso.kernel.working_time.models import CalendarDay
from xaso.reports import actions as reports
from xaso.reports import queries as reported

MANAGE, CLOSE, READ = "working_time.manage", "working_time.close", "desk.open"
MOST_CHANGES = 60  # rows of the preview; a calendar with more is a new calendar

# A letter beside the colour, so that the grid is understood without colours.
MARKS: dict[DayKind, tuple[str, str | Promise]] = {
    DayKind.OFF: ("N", gettext_lazy("Ngày nghỉ")),
    DayKind.MAKE_UP: ("B", gettext_lazy("Ngày làm bù")),
    DayKind.CLOSED: ("Đ", gettext_lazy("Đóng cửa")),
    DayKind.PARTLY_CLOSED: ("½", gettext_lazy("Đóng cửa một phần")),
}
WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


@dataclass(frozen=True)
class Shown:
    """One day of the grid as the page shows it."""

    number: int
    css: str
    mark: str
    said: str
    url: str = ""  # where the day can be changed, when this person may


@may(READ)
@require_safe
def year(request: DeskRequest, number: int | None = None) -> HttpResponseBase:
    """Show a year of the calendar in force, or of the draft beside it."""
    today = dates.local(clock.now()).date()
    number = number or today.year
    in_force, draft = queries.calendar(request.commune.id), queries.draft(request.commune.id)
    shown = queries.read(draft) if draft else in_force
    if not shown.since.year <= number < shown.until.year:
        raise Http404
    months = grid.months(number, shown, in_force, queries.builtin_calendar())
    may_manage = identity.may(request.actor, MANAGE)
    context = {
        "year": number,
        "picks": [_pick(each, number) for each in (number - 1, number, number + 1)],
        "months": [_month(each, is_editable=bool(draft) and may_manage) for each in months],
        "weekdays": WEEKDAYS,
        "marks": [(kind, *MARKS[kind]) for kind in MARKS],
        "exceptions": [_exception(cell) for cell in grid.exceptions(months)],
        "hours": _hours(shown),
        "version": queries.published(request.commune.id),
        "draft": draft,
        "is_confirmed": number in shown.confirmed,
        "next_year": today.year + 1,
        "next_is_missing": queries.next_year_is_missing(request.commune.id, today),
        "may_manage": may_manage,
        "may_close": identity.may(request.actor, CLOSE),
        **(_preview(in_force, shown) if draft else {}),
    }
    return render(request, "desk/work_calendar/year.html", context)


@may(MANAGE)
@require_POST
def draft_year(request: DeskRequest) -> HttpResponseBase:
    """Fill a year of the draft from the library and the known swaps."""
    form = YearForm(request.POST)
    if not form.is_valid():
        raise Http404
    number = form.cleaned_data["year"]
    actions.draft_year(request.commune.id, number, by=request.actor)
    messages.success(
        request, _("Đã điền lịch nghỉ năm %(year)s. Xin đối chiếu với văn bản.") % {"year": number}
    )
    return redirect("desk:work_calendar_year", number)


@may(MANAGE)
def day(request: DeskRequest, on: date) -> HttpResponseBase:
    """Say what one day of the draft is."""
    draft = queries.draft(request.commune.id)
    if draft is None:
        raise actions.NoDraft
    row = draft.days.filter(date=on).exclude(kind=CalendarDay.Kind.CLOSURE).first()
    first = {"kind": row.kind, "name": row.name, "document_no": row.document_no} if row else None
    form = DayForm(request.POST or None, initial=first)
    if not form.is_valid():
        return _form_page(request, "desk/work_calendar/day.html", form, day=on)
    said = form.cleaned_data
    if said["kind"]:
        entered = actions.DayOff(on, said["kind"], said["name"], document_no=said["document_no"])
        actions.set_day(request.commune.id, entered, by=request.actor)
    else:
        actions.clear_day(request.commune.id, on, by=request.actor)
    messages.success(request, _("Đã ghi ngày %(day)s vào bản đang soạn.") % {"day": dates.ngay(on)})
    return redirect("desk:work_calendar_year", on.year)


@may(CLOSE)
def closure(request: DeskRequest) -> HttpResponseBase:
    """Close the office on some days; deadlines follow at once, residents read why."""
    today = dates.local(clock.now()).date()
    form = ClosureForm(request.POST or None, initial={"first": today})
    if not form.is_valid():
        return _form_page(request, "desk/work_calendar/closure.html", form)
    days = form.days()
    version = actions.add_closure(
        request.commune.id,
        days,
        reason=form.cleaned_data["reason"],
        document_no=form.cleaned_data["document_no"],
        by=request.actor,
        open_slots=form.open_slots(queries.calendar(request.commune.id)),
    )
    reports.follow_calendar_later(request.commune.id)
    messages.success(
        request, _("Đã công bố đóng cửa. Lịch làm việc bản %(n)s.") % {"n": version.version}
    )
    return redirect("desk:work_calendar_year", days[0].year)


@may(MANAGE)
def hours(request: DeskRequest) -> HttpResponseBase:
    """Change the weekly hours in the draft."""
    draft = queries.draft(request.commune.id)
    by = queries.read(draft) if draft else queries.calendar(request.commune.id)
    form = HoursForm(request.POST or None, initial=HoursForm.initial_of(by))
    if not form.is_valid():
        return _form_page(request, "desk/work_calendar/hours.html", form)
    actions.set_hours(request.commune.id, form.seasons(), by=request.actor)
    messages.success(request, _("Đã ghi giờ làm việc vào bản đang soạn."))
    return redirect("desk:work_calendar")


@may(MANAGE)
def publish(request: DeskRequest) -> HttpResponseBase:
    """Publish the draft with its document; from now on deadlines follow it."""
    draft = queries.draft(request.commune.id)
    if draft is None:
        raise actions.NoDraft
    form = PublishForm(request.POST or None)
    if not form.is_valid():
        after = queries.read(draft)
        preview = _preview(queries.calendar(request.commune.id), after)
        preview["moved"] = reported.moved_by(request.commune, after)
        return _form_page(request, "desk/work_calendar/publish.html", form, **preview)
    version = actions.publish(
        request.commune.id, form.cleaned_data["document_no"], by=request.actor
    )
    reports.follow_calendar_later(request.commune.id)
    messages.success(request, _("Đã công bố lịch làm việc bản %(n)s.") % {"n": version.version})
    return redirect("desk:work_calendar")


@may(READ)
@require_safe
def why(request: DeskRequest) -> HttpResponseBase:
    """Explain a term by the commune's calendar: try it before promising it."""
    now = dates.local(clock.now())
    form = WhyForm(request.GET or None, initial={"start": now, "term": "5 ngày làm việc"})
    context: dict[str, Any] = {"form": form, "is_form": True}
    if form.is_valid():
        unit, n = form.cleaned_data["term"]
        due = queries.due(unit, n, form.start_at(), request.commune.id)
        told = queries.explain(due)
        context |= {
            "lead": telling.lead(told),
            "rows": telling.rows(told),
            "law": telling.law(told),
            "promise": due.promise,
        }
    return render(request, "desk/work_calendar/why.html", context)


def _form_page(
    request: DeskRequest,
    template: str,
    form: Form,
    **context: object,
) -> HttpResponse:
    """Draw a form page; a form that came back with faults answers 422."""
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **context}, status=status)


def _pick(number: int, current: int) -> dict[str, object]:
    url = reverse("desk:work_calendar_year", args=[number])
    return {"url": url, "text": str(number), "is_on": number == current}


def _month(month: grid.Month, *, is_editable: bool) -> dict[str, object]:
    weeks = [
        [_cell(cell, is_editable=is_editable) if cell else None for cell in week]
        for week in month.weeks
    ]
    return {"number": month.number, "weeks": weeks}


def _cell(cell: grid.Cell, *, is_editable: bool) -> Shown:
    mark, kind = MARKS.get(cell.kind, ("", ""))
    said = [str(kind), cell.name] if kind else []
    if cell.is_changed:
        said.append(_("khác bản đang áp dụng"))
    changed = " ngay--doi" if cell.is_changed else ""
    return Shown(
        cell.day.day,
        f"ngay--{cell.kind.value}{changed}",
        mark,
        ", ".join(part for part in said if part),
        reverse("desk:work_calendar_day", args=[cell.day]) if is_editable else "",
    )


def _exception(cell: grid.Cell) -> dict[str, object]:
    mark, kind = MARKS.get(cell.kind, ("", _("Ngày thường")))
    return {
        "day": cell.day,
        "iso": cell.day.isoformat(),
        "mark": mark,
        "state": cell.kind.value,
        "kind": kind,
        "name": cell.name,
        "hours": telling.duration(cell.minutes),
        "is_changed": cell.is_changed,
        "is_own": cell.is_own,
    }


def _hours(by: Calendar) -> list[tuple[str, str]]:
    """Return the weekly hours in words, one line per season."""
    lines: list[tuple[str, str]] = []
    for season in by.seasons():
        span = "{1}/{0} – {3}/{2}".format(*season.from_md, *season.to_md)
        if (season.from_md, season.to_md) == ((1, 1), (12, 31)):
            span = _("Ngày còn lại trong năm") if lines else _("Cả năm")
        lines.append((span, _slots(season.clock.get(1, ()))))
    return lines


def _hour(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def _preview(before: Calendar, after: Calendar) -> dict[str, object]:
    """Return which days a draft would change, from today on."""
    today = dates.local(clock.now()).date()
    until = min(before.until, after.until)
    found = list(islice(comparing.changes(before, after, today, until), MOST_CHANGES + 1))
    return {
        "changes": [
            {"day": each.day, "before": _slots(each.before), "after": _slots(each.after)}
            for each in found[:MOST_CHANGES]
        ],
        "has_more": len(found) > MOST_CHANGES,
    }


def _slots(slots: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{_hour(a)}–{_hour(b)}" for a, b in slots) or _("nghỉ")
