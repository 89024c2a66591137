"""Sheets of paper on the desk: print them, say where one was filled in, type its boxes in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xaso.kernel.attachments import queries as files
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Consent
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue
from xaso.reports.actions.helping import Agreement, Helped
from xaso.reports.actions.papering import MOST_PRINTED, row_key
from xaso.reports.asked import AskedForm
from xaso.reports.models import Help, PaperSheet
from xaso.reports.queries import helping
from xaso.reports.views import asking, uploads
from xaso.reports.views import helping as helpers
from xaso.reports.views.helping_forms import CollectForm, RowForm


@may("reports.help")
def papers(request: DeskRequest) -> HttpResponse:
    """List the sheets that wait to be typed in, or number new ones and show them for printing."""
    if request.method == "POST":
        asked = request.POST.get("so", "")
        count = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
        made = actions.print_sheets(count, by=request.actor, commune=request.commune)
        first, last = made[0].number, made[-1].number
        return redirect(f"{reverse('reports_desk:paper_print')}?tu={first}&den={last}")
    context = {
        "sheets": helping.sheets(request.commune),
        "most": MOST_PRINTED,
        "crumbs": [(reverse("reports_desk:inbox"), _("Phản ánh"))],
    }
    return render(request, "reports/desk/papers.html", context)


@may("reports.help")
def blank(request: DeskRequest) -> HttpResponse:
    """Show empty sheets for printing: six boxes each, and a code that opens each box here."""
    first, last = (_number(request.GET.get(name, "")) for name in ("tu", "den"))
    if first is None or last is None or not first <= last < first + MOST_PRINTED:
        raise NotFound
    sheets = [helping.sheet(request.commune, number) for number in range(first, last + 1)]
    pages = [(sheet, [_box(request, sheet, row) for row in _ROWS]) for sheet in sheets]
    kinds = [kind.name for kind in catalogue.of(request.commune.id).choices if kind.is_publishable]
    context = {
        "pages": pages,
        "kinds": kinds[:12],
        "crumbs": [(reverse("reports_desk:papers"), _("Phiếu giấy"))],
    }
    return render(request, "reports/desk/paper_blank.html", context)


@may("reports.help")
def paper(request: DeskRequest, number: int) -> HttpResponse:
    """Show a sheet with its boxes, or type one in; what holds for the sheet is asked once."""
    sheet = helping.sheet(request.commune, number)
    form = None
    if request.method == "POST":
        form = _row_form(request, sheet, request.POST)
        row = _number(request.POST.get("hang", "")) or 0
        asked = _asked(request)
        is_filled = asking.is_filled(asked)
        if form.is_valid() and is_filled and _type_in(request, sheet, row, (form, asked)):
            return redirect("reports_desk:paper", number)
    return _page(request, sheet, form)


@may("reports.help")
@require_POST
def collect(request: DeskRequest, number: int) -> HttpResponse:
    """Say where, when and by whom a sheet was filled in, and keep its photo."""
    sheet = helping.sheet(request.commune, number)
    form = _collect_form(request, sheet, request.POST)
    photo, faults = uploads.one(request, "anh", request.actor)
    if form.is_valid() and not faults:
        said = form.cleaned_data
        by_key = {village.pk: village for village in places.villages(request.commune)}
        helper = identity.official(said["helper"], request.commune) if said["helper"] else None
        found = actions.Collected(by_key.get(said["village"]), said["on"], helper)
        try:
            actions.collect(sheet, found, by=request.actor)
        except Invalid as refusal:
            helpers.say(form, refusal)
            return _page(request, sheet, None, form)
        if photo is not None:
            actions.keep_photo(sheet, photo, by=request.actor)
        return redirect("reports_desk:paper", number)
    return _page(request, sheet, None, form, faults)


@may("reports.help")
@require_POST
def finish(request: DeskRequest, number: int) -> HttpResponse:
    """Close a sheet."""
    actions.finish(helping.sheet(request.commune, number), by=request.actor)
    messages.success(request, _("Đã cất phiếu %(number)s.") % {"number": number})
    return redirect("reports_desk:papers")


_ROWS = range(1, PaperSheet.ROWS + 1)


def _asked(request: DeskRequest) -> AskedForm:
    """Return what is asked about the matter of a box; what the paper does not say may stay open."""
    is_strict = not request.POST.get("is_unsaid")
    return asking.of(request, catalogue.of(request.commune.id), is_strict=is_strict)


def _type_in(
    request: DeskRequest, sheet: PaperSheet, row: int, typed: tuple[RowForm, AskedForm]
) -> bool:
    """Receive one box; False after writing what is wrong into the form."""
    form, asked = typed
    said = dict(form.cleaned_data, uuid=row_key(sheet, row))
    new = helpers.drawn(said, [], "paper_batch", asked)
    has_number = bool(said["phone"])
    reach = Help.Reach.OWN if has_number else Help.Reach.SLIP
    is_named = has_number or bool(said["name"])
    agreement = Agreement(Consent.Method.PAPER) if said["is_signed"] else None
    if is_named and agreement is None:
        form.add_error("is_signed", _("Ô có tên hay số điện thoại thì phải có chữ ký đồng ý."))
        return False
    try:
        done = actions.receive_row(sheet, row, new, Helped(agreement, reach), by=request.actor)
    except actions.OtherContent as refusal:
        messages.info(request, str(refusal.sentence))
        return True
    except Invalid as refusal:
        helpers.say(form, refusal)
        return False
    said_so = _("Ô %(row)s: đã nhận, mã %(code)s.")
    messages.success(request, said_so % {"row": row, "code": done.report.spoken})
    return True


def _page(
    request: DeskRequest,
    sheet: PaperSheet,
    form: RowForm | None,
    about: CollectForm | None = None,
    faults: list[str] | None = None,
) -> HttpResponse:
    rows = helping.rows(sheet)
    wanted = _number(request.POST.get("hang", "") or request.GET.get("hang", ""))
    free = [row.number for row in rows if not row.code]
    chosen = wanted if wanted in free else next(iter(free), None)
    asked = _asked(request)
    wrong = len(form.errors) + len(asked.errors) if form else 0
    is_back = form is not None or bool((about and about.errors) or faults)
    context = {
        "sheet": sheet,
        "rows": rows,
        "row": chosen,
        "form": form or _row_form(request, sheet, None),
        "asked": asked,
        "asks": form is not None and not wrong,  # it came back for the questions alone
        "wrong": wrong,
        "about": about or _collect_form(request, sheet, None),
        "faults": faults,
        "photo": files.picture(sheet.photo, _("Ảnh tờ phiếu"), is_lent=True)
        if sheet.photo
        else None,
        "crumbs": [(reverse("reports_desk:papers"), _("Phiếu giấy"))],
    }
    return render(request, "reports/desk/paper.html", context, status=422 if is_back else 200)


def _row_form(request: DeskRequest, sheet: PaperSheet, given: Any) -> RowForm:  # noqa: ANN401
    kinds = catalogue.of(request.commune.id)
    villages = places.villages(request.commune)
    first = {"village": sheet.village_id}
    return RowForm(given, kinds=kinds, villages=villages, initial=first)


def _collect_form(request: DeskRequest, sheet: PaperSheet, given: Any) -> CollectForm:  # noqa: ANN401
    villages = [(v.pk, v.full_name) for v in places.villages(request.commune)]
    people = list(identity.colleagues(request.commune))
    first = CollectForm.of(sheet)
    first["on"] = first["on"] or dates.local(clock.now()).date()
    return CollectForm(given, villages=villages, people=people, initial=first)


def _box(request: DeskRequest, sheet: PaperSheet, row: int) -> dict[str, Any]:
    address = f"{reverse('reports_desk:paper', args=[sheet.number])}?hang={row}"
    return {"row": row, "qr": helpers.qr(request, address)}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
