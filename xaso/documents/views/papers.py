"""A paper as an answer of the server."""

from django.http import HttpResponse

from xaso.documents.actions import Rendered


def as_file(paper: Rendered) -> HttpResponse:
    """Answer with a paper: a PDF opens in the browser, a DOCX is saved; nobody keeps a copy."""
    response = HttpResponse(paper.content, content_type=paper.media_type)
    how = "inline" if paper.media_type == "application/pdf" else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{paper.name}"'
    return _guarded(response)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Answer with the bytes of a PDF, exactly as they are kept."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return _guarded(response)


def _guarded(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
