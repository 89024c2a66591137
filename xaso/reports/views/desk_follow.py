"""Someone comes to the counter or calls: they saw it too. They leave with a code of their own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import spoken_code
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, queries, readers, slips
from xaso.reports.forms import FollowForm
from xaso.reports.models import FollowKind
from xaso.reports.queries import detail


@may("reports.read")
def follow(request: DeskRequest, code: str) -> HttpResponse:
    """Write down who else saw it, and show the code and the four digits to hand over."""
    report = queries.by_code(request.commune, queries.check_code(code))
    if report.is_sealed or readers.is_about(report, request.actor):
        raise NotFound
    form = FollowForm(request.POST or None, initial={"kind": FollowKind.ME_TOO})
    del form.fields["gui_anh"]
    follower = None
    if form.is_valid():
        said = form.cleaned_data
        contact = actions.Contact(name=said["name"], phone=said["phone"])
        given = actions.Following(kind=said["kind"], contact=contact)
        try:
            follower, _new = actions.follow(report, given, by=request.actor)
            messages.success(request, _("Đã ghi. Bác đọc mã và số bí mật cho bà con."))
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name if name in form.fields else None, sentences)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
    context = {
        "file": detail.file(report, by=request.actor, now=clock.now()),
        "form": form,
        "wrong": len(form.errors) if form.is_bound else 0,
        "mine": spoken_code.grouped(follower.code) if follower else "",
        "secret": slips.secret(follower.code) if follower else "",
        "crumbs": [
            (reverse("reports_desk:inbox"), _("Phản ánh")),
            (reverse("reports_desk:show", args=[report.code]), report.spoken),
        ],
    }
    status = 422 if context["wrong"] else 200
    return render(request, "reports/following/desk.html", context, status=status)
