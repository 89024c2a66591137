"""A paper as an answer of the server."""

from django.http import HttpResponse

from xaso.documents.actions import Rendered


def as_file(paper: Rendered) -> HttpResponse:
    """Answer with a paper: a PDF opens in the browser, a DOCX is saved; nobody keeps a copy."""
    response = HttpResponse(paper.content, content_type=paper.media_type)
    how = "inline" if paper.media_type == "application/pdf" else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{paper.name}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
