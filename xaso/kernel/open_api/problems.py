"""Errors as documents (RFC 9457): a stable code for programs, a sentence for people."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from xaso.kernel.refusals import Invalid, Refusal, TooMany

TYPE = "application/problem+json"
Faults = Mapping[str, list[str]]

# status → (code, title, sentence)
USUAL: dict[int, tuple[str, str | Promise, str | Promise]] = {
    400: (
        "bad_request",
        _("Yêu cầu không đọc được"),
        _("Nội dung gửi lên không đúng định dạng JSON."),
    ),
    401: ("not_known", _("Chưa biết ai gửi"), _("Cần khóa API hoặc thiết bị đã đăng ký với xã.")),
    403: (
        "forbidden",
        _("Không được phép"),
        _("Khóa hoặc thiết bị này không có quyền làm việc này."),
    ),
    404: (
        "not_found",
        _("Không tìm thấy"),
        _("Không có mục này. Xin kiểm tra lại địa chỉ hoặc mã."),
    ),
    405: ("method_not_allowed", _("Sai phương thức"), _("Địa chỉ này không nhận phương thức đó.")),
    409: ("conflict", _("Việc này chưa làm được"), _("Dữ liệu đã đổi. Xin tải lại rồi thử lại.")),
    410: ("gone", _("Mục này đã xóa"), _("Đã xóa theo quy định, không còn lấy lại được.")),
    413: ("too_big", _("Gửi lên quá lớn"), _("Nội dung gửi lên vượt quá cỡ cho phép.")),
    415: ("wrong_type", _("Sai loại nội dung"), _("Loại nội dung này không nhận được.")),
    422: ("invalid", _("Có chỗ chưa đúng"), _("Xin xem từng mục trong “errors” rồi gửi lại.")),
    429: ("too_many", _("Gửi quá nhanh"), _("Xin chờ số giây trong Retry-After rồi gửi lại.")),
    500: ("internal_error", _("Máy chủ gặp lỗi"), _("Lỗi do máy chủ. Xin thử lại sau ít phút.")),
    503: ("unavailable", _("Máy chủ đang bận"), _("Xin thử lại sau số giây trong Retry-After.")),
    507: ("no_space", _("Máy chủ hết chỗ"), _("Máy chủ tạm hết chỗ lưu. Xin thử lại sau.")),
}

_WRONG: dict[str, str | Promise] = {
    "missing": _("Thiếu mục này."),
    "string_too_long": _("Dài quá, tối đa %(max_length)s ký tự."),
    "string_too_short": _("Ngắn quá, ít nhất %(min_length)s ký tự."),
    "too_long": _("Nhiều quá, tối đa %(max_length)s mục."),
    "too_short": _("Ít quá, ít nhất %(min_length)s mục."),
    "greater_than_equal": _("Phải từ %(ge)s trở lên."),
    "less_than_equal": _("Phải từ %(le)s trở xuống."),
    "greater_than": _("Phải lớn hơn %(gt)s."),
    "less_than": _("Phải nhỏ hơn %(lt)s."),
    "extra_forbidden": _("Không có mục nào tên này."),
    "literal_error": _("Chỉ nhận một trong: %(expected)s."),
    "enum": _("Chỉ nhận một trong: %(expected)s."),
    "string_type": _("Phải là chữ."),
    "int_type": _("Phải là số nguyên."),
    "int_parsing": _("Phải là số nguyên."),
    "float_type": _("Phải là số."),
    "float_parsing": _("Phải là số."),
    "bool_type": _("Phải là true hoặc false."),
    "uuid_parsing": _("Phải là một UUID."),
    "datetime_from_date_parsing": _("Phải là thời điểm dạng ISO 8601."),
    "datetime_parsing": _("Phải là thời điểm dạng ISO 8601."),
    "timezone_aware": _("Thời điểm phải kèm múi giờ."),
    "date_parsing": _("Phải là ngày dạng 2026-11-24."),
    "string_pattern_mismatch": _("Không đúng dạng quy định."),
}


def answer(
    status: int, sentence: str | Promise = "", *, code: str = "", errors: Faults | None = None
) -> HttpResponse:
    """Return a problem; without words of its own it has the usual ones of its status."""
    usual_code, title, usual = USUAL.get(status, USUAL[500 if status >= 500 else 409])
    body: dict[str, object] = {
        "type": "about:blank",
        "title": str(title),
        "status": status,
        "detail": str(sentence or usual),
        "code": code or usual_code,
    }
    if errors:
        body["errors"] = {field: list(said) for field, said in errors.items()}
    response = HttpResponse(msgspec.json.encode(body), status=status, content_type=TYPE)
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    response.refused = True  # type: ignore[attr-defined]  # the transaction is undone
    return response


def of(refusal: Refusal) -> HttpResponse:
    """Return a refusal as a problem."""
    errors = refusal.errors if isinstance(refusal, Invalid) else None
    response = answer(refusal.status, refusal.sentence, code=refusal.code, errors=errors)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def handle_on(api: NinjaAPI) -> None:
    """Make an API answer with problems; what nobody foresaw goes on to the error pages."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refusal: lambda _request, refusal: of(refusal),
        ValidationError: _not_valid,
        HttpError: lambda _request, error: answer(error.status_code),
        Http404: lambda _request, _error: answer(404),
        PermissionDenied: lambda _request, _error: answer(403),
        Exception: _raise_again,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)


def _raise_again(_request: HttpRequest, error: Exception) -> HttpResponse:
    raise error


def _not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults: dict[str, list[str]] = {}
    for fault in error.errors:
        faults.setdefault(_field(fault["loc"]), []).append(_sentence(fault))
    return answer(422, errors=faults)


def _field(place: tuple[object, ...]) -> str:
    """Return the name a sender knows a field by: without where it stood and our own names."""
    parts = place[1:]
    if place[0] in {"body", "form"} and len(parts) > 1:
        parts = parts[1:]
    return ".".join(str(part) for part in parts)


def _sentence(fault: Mapping[str, Any]) -> str:
    known = _WRONG.get(fault["type"])
    if known is None:
        return str(now("Giá trị này chưa đúng."))
    filled: str = str(known) % fault.get("ctx", {})
    return filled
