"""What each unit made of a month: for everybody without what could name a person, and the desk."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, DeskRequest, citizen_page, may
from xaso.kernel.working_time import clock
from xaso.reports.queries import scorecards

_BACK = 12  # months offered
_COLUMNS = (
    ("in_first", _("Đúng hẹn đầu")),
    ("in_time", _("Đúng hẹn, kể cả hẹn lại")),
    ("content", _("Hài lòng")),
    ("accepting", _("Hài lòng hoặc tạm được")),
    ("responding", _("Có đánh giá")),
    ("reopened", _("Phải mở lại")),
    ("extended", _("Phải hẹn lại")),
    ("sent_back", _("Câu trả lời bị trả lại sửa")),
)


@citizen_page
@caching.public(300)
def public(request: CommuneRequest) -> HttpResponse:
    """Show a month of every unit; shares of fewer than five cases are left out."""
    since, until = _month(request.GET.get("thang", ""))
    found = scorecards.published(scorecards.read(request.commune, since, until))
    return render(request, "reports/quality/scorecards.html", _context(found, is_public=True))


@may("reports.read")
def desk(request: DeskRequest) -> HttpResponse:
    """Show the same to officials, with the small figures too."""
    since, until = _month(request.GET.get("thang", ""))
    found = scorecards.read(request.commune, since, until)
    return render(request, "reports/quality/desk_scorecards.html", _context(found, is_public=False))


def _context(found: scorecards.Scorecards, *, is_public: bool) -> dict[str, object]:
    whole = (_("Cả xã"), _row(found.whole), found.whole)
    units = [(card.name, _row(card), card) for card in found.units]
    return {
        "found": found,
        "rows": [whole, *units],
        "columns": [label for _name, label in _COLUMNS],
        "months": _months(),
        "chosen": found.since,
        "least": scorecards.LEAST if is_public else 0,
    }


def _row(card: scorecards.Card) -> list[tuple[Sentence, scorecards.Share]]:
    return [(label, getattr(card, name)) for name, label in _COLUMNS]


def _month(asked: str) -> tuple[date, date]:
    """Return the first days of a month and of the next; this month for what is no month."""
    today = dates.local(clock.now()).date()
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = today.replace(day=1)
    if not 2000 <= first.year <= today.year + 1:
        first = today.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _months() -> list[date]:
    first = dates.local(clock.now()).date().replace(day=1)
    found = [first]
    while len(found) < _BACK:
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found
