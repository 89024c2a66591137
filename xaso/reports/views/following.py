"""People who saw the same: joining, their own page under their own code, and leaving."""

from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Invalid, NotFound, Refusal, TooMany
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page, needs
from xaso.reports import actions, queries, slips, turns
from xaso.reports.forms import FactorForm, FollowForm
from xaso.reports.models import Follower, FollowKind, Report
from xaso.reports.queries import following
from xaso.reports.views import alike, listening, rating, senders, uploads

Verb = Callable[[CommuneRequest, Follower], str]


@needs("camera")
@citizen_page
@caching.personal
def follow(request: CommuneRequest, code: str) -> HttpResponse:
    """Ask how to reach somebody who saw the same, or take them in; nothing typed is lost."""
    report = queries.by_code(request.commune, queries.check_code(code))
    if request.method != "POST":
        form = FollowForm(initial={"kind": request.GET.get("kieu") or FollowKind.ME_TOO})
        return _form(request, report, form, uploads.Gathered())
    data = request.POST.copy()
    data.setdefault("kind", FollowKind.ME_TOO)
    form = FollowForm(data)
    gathered = uploads.gather(request, senders.resident(request))
    status = 422
    if form.is_valid() and not gathered.faults:
        try:
            device = senders.device_hash(request)
            turns.join(device, identity.address(request), request.commune.id)
            return _followed(request, report, form, gathered)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name if name in form.fields else None, sentences)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = 429 if isinstance(refusal, TooMany) else status
    return _form(request, report, form, gathered, status=status)


@needs("camera", "microphone")
@citizen_page
@caching.personal
def page(request: CommuneRequest, code: str) -> HttpResponse:
    """Show a follower where things stand; what is theirs opens by device or four digits."""
    follower = _follower(request, code)
    form = FactorForm(request.POST or None)
    if form.is_valid():
        turns.try_factor(code, identity.address(request), request.commune.id)
        if slips.opens_code(code, form.cleaned_data["factor"], follower.reporter):
            turns.forget_factor(code, request.commune.id)
            response = redirect("reports:follower", code)
            senders.open_code(request, response, code)
            return response
        form.add_error("factor", _("4 số này chưa đúng. Bà con xem lại giấy hẹn."))
    is_theirs = senders.is_follower(request, follower)
    context = {
        "view": queries.public_view(follower.report),
        "follower": follower,
        "code": code,
        "form": form,
        "is_theirs": is_theirs,
        "secret": slips.secret(code) if is_theirs else "",
        "push": listening.box(request, code, follower) if is_theirs else None,
        "rating": rating.card(follower.report, following.person(follower)) if is_theirs else None,
        "must_confirm": is_theirs and follower.confirmed_at is None and not follower.ended_at,
        "action": reverse("reports:follower_act", args=[code, "danh-gia"]),
    }
    return render(
        request, "reports/following/page.html", context, status=422 if form.errors else 200
    )


@citizen_page
@require_POST
def act(request: CommuneRequest, code: str, verb: str) -> HttpResponse:
    """Rate the answer, or stop following."""
    follower = _follower(request, code)
    do = _VERBS.get(verb)
    if do is None or not senders.is_follower(request, follower):
        raise NotFound
    try:
        messages.success(request, do(request, follower))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("reports:follower", code)


def _stop(request: CommuneRequest, follower: Follower) -> str:
    actions.unfollow(follower, by=senders.resident(request))
    return _("Bà con đã thôi theo dõi. Mã này vẫn xem được.")


def _rate(request: CommuneRequest, follower: Follower) -> str:
    return rating.take(request, follower.report, following.person(follower))


def _confirm(request: CommuneRequest, follower: Follower) -> str:
    actions.confirm(follower, request.POST.get("ma", "")[:10], by=senders.resident(request))
    return _("Đúng rồi. Có tin mới, xã nhắn vào số này.")


def _again(request: CommuneRequest, follower: Follower) -> str:
    actions.send_code_again(follower, by=senders.resident(request))
    return _("Xã vừa gửi mã mới. Bà con xem tin nhắn.")


_VERBS: dict[str, Verb] = {
    "danh-gia": _rate,
    "thoi": _stop,
    "xac-nhan": _confirm,
    "gui-lai-ma": _again,
}


def _followed(
    request: CommuneRequest, report: Report, form: django_forms.Form, gathered: uploads.Gathered
) -> HttpResponse:
    """Take somebody in and lead them to their own page."""
    said = form.cleaned_data
    cookies = HttpResponse()
    given = actions.Following(
        kind=said["kind"],
        device_hash=senders.know_device(request, cookies),
        contact=actions.Contact(name=said["name"], phone=said["phone"]),
        photos=gathered.photos if said["gui_anh"] else (),
    )
    follower, is_new = actions.follow(report, given, by=senders.resident(request))
    if is_new:
        messages.success(request, _("Xã đã ghi nhận. Có tin mới, bà con xem ở trang này."))
        shown = [each for each in alike.shown(request) if each.code == report.code]
        for each in shown:
            actions.followed_instead(each, other=follower.report)
    response = redirect("reports:follower", follower.own_code)
    response.cookies.update(cookies.cookies)
    senders.open_code(request, response, follower.own_code)
    return response


def _form(
    request: CommuneRequest,
    report: Report,
    form: django_forms.Form,
    gathered: uploads.Gathered,
    status: int = 200,
) -> HttpResponse:
    context = {
        "view": queries.public_view(report),
        "form": form,
        "kept": gathered.shown(),
        "photo_faults": gathered.faults,
        "seen": request.POST.getlist("da_xem")[-1:],
        "wrong": len(form.errors) + bool(gathered.faults) if form.is_bound else 0,
    }
    return render(request, "reports/following/join.html", context, status=status)


def _follower(request: CommuneRequest, code: str) -> Follower:
    found = following.by_code(request.commune, queries.check_code(code))
    if found is None or found.report.is_sealed:
        raise NotFound
    return found
