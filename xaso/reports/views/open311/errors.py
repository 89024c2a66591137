"""Errors in the format that was asked for; XML when nobody can tell."""

from django.http import HttpRequest, HttpResponse

from xaso.reports.open311 import documents, faults
from xaso.reports.open311.faults import Fault, Faulty


def answer(form: str, error: Faulty) -> HttpResponse:
    """Return the faults of a request; whatever it had begun is undone."""
    said = faults.documents(error.faults)
    response = HttpResponse(
        documents.written(form, "errors", said),
        status=error.status,
        content_type=documents.TYPES[form],
    )
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Accept-Encoding"
    response.refused = True  # type: ignore[attr-defined]  # the transaction is undone
    return response


def page(request: HttpRequest, status: int, text: str) -> HttpResponse:
    """Return what went wrong before or behind the views, as the standard writes it."""
    form = "json" if request.path.endswith(".json") else "xml"
    response = answer(form, Faulty(Fault(_WORDS.get(status, "request"), text, status)))
    if request.method in {"GET", "HEAD"}:
        response["Access-Control-Allow-Origin"] = "*"
    return response


_WORDS = {
    403: "forbidden",
    404: "not_found",
    405: "method",
    413: "too_big",
    429: "too_many",
    500: "server",
    503: "unavailable",
}
