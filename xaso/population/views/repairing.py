"""The list of what is to be mended, and what waits for the end of temporary residence."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xaso.kernel.web.http import DeskRequest, may
from xaso.population import rulebook
from xaso.population.models import PersonIdentifier
from xaso.population.queries import repair
from xaso.population.views import scope, wording

_ANSWERS = PersonIdentifier.Answer


@may("population.village")
def lists(request: DeskRequest) -> HttpResponse:
    """Show households without a head, pairs alike, odd numbers, unknown residence."""
    seen = scope.of(request)
    whole = seen.is_whole
    within = rulebook.amount(request.commune.id, "residence.remind_days")
    context = {
        "waiting": repair.waiting(request.commune, seen.villages),
        "headless": repair.headless(request.commune, seen.villages)[: repair.MOST],
        "unknown": repair.unknown(request.commune, seen.villages)[: repair.MOST],
        "numbers": wording.numbers(request.commune) if whole else [],
        "cases": repair.open_cases(request.commune)[: repair.MOST] if whole else [],
        "ending": repair.ending(request.commune, within) if whole else [],
        "answers": [
            (_ANSWERS.PAPER.value, _("Giấy tờ đúng")),
            (_ANSWERS.STATEMENT.value, _("Lời khai đúng")),
            (_ANSWERS.UNCLEAR.value, _("Chưa rõ")),
        ],
        "is_whole": whole,
        "crumbs": [(reverse("population_desk:index"), _("Dân cư"))],
    }
    return render(request, "population/desk/repair.html", context)
