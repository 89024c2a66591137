"""Look through a PDF for what a plain paper does not hold (ISO 32000-2)."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from xaso.kernel.attachments.sandbox.verdict import No

PAGES = 2000
_OBJECTS = 300_000
_DEPTH = 12  # direct objects nested in one object
_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/GoToR",
    "/Rendition",
}
_KEYS = {"/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/XFA", "/RichMedia"}
_TYPES = {"/EmbeddedFile", "/RichMedia", "/3D", "/Movie", "/Screen", "/FileAttachment"}
_TAIL = 70_000  # a ZIP's end record lies in the last 64 KiB + 22 bytes


def inspected(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return `pages` of a PDF that is only a paper.

    Refuses with `locked_file`, `too_many_pages`, `dangerous_document`, `broken_file`.
    """
    if b"PK\x05\x06" in data[-_TAIL:]:
        raise No("dangerous_document")  # also readable as an archive
    try:
        pdf = pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise No("locked_file") from error
    with pdf:
        pages = len(pdf.pages)
        if pages > PAGES:
            raise No("too_many_pages")
        if not pages:
            raise No("broken_file")
        _refuse_programs(pdf)
    return {"media_type": "application/pdf", "pages": pages}, []


def _refuse_programs(pdf: pikepdf.Pdf) -> None:
    for number, thing in enumerate(pdf.objects):
        if number > _OBJECTS:
            raise No("dangerous_document")
        for entries in _dictionaries(thing):
            if _is_dangerous(entries):
                raise No("dangerous_document")


def _is_dangerous(entries: pikepdf.Object) -> bool:
    kinds = {str(entries.get(key, "")) for key in ("/S", "/Type", "/Subtype")}
    return bool(_KEYS & set(entries.keys()) or kinds & (_ACTIONS | _TYPES))


def _dictionaries(thing: Any, depth: int = 0) -> Iterator[pikepdf.Object]:  # noqa: ANN401  (a PDF object or a plain value)
    """Yield the dictionaries directly inside an object; what it refers to comes by itself."""
    if not isinstance(thing, pikepdf.Object) or (depth and thing.is_indirect):
        return
    if depth > _DEPTH:
        raise No("dangerous_document")
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        entries = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
        yield entries
        parts: list[Any] = [entries[key] for key in entries.keys()]  # noqa: SIM118  (not a mapping)
    elif isinstance(thing, pikepdf.Array):
        parts = list(thing)
    else:
        return
    for part in parts:
        yield from _dictionaries(part, depth + 1)
