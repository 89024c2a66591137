"""A template and data become a paper: blocks whose text is final, for every press alike."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import segno

from xaso.documents.refusals import MissingData, NoSuchLayout
from xaso.documents.rendering.sheets import A4, PLACE, Sheet
from xaso.kernel.text import clean_text, dates

Data = Mapping[str, Any]
MOST_TEXT = 20_000  # characters in one place; more is a mistake or an attack
MOST_ROWS = 5_000
_EMPTY = "…………………………"
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)

# Page facts of decree 30/2020/NĐ-CP, Annex I (A4); the roll is what receipt printers take.
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "a4": {
        "kind": "page", "font": "Liberation Serif", "size": 13, "width": 210, "height": 297,
        "top": 21, "bottom": 20, "left": 30, "right": 20,
    },
    "roll80": {
        "kind": "roll", "font": "Liberation Sans", "size": 9, "width": 80, "height": 0,
        "top": 4, "bottom": 8, "left": 4, "right": 4,
    },
}  # fmt: skip


def filled(sheet: Sheet, data: Data, *, paper: str = A4, watermark: str = "") -> dict[str, Any]:
    """Return the paper as plain JSON values: title, look, watermark, blocks with final text.

    Refuses with NoSuchLayout and with MissingData, which names the fields by their labels.
    """
    if paper not in sheet.papers:
        raise NoSuchLayout(code=sheet.code)
    missing = [f.label for f in sheet.fields if f.is_required and not said(data, f.name)]
    if missing:
        raise MissingData(fields=", ".join(missing))
    blocks = [
        _FILL[block["kind"]](block, data)
        for block in sheet.papers[paper]
        if _is_wanted(block, data)
    ]
    look = dict(LOOKS[paper])
    if sheet.is_landscape and paper == A4:
        look |= {"width": look["height"], "height": look["width"], "left": 20, "right": 20}
    return {"title": sheet.name, "look": look, "watermark": watermark, "blocks": blocks}


def said(data: Data, path: str) -> Any:  # noqa: ANN401
    """Return what the data say at a path; None where they say nothing."""
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return None if value in ("", [], {}) else value


def put_in(text: str, data: Data) -> str:
    """Return the text with every place filled by clean data."""
    return PLACE.sub(lambda found: shown(said(data, found[1]), found[2] or ""), text)


def shown(value: object, how: str = "") -> str:
    """Return a value as people read it; `how` is one of the filters of a template."""
    if value is None:
        return ""
    if how in _SHOW:
        return _SHOW[how](value)
    for kind, show in _BY_KIND:
        if isinstance(value, kind):
            return show(value)
    return clean_text(str(value)[:MOST_TEXT])


def _local(value: object) -> date:
    if isinstance(value, datetime):
        return dates.local(value).date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _at(value: object) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return dates.local(found)


def _day(value: object) -> str:
    day = _local(value)
    return f"{day.day:02}/{day.month:02}/{day.year}"


def _long_day(value: object) -> str:
    """Return a day as documents date themselves: days under 10 and months 1, 2 take a zero."""
    day = _local(value)
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _moment(value: object) -> str:
    at = _at(value)
    return f"{at.hour:02}:{at.minute:02} {_day(at)}"


def _long_moment(value: object) -> str:
    at = _at(value)
    return f"{at.hour:02} giờ {at.minute:02} phút, {_long_day(at)}"


def _money(value: object) -> str:
    return f"{_number(value)} đồng"


def _number(value: object) -> str:
    """Return a whole number with a dot between thousands, whatever language the pages are in."""
    return f"{int(str(value)):,}".replace(",", ".")


def _yes(value: object) -> str:
    return "Có" if value else "Không"


_SHOW: Mapping[str, Callable[[object], str]] = {
    "day": _day, "long_day": _long_day, "moment": _moment, "long_moment": _long_moment,
    "money": _money, "number": _number, "yes": _yes,
    "upper": lambda value: shown(value).upper(),
    "zero": lambda value: f"{int(str(value)):02}",
}  # fmt: skip

# A datetime is also a date and a bool also a number: the order decides.
_BY_KIND: tuple[tuple[type, Callable[[object], str]], ...] = (
    (datetime, _moment),
    (date, _day),
    (bool, _yes),
)


def _is_wanted(block: Data, data: Data) -> bool:
    when, unless = block.get("when"), block.get("unless")
    return not (when and not said(data, when)) and not (unless and said(data, unless))


def _head(block: Data, data: Data) -> dict[str, Any]:
    names = ("parent", "agency", "unit", "number", "date", "about")
    return {"kind": "head", "small": 12, **{n: put_in(block[n], data) for n in names}}


def _title(block: Data, data: Data) -> dict[str, Any]:
    texts = {name: put_in(block[name], data) for name in ("text", "about")}
    return {"kind": "title", "size": block["size"], **texts}


def _text(block: Data, data: Data) -> dict[str, Any]:
    """Split the template's own `**bold**` first: stars in the data stay stars."""
    parts = _BOLD.split(block["text"])
    runs = [
        {
            "text": put_in(part, data),
            "bold": block["bold"] or at % 2 == 1,
            "italic": block["italic"],
        }
        for at, part in enumerate(parts)
        if part
    ]
    keep = ("align", "size", "before", "after", "indent")
    return {"kind": "text", "runs": runs, **{name: block[name] for name in keep}}


