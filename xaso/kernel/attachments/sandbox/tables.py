"""Look through a CSV: text in a known encoding, cells that start no program."""

import csv
import io
import re
from typing import Any

from xaso.kernel.attachments.sandbox.verdict import No

_ROWS = 1_048_576
_FIELD = 131_072
_MARKUP = re.compile(r"\s*<(!doctype|\?xml|html|svg|script|body)", re.IGNORECASE)
# =cmd|'/c calc'!A0 and its kin: a spreadsheet would offer to start a program.
_PROGRAM = re.compile(
    r"\s*[=+\-@].*(\|.*!|\bDDE\b|WEBSERVICE|HYPERLINK\s*\(\s*[\"']file)", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def inspected(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return `media_type`, `encoding` and `rows` of a table.

    Refuses with `dangerous_document`, `wrong_type`, `broken_file`.
    """
    text, encoding = _decoded(data)
    if _CONTROL.search(text) or _MARKUP.match(text):
        raise No("wrong_type")
    csv.field_size_limit(_FIELD)
    rows = 0
    for rows, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if rows > _ROWS or any(map(_PROGRAM.match, row)):
            raise No("dangerous_document")
    return {"media_type": "text/csv", "encoding": encoding, "rows": rows}, []


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the text and how it was written: UTF-8, UTF-16 with its mark, or Windows-1258."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16"), "utf-16"
    for encoding in ("utf-8-sig", "cp1258"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise No("wrong_type")
