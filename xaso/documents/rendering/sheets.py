"""Templates as data: one TOML text says what a form holds, how it is laid out and how sure we are.

A template names its fields, then one list of blocks per kind of paper. Text may hold places like
`{applicant.name}` or `{due|moment}`; a place is a path into the data and nothing else, so that a
template can neither run anything nor reach anything but the data it was given.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xaso.documents.refusals import BadTemplate

A4, ROLL = "a4", "roll80"
PAPERS = (A4, ROLL)
SURENESS = ("law", "source", "unverified", "commune")
MOST_BYTES = 256 * 1024
MOST_BLOCKS = 200

PLACE = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)(?:\|([a-z_]+))?\}")
FILTERS = ("day", "long_day", "moment", "long_moment", "money", "number", "yes", "upper", "zero")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ALIGN = ("left", "center", "right", "justify")

# kind of block → what it may say, with the value it has when it says nothing (... = must be said)
BLOCKS: Mapping[str, Mapping[str, Any]] = {
    "head": {"parent": "", "agency": ..., "unit": "", "number": "", "date": "", "about": ""},
    "title": {"text": ..., "about": "", "size": 14},
    "text": {
        "text": ...,
        "align": "justify",
        "size": 0,
        "before": 0,
        "after": 0,
        "indent": 12.7,
        "bold": False,
        "italic": False,
    },
    "facts": {"rows": ..., "keep_empty": False},
    "table": {"rows": ..., "columns": ..., "size": 11, "numbered": False},
    "list": {"items": ..., "text": "{item}", "mark": "-"},
    "qr": {"data": ..., "caption": "", "align": "left", "width": 28, "alt": "Mã QR"},
    "sign": {"columns": ...},
    "close": {"receivers": [], "titles": ..., "name": "", "boxes": []},
    "rule": {"dash": "solid"},
    "space": {"height": 4},
    "break": {},
}
ANYWHERE = {"kind", "when", "unless"}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing the caller gives: its path, what people call it, whether the form needs it."""

    name: str
    label: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A template that was read and found sound."""

    code: str
    name: str
    aliases: tuple[str, ...]
    version: str
    valid_from: date
    source: str
    sureness: str
    fields: tuple[Field, ...]
    sample: Mapping[str, Any]
    papers: Mapping[str, list[dict[str, Any]]]  # kind of paper → blocks
    is_landscape: bool = False  # A4 only, for wide tables
    text: str = field(repr=False, default="")  # as it was written


def read(text: str) -> Sheet:
    """Return a template from its TOML text. Refuses with BadTemplate, which names the fault."""
    if len(text.encode()) > MOST_BYTES:
        raise BadTemplate(reason=f"> {MOST_BYTES // 1024} kB")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadTemplate(reason=str(error)[:200]) from error
    papers = {name: _blocks(name, raw[name]) for name in PAPERS if name in raw}
    if not papers:
        raise BadTemplate(reason="a4, roll80: ?")
    return Sheet(
        code=_said(raw, "code", lambda v: isinstance(v, str) and bool(_CODE.fullmatch(v))),
        name=_said(raw, "name", _is_line),
        aliases=tuple(map(str, raw.get("aliases", []))),
        version=str(_said(raw, "version", _is_line)),
        valid_from=_said(raw, "valid_from", lambda v: type(v) is date),
        source=_said(raw, "source", _is_line),
        sureness=_said(raw, "sureness", lambda v: v in SURENESS),
        fields=tuple(_fields(raw.get("fields", []))),
        sample=raw.get("sample", {}),
        papers=papers,
        is_landscape=raw.get("landscape") is True,
        text=text,
    )


def _is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= 300


def _said(raw: Mapping[str, Any], name: str, fits: Callable[[Any], bool]) -> Any:  # noqa: ANN401
    value = raw.get(name)
    if not fits(value):
        raise BadTemplate(reason=f"{name} = {value!r}"[:200])
    return value


def _fields(rows: object) -> Iterator[Field]:
    if not isinstance(rows, list):
        raise BadTemplate(reason="fields")
    for row in rows:
        name, label = (row.get("name"), row.get("label")) if isinstance(row, dict) else (None, None)
        if not (isinstance(name, str) and PLACE.fullmatch(f"{{{name}}}") and _is_line(label)):
            raise BadTemplate(reason=f"fields: {row!r}"[:200])
        yield Field(name, str(label), bool(row.get("required", False)))


def _blocks(paper: str, rows: object) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_BLOCKS:
        raise BadTemplate(reason=paper)
    return [_block(f"{paper}[{at}]", row) for at, row in enumerate(rows, 1)]


def _block(where: str, row: object) -> dict[str, Any]:
    """Return one block with everything it may say, or refuse and name where it stands."""
    kind = str(row.get("kind")) if isinstance(row, dict) else ""
    if not isinstance(row, dict) or kind not in BLOCKS:
        raise BadTemplate(reason=f"{where}: kind = {kind!r}")
    known = BLOCKS[kind]
    if unknown := set(row) - set(known) - ANYWHERE:
        raise BadTemplate(reason=f"{where}: {', '.join(sorted(unknown))}")
    missing = [name for name, value in known.items() if value is ... and name not in row]
    if missing:
        raise BadTemplate(reason=f"{where}: {', '.join(missing)}?")
    block = {**known, **row}
    _check_kinds_of_values(where, block, known)
    for text in _texts(block):
        _check_places(where, text)
    return block


def _check_kinds_of_values(where: str, block: dict[str, Any], known: Mapping[str, Any]) -> None:
    for name, usual in known.items():
        value = block[name]
        if isinstance(usual, bool):
            is_fit = isinstance(value, bool)
        elif isinstance(usual, int | float):
            is_fit = isinstance(value, int | float) and 0 <= value <= 300
        elif isinstance(usual, str) and name != "text":
            is_fit = isinstance(value, str)
        else:
            is_fit = isinstance(value, str | list)
        if not is_fit or (name == "align" and value not in _ALIGN):
            raise BadTemplate(reason=f"{where}: {name} = {value!r}"[:200])
    _check_parts(where, block)


def _check_parts(where: str, block: dict[str, Any]) -> None:
    """Look into the lists of a block: pairs of facts, columns of tables and signatures."""
    kind = block["kind"]
    if kind == "facts":
        rows = block["rows"]
        sound = isinstance(rows, list) and all(
            isinstance(r, list) and len(r) == 2 and all(isinstance(t, str) for t in r) for r in rows
        )
    elif kind in {"table", "sign"}:
        wanted = "text" if kind == "table" else "title"
        columns = block["columns"]
        sound = isinstance(columns, list) and 0 < len(columns) <= 12
        sound = sound and all(
            isinstance(c, dict) and isinstance(c.get(wanted), str) for c in columns
        )
    elif kind == "close":
        sound = all(isinstance(block[name], list) for name in ("receivers", "titles", "boxes"))
    else:
        sound = True
    if not sound:
        raise BadTemplate(reason=f"{where}: {kind}")


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a block, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _check_places(where: str, text: str) -> None:
    for found in PLACE.finditer(text):
        if found[2] and found[2] not in FILTERS:
            raise BadTemplate(reason=f"{where}: {found[0]}")
    if "{" in PLACE.sub("", text) or "}" in PLACE.sub("", text):
        raise BadTemplate(reason=f"{where}: {text}"[:200])
