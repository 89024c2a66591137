"""Lists out and in, messages that wait, and the comparison by code, for officials."""

import json
from datetime import date, datetime, time, timedelta
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.dossiers.actions import mirroring, outbox, reconciling
from xaso.dossiers.exchange import reading, writing
from xaso.dossiers.forms import exchange as forms
from xaso.dossiers.models import Difference, Dossier, OutMessage, Reconciliation, System
from xaso.dossiers.queries import comparisons
from xaso.kernel.audit import actions as audit
from xaso.kernel.identity.asking import fresh
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

_MOST = 5_000  # dossiers in one file
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_TARGET = System.DVCQG


@may("dossiers.exchange")
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """Show what waits, what was compared, and the doors for files."""
    today = dates.local(clock.now()).date()
    rows = OutMessage.objects.filter(commune=request.commune)
    waiting = list(rows.values("target", "state").annotate(n=Count("pk")).order_by("target"))
    compared = Reconciliation.objects.filter(commune=request.commune).annotate(
        left=Count("differences", filter=Q(differences__resolved_at__isnull=True)),
        all=Count("differences"),
    )
    context = {
        "waiting": [
            (
                System(row["target"]).label,
                OutMessage(state=row["state"]).get_state_display(),
                row["n"],
            )
            for row in waiting
        ],
        "compared": list(compared[:31]),
        "months": comparisons.months(request.commune),
        "may_export": request.allowed("dossiers.export"),  # type: ignore[attr-defined]
        "span_form": forms.SpanForm(initial={"since": today, "until": today}),
        "list_form": forms.ListForm(),
        "compare_form": forms.CompareForm(initial={"day": today}),
        "book_first": today.replace(day=1),
        "book_last": today,
        "crumbs": [(reverse("dossiers_desk:index"), _("Hồ sơ"))],
    }
    return render(request, "dossiers/exchange/index.html", context)


