"""The same request sent again gets the same answer and changes nothing again.

A client that never heard our answer repeats its request with the same `Idempotency-Key`.
"""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from xaso.kernel.open_api import actions, problems
from xaso.kernel.open_api.actions import KeyUsedOtherwise
from xaso.kernel.open_api.guards import commune_of, sender
from xaso.kernel.refusals import Invalid

HEADER = "Idempotency-Key"
_FORM = re.compile(r"[\x21-\x7e]{8,128}")
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
Run = Callable[..., HttpResponse]


def once(run: Run) -> Run:
    """Honour the header on a route; without it the route runs as usual.

    Stands in `@decorate_view(once)` under the route. Only good answers (2xx) are kept, so what
    was refused may be sent again. Two at once: the second waits for the first.
    """

    @wraps(run)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        key, commune = request.headers.get(HEADER), commune_of(request)
        if key is None or commune is None:
            return run(request, *args, **kwargs)
        if not _FORM.fullmatch(key):
            said = _("Khóa phải dài từ 8 đến 128 ký tự, không dấu, không cách.")
            return problems.of(Invalid(errors={HEADER: [said]}))
        digest = _digest(sender(request), request.method or "", request.path, key)
        try:
            known = actions.begin(commune, digest, _sent(request))
        except KeyUsedOtherwise as refusal:
            return problems.of(refusal)
        if known is not None:
            return _again(known)
        response = run(request, *args, **kwargs)
        if 200 <= response.status_code < 300 and not response.streaming:
            actions.finish(commune, digest, _kept(response))
        return response

    return answered


def _digest(*parts: str) -> str:
    seen = hashlib.sha256()
    for part in parts:
        data = part.encode()
        seen.update(len(data).to_bytes(4, "big") + data)
    return seen.hexdigest()


def _sent(request: HttpRequest) -> str:
    """Return a digest of what was sent; forms by their fields, for their boundaries differ."""
    if request.content_type not in _FORMS:
        return hashlib.sha256(request.get_full_path().encode() + b"\0" + request.body).hexdigest()
    fields = [repr(item) for item in sorted(request.POST.lists())]
    files = [
        f"{name}:{_digest_of_file(file)}"
        for name in sorted(request.FILES)
        for file in request.FILES.getlist(name)
    ]
    return _digest(request.get_full_path(), *fields, *files)


def _digest_of_file(file: Any) -> str:  # noqa: ANN401  (an uploaded file)
    seen = hashlib.sha256()
    for chunk in file.chunks():
        seen.update(chunk)
    file.seek(0)
    return seen.hexdigest()


def _kept(response: HttpResponse) -> actions.Kept:
    return actions.Kept(
        status=response.status_code,
        content_type=response.get("Content-Type", ""),
        location=response.get("Location", ""),
        body=response.content.decode(),
    )


def _again(known: actions.Kept) -> HttpResponse:
    response = HttpResponse(known.body, status=known.status, content_type=known.content_type)
    if known.location:
        response["Location"] = known.location
    response["Idempotency-Replayed"] = "true"
    response["Cache-Control"] = "no-store"
    return response
