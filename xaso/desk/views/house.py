"""How the house stands: what can be managed, work that failed, the log book, health."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

import xaso
from xaso.desk import actions
from xaso.kernel import disk
from xaso.kernel.audit import queries as audit
from xaso.kernel.jobs import queries as failed
from xaso.kernel.text.numbers import share, so
from xaso.kernel.web import health, menu
from xaso.kernel.web.http import DeskRequest, may

_WORDS = {
    "ok": gettext_lazy("Chạy tốt"),
    "down": gettext_lazy("Đang dừng"),
    "unknown": gettext_lazy("Chưa thấy chạy"),
}
_DISK = {
    disk.Level.FINE: gettext_lazy("Còn đủ chỗ"),
    disk.Level.WARNING: gettext_lazy("Sắp đầy, cần dọn bớt hoặc thêm ổ"),
    disk.Level.NO_UPLOADS: gettext_lazy("Gần đầy, tạm không nhận ảnh và tệp"),
    disk.Level.READ_ONLY: gettext_lazy("Đầy, chỉ xem và gửi phản ánh được"),
}


@may("desk.open")
@require_safe
def administration(request: DeskRequest) -> HttpResponse:
    """List what this official may manage; nothing they may not."""
    allowed = request.allowed  # type: ignore[attr-defined]
    entries = menu.shown("ADMINISTRATION", request.path, allowed=allowed)
    return render(request, "desk/administration/index.html", {"entries": entries})


@may("jobs.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def dead_jobs(request: DeskRequest) -> HttpResponse:
    """Show work of this commune that was given up; a button lets one run again."""
    if request.method == "POST":
        number = request.POST.get("job", "")
        if number.isdecimal():
            actions.retry_job(int(number), commune=request.commune, by=request.actor)
            messages.success(request, _("Đã cho chạy lại."))
        return redirect("desk:dead_jobs")
    context = {"jobs": failed.dead(commune=request.commune.id), "counts": failed.counts()}
    return render(request, "desk/administration/jobs.html", context)


@may("audit.read")
@require_http_methods(["GET", "HEAD", "POST"])
def log_book(request: DeskRequest) -> HttpResponse:
    """Show how the log book is sealed; checking it recomputes this commune's whole chain."""
    context: dict[str, object] = {
        "seals": [(s.day, bytes(s.root).hex()) for s in audit.daily_seals(limit=14)],
        "waiting": audit.waiting(),
    }
    if request.method == "POST":
        context["checked"] = True
        context["faults"] = audit.verify(request.commune.id)
    return render(request, "desk/administration/log_book.html", context)


@may("desk.open")
@require_safe
def wellbeing(request: DeskRequest) -> HttpResponse:
    """Say in plain words how the installation feels."""
    waiting = failed.oldest_waiting()
    items = [
        (_("Phiên bản"), xaso.__version__),
        (_("Việc chạy nền"), str(_WORDS[health.process("worker")])),
        (_("Cập nhật trực tiếp"), str(_WORDS[health.process("live")])),
        (_("Ổ đĩa"), _disk()),
        (_("Việc nền chờ lâu nhất"), _waited(waiting)),
        (_("Thư điện tử"), _("Đã nối") if settings.XASO_EMAIL_ON else _("Chưa nối máy chủ thư")),
    ]
    return render(request, "desk/administration/wellbeing.html", {"items": items})


def _disk() -> str:
    room = disk.fullest(settings.XASO_HOME)
    facts = {"used": share(room.used, 1), "free": so(room.free / disk.GIGABYTE, 1)}
    used = _("đã dùng %(used)s, còn %(free)s GB") % facts
    return f"{_DISK[room.level]}: {used}"


def _waited(seconds: int | None) -> str:
    if seconds is None:
        return _("Không có việc nào chờ")
    return ngettext("%(n)s giây", "%(n)s giây", seconds) % {"n": seconds}
