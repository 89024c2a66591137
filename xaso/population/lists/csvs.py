"""A list as text: its writing is found or asked for, never guessed."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from xaso.population.lists import tcvn3
from xaso.population.lists.verdicts import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, No

CHOICES = ("cp1258", "tcvn3")  # offered with a preview when a file is no UTF-8
DELIMITERS = ",;\t"
_PREVIEW = 12  # lines
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read(data: bytes, encoding: str) -> tuple[dict[str, Any], list[list[Any]]]:
    """Return facts and rows of a text; without its writing known, facts with a preview of each.

    Facts: `encoding`, `delimiter`, or `previews` (writing → first lines). Refuses with
    `not_text`, `wrong_encoding`, `too_many_rows`, `too_many_columns`.
    """
    known = encoding or _found(data)
    if not known:
        return {"previews": _previews(data)}, []
    text = decoded(data, known)
    if text is None:
        raise No("wrong_encoding")
    if _CONTROL.search(text):
        raise No("not_text")
    delimiter = _delimiter(text)
    rows = [[number, cells] for number, cells in _rows(text, delimiter)]
    return {"encoding": known, "delimiter": delimiter, "count": len(rows)}, rows


def decoded(data: bytes, encoding: str) -> str | None:
    """Return the text in one writing, composed (NFC); None when these bytes are not in it."""
    try:
        text = tcvn3.decoded(data) if encoding == "tcvn3" else data.decode(encoding)
    except (ValueError, LookupError):
        return None
    return unicodedata.normalize("NFC", text)


def _found(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "utf-8"


def _previews(data: bytes) -> dict[str, list[str]]:
    lines = b"\n".join(data.splitlines()[:_PREVIEW])
    found = {name: decoded(lines, name) for name in CHOICES}
    shown = {name: text.splitlines() for name, text in found.items() if text is not None}
    if not shown:
        raise No("not_text")
    return shown


def _delimiter(text: str) -> str:
    """Return the sign that cuts most of the first lines into equally many cells."""
    lines = [line for line in text.splitlines()[:40] if line.strip()]

    def score(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) * (usual > 0), usual)

    return max(DELIMITERS, key=score) if lines else ","


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str | None]]]:
    csv.field_size_limit(131_072)
    count = 0
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            kept = _kept(cells)
            if kept:
                count += 1
                if count > MOST_ROWS:
                    raise No("too_many_rows")
                yield number, kept
    except csv.Error as error:
        raise No("not_text") from error


def _kept(cells: Sequence[str]) -> list[str | None]:
    shown = [cell.strip()[:LONGEST_CELL] or None for cell in cells]
    while shown and shown[-1] is None:
        shown.pop()
    if len(shown) > MOST_COLUMNS:
        raise No("too_many_columns")
    return shown