def _facts(block: Data, data: Data) -> dict[str, Any]:
    rows = [
        {"label": label, "value": put_in(value, data).strip()} for label, value in block["rows"]
    ]
    if block["keep_empty"]:
        rows = [{**row, "value": row["value"] or _EMPTY} for row in rows]
    return {"kind": "facts", "rows": [row for row in rows if row["value"]]}


def _table(block: Data, data: Data) -> dict[str, Any]:
    columns = [
        {"title": c.get("title", ""), "width": c.get("width", 1), "align": c.get("align", "left")}
        for c in block["columns"]
    ]
    texts = [c["text"] for c in block["columns"]]
    rows = [[put_in(text, row) for text in texts] for row in _rows(said(data, block["rows"]), data)]
    if block["numbered"]:
        columns.insert(0, {"title": "STT", "width": 0.45, "align": "center"})
        rows = [[str(at), *row] for at, row in enumerate(rows, 1)]
    return {"kind": "table", "columns": columns, "rows": rows, "size": block["size"]}


def _list(block: Data, data: Data) -> dict[str, Any]:
    items = [put_in(block["text"], row) for row in _rows(said(data, block["items"]), data)]
    return {"kind": "list", "mark": block["mark"], "items": [item for item in items if item]}


def _rows(found: object, data: Data) -> list[dict[str, Any]]:
    """Return the rows of a list, each seeing its own values first, then those of the paper."""
    rows = found if isinstance(found, Sequence) and not isinstance(found, str) else []
    return [
        {**data, **(row if isinstance(row, Mapping) else {"item": row})} for row in rows[:MOST_ROWS]
    ]


def _qr(block: Data, data: Data) -> dict[str, Any]:
    payload = put_in(block["data"], data)
    code = segno.make(payload or "-", error="m", micro=False)
    svg = code.svg_inline(border=2, omitsize=True)
    texts = {name: put_in(block[name], data) for name in ("caption", "alt")}
    keep = {"align": block["align"], "width": block["width"]}
    return {"kind": "qr", "svg": svg, "data": payload, **keep, **texts}


def _sign(block: Data, data: Data) -> dict[str, Any]:
    columns = [
        {name: put_in(c.get(name, ""), data) for name in ("title", "note", "hint", "name")}
        | {"boxes": list(map(str, c.get("boxes", [])))}
        for c in block["columns"]
    ]
    return {"kind": "sign", "columns": columns}


def _close(block: Data, data: Data) -> dict[str, Any]:
    lists = {
        name: [line for text in block[name] if (line := put_in(text, data))]
        for name in ("receivers", "titles")
    }
    boxes = list(map(str, block["boxes"]))
    return {"kind": "close", **lists, "name": put_in(block["name"], data), "boxes": boxes}


def _as_it_is(block: Data, _data: Data) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name not in {"when", "unless"}}


_FILL = {
    "head": _head, "title": _title, "text": _text, "facts": _facts, "table": _table,
    "list": _list, "qr": _qr, "sign": _sign, "close": _close,
    "rule": _as_it_is, "space": _as_it_is, "break": _as_it_is,
}  # fmt: skip
