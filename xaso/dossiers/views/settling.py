"""What came from a machine and waits for a human: both versions side by side, in plain words."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xaso.dossiers import actions, offline_words
from xaso.dossiers.models import OfflineReception, Procedure
from xaso.dossiers.offline_words import Words
from xaso.dossiers.queries import offline as queries
from xaso.kernel.identity.models import RoleAssignment
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import moment, phone
from xaso.kernel.web.http import DeskRequest, may

Rows = list[tuple[str, str]]


@may("dossiers.receive")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """List what a human has to decide, and what was decided."""
    context = {
        "rows": queries.to_decide(request.commune),
        "decided": queries.decided(request.commune),
    }
    return render(request, "dossiers/offline/conflicts.html", context)


@may("dossiers.receive")
def show(request: DeskRequest, reception: int) -> HttpResponse:
    """Show one with what the commune has beside it; a human decides."""
    rows = OfflineReception.objects.select_related("dossier", "other__procedure")
    row = get_object_or_404(rows, commune=request.commune, pk=reception)
    fault = ""
    if request.method == "POST":
        try:
            if said := _decide(request, row):
                messages.success(request, said)
                return redirect("dossiers_offline:conflicts")
            messages.success(request, _("Đã ghi số định danh."))
            return redirect("dossiers_offline:conflict", row.pk)
        except Refusal as refusal:
            fault = actions.in_words(refusal)
            row.refresh_from_db()
    words = offline_words.read(row.body) if row.body else None
    context = {
        "row": row,
        "words": words,
        "came": _came(request, row, words),
        "number": request.POST.get("so_dinh_danh", _number(row, words)),
        "reason": request.POST.get("ly_do", row.reason),
        "ours": _ours(row),
        "photos": [each.attachment for each in row.photos.select_related("attachment")],
        "fault": fault,
        "crumbs": [(reverse("dossiers_offline:conflicts"), _("Hồ sơ mất mạng cần xem"))],
    }
    status = 422 if fault else 200
    return render(request, "dossiers/offline/conflict.html", context, status=status)


def _decide(request: DeskRequest, row: OfflineReception) -> str:
    """Do what was asked, return what to say; nothing to say where one goes on looking at it."""
    said, reason = request.POST.get("viec", ""), request.POST.get("ly_do", "")
    if said in {"sua", "nhan"} and "so_dinh_danh" in request.POST:
        _correct(request, row)
    if said == "sua":
        return ""
    if said == "nhan":
        dossier = actions.receive_anyway(
            row, waived=reason, by=request.actor, commune=request.commune
        )
        return _("Đã tiếp nhận, mã %(code)s.") % {"code": dossier.code}
    if said == "gop":
        dossier = actions.join(row, by=request.actor, commune=request.commune)
        return _("Đã gộp vào hồ sơ %(code)s.") % {"code": dossier.code}
    actions.turn_down(row, reason, by=request.actor, commune=request.commune)
    return _("Đã ghi là không nhận. Nội dung vẫn được giữ.")


def _correct(request: DeskRequest, row: OfflineReception) -> None:
    """Write a corrected number down; whose dossier it leads to is looked at before going on."""
    number = request.POST.get("so_dinh_danh", "")
    done = actions.correct_number(row, number, by=request.actor, commune=request.commune)
    other = done.other
    if other is not None and other.pk != row.other_id and request.POST.get("viec") == "nhan":
        said = _("Đã ghi số. Với số này xã đang có hồ sơ %(code)s: bác so hai bản rồi quyết định.")
        raise Invalid(said % {"code": other.code})


def _number(row: OfflineReception, words: Words | None) -> str:
    if row.corrected_at is not None:
        return row.corrected_number or ""
    return words.applicant.id_number if words else ""


def _came(request: DeskRequest, row: OfflineReception, words: Words | None) -> Rows:
    """Return what the machine wrote, as rows for people."""
    said = [
        (_("Mã tạm"), row.code),
        (_("Máy"), row.device),
        (_("Ghi lúc"), moment(row.taken_at, year=True)),
        (_("Người ghi"), _clerk(request, row)),
    ]
    if words is None:
        return said
    name = Procedure.objects.filter(commune=request.commune, code=words.procedure)
    who = words.applicant
    return [
        *said,
        (_("Thủ tục"), name.values_list("name", flat=True).first() or words.procedure),
        (_("Người nộp"), who.name),
        (_("Số định danh"), who.id_number),
        *_corrected(row),
        (_("Điện thoại"), who.phone),
        (_("Địa chỉ"), who.address),
        (_("Ghi chú"), words.note),
        *words.form.items(),
    ]


def _corrected(row: OfflineReception) -> Rows:
    if row.corrected_at is None:
        return []
    text = row.corrected_number or _("không có số")
    said = f"{text} ({moment(row.corrected_at, year=True)})"
    return [(_("Số định danh đã sửa"), said)]


def _clerk(request: DeskRequest, row: OfflineReception) -> str:
    """Return the name the machine noted, if it is an official of this commune."""
    if not row.clerk.isdigit():
        return ""
    rows = RoleAssignment.objects.filter(commune=request.commune, official=int(row.clerk))
    return rows.values_list("official__full_name", flat=True).first() or ""


def _ours(row: OfflineReception) -> Rows:
    """Return the dossier the commune has, as the same rows."""
    other = row.other
    if other is None:
        return []
    return [
        (_("Mã hồ sơ"), other.code),
        (_("Tình trạng"), other.get_state_display()),
        (_("Nhận lúc"), moment(other.accepted_at or other.opened_at, year=True)),
        (_("Thủ tục"), other.procedure.name),
        (_("Người nộp"), other.applicant),
        (_("Số định danh"), other.id_number or ""),
        (_("Điện thoại"), phone.grouped(other.phone) if other.phone else ""),
        (_("Địa chỉ"), other.address or ""),
        (_("Ghi chú"), other.note),
        *((key, str(value)) for key, value in other.form.items()),
    ]
