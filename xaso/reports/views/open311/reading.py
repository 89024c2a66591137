"""What programs read: services, definitions, tokens, requests, discovery."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.models import Report
from xaso.reports.open311 import asking
from xaso.reports.open311.asking import Wanted
from xaso.reports.open311.faults import Fault, Faulty, unknown
from xaso.reports.queries import open311, open311_more, open311_services, stones
from xaso.reports.queries.open311 import Reader
from xaso.reports.views.open311.door import Call

FRESH, RECENT = 300, 30  # seconds that anybody may keep services, and requests
ROOT = "service_requests"


def services(call: Call) -> HttpResponse:
    """Return what can be sent."""
    kinds = catalogue.of(call.commune.id)
    is_extended = call.params.get("extensions", "").lower() == "true"
    rows = open311_services.services(kinds, clock.now(), is_extended=is_extended)
    return call.answer("services", rows, seconds=FRESH)


def definition(call: Call) -> HttpResponse:
    """Return what is asked about one service."""
    if not call.stem:
        raise Faulty(Fault("service_code", _("thiếu mã loại việc")))
    kinds = catalogue.of(call.commune.id)
    kind = next((k for k in open311_services.offered(kinds) if k.code == call.stem), None)
    if kind is None:
        raise Faulty(unknown("service_code"))
    shown = open311_services.definition(kind, clock.now())
    return call.answer("service_definition", shown, seconds=FRESH)


def discovery(call: Call) -> HttpResponse:
    """Return where the interface is found."""
    kinds = catalogue.of(call.commune.id)
    changeset = open311_services.changeset(kinds, clock.now())
    shown = open311_services.discovery(call.commune, changeset, base(call.request))
    return call.answer("discovery", shown, seconds=FRESH)


def base(request: HttpRequest) -> str:
    """Return the absolute address under which everything else stands, without a last slash."""
    index = reverse("open311:index")
    return f"{request.build_absolute_uri(index)}v2"


def token(call: Call) -> HttpResponse:
    """Return the request a token stands for: its own number, or the sender's UUID."""
    rows = Q(code=call.stem) if call.stem.isascii() and call.stem.isdigit() else None
    try:
        rows = rows or Q(uuid=UUID(call.stem))
    except ValueError as error:
        raise Faulty(unknown("token")) from error
    found = open311.by_token(call.reader(), rows)
    if found is None:
        raise Faulty(_missing(call, "token"))
    return call.answer(ROOT, [{"service_request_id": found.code, "token": call.stem}])


def one(call: Call) -> HttpResponse:
    """Return one request; one that may not be seen looks like one that never was."""
    reader = call.reader()
    found = open311.one(reader, call.stem)
    if found is None:
        raise Faulty(_missing(call, "service_request_id"))
    is_extended = call.params.get("extensions", "").lower() == "true"
    rows = _documents([found], reader, is_extended=is_extended)
    return call.answer(ROOT, rows, seconds=RECENT)


def _missing(call: Call, word: str) -> Fault:
    """Return why there is no such request: a public one was erased, or there never was one."""
    try:
        uuid = UUID(call.stem) if not call.stem.isdigit() else None
    except ValueError:
        return unknown(word)
    commune = call.commune
    stone = stones.by_uuid(commune, uuid) if uuid else stones.by_code(commune, call.stem)
    if stone is None or not stone.was_public:
        return unknown(word)
    return Fault(word, _("đã xóa theo quy định về giữ dữ liệu"), 410)


def many(call: Call) -> HttpResponse:
    """Return requests by filter, newest first, in pages."""
    wanted = asking.wanted(call.params, clock.now())
    reader = call.reader()
    found = open311.requests(reader, wanted)
    if found.total is not None:
        call.headers["X-Total-Count"] = str(found.total)
    if found.has_more:
        call.headers["Link"] = f'<{_next(call, wanted)}>; rel="next"'
    rows = _documents(found.reports, reader, is_extended=wanted.is_extended)
    return call.answer(ROOT, rows, seconds=RECENT)


def _documents(
    found: Sequence[Report], reader: Reader, *, is_extended: bool
) -> list[dict[str, object]]:
    rows = open311.documents(found, reader)
    if is_extended and found:
        open311_more.extend(rows, found, reader)
    return rows


def _next(call: Call, wanted: Wanted) -> str:
    """Return the address of the next page, never with the key."""
    asked = {name: text for name, text in call.params.items() if name != "api_key"}
    asked |= {"page": str(wanted.page + 1), "page_size": str(wanted.size)}
    return call.request.build_absolute_uri(f"{call.request.path}?{urlencode(asked)}")
