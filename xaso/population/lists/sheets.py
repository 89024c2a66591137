"""The rows of a workbook's sheet, and its table of texts, read in one pass of the plain parser.

openpyxl builds an element tree of every cell, by a parser written in Python, and goes through a
sheet that does not say its size twice: 18 s for 40,000 rows where this takes two. What a cell
means is as openpyxl has it.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHEET_MAIN_NS

from xaso.population.lists.verdicts import MOST_COLUMNS, MOST_ROWS, No

_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _STRING, _SPOKEN = (
    f"{SHEET_MAIN_NS} {name}" for name in ("row", "c", "v", "f", "t", "si", "rPh")
)
NOT_COMPUTED = object()  # a formula without a kept result: read as empty it would say nothing
_DIGITS = "0123456789"


@dataclass(frozen=True)
class Styles:
    """What of a workbook decides how a number is read."""

    epoch: datetime
    days: frozenset[int] = frozenset()  # styles that show a number as a day or a time
    spans: frozenset[int] = frozenset()  # those of them that show a length of time


def texts(part: bytes) -> list[str]:
    """Return a workbook's table of texts, without what is written above them to be spoken."""
    found: list[str] = []
    pieces: list[str] = []
    spoken = 0
    is_text = False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal spoken, is_text
        spoken += name == _SPOKEN
        is_text = name == _TEXT and not spoken

    def end(name: str) -> None:
        nonlocal spoken, is_text
        is_text = False
        if name == _SPOKEN:
            spoken -= 1
        elif name == _STRING:
            found.append("".join(pieces).replace("x005F_", ""))
            pieces.clear()

    def said(text: str) -> None:
        if is_text:
            pieces.append(text)

    _parse(part, start, end, said)
    return found


def rows(part: bytes, shared: list[str], styles: Styles) -> list[tuple[int, list[Any]]]:
    """Return the rows of a sheet that hold something, with their numbers from 1.

    Refuses with `too_many_rows`, `too_many_columns`; a cell that contradicts its kind is a
    ValueError.
    """
    sheet = _Sheet(shared, styles)
    _parse(part, sheet.start, sheet.end, sheet.said)
    return sheet.found


@dataclass
class _Sheet:
    """What is known while a sheet goes by."""

    shared: list[str]
    styles: Styles
    found: list[tuple[int, list[Any]]] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)  # by their letters
    cells: list[Any] = field(default_factory=list)
    row: int = 0
    column: int = 0
    kind: str = "n"
    style: int = 0
    is_formula: bool = False
    is_value: bool = False
    pieces: list[str] = field(default_factory=list)
    spoken: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if name == _CELL:
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", 0))
            place = attributes.get("r")
            self.column = self._column(place) if place else self.column + 1
            self.is_formula = False
        elif name == _VALUE:
            self.is_value = self.kind != "inlineStr"
        elif name == _TEXT:
            self.is_value = self.kind == "inlineStr" and not self.spoken
        elif name == _ROW:
            self.row = int(float(attributes["r"])) if "r" in attributes else self.row + 1
            self.column, self.cells = 0, []
        elif name == _FORMULA:
            self.is_formula = True
        elif name == _SPOKEN:
            self.spoken += 1

    def said(self, text: str) -> None:
        """Take a piece of text."""
        if self.is_value:
            self.pieces.append(text)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self.is_value = False
        if name == _CELL:
            text = "".join(self.pieces)
            self.pieces.clear()
            if text or self.is_formula:
                self._put(self._read(text) if text else NOT_COMPUTED)
        elif name == _ROW:
            self._close()
        elif name == _SPOKEN:
            self.spoken -= 1

    def _column(self, place: str) -> int:
        letters = place.rstrip(_DIGITS)
        found = self.columns.get(letters)
        if found is None:
            found = self.columns[letters] = column_index_from_string(letters)
        return found

    def _read(self, text: str) -> Any:  # noqa: ANN401  (what a cell holds)
        if self.kind == "s":
            return self.shared[int(text)]
        if self.kind == "n":
            is_whole = not ("." in text or "E" in text or "e" in text)
            number = int(text) if is_whole else float(text)
            return self._day(number) if self.style in self.styles.days else number
        if self.kind == "b":
            return bool(int(text))
        return from_ISO8601(text) if self.kind == "d" else text  # type: ignore[no-untyped-call]

    def _day(self, number: float) -> Any:  # noqa: ANN401
        is_span = self.style in self.styles.spans
        try:
            return from_excel(number, self.styles.epoch, timedelta=is_span)
        except (OverflowError, ValueError):
            return "#VALUE!"

    def _put(self, value: Any) -> None:  # noqa: ANN401
        if self.column > MOST_COLUMNS:
            raise No("too_many_columns")
        missing = self.column - len(self.cells)
        if missing > 0:
            self.cells.extend([None] * missing)
        self.cells[self.column - 1] = value

    def _close(self) -> None:
        last = self.found[-1][0] if self.found else 0
        if not self.cells or self.row <= last:
            return
        if len(self.found) >= MOST_ROWS * 2:  # rows of spaces count here, and not in the end
            raise No("too_many_rows")
        self.found.append((self.row, self.cells))


def _parse(
    part: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    said: Callable[[str], None],
) -> None:
    """Go through a part of a workbook; what declares its own document type is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = said
    parser.ParseFile(io.BytesIO(part))


def _refuse(*_declared: object) -> None:
    raise No("dangerous")