@may("dossiers.export")
@fresh
@require_safe
def export(request: DeskRequest) -> HttpResponse:
    """Return the dossiers of a span of days under the national field names."""
    form = forms.SpanForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("Chọn hai ngày và dạng tệp."))
        return redirect("dossiers_exchange:index")
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    found = _between(request, since, until)
    for each in found[:1]:
        changes = {"since": str(since), "until": str(until), "n": len(found)}
        audit.record(
            "dossiers.exported", each, by=request.actor, commune=request.commune.id, changes=changes
        )
    name = f"ho-so-{since:%Y%m%d}-{until:%Y%m%d}"
    if form.cleaned_data["kind"] == "xlsx":
        return _sheet(found, request, name)
    answer = JsonResponse(
        {"data": writing.dossiers(found, request.commune)},
        json_dumps_params={"ensure_ascii": False},
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer


@may("dossiers.exchange")
@require_POST
def take_in(request: DeskRequest) -> HttpResponse:
    """Bring our copies to what another system's list says."""
    form = forms.ListForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Chọn hệ thống và tệp."))
        return redirect("dossiers_exchange:index")
    file = form.cleaned_data["file"]
    try:
        read = reading.read(file.read(reading.LARGEST + 1), file.name)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("dossiers_exchange:index")
    went = mirroring.take_in(
        read.lines, form.cleaned_data["target"], by=request.actor, commune=request.commune
    )
    text = _(
        "Đã cập nhật %(updated)s, thêm %(made)s, không đổi %(same)s, là hồ sơ gốc của xã nên giữ"
        " nguyên %(ours)s, thủ tục chưa có %(unknown)s, hàng không đọc được %(faults)s."
    )
    counts = {
        name: len(getattr(went, name)) for name in ("updated", "made", "same", "ours", "unknown")
    }
    messages.success(request, text % {**counts, "faults": len(read.faults)})
    for number, why in read.faults[:5]:
        messages.warning(request, _("Hàng %(n)s: %(why)s") % {"n": number, "why": why})
    return redirect("dossiers_exchange:index")


@may("dossiers.export")
@fresh
@require_POST
def hand_out(request: DeskRequest) -> HttpResponse:
    """Return the messages that wait for the national portal as a file, and mark them sent."""
    letters = outbox.hand_out(_TARGET, by=request.actor, commune=request.commune)
    answer = JsonResponse({"ThongDiep": letters}, json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = (
        f'attachment; filename="thong-diep-{clock.now():%Y%m%d%H%M}.json"'
    )
    return answer


@may("dossiers.exchange")
@require_POST
def answers(request: DeskRequest) -> HttpResponse:
    """Take what the other side said of messages: JSON of message ids and ok, error or unknown."""
    file = request.FILES.get("file")
    try:
        said = _answers(file.read(reading.LARGEST + 1) if file else b"")
        went = outbox.take_answers(said, _TARGET, by=request.actor, commune=request.commune)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        text = _("Đã xác nhận %(ok)s, lỗi %(error)s, cần đối soát %(unknown)s, lạ %(strange)s.")
        facts = {
            "ok": went["da_xac_nhan"], "error": went["loi"], "unknown": went["can_doi_soat"],
            "strange": went["strange"],
        }  # fmt: skip
        messages.success(request, text % facts)
    return redirect("dossiers_exchange:index")


@may("dossiers.exchange")
@require_POST
def compare(request: DeskRequest) -> HttpResponse:
    """Compare a list with the dossiers of a day."""
    form = forms.CompareForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Chọn hệ thống, ngày và tệp."))
        return redirect("dossiers_exchange:index")
    said = form.cleaned_data
    try:
        made = reconciling.compare(
            said["file"].read(reading.LARGEST + 1),
            said["file"].name,
            target=said["target"],
            day=said["day"],
            by=request.actor,
            commune=request.commune,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("dossiers_exchange:index")
    return redirect("dossiers_exchange:reconciliation", made.pk)


@may("dossiers.exchange")
@require_POST
def close_month(request: DeskRequest) -> HttpResponse:
    """Close a month's comparisons with one system; refused while a difference is unexplained."""
    month, _blank, target = request.POST.get("thang", "").partition(" ")
    try:
        first = date.fromisoformat(month)
        closed = reconciling.close_month(first, target, by=request.actor, commune=request.commune)
    except ValueError:
        raise NotFound from None
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        said = {"n": closed, "month": f"{first:%m/%Y}"}
        messages.success(request, _("Đã chốt tháng %(month)s: %(n)s lần đối soát.") % said)
    return redirect("dossiers_exchange:index")


@may("dossiers.exchange")
def reconciliation(request: DeskRequest, reconciliation: int) -> HttpResponse:
    """Show where two lists differ; explain one difference."""
    rows = Reconciliation.objects.filter(commune=request.commune, pk=reconciliation)
    found = rows.first()
    if found is None:
        raise NotFound
    if request.method == "POST":
        _explain(request, found)
        return redirect("dossiers_exchange:reconciliation", found.pk)
    context = {
        "found": found,
        "differences": list(found.differences.select_related("dossier", "suggestion")[:1_000]),
        "crumbs": [
            (reverse("dossiers_desk:index"), _("Hồ sơ")),
            (reverse("dossiers_exchange:index"), _("Trao đổi, đối soát")),
        ],
    }
    return render(request, "dossiers/exchange/reconciliation.html", context)


def _explain(request: DeskRequest, found: Reconciliation) -> None:
    key = request.POST.get("difference", "")
    is_key = key.isascii() and key.isdigit() and len(key) < 18
    row = Difference.objects.filter(reconciliation=found, pk=int(key) if is_key else 0)
    difference = row.first()
    if difference is None:
        raise NotFound
    try:
        reconciling.explain(difference, request.POST.get("note", ""), by=request.actor)
    except Invalid as refusal:
        said = next(iter(refusal.errors.values()))[0]
        messages.error(request, said)
    else:
        messages.success(request, _("Đã ghi lời giải thích."))


def _between(request: DeskRequest, since: date, until: date) -> list[Dossier]:
    start = datetime.combine(since, time.min, dates.ZONE)
    end = datetime.combine(until + timedelta(days=1), time.min, dates.ZONE)
    rows = Dossier.objects.filter(
        commune=request.commune, opened_at__gte=start, opened_at__lt=end, is_mirror=False
    ).exclude(code="")
    rows = rows.select_related("procedure", "unit").order_by("opened_at", "id")
    rows = rows.prefetch_related("components", "fees", "supplements", "results")
    return list(rows[:_MOST])


def _sheet(found: list[Dossier], request: DeskRequest, name: str) -> HttpResponse:
    from openpyxl import Workbook  # noqa: PLC0415 - large, seldom needed
    from openpyxl.writer.excel import save_workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("HoSo")
    sheet.append(list(writing.FLAT))
    for each in found:
        row = writing.flat(each, request.commune)
        sheet.append([_safe(row[column]) for column in writing.FLAT])
    out = BytesIO()
    save_workbook(book, out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(out.getvalue(), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _safe(value: object) -> object:
    """Return a cell that no program takes for a formula."""
    is_risky = isinstance(value, str) and value.startswith(_RISKY)
    return f"'{value}" if is_risky else value


def _answers(raw: bytes) -> dict[UUID, str]:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
        return {UUID(str(key)): str(value) for key, value in dict(found).items()}
    except (UnicodeDecodeError, ValueError, TypeError, RecursionError) as error:
        raise Invalid(
            _("Tệp trả lời chưa đúng: cần JSON mã thông điệp và ok, error, unknown.")
        ) from error
