"""The one API of the platform: made, mounted at its addresses, described in one document."""

import copy
from collections.abc import Callable, Sequence
from functools import lru_cache, partial, wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer

import xaso
from xaso.kernel.open_api import caching, guards, problems

VERSION = "v1"
SERVER = f"/{{commune}}/api/{VERSION}"
SHARED_SERVER = f"/api/{VERSION}"
_SECONDS = 300
_MET = ("400", "404", "422", "429", "503")  # problems every route may answer with


class _Fast(BaseRenderer):
    """JSON by msgspec: several times faster than the standard library, UTF-8 as it is."""

    media_type = "application/json"

    def render(self, _request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ANN401
        """Return the bytes of an answer."""
        return msgspec.json.encode(data, enc_hook=str)


def new() -> NinjaAPI:
    """Return the empty API; `xaso/config/api.py` adds the rooms' routes."""
    api = NinjaAPI(
        title="Xã Số",
        version=xaso.__version__,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        renderer=_Fast(),
        openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}},
    )
    problems.handle_on(api)
    return api


def mounted(api: NinjaAPI, *, shared: Sequence[str], is_shared: bool) -> list[URLPattern]:
    """Return the addresses of the API: those of a commune, or the `shared` ones of none.

    `shared` are the first segments of routes that belong to no commune (`communes`).
    """
    found = []
    for pattern in api.urls[0]:
        if not isinstance(pattern, URLPattern) or pattern.callback is None:
            continue
        first = str(pattern.pattern).partition("/")[0]
        if not first or (first in shared) != is_shared:
            continue
        mine = copy.copy(pattern)
        mine.callback = _guarded(pattern.callback, needs_commune=not is_shared)
        found.append(mine)
    return found


def document(api: NinjaAPI, *, shared: Sequence[str]) -> dict[str, Any]:
    """Return the OpenAPI document of all routes, in Vietnamese."""
    with override("vi"):
        schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
        schema["info"]["description"] = _(
            "Giao diện mở của xã: đọc và gửi phản ánh, danh sách bản, số liệu công khai. "
            "Lỗi trả về theo RFC 9457: mã ổn định trong “code”, câu tiếng Việt trong “detail”. "
            "Danh sách chia trang bằng “cursor”. Gửi lại an toàn bằng “Idempotency-Key”."
        )
        schema["servers"] = [_server()]
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            for status in _MET:
                operation["responses"].setdefault(
                    status, {"$ref": "#/components/responses/Problem"}
                )
        if path.strip("/").partition("/")[0] in shared:
            operations["servers"] = [{"url": SHARED_SERVER}]
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _problem_schema()
    components["responses"] = {"Problem": _problem_response()}
    return schema


def described(api: NinjaAPI, *, shared: Sequence[str]) -> Callable[..., HttpResponse]:
    """Return the view of the document, which is made at the first request."""
    made = lru_cache(maxsize=1)(partial(document, api, shared=shared))

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        """Serve the OpenAPI document."""
        return caching.answer(request, made, depends_on=(xaso.__version__,), seconds=_SECONDS)

    return view


def _server() -> dict[str, object]:
    commune = {
        "default": "binh-lu",
        "description": _("Tên xã không dấu trong địa chỉ; lấy từ /api/v1/communes."),
    }
    return {"url": SERVER, "variables": {"commune": commune}}


def _problem_schema() -> dict[str, object]:
    text = {"type": "string"}
    return {
        "title": "Problem",
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": text | {"format": "uri-reference"},
            "title": text,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text | {"description": "Câu tiếng Việt, nói được cho người dùng."},
            "code": text | {"description": "Mã ổn định cho máy đọc."},
            "errors": {
                "type": "object",
                "description": "Theo tên mục: những câu nói chỗ nào chưa đúng.",
                "additionalProperties": {"type": "array", "items": text},
            },
        },
    }


def _problem_response() -> dict[str, object]:
    return {
        "description": "Không làm được; lý do ở trong.",
        "content": {problems.TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _guarded(view: Callable[..., Any], *, needs_commune: bool) -> Callable[..., HttpResponse]:
    """Refuse what no route should have to think of, and mark every answer as ours.

    The mark lets a phone tell our answer from the page of a hotel's or school's network.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        if needs_commune and guards.commune_of(request) is None:
            response = problems.answer(404)
        elif guards.is_foreign(request):
            response = problems.answer(403, code="foreign_origin")
        else:
            response = view(request, *args, **kwargs)
        if response.status_code == 405:
            response = _not_allowed(response)
        response["X-Xaso"] = "1"
        return response

    return answered


def _not_allowed(plain: HttpResponse) -> HttpResponse:
    response = problems.answer(405)
    response["Allow"] = plain.get("Allow", "")
    return response
