"""The administrator sees what messages cost this month, and writes prices and caps down."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xaso.desk.forms.costs import TariffForm
from xaso.kernel.identity.asking import fresh
from xaso.kernel.notifications import actions, costs, queries
from xaso.kernel.refusals import Invalid
from xaso.kernel.web.http import DeskRequest, may

MANAGE = "notifications.manage"
_MONTHS = 6


@may(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def spending(request: DeskRequest) -> HttpResponseBase:
    """Show the month's parts, sums and what is left; a new price or cap is a dated row."""
    form = TariffForm(request.POST or None, initial={"valid_from": costs.today()})
    if form.is_valid() and _set(request, form):
        messages.success(request, _("Đã ghi giá và hạn mức."))
        return redirect("desk:spending")
    months = costs.months(request.commune.id, costs.today(), _MONTHS)
    context = {
        "form": form,
        "now": months[0][1],
        "money": sum(each.money for each in months[0][1]),
        "months": [
            {"first": first, "rows": rows, "money": sum(each.money for each in rows)}
            for first, rows in months[1:]
        ],
        "tariffs": queries.tariffs(request.commune.id),
        "crumbs": [
            (reverse("desk:administration"), _("Quản trị")),
            (reverse("desk:channels"), _("Kênh báo tin")),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "desk/channels/spending.html", context, status=status)


def _set(request: DeskRequest, form: TariffForm) -> bool:
    try:
        new = actions.NewTariff(**form.cleaned_data)
        actions.set_tariff(request.commune, new, by=request.actor)
    except Invalid as refusal:
        for name, sentences in refusal.errors.items():
            form.add_error(name if name in form.fields else None, sentences)
        return False
    return True
