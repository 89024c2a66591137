"""The account residents pay into: which one, from when, and how its QR looks."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xaso.desk.forms.payee import AccountForm
from xaso.kernel.identity.asking import fresh
from xaso.kernel.payments import actions, pictures, queries
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock


@may("payments.manage")
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def payee(request: DeskRequest) -> HttpResponseBase:
    """Show the account in use with its QR and name another one from a day on."""
    today = dates.local(clock.now()).date()
    form = AccountForm(request.POST or None, initial={"valid_from": today})
    if form.is_valid() and _named(request, form):
        messages.success(request, _("Đã ghi. Bác quét thử mã xem tên người nhận có đúng."))
        return redirect("desk:payee")
    return _page(request, form)


def _named(request: DeskRequest, form: AccountForm) -> bool:
    try:
        new = actions.NewAccount(**form.cleaned_data)
        actions.name_account(new, commune=request.commune, by=request.actor)
    except Invalid as refusal:
        for name, sentences in refusal.errors.items():
            form.add_error(name, sentences)
        return False
    return True


def _page(request: DeskRequest, form: AccountForm) -> HttpResponse:
    used = queries.account(request.commune, dates.local(clock.now()).date())
    shown = queries.to_pay(used, None) if used else None
    context = {
        "form": form,
        "used": used,
        "shown": shown,
        # drawn by segno from digits and letters alone
        "picture": mark_safe(pictures.svg(shown.payload)) if shown else "",  # noqa: S308
        "rows": queries.accounts(request.commune),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/administration/payee.html", context, status=status)
