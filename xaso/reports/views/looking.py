"""Officials look before everybody does: the queue, and the decisions about one report."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, hints, queries, readers, rulebook
from xaso.reports.models import Photo, Report
from xaso.reports.queries import looking
from xaso.reports.views import look_forms
from xaso.reports.views.look_forms import Given, PhotoGiven

_WORDS = ("ok", "hidden", "private")


@may("reports.work")
@require_safe
def queue(request: DeskRequest) -> HttpResponse:
    """Show what waits, oldest first."""
    asked = request.GET.get("trang", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    found = looking.queue(request.commune, request.actor, clock.now(), page)
    known = getattr(request, "menu_counts", None) or {}
    request.menu_counts = known | {"look": found.count}  # type: ignore[attr-defined]
    here = request.path
    context = {
        "queue": found,
        "newer": f"{here}?trang={found.page - 1}" if found.page > 1 else "",
        "older": f"{here}?trang={found.page + 1}" if found.has_more else "",
        "crumbs": [(reverse("reports_desk:inbox"), _("Phản ánh"))],
    }
    return render(request, "reports/looking/queue.html", context)


@may("reports.work")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: DeskRequest, code: str) -> HttpResponse:
    """Show one report to decide on, preview the words, or take the decisions of one post."""
    report = queries.by_code(request.commune, queries.check_code(code))
    if report.is_sealed or readers.is_about(report, request.actor):
        raise NotFound
    if request.method != "POST":
        return _page(request, report, None)
    work = looking.work(report, clock.now())
    given = look_forms.read(request.POST, work)
    if "xem_thu" in request.POST:
        return _page(request, report, given)
    version = request.POST.get("version", "")
    try:
        actions.moderate(
            report,
            look_forms.words(given, work),
            look_forms.seen(given),
            by=request.actor,
            version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except Invalid as refusal:
        look_forms.blame(given, refusal.errors or {"": [str(refusal.sentence)]})
        return _page(request, report, given, status=422)
    except Refusal as refusal:
        given.fault = str(refusal.sentence)
        return _page(request, report, given, status=refusal.status)
    messages.success(
        request, _("Đã ghi quyết định về phản ánh %(code)s.") % {"code": report.spoken}
    )
    next_one = looking.after(report, request.actor)
    return redirect("reports_desk:look", next_one) if next_one else redirect("reports_desk:looks")


def _page(
    request: DeskRequest, report: Report, given: Given | None, status: int = 200
) -> HttpResponse:
    work = looking.work(report, clock.now(), given.spans if given else None)
    said = given or _as_it_stands(work)
    rules = rulebook.of(request.commune.id)
    context = {
        "work": work,
        "given": said,
        "preview": look_forms.preview(said, work) if given else "",
        "hint": "" if report.is_stream_chosen else hints.of(report.text or "", rules),
        "photos": [(shot, said.photos.get(shot.id, PhotoGiven())) for shot in work.photos],
        "reasons": Photo.Reason.choices,
        "cells": look_forms.cells(),
        "choices": list(zip(_WORDS, _labels(), strict=True)),
        "crumbs": [
            (reverse("reports_desk:inbox"), _("Phản ánh")),
            (reverse("reports_desk:looks"), _("Duyệt đăng")),
        ],
    }
    return render(request, "reports/looking/one.html", context, status=status)


def _labels() -> list[str]:
    return [_("Đăng lời, đã che"), _("Đăng, không kèm lời"), _("Không đăng gì")]


def _as_it_stands(work: looking.Work) -> Given:
    """Return the form as it is before anything was said: what stands is not decided again."""
    photos = {shot.id: PhotoGiven(reason=shot.reason) for shot in work.photos}
    return Given(photos=photos)
