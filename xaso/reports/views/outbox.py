"""What a phone shows of its own outbox. The server knows nothing of it: the script fills it in."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from xaso.kernel.refusals import Sentence
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.reports.queries import alarms


@dataclass(frozen=True)
class Kind:
    """How one state of the outbox looks: a word and an icon, a sentence, what one can do."""

    state: str
    tone: str
    icon: str
    word: Sentence
    text: Sentence
    acts: tuple[str, ...]


STATES = (
    Kind("draft", "line", "pencil", _("Đang viết, tự lưu"), _("Chưa gửi."), ("go_on", "drop")),
    Kind("queued", "cam", "clock", _("Chờ gửi"), _("Tự gửi khi có mạng."), ("now", "mend", "drop")),
    Kind("sending", "cham", "cloud-upload", _("Đang gửi chữ"), _("Ảnh đi sau chữ."), ()),
    Kind(
        "text_sent",
        "xanh",
        "check",
        _("Đã nhận"),
        _("Chữ đã đến xã, ảnh đang tới."),
        ("see", "add", "now"),
    ),
    Kind("sent", "xanh", "check-check", _("Đã nhận đủ"), "", ("see", "add", "slip", "drop")),
    Kind(
        "needs_fix",
        "do",
        "triangle-alert",
        _("Cần sửa"),
        _("Xã chưa nhận được vì chỗ này."),
        ("mend", "without", "again", "drop"),
    ),
    Kind(
        "conflict",
        "do",
        "triangle-alert",
        _("Đã gửi từ trước"),
        _("Xã đã có bản gửi trước. Phần sửa sau chưa gửi."),
        ("follow", "see", "drop"),
    ),
    Kind(
        "auth",
        "cam",
        "lock",
        _("Cần đăng nhập lại để gửi"),
        _("Chữ và ảnh vẫn còn trong máy."),
        ("again", "drop"),
    ),
    Kind(
        "gone",
        "line",
        "info",
        _("Không gửi nữa"),
        _("Phản ánh này đã được rút, hoặc xã đã xóa theo quy định."),
        ("drop",),
    ),
)
ACTS: dict[str, tuple[str, Sentence]] = {
    "go_on": ("pencil", _("Viết tiếp")),
    "now": ("send-horizontal", _("Gửi ngay")),
    "again": ("rotate-ccw", _("Gửi lại")),
    "mend": ("pencil", _("Sửa")),
    "without": ("images", _("Bỏ ảnh không gửi được")),
    "add": ("plus", _("Bổ sung")),
    "follow": ("plus", _("Gửi bổ sung")),
    "see": ("arrow-right", _("Xem xã làm đến đâu")),
    "slip": ("printer", _("Giấy hẹn")),
    "drop": ("trash-2", _("Xóa khỏi máy")),
}


@citizen_page
@caching.public(300)
def sent(request: CommuneRequest) -> HttpResponse:
    """Show the frame of the outbox; what is in it never leaves the phone but to be sent."""
    context = {
        "states": STATES,
        "acts": ACTS.items(),
        "numbers": alarms.numbers(request.commune),
    }
    return render(request, "reports/citizen/sent.html", context)


# Another program posts photos here without our token; the worker takes them. Here is who has none.
@csrf_exempt
@citizen_page
def shared(request: HttpRequest) -> HttpResponse:
    """Lead to the form: without a worker, shared photos cannot be taken and are chosen there."""
    return redirect("reports:send")
