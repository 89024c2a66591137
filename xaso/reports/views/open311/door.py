"""The frame of every call: format, method, commune, key, limits, headers, errors."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as identity_actions
from xaso.kernel.identity import queries as identity
from xaso.kernel.open_api import caching
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal, TooMany
from xaso.kernel.web.http import CommuneRequest
from xaso.reports.open311 import documents
from xaso.reports.open311.faults import Fault, Faulty, unknown
from xaso.reports.queries.open311 import Reader
from xaso.reports.views.open311 import errors

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
READS, READS_AN_HOUR = 60, 600  # of one neighbourhood of addresses, without a key
READS_OF_KEY, WRITES_OF_KEY = 600, 60  # a minute
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_EXPOSED = "Link, X-Total-Count, ETag, Retry-After"
# Where the fields of an action stand in the standard's form.
_FIELDS = {
    "category": "service_code",
    "text": "description",
    "photos": "media",
    "place": "location",
}

Handler = Callable[["Call"], HttpResponse]


@dataclass
class Call:
    """One call: what was asked, in which format, by whom."""

    request: CommuneRequest
    form: str
    stem: str  # the last segment without its suffix
    actor: Actor | None = None  # the partner's program, when it showed a good key
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def commune(self) -> Commune:
        """Return the commune of the address."""
        return self.request.commune

    @property
    def params(self) -> QueryDict:
        """Return the parameters of the address."""
        return self.request.GET

    @property
    def key(self) -> int | None:
        """Return the number of the key."""
        return int(self.actor.id) if self.actor else None

    def reader(self) -> Reader:
        """Return who reads; a key without the scope to read sees what everybody sees."""
        may_read = self.actor is not None and identity.may(self.actor, "open311.read")
        return Reader(self.commune, self.request.build_absolute_uri, self.key if may_read else None)

    def needs(self, scope: str) -> Actor:
        """Return the program when its key holds a scope. Refuses with Faulty."""
        if self.actor is None:
            raise no_key()
        if not identity.may(self.actor, scope):
            raise Faulty(Fault("api_key", _("khóa này không có quyền làm việc này"), 403))
        return self.actor

    def answer(self, root: str, value: object, *, seconds: int = 0) -> HttpResponse:
        """Return a document; with `seconds` anybody may keep it so long and ask by its ETag."""
        body = documents.written(self.form, root, value)
        response = HttpResponse(body, content_type=documents.TYPES[self.form])
        if seconds and self.actor is None:
            etag = caching.etag_of(self.form, body)
            if caching.is_known(self.request, etag):
                response = HttpResponse(status=304)
            response["ETag"] = etag
            response["Cache-Control"] = f"public, max-age={seconds}"
        else:
            response["Cache-Control"] = "no-store"
        for name, text in self.headers.items():
            response[name] = text
        return response


def door(*, get: Handler, post: Handler | None = None) -> Callable[..., HttpResponseBase]:
    """Make a view of handlers by method; HEAD is answered like GET."""
    handlers = {"GET": get, "HEAD": get} | ({"POST": post} if post else {})
    allowed = ", ".join([*handlers, "OPTIONS"])

    @csrf_exempt
    def opened(request: HttpRequest, name: str) -> HttpResponse:
        stem, form = _split(name)
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        else:
            call = Call(cast("CommuneRequest", request), form or "xml", stem)
            response = _answered(call, handlers.get(request.method or ""), is_known=bool(form))
        if request.method in {"OPTIONS"} or response.status_code == 405:
            response["Allow"] = allowed
        return _dressed(request, response)

    return opened


def no_key() -> Faulty:
    """Return the refusal of a key that is missing or wrong."""
    sentence = _("thiếu hoặc sai khóa, hỏi văn phòng xã để được cấp")
    return Faulty(Fault("api_key", sentence, 403))


def _answered(call: Call, handler: Handler | None, *, is_known: bool) -> HttpResponse:
    """Answer a call; every refusal is an answer in the call's own format."""
    try:
        return _run(call, handler, is_known=is_known)
    except Faulty as error:
        return errors.answer(call.form, error)
    except TooMany as refusal:
        too_many = Fault("too_many", str(refusal.sentence), 429)
        return errors.answer(call.form, Faulty(too_many, retry_after=refusal.retry_after))
    except Invalid as refusal:
        return errors.answer(call.form, Faulty(*_faults(refusal)))
    except Refusal as refusal:
        status = refusal.status if refusal.status in (403, 404) else 400
        return errors.answer(call.form, Faulty(Fault(refusal.code, refusal.sentence, status)))


