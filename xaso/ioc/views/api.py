"""The figures of a board as JSON, for screens: small, kept by ETag, the same for all of them."""

import gzip

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xaso.ioc import snapshots
from xaso.ioc.models import OVERVIEW
from xaso.ioc.views import looking
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock


@require_safe
@citizen_page
def snapshot(request: CommuneRequest, board: str) -> HttpResponse:
    """Answer a board's snapshot; 304 when the screen has it.

    `X-Xaso-As-Of` and `X-Xaso-Now` (ISO 8601) say when the figures were true and what time it is
    here; `X-Xaso-Again` (milliseconds) asks a screen to come back for a change that is not in
    yet. `?moi=<name of a change>`: the screen heard of it. 403 for everyone else, 404 for an
    unknown board.
    """
    if board != OVERVIEW:
        return HttpResponse(status=404)
    if not looking.may_look(request, request.commune):
        return HttpResponse(status=403)
    shown = snapshots.current(request.commune, board, told_of=request.GET.get("moi", "")[:40])
    etag = f'"{shown.etag}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = _body(shown.body, packed="gzip" in request.headers.get("Accept-Encoding", ""))
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Cookie, Accept-Encoding"
    answer["X-Xaso-As-Of"] = shown.as_of.isoformat()
    answer["X-Xaso-Now"] = clock.now().isoformat()
    if shown.again_in_ms:
        answer["X-Xaso-Again"] = str(shown.again_in_ms)
    return answer


def _body(body: bytes, *, packed: bool) -> HttpResponse:
    answer = HttpResponse(
        body if packed else gzip.decompress(body), content_type="application/json"
    )
    if packed:
        answer["Content-Encoding"] = "gzip"
    return answer
