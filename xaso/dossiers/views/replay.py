"""What a counter machine's queue sends once there is a network again, under its clerk's sign-in.

Days may have passed, so no CSRF token: the queue's own header, which makes a browser ask first when
another site's page tries, a cookie of this site alone, and the machine's signature over the words.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from xaso.dossiers import actions
from xaso.dossiers.models import OfflineReception
from xaso.dossiers.queries import offline as offline_queries
from xaso.kernel.attachments import parts
from xaso.kernel.identity import queries as identity
from xaso.kernel.open_api import problems
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, DeskRequest, View
from xaso.kernel.web.middleware import bodies
from xaso.kernel.working_time import clock

_RANGE = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})")
_LARGEST = 64 * 1024
State = OfflineReception.State


class Given(msgspec.Struct, forbid_unknown_fields=True):
    """The signed words as they travel."""

    kid: str
    body: str
    signature: str
    sent_at: datetime | None = None


def for_machines(view: Callable[..., HttpResponse]) -> View:
    """Open an address to the queue of a signed-in clerk; answers are problems, never pages."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        refused = _not_for(request)
        if refused is not None:
            return refused
        try:
            return view(request, *args, **kwargs)
        except parts.Gap as refusal:
            return _refused(refusal, _receipt(_row(cast("DeskRequest", request), **kwargs)))
        except Refusal as refusal:
            return _refused(refusal)

    return csrf_exempt(caching.personal(checked))


def _not_for(request: HttpRequest) -> HttpResponse | None:
    """Return why this sender may not, in words; None for a clerk of this commune."""
    is_queue = request.headers.get("X-Xaso-Outbox") == "1"
    if getattr(request, "commune", None) is None or not is_queue:
        return problems.answer(404)
    if not request.user.is_authenticated:
        said = _("Phiên làm việc đã hết. Bác đăng nhập lại; hồ sơ vẫn còn trong máy.")
        return problems.answer(401, said, code="signed_out")
    actor = identity.actor(request)
    cast("DeskRequest", request).actor = actor
    if identity.may(actor, "dossiers.receive"):
        return None
    said = _("Tài khoản này không tiếp nhận hồ sơ. Bác đăng nhập bằng tài khoản một cửa.")
    return problems.answer(403 if actor.roles else 404, said)


@for_machines
def reception(request: DeskRequest, key: UUID) -> HttpResponse:
    """Take the words in (PUT), or say how far a reception is (GET)."""
    if request.method == "GET":
        return _answer(_row(request, key, digest=request.GET.get("ban", "")), 200)
    if request.method != "PUT":
        return problems.answer(405)
    if len(request.body) > _LARGEST:
        return problems.answer(413)
    try:
        given = msgspec.json.decode(request.body, type=Given)
    except msgspec.MsgspecError:
        return problems.answer(400)
    at = given.sent_at if given.sent_at and given.sent_at.utcoffset() is not None else None
    sent = actions.Sent(key, given.kid, given.body, given.signature, at)
    known = offline_queries.count(request.commune, key)
    row = actions.take_in(sent, by=request.actor, commune=request.commune)
    is_new = offline_queries.count(request.commune, key) > known
    return _answer(row, 201 if is_new else 200)


@for_machines
def photo(request: DeskRequest, key: UUID, sha256: str) -> HttpResponse:
    """Take a photo, whole or in pieces (202 while more is to come)."""
    if request.method != "PUT":
        return problems.answer(405)
    if not (request.content_type or "").startswith("image/"):
        return problems.answer(415)
    row = _row(request, key, sha256)
    row, is_whole = actions.add_file(
        row, sha256, _piece(request), by=request.actor, commune=request.commune
    )
    return _answer(row, 200 if is_whole else 202)


def _row(
    request: CommuneRequest, key: UUID, sha256: str = "", digest: str = ""
) -> OfflineReception:
    row = offline_queries.by_key(request.commune, key, sha256=sha256, digest=digest)
    if row is None:
        raise NotFound
    return row


def _piece(request: HttpRequest) -> actions.Piece:
    raw = bodies.raw(request)
    said = request.headers.get("Content-Range", "")
    if not said:
        announced = int(request.META.get("CONTENT_LENGTH") or raw.bytes)
        return actions.Piece(raw.file, 0, raw.bytes if raw.is_whole else announced)
    found = _RANGE.fullmatch(said)
    if found is None:
        raise Invalid
    start, last, total = map(int, found.groups())
    is_right = start <= last < total and (raw.bytes == last - start + 1 or not raw.is_whole)
    if not is_right:
        raise Invalid
    return actions.Piece(raw.file, start, total)


def _answer(row: OfflineReception, status: int) -> HttpResponse:
    return JsonResponse(_receipt(row), status=status)


def _receipt(row: OfflineReception) -> dict[str, Any]:
    """Return what the machine may show: never more than what the server holds."""
    dossier = row.dossier
    is_in = dossier is not None and row.state in {State.RECEIVED, State.JOINED}
    is_open = row.state in {State.WAITING, State.CONFLICT}
    here = row.arrived if is_open else set(row.files)
    return {
        "state": row.state,
        "code": row.code,
        "official": dossier.code if dossier is not None and is_in else "",
        "due_text": _due(row) if is_in else "",
        "unanswered": dossier.unanswered if dossier is not None and is_in else 0,
        "is_clock_trusted": row.is_clock_trusted,
        "why": row.get_why_display(),
        "reason": row.reason,
        "url": reverse("dossiers_reception:done", args=[dossier.pk])
        if dossier is not None and is_in
        else "",
        "missing": [
            {"sha": each, "have": actions.part_of(row, each).have}
            for each in row.files
            if each not in here
        ],
        "server_time": clock.now().isoformat(),
    }


def _due(row: OfflineReception) -> str:
    due = row.dossier.promise_at if row.dossier else None
    return dates.moment(due, year=True) if due else ""


def _refused(refusal: Refusal, receipt: dict[str, Any] | None = None) -> HttpResponse:
    response = problems.of(refusal)
    if receipt is not None:
        said = json.loads(response.content) | {"receipt": receipt}
        response = JsonResponse(said, status=refusal.status, content_type=problems.TYPE)
    response.refused = True  # type: ignore[attr-defined]  # the transaction is undone
    return response
