"""The questions of a kind of matter, beside the form by which residents send."""

from functools import cache, partial

from django.http import HttpResponse
from django.shortcuts import render

from xaso.kernel.identity import queries as identity
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock
from xaso.reports import asked, catalogue
from xaso.reports.asked import AskedForm


@citizen_page
@caching.public(60)
def sheet(request: CommuneRequest) -> HttpResponse:
    """Return the questions of every kind, from which the script takes those it needs.

    Phones keep it, so that the questions are asked without a network too.
    """
    kinds = catalogue.of(request.commune.id)
    now, units = clock.now(), cache(partial(identity.units, request.commune))
    forms = [
        AskedForm(asked=found, code=kind.code)
        for kind in kinds.choices
        if (found := asked.questions(kind, now, units))
    ]
    return render(request, "reports/citizen/questions.html", {"forms": forms})


def of(
    request: CommuneRequest, kinds: catalogue.Categories, *, is_strict: bool = True
) -> AskedForm:
    """Return the questions of the kind that was chosen; filled in once the sender saw them.

    Without `is_strict` a required one may stay open (see `AskedForm`).
    """
    code = request.POST.get("category") or request.GET.get("loai", "")
    kind = kinds.by_code.get(code)
    if kind is None:
        return AskedForm(asked=(), code="")
    found = asked.questions(kind, clock.now(), partial(identity.units, request.commune))
    was_seen = request.POST.get(asked.MARK) == code
    given = request.POST if was_seen else None
    return AskedForm(given, asked=found, code=code, is_strict=is_strict)


def is_answered(request: CommuneRequest, kinds: catalogue.Categories) -> bool:
    """Return whether the chosen kind asks nothing more, or its questions came back answered."""
    return is_filled(of(request, kinds))


def is_filled(form: AskedForm) -> bool:
    """Return whether nothing was asked, or everything that came back fits."""
    return not form.fields or form.is_valid()


def travelling(request: CommuneRequest) -> list[tuple[str, str]]:
    """Return the answers as a step between carries them along."""
    names = [name for name in request.POST if name.startswith(asked.PREFIX) or name == asked.MARK]
    return [(name, value) for name in names for value in request.POST.getlist(name)]
