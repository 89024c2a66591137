"""The counter: take a dossier in, hand over the receipt, print the forms."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xaso.dossiers import actions, catalogue, fees, printing, receipts, slips
from xaso.dossiers.catalogue import Held
from xaso.dossiers.forms.reception import ReceptionForm
from xaso.dossiers.models import Component, Dossier, Round, System
from xaso.dossiers.queries import earlier, money, offline, waiting
from xaso.dossiers.views import applicants, rounds, uploads
from xaso.kernel.audit import actions as audit
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import dates, fold
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

_MOST_DAYS = 366


@may("dossiers.receive")
@require_safe
def choose(request: DeskRequest) -> HttpResponse:
    """List what can be taken in today; a few letters narrow it."""
    today = dates.local(clock.now()).date()
    wanted = fold(request.GET.get("tim", ""))
    there = rounds.chosen(request)
    only = set(there.procedures) if there else set()
    found = [
        held
        for held in catalogue.listed(request.commune.id, today)
        if wanted in fold(f"{held.procedure.code} {held.procedure.name}")
        and (not only or held.procedure.code in only)
    ]
    mine = waiting.my_counter(request.commune, request.actor)
    context = {
        "rows": [
            (held, system == System.XASO, system.label)
            for held, system in ((one, System(one.content.systems.receive)) for one in found)
        ],
        "asked": request.GET.get("tim", ""),
        "ticket": waiting.at_counter(mine) if mine else None,
        "to_decide": offline.count_to_decide(request.commune),
        "to_ask": offline.count_to_ask(request.commune),
        "round": there,
    }
    return render(request, "dossiers/reception/choose.html", context)


@may("dossiers.receive")
def receive(request: DeskRequest, code: str) -> HttpResponse:
    """Fill in a dossier and accept it; nothing typed is lost when something is missing."""
    held = catalogue.held(request.commune.id, code, dates.local(clock.now()).date())
    number = request.POST.get("id_number", "")
    known = earlier.papers(request.commune, number, held.content) if number else {}
    if request.method == "POST" and "tim" in request.POST:
        return _found(request, held, known)
    offer = applicants.picked(request)
    there = rounds.chosen(request)
    form = applicants.form(request, held, known, offer)
    faults = [offer.fault] if offer.fault else []
    if request.method == "POST" and not faults and form.is_valid():
        try:
            new, by, commune = _new(request, held, form), request.actor, request.commune
            if there is not None:
                receipt = actions.receive_in_round(new, there, by=by, commune=commune)
            else:
                receipt = actions.receive(new, by=by, commune=commune)
                _turn_is_done(request, receipt.dossier)
            return redirect("dossiers_reception:done", receipt.dossier.pk)
        except Refusal as refusal:
            faults = _put(form, refusal)
    if form.is_bound:
        faults += uploads.keep(form, request, dossier=_key(request))
    context = {
        "held": held,
        "form": form,
        "faults": faults,
        "found": bool(known),
        "offer": offer,
        "may_look": applicants.may_look(request),
        "round": there,
        "crumbs": _crumbs(there),
    }
    status = 422 if form.is_bound and (form.errors or faults) else 200
    return render(request, "dossiers/reception/receive.html", context, status=status)


@may("dossiers.receive")
@require_safe
def done(request: DeskRequest, dossier: int) -> HttpResponse:
    """Show the receipt to hand over: code, date, money to pay, papers to print."""
    row = _dossier(request, dossier)
    context = {
        "dossier": row,
        "content": catalogue.kept(request.commune.id, row.frozen_id),
        "money": money.of(row, request.commune),
        "slip": slips.of(row),
        "round": Round.objects.filter(commune=request.commune, dossiers__dossier=row).first(),
    }
    return render(request, "dossiers/reception/done.html", context)


@may("dossiers.receive")
def pay(request: DeskRequest, dossier: int) -> HttpResponse:
    """Note that what is due at reception was paid."""
    row = _dossier(request, dossier)
    way = request.POST.get("cach", "")
    if request.method == "POST" and way in {"cash", "vietqr", "dvcqg"}:
        paid = actions.Paid(way, request.POST.get("bien_lai", ""))
        try:
            actions.settle_fees(row, paid, by=request.actor)
            messages.success(request, _("Đã ghi nhận tiền."))
        except Refusal as refusal:
            messages.warning(request, str(refusal.sentence))
    else:
        messages.warning(request, _("Bác chọn cách nộp tiền."))
    return redirect("dossiers_reception:done", row.pk)


@may("dossiers.read")
@require_safe
def paper(request: DeskRequest, dossier: int, mau: str, dang: str) -> HttpResponse:
    """Print a form of a dossier (`01` … `06`) as PDF, 80 mm PDF or DOCX."""
    row = _dossier(request, dossier)
    made = printing.printed(row, mau, dang, commune=request.commune)
    said = {"form": mau, "output": dang}
    audit.record("dossier.printed", row, by=request.actor, commune=request.commune.id, changes=said)
    return _file(made.content, made.media_type, f"{row.code or row.pk}-{made.name}")


@may("dossiers.read")
@require_safe
def receipt(request: DeskRequest, dossier: int, line: int, dang: str) -> HttpResponse:
    """Print the receipt of fees a line of money belongs to: A4, 80 mm or DOCX."""
    row = _dossier(request, dossier)
    made = receipts.printed(row, line, dang, commune=request.commune)
    said = {"form": receipts.FORM, "output": dang}
    audit.record("dossier.printed", row, by=request.actor, commune=request.commune.id, changes=said)
    return _file(made.content, made.media_type, f"{row.code or row.pk}-{made.name}")


@may("dossiers.export")
@require_safe
def register(request: DeskRequest, dang: str) -> HttpResponse:
    """Print the book of dossiers (Mẫu 07) of a period, one month by default."""
    last = _day(request.GET.get("den", "")) or dates.local(clock.now()).date()
    first = _day(request.GET.get("tu", "")) or last.replace(day=1)
    if not timedelta() <= last - first <= timedelta(days=_MOST_DAYS):
        raise Invalid(_("Bác chọn khoảng ngày đúng thứ tự và không quá một năm."))
    rows = Dossier.objects.filter(
        commune=request.commune,
        is_mirror=False,
        accepted_at__gte=_starts(first),
        accepted_at__lt=_starts(last + timedelta(days=1)),
    )
    chosen = list(rows.select_related("procedure").order_by("accepted_at")[: printing.MOST_LINES])
    made = printing.register(chosen, first, last, dang, commune=request.commune)
    said = {"first": first.isoformat(), "last": last.isoformat(), "rows": len(chosen)}
    audit.record(
        "dossier.book_printed",
        request.commune,
        by=request.actor,
        commune=request.commune.id,
        changes=said,
    )
    return _file(made.content, made.media_type, f"so-{first}-{last}.{made.name.rsplit('.')[-1]}")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    said = content_disposition_header(as_attachment=False, filename=name)
    answer["Content-Disposition"] = said or "inline"
    return answer


def _found(request: DeskRequest, held: Held, known: Mapping[str, Component]) -> HttpResponse:
    """Show the form again with what the register and earlier dossiers know of this person."""
    offer = applicants.looked_up(request)
    there = rounds.chosen(request)
    form = applicants.filled(request, held, known, offer)
    context = {
        "held": held,
        "form": form,
        "faults": uploads.keep(form, request, dossier=_key(request)),
        "looked": True,
        "offer": offer,
        "found": bool(known) or applicants.before(request) is not None,
        "may_look": applicants.may_look(request),
        "round": there,
        "crumbs": _crumbs(there),
    }
    return render(request, "dossiers/reception/receive.html", context)


def _crumbs(there: Round | None) -> list[tuple[str, str]]:
    """Return the way back to choosing, within the round one works in."""
    query = f"?dot={there.uuid}" if there else ""
    return [(reverse("dossiers_reception:choose") + query, _("Tiếp nhận hồ sơ"))]


def _new(request: DeskRequest, held: Held, form: ReceptionForm) -> actions.NewDossier:
    said = form.cleaned_data
    today = dates.local(clock.now()).date()
    bill = fees.bill(held.content, form.quantities(), form.groups(), today)
    return actions.NewDossier(
        uuid=cast("UUID", said["key"]),
        procedure=held.procedure.code,
        applicant=actions.Applicant(
            name=said["name"],
            kind=said["kind"],
            person=applicants.linked(request, form),
            id_number=said["id_number"],
            phone=said["phone"],
            address=said["address"],
            village_id=int(said["village"]) if said["village"] else None,
        ),
        channel=said["channel"],
        papers=[
            uploads.paper(
                form, each.code, dossier=said["key"], commune=request.commune, by=request.actor
            )
            for each in held.content.components
        ],
        fees=bill.lines,
        form=form.answers(),
        sets=said["sets"],
        note=said["note"],
    )


def _key(request: DeskRequest) -> UUID | None:
    """Return the key the dossier of this form will have."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _put(form: ReceptionForm, refusal: Refusal) -> list[str]:
    """Write what was refused beside its field; return what belongs to no field."""
    rest = []
    errors = getattr(refusal, "errors", {}) or {"": [str(refusal)]}
    for name, words in errors.items():
        if name in form.fields:
            form.add_error(name, list(words))
        else:
            rest += [str(word) for word in words]
    return rest


def _turn_is_done(request: DeskRequest, dossier: Dossier) -> None:
    """Note that the number at the clerk's counter was served, and by which dossier."""
    mine = waiting.my_counter(request.commune, request.actor)
    if mine is not None and waiting.at_counter(mine) is not None:
        actions.finish_turn(commune=request.commune, by=request.actor, dossier_id=dossier.pk)


def _dossier(request: DeskRequest, key: int) -> Dossier:
    rows = Dossier.objects.select_related("procedure", "unit", "village")
    return get_object_or_404(rows, commune=request.commune, pk=key)


def _starts(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=dates.ZONE)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
