"""Find the head of a list and propose what each column means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xaso.kernel.text import fold_tight

FIELDS = (
    "name", "birth", "birth_male", "birth_female", "sex", "national_id", "cmnd", "ethnic",
    "household", "role", "village", "address", "phone", "residence", "since", "other_name",
)  # fmt: skip
_TOP = 40
_BIRTH = r"(?:ngaythangnamsinh|ngaysinh|namsinh)"
# The first that fits is taken; written of folded heads without spaces.
_PATTERNS = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (r".*(?:ngaycap|noicap|hethan).*", ""),
        (r".*ten.*(?:chuho|bo|cha|me|vochong)$|^chuho$", ""),
        (r"(?:quanhe|moiquanhe|qh).*|vaitro", "role"),
        (r".*(?:cccd|cancuoc|sodinhdanh|madinhdanh|sddcn|dinhdanhcanhan).*", "national_id"),
        (r".*(?:cmnd|cmtnd|chungminh).*", "cmnd"),
        (_BIRTH + r".*nam$", "birth_male"),
        (_BIRTH + r".*nu$", "birth_female"),
        (_BIRTH + r".*|ntns|ngaythangnam|sinhngay.*", "birth"),
        (r"gioitinh.*|phai|gt|gioi|namnu", "sex"),
        (r"dantoc.*|thanhphandantoc", "ethnic"),
        (r"maho.*|sohokhau.*|sohogiadinh|sho|masoho.*|sosohokhau.*|hoso|soho", "household"),
        (r"(?:ten)?(?:thon|ban|xom|todanpho|khudancu|khupho|diaban){1,4}", "village"),
        (r"(?:loai|tinhtrang|hinhthuc|dien)?cutru.*", "residence"),
        (r"ngayden.*|ngaydangky.*|ngaydk.*|ngaychuyenden|tungay|ngaynhapkhau", "since"),
        (r"diachi.*|noio.*|choo.*|noithuongtru.*|noicutru.*|hktt|hokhauthuongtru", "address"),
        (r".*dienthoai.*|sdt.*|dtdd|didong|sodt", "phone"),
        (r"tengoikhac.*|tenkhac|tenthuonggoi|bidanh", "other_name"),
        (r"hovaten.*|hoten.*|hochudem.*|hovachudem.*|hodemvaten.*|tennhankhau|ten", "name"),
    )
)
_OF_ANOTHER = re.compile(r"(?:chuho|bo|cha|me|vo|chong|vochong)(?:ho)?(?:va)?ten.*")
_BY_SEX = re.compile(_BIRTH + r".*(?:nam|nu)")
_NUMBERING = re.compile(r"\(?(?:[0-9]{1,2}|[A-Za-z])\)?")


@dataclass(frozen=True)
class Head:
    """The head of a list: its last row's number, and the text of each column ("A / B" of two)."""

    last: int
    texts: tuple[str, ...]
    found: int = 0


def meaning(text: str) -> str:
    """Return the field a head's text stands for; an empty text for none we know."""
    whole = fold_tight(re.sub(r"\([^)]*\)", " ", text))
    upper, _slash, lower = text.rpartition(" / ")
    if _OF_ANOTHER.fullmatch(whole):
        return ""
    by_sex = whole if _BY_SEX.fullmatch(whole) else ""
    for key in dict.fromkeys((by_sex, fold_tight(lower), whole, fold_tight(upper))):
        for pattern, field in _PATTERNS:
            if key and pattern.fullmatch(key):
                if field:
                    return field
                break
    return ""


def find(rows: Sequence[Sequence[Any]]) -> Head | None:
    """Return the head among the first rows (`[number, cells]`): one row, or two under each other.

    Titles above it say nothing of columns; a row of column numbers under it belongs to it. None
    when no row names at least two columns, a person's name among them.
    """
    best: Head | None = None
    for at, (number, _cells) in enumerate(rows[:_TOP]):
        for depth in (1, 2):
            texts = _texts(rows, at, depth)
            fields = {field for field in map(meaning, texts) if field}
            is_head = len(fields) >= 2 and "name" in fields
            if is_head and (best is None or len(fields) > best.found):
                best = Head(_after_numbering(rows, at, number), texts, len(fields))
    return best


def propose(texts: Sequence[str], template: Mapping[str, str] | None = None) -> dict[int, str]:
    """Return column → field: what the sender's earlier lists were read as comes first."""
    known = template or {}
    found: dict[int, str] = {}
    for column, text in enumerate(texts):
        field = known.get(fold_tight(text), meaning(text))
        if field and field not in found.values():
            found[column] = field
    return found


def _texts(rows: Sequence[Sequence[Any]], at: int, depth: int) -> tuple[str, ...]:
    lower = [_text(cell) for cell in rows[at][1]]
    if depth == 1 or at == 0 or rows[at - 1][0] != rows[at][0] - 1:
        return tuple(lower)
    upper = [_text(cell) for cell in rows[at - 1][1]]
    width = max(len(lower), len(upper))
    lower += [""] * (width - len(lower))
    upper += [""] * (width - len(upper))
    joined = []
    over = ""
    for above, below in zip(upper, lower, strict=True):
        over = above or (over if below else "")
        joined.append(" / ".join(dict.fromkeys(filter(None, (over, below)))))
    return tuple(joined)


def _text(cell: Any) -> str:  # noqa: ANN401  (a cell of JSON)
    return " ".join(cell.split())[:120] if isinstance(cell, str) else ""


def _after_numbering(rows: Sequence[Sequence[Any]], at: int, number: int) -> int:
    """Return the last row of the head, counting a row of column numbers under it."""
    if at + 1 >= len(rows):
        return number
    below = [str(cell) for cell in rows[at + 1][1] if cell is not None]
    if len(below) >= 3 and all(map(_NUMBERING.fullmatch, below)):
        return int(rows[at + 1][0])
    return number