def _run(call: Call, handler: Handler | None, *, is_known: bool) -> HttpResponse:
    """Let a call in and answer it."""
    if handler is None:
        raise Faulty(Fault("method", _("địa chỉ này không nhận phương thức đó"), 405))
    if getattr(call.request, "commune", None) is None:
        raise Faulty(unknown("jurisdiction_id"))
    if not is_known:
        raise Faulty(Fault("format", _("địa chỉ phải kết thúc bằng .xml hoặc .json")))
    _admit(call)
    return handler(call)


def _faults(refusal: Invalid) -> list[Fault]:
    """Return what an action found wrong, under the standard's names."""
    if not refusal.errors:
        return [Fault(refusal.code, refusal.sentence)]
    return [
        Fault(_FIELDS.get(name, name), sentence)
        for name, sentences in refusal.errors.items()
        for sentence in sentences
    ]


def _admit(call: Call) -> None:
    """Count the call, know its key, check its jurisdiction. Refuses with Faulty and TooMany."""
    is_post = call.request.method == "POST"
    if is_post and call.request.content_type not in _FORMS:
        raise Faulty(Fault("content_type", _("gửi dạng biểu mẫu, không phải JSON hay XML")))
    form = call.request.POST if is_post else call.params
    shown = form.get("api_key", "").strip()
    if shown:
        call.actor = identity_actions.use_api_key(shown, call.commune)
    _count(call, is_post=is_post)
    if (shown or is_post) and call.actor is None:
        raise no_key()
    jurisdiction = form.get("jurisdiction_id", "").strip()
    if jurisdiction and jurisdiction.lower() not in _own_names(call):
        raise Faulty(Fault("jurisdiction_id", _("địa chỉ này không phải của nơi đó"), 404))


def _count(call: Call, *, is_post: bool) -> None:
    commune = call.commune.id
    if call.actor is not None:
        kind, limit = ("write", WRITES_OF_KEY) if is_post else ("read", READS_OF_KEY)
        name = f"open311.{kind}:{call.actor.id}"
        identity_actions.take(name, limit=limit, per=_MINUTE, commune=commune)
        return
    near = _near(identity.address(call.request))
    identity_actions.take(f"open311.m:{near}", limit=READS, per=_MINUTE, commune=commune)
    identity_actions.take(f"open311.h:{near}", limit=READS_AN_HOUR, per=_HOUR, commune=commune)


def _near(address: str) -> str:
    """Return the neighbourhood of an address: its /24, or the /56 of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        return str(IPv6Address(int(known) >> 72 << 72))
    return str(IPv4Address(int(known) >> 8 << 8))


def _own_names(call: Call) -> set[str]:
    """Return how this commune may be called: its host with and without `www`, its short name."""
    host = call.request.get_host().rpartition(":")[0] or call.request.get_host()
    named = {host.lower(), (call.commune.host or "").lower(), call.commune.slug}
    return {name.removeprefix("www.") for name in named} | named


def _split(name: str) -> tuple[str, str]:
    """Return (the segment, its format) of `requests.json`; no format for anything else."""
    stem, _dot, suffix = name.rpartition(".")
    return (stem, suffix) if suffix in documents.TYPES and _dot else (name, "")


def _dressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add what every answer carries: other sites' pages may read, never write."""
    response["Vary"] = "Accept-Encoding"
    if request.method in {"GET", "HEAD"}:
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = _EXPOSED
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
