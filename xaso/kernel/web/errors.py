"""Error pages: what happened, what to do now, whom to call. Drawn without the database."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from xaso.kernel import disk
from xaso.kernel.web import context

RETRY_SECONDS = 20
Shape = Callable[[HttpRequest, int, str], HttpResponse]

_OUTAGES = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


@dataclass(frozen=True)
class Words:
    """What an error page says."""

    title: str | Promise
    text: str | Promise
    icon: str = "circle-alert"


WORDS = {
    400: Words(
        _("Máy chưa hiểu yêu cầu này"),
        _("Có thể mạng bị đứt giữa chừng. Bác quay lại trang trước rồi thử lại giúp."),
    ),
    403: Words(
        _("Bác chưa được mở trang này"),
        _("Trang dành cho người được giao việc. Nếu là việc của bác, nhờ quản trị xã cấp quyền."),
        "lock",
    ),
    404: Words(
        _("Không có trang này"),
        _("Địa chỉ có thể đã đổi hoặc gõ nhầm. Bác về trang chủ rồi tìm lại, hoặc gọi cho xã."),
        "search",
    ),
    405: Words(
        _("Trang này không mở theo cách đó"),
        _("Bác quay lại trang trước và bấm lại nút trên trang."),
    ),
    409: Words(
        _("Việc này chưa làm được"),
        _("Có người vừa làm trước. Bác mở lại trang để xem tình hình mới rồi làm tiếp."),
    ),
    410: Words(
        _("Mục này đã xóa"),
        _("Xã đã xóa theo quy định về giữ dữ liệu. Cần thì bác gửi mới, hoặc gọi cho xã."),
        "info",
    ),
    413: Words(
        _("Tệp gửi lên lớn quá"),
        _("Chưa có gì được lưu. Bác bớt ảnh hoặc chọn ảnh nhỏ hơn rồi gửi lại."),
        "images",
    ),
    422: Words(
        _("Có chỗ chưa đúng"),
        _("Chưa có gì được lưu. Bác quay lại xem các ô được đánh dấu rồi gửi lại."),
    ),
    429: Words(
        _("Thao tác hơi nhanh quá"),
        _("Để giữ máy cho mọi người, bác chờ một lát rồi thử lại."),
        "hourglass",
    ),
    500: Words(
        _("Máy của xã gặp lỗi"),
        _("Lỗi do máy, không phải do bác. Người phụ trách đã được báo. Bác thử lại sau ít phút."),
        "wrench",
    ),
    503: Words(
        _("Hệ thống đang bận, chờ một lát nhé"),
        _("Chưa có gì bị mất. Trang sẽ dùng lại được ngay thôi; việc gấp bác gọi điện cho xã."),
        "hourglass",
    ),
    507: Words(
        _("Máy của xã tạm hết chỗ"),
        _("Việc vừa gửi chưa được lưu, những gì đã lưu vẫn còn. Bác thử lại sau ít phút giúp."),
        "hourglass",
    ),
}


# What machines read when the error says no code of its own; the same words as in the API.
CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "gone",
    413: "too_big",
    422: "invalid",
    429: "too_many",
    500: "internal_error",
    503: "unavailable",
    507: "no_space",
}


def is_outage(error: BaseException | None) -> bool:
    """Return whether the database or a full disk, and not our code, is what failed."""
    return isinstance(error, _OUTAGES) or disk.is_full(error)


def outage(error: BaseException | None) -> int:
    """Return the status of an outage: 507 when a disk is full, ours or the database's, else 503."""
    told = (error, getattr(error, "__cause__", None))
    is_full = any(disk.is_full(e) or isinstance(e, psycopg.errors.DiskFull) for e in told)
    return 507 if is_full else 503


def wants_json(request: HttpRequest) -> bool:
    """Return whether a machine is asking."""
    return "/api/" in request.path or request.path.endswith("/healthz")


@dataclass(frozen=True)
class Said:
    """Words for one case instead of the usual ones, and what machines read of it.

    `code` is the machine's name of what happened, `faults` what is wrong with each field.
    """

    title: str | Promise = ""
    text: str | Promise = ""
    code: str = ""
    faults: Mapping[str, list[str]] = field(default_factory=dict)


def page(request: HttpRequest, status: int, said: Said | None = None) -> HttpResponse:
    """Return the page of a status (a problem document for the API), kept by nobody."""
    said = said or Said()
    words = WORDS.get(status, WORDS[500])
    title, text = str(said.title or words.title), str(said.text or words.text)
    response: HttpResponse
    shape = _shape(request)
    if shape is not None:
        response = shape(request, status, f"{title}. {text}")
    elif wants_json(request):
        response = problem(status, title, text, said)
        response["X-Xaso"] = "1"  # ours, and no sign-in page of a hotel's network
    elif request.headers.get("HX-Request"):
        response = _fragment(title, text, status, words.icon)
    else:
        shell = context.shell(request)
        values = {"title": title, "text": text, "icon": words.icon, "number": str(status)}
        values["back"] = back(request)
        html = render_to_string("web/error.html", {"shell": shell} | values)
        response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    if status in {429, 503, 507}:
        response["Retry-After"] = str(RETRY_SECONDS)
    if status in {503, 507} and request.method == "GET" and not wants_json(request):
        response["Refresh"] = str(RETRY_SECONDS)  # a page that was only read comes back by itself
    return response


def _shape(request: HttpRequest) -> Shape | None:
    """Return how a standard's own addresses write errors; None everywhere else."""
    for pattern, name in settings.XASO_ERROR_SHAPES:
        if re.match(pattern, request.path):
            return cast("Shape", import_string(name))
    return None


def problem(status: int, title: str, detail: str, said: Said) -> JsonResponse:
    """Return an RFC 9457 problem document."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": said.code or CODES.get(status, CODES[500]),
    }
    if said.faults:
        body["errors"] = dict(said.faults)
    return JsonResponse(body, status=status, content_type="application/problem+json")


def back(request: HttpRequest) -> str:
    """Return the page of ours a person came from, or nothing."""
    origin = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}"
    referer = request.headers.get("Referer", "")
    path = referer.removeprefix(origin)
    is_ours = referer.startswith(origin) and path.startswith("/") and not path.startswith("//")
    is_here = request.method == "GET" and path == request.get_full_path()
    return path if is_ours and not is_here else ""


def _fragment(title: str, text: str, status: int, icon: str) -> HttpResponse:
    """Return the words as a note, which htmx puts where a page says refusals."""
    html = render_to_string(
        "web/refused_fragment.html", {"title": title, "text": text, "icon": icon, "tone": "do"}
    )
    headers = {"HX-Retarget": "#bao", "HX-Reswap": "innerHTML show:top"}
    return HttpResponse(html, status=status, headers=headers)
