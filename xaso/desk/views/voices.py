"""Sentences of the pages, spoken into a phone by villagers: who records, in which language."""

from typing import BinaryIO, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xaso.kernel.refusals import Refusal
from xaso.kernel.voices import actions, queries, sentences
from xaso.kernel.web.deadlines import Chip
from xaso.kernel.web.http import DeskRequest, may, needs

_FIRST = "hmv"  # the most spoken after Vietnamese


@needs("microphone")
@may("voices.record")
@require_http_methods(["GET", "HEAD", "POST"])
def voices(request: DeskRequest) -> HttpResponse:
    """Show every sentence with its recording in a language; keep or drop one."""
    lang = request.POST.get("tieng") or request.GET.get("tieng", "")
    lang = lang if lang in sentences.LANGUAGES else _FIRST
    if request.method == "POST":
        _change(request, lang)
        key = request.POST.get("cau", "")
        return redirect(f"{reverse('desk:voices')}?{urlencode({'tieng': lang})}#{key}")
    found = queries.spoken(request.commune, lang)
    context = {
        "found": [(each, _chip(each)) for each in found],
        "lang": lang,
        "languages": sentences.LANGUAGES.items(),
        "done": sum(1 for each in found if each.address and not each.is_old),
        "all": len(found),
        "crumbs": [(reverse("desk:administration"), _("Quản trị"))],
    }
    return render(request, "desk/administration/voices.html", context)


def _chip(each: queries.Spoken) -> Chip:
    if each.is_old:
        return Chip(_("Câu đã đổi, cần thu lại"), "cam", "clock")
    return (
        Chip(_("Đã thu"), "xanh", "check") if each.address else Chip(_("Chưa thu"), "line", "mic")
    )


def _change(request: DeskRequest, lang: str) -> None:
    """Do what was asked; a refusal is said and nothing is lost."""
    key, who = request.POST.get("cau", ""), request.actor
    upload = request.FILES.get("thu")
    try:
        if "bo" in request.POST:
            actions.drop_clip(key, lang, by=who, commune=request.commune)
            messages.success(request, _("Đã bỏ bản thu."))
        elif upload is None:
            messages.error(request, _("Chưa có tiếng nào. Bấm nút nói, hoặc chọn tệp ghi âm."))
        else:
            file = cast("BinaryIO", upload.file)
            actions.keep_clip(key, lang, file, by=who, commune=request.commune)
            messages.success(request, _("Đã giữ bản thu. Bà con nghe được sau khoảng một phút."))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
