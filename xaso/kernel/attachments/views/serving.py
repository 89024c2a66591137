"""Serve a file to whoever may see it; for everyone else there is no such file."""

from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from xaso.kernel.attachments import keepers, queries, ranges
from xaso.kernel.attachments.models import Attachment, Kind, State
from xaso.kernel.audit import actions as audit
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune

# The content of an address never changes, but a picture may be taken back: whoever keeps a copy
# asks again, a proxy after five minutes, a browser after a day (and is told 304 or 404).
_PUBLIC = "public, max-age=86400, s-maxage=300"
_PRIVATE = "private, no-store"


@require_safe
def picture(request: HttpRequest, sha256: str, step: str, extension: str) -> HttpResponseBase:
    """Serve one clean picture of a photo."""
    is_small = int(step) <= queries.THUMBNAIL  # a list of them is no look at each
    photo = _visible(request, sha256, is_look=not is_small)
    made = queries.rendition(photo, int(step), queries.TYPES[extension])
    if made is None:
        raise Http404
    if request.headers.get("If-None-Match") == f'"{made.sha256}"':
        return _guarded(HttpResponseNotModified(), photo, request, etag=made.sha256)
    response = HttpResponse(queries.clean_content(made), content_type=made.media_type)
    return _guarded(response, photo, request, etag=made.sha256)


@require_safe
def document(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    """Serve a document or a recording as it was given; its name in the address is for people."""
    file = _visible(request, sha256, is_look=True)  # a part of it too: parts make the whole
    if file.kind == Kind.PHOTO:
        raise Http404
    if file.kind == Kind.AUDIO:
        with queries.opened(file) as sound:
            part = ranges.piece(request.headers, sound, file.bytes, etag=file.sha256)
        played = HttpResponse(part.body, status=part.status, headers=part.headers)
        played.headers["Content-Type"] = file.media_type
        return _guarded(played, file, request, etag=file.sha256)
    response: HttpResponseBase = FileResponse(
        queries.opened(file),
        content_type=file.media_type,
        as_attachment=file.kind == Kind.DOCUMENT,
        filename=file.original_name,
    )
    return _guarded(response, file, request, etag=file.sha256)


@require_safe
def original(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Serve a photo kept as evidence, notes and all, to those who may; the reading is logged."""
    commune = _commune(request)
    photo = queries.by_sha256(commune, sha256)
    actor = identity.actor(request)
    if photo is None or not photo.keeps_original:
        raise Http404
    if not identity.may(actor, "attachments.read_original"):
        raise Http404
    audit.view(photo, by=actor, commune=commune.id, purpose="attachments.original")
    response = HttpResponse(queries.content(photo), content_type=photo.media_type)
    name = content_disposition_header(as_attachment=True, filename=photo.original_name)
    response.headers["Content-Disposition"] = name or "attachment"
    photo.is_public = False  # whatever the clean picture is: this answer is for one person
    return _guarded(response, photo, request, etag=photo.sha256)


def _visible(request: HttpRequest, sha256: str, *, is_look: bool) -> Attachment:
    """Return the file when this person may see it; else the same 404 as when there is none.

    A look is logged where the file's keeper wants it, unless `is_look` says that it is none.
    """
    file = queries.by_sha256(_commune(request), sha256)
    if file is None or file.state != State.READY:
        raise Http404
    if file.is_public or queries.opens(request.GET.get("xem", ""), file):
        return file
    actor = identity.actor(request)
    keeper = keepers.way(file, actor)
    if keeper is None:
        raise Http404
    if keeper.purpose and is_look:
        audit.view(file, by=actor, commune=file.commune_id, purpose=keeper.purpose)
    return file


def _commune(request: HttpRequest) -> Commune:
    commune = cast("Commune | None", getattr(request, "commune", None))
    if commune is None:
        raise Http404
    return commune


def _guarded(
    response: HttpResponseBase, file: Attachment, request: HttpRequest, *, etag: str
) -> HttpResponseBase:
    """Set headers under which a browser runs nothing of the file and keeps only what is public."""
    response.headers["Cache-Control"] = _PUBLIC if file.is_public else _PRIVATE
    response.headers["ETag"] = f'"{etag}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Pictures and packages are compressed already: gzip would cost time and gain nothing.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return response
