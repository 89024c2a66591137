"""Understand one row of a list: what it says of a person, by which rules, and what is wrong.

Each rule and each error has a name; `wording` says them in Vietnamese. An empty cell is no
statement. Nothing is guessed: what may be read in two ways is an error that says what to do.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from xaso.kernel.text import clean_line, fold, fold_tight, phone
from xaso.population import ethnic, naming
from xaso.population.lists import cleaning_days, cleaning_numbers, names
from xaso.population.lists.words import NOTHING, RESIDENCE, ROLES, SEXES
from xaso.population.models.words import Role

Said = dict[str, Any]


class Wrong(Exception):
    """A cell cannot be understood; `code` names why."""

    def __init__(self, code: str) -> None:
        """Take the code."""
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Setting:
    """What is the same for a whole list."""

    mapping: Mapping[int, str]  # column → field
    heads: tuple[str, ...]  # folded texts of the head, to know it again on every page
    villages: Mapping[str, int]  # folded name → key
    today: date
    is_1904: bool = False
    has_titles: bool = True  # names all in capitals are written with capital first letters


@dataclass
class Line:
    """One row understood: `said` by field, `rules` that changed a cell, `errors` by field."""

    number: int
    said: Said = field(default_factory=dict)
    rules: list[tuple[str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    skipped: str = ""  # why it is no row of a person: total, head_again, foot, empty


_TOTAL = re.compile(r"(?:tong(?: cong| so)?|cong(?: don)?|luy ke)\b.*")
_FOOT = re.compile(
    r".*\b(?:nguoi lap|lap bieu|ky ten|ky ghi ro|truong ban|truong thon|noi nhan|xac nhan|"
    r"thu truong|chu tich|ngay \d* ?thang|tm ubnd|truong cong an|can bo)\b.*"
)


_OF_PEOPLE = frozenset({"national_id", "role", "ethnic"})
_folded = lru_cache(maxsize=8_192)(fold)  # columns say the same few words again and again


def _tight(text: str) -> str:
    return _folded(text).replace(" ", "")


def clean(number: int, cells: list[Any], setting: Setting) -> Line:
    """Return what a row says."""
    line = Line(number)
    given = _given(cells, setting)
    line.skipped = _skipped(cells, given, setting)
    if line.skipped:
        return line
    for name, value in given.items():
        if isinstance(value, dict) and "e" in value:
            line.errors.append((name, "formula" if value["e"] == "formula" else "broken_cell"))
            continue
        _put(line, name, value, setting)
    _whole(line, setting)
    return line


def _given(cells: list[Any], setting: Setting) -> dict[str, Any]:
    """Return the cells that say something, by field; dates of birth by sex become one."""
    given: dict[str, Any] = {}
    for column, name in setting.mapping.items():
        value = cells[column] if column < len(cells) else None
        if value is None or (isinstance(value, str) and _is_nothing(value)):
            continue
        given[name] = value
    for sex in ("male", "female"):
        value = given.pop(f"birth_{sex}", None)
        if value is None:
            continue
        if isinstance(value, str) and value.casefold() in ("x", "nam", "nữ"):
            given.setdefault("sex", sex)
        else:
            given.setdefault("birth", value)
            given.setdefault("sex", sex)
    return given


def _is_nothing(text: str) -> bool:
    bare = text.strip()
    return not bare or bare.casefold() in NOTHING


def _skipped(cells: list[Any], given: Mapping[str, Any], setting: Setting) -> str:
    texts = [cell for cell in cells if isinstance(cell, str)]
    if not given:
        return "total" if any(map(_TOTAL.fullmatch, map(_folded, texts))) else "empty"
    name = given.get("name")
    folded = _folded(name) if isinstance(name, str) else ""
    if folded.replace(" ", "") in setting.heads and len(given) > 1:
        return "head_again"
    few = set(given) <= {"name", "household", "role", "address", "village"}
    is_person = not given.keys().isdisjoint(_OF_PEOPLE)
    if not is_person and any(map(_TOTAL.fullmatch, map(_folded, texts[:3]))):
        return "total"
    if few and any(map(_FOOT.fullmatch, map(_folded, texts))):
        return "foot"
    return ""


def _put(line: Line, name: str, value: Any, setting: Setting) -> None:  # noqa: ANN401
    """Understand one cell and add what it says."""
    try:
        _READ[name](line, value, setting)
    except Wrong as wrong:
        line.errors.append((name, wrong.code))
    except cleaning_days.WrongDay as wrong:
        line.errors.append((name, wrong.code))
    except cleaning_numbers.WrongNumber as wrong:
        line.errors.append((name, wrong.code))


def _whole(line: Line, setting: Setting) -> None:
    """Look at a row as a whole: its number against its birth year, what must not be missing."""
    said, wrong = line.said, {name for name, _code in line.errors}
    raw = said.pop("raw_number", None)
    if raw is not None:
        year = int(said["birth"][0][:4]) if said.get("birth") else None
        try:
            found = cleaning_numbers.national(
                raw, year=year, sex=said.get("sex", ""), today=setting.today
            )
            said |= found.said
            line.rules += [("national_id", rule) for rule in found.rules]
        except cleaning_numbers.WrongNumber as error:
            line.errors.append(("national_id", error.code))
    if "name" not in said and "name" not in wrong:
        line.errors.append(("name", "name_missing"))
    elif set(said) <= {"name"} and not wrong:
        line.errors.append(("name", "only_a_name"))


def _name(line: Line, value: Any, setting: Setting) -> None:  # noqa: ANN401
    if not isinstance(value, str):
        raise Wrong("name_not_text")
    text = clean_line(value)
    if setting.has_titles and " " in text and text.isupper():
        text = naming.titled(text)
        line.rules.append(("name", "titled"))
    try:
        names.written(text)
    except (naming.NotAName, naming.NoName) as error:
        raise Wrong("name_signs") from error
    except naming.NameTooLong as error:
        raise Wrong("name_long") from error
    line.said["name"] = text


def _other_name(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    if not isinstance(value, str):
        raise Wrong("name_not_text")
    try:
        line.said["other_name"] = names.written(value).display_name
    except (naming.NotAName, naming.NoName, naming.NameTooLong) as error:
        raise Wrong("name_signs") from error


def _birth(line: Line, value: Any, setting: Setting) -> None:  # noqa: ANN401
    day, precision, rules = cleaning_days.read(value, setting.today, is_1904=setting.is_1904)
    line.said["birth"] = [day.isoformat(), precision]
    line.rules += [("birth", rule) for rule in rules]


def _since(line: Line, value: Any, setting: Setting) -> None:  # noqa: ANN401
    day, precision, rules = cleaning_days.read(value, setting.today, is_1904=setting.is_1904)
    if precision != "day":
        raise Wrong("day_not_whole")
    line.said["since"] = day.isoformat()
    line.rules += [("since", rule) for rule in rules]


def _sex(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    found = SEXES.get(_tight(str(value)))
    if found is None:
        raise Wrong("sex_unknown")
    line.said["sex"] = found


def _national_id(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    text, rules = cleaning_numbers.digits(value)
    line.rules += [("national_id", rule) for rule in rules]
    if text:
        line.said["raw_number"] = text


def _cmnd(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    text, rules = cleaning_numbers.digits(value)
    line.rules += [("cmnd", rule) for rule in rules]
    if not text:
        return
    if len(text) in (11, 12) and "raw_number" not in line.said:
        line.said["raw_number"] = text
        line.rules.append(("cmnd", "twelve_in_cmnd"))
        return
    line.said["cmnd"] = cleaning_numbers.cmnd(text)


def _ethnic(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    codes, is_warned = _people(str(value))
    if not codes:
        raise Wrong("ethnic_unknown")
    if len(codes) > 1:
        raise Wrong("ethnic_several")
    line.said["ethnic"] = codes[0]
    if is_warned:
        line.rules.append(("ethnic", "ethnic_official"))
    elif _tight(ethnic.name(codes[0])) != _tight(str(value)):
        line.rules.append(("ethnic", "ethnic_alias"))


@lru_cache(maxsize=1_000)
def _people(text: str) -> tuple[tuple[str, ...], bool]:
    found = ethnic.read(re.sub(r"(?i)^(?:dân tộc|người)\s+", "", text.strip()))
    return found.codes, found.is_warned


def _household(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = clean_line(str(value)).upper()
    if not text.strip("0-–.?X ") or fold_tight(text) in NOTHING:
        line.rules.append(("household", "household_nothing"))
        return
    if len(text) > 40:
        raise Wrong("household_long")
    line.said["household"] = text


def _role(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    key = _tight(str(value))
    found = ROLES.get(key)
    if found is None:
        found = Role.OTHER
        line.rules.append(("role", "role_other"))
    line.said["role"] = str(found)


def _village(line: Line, value: Any, setting: Setting) -> None:  # noqa: ANN401
    folded = _folded(str(value))
    bare = re.sub(r"^(?:ban|thon|xom|to dan pho|tdp|khu|khu pho|to)\s+", "", folded)
    for key in (folded, bare):
        found = setting.villages.get(key.replace(" ", ""))
        if found is not None:
            line.said["village"] = found
            return
    raise Wrong("village_unknown")


def _address(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    line.said["address"] = clean_line(str(value))[:200]


def _phone(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    text, rules = cleaning_numbers.digits(value)
    if len(text) == 9 and not text.startswith("0"):
        text = f"0{text}"
        rules = [*rules, "phone_zero"]
    try:
        line.said["phone"] = phone.normalise(text)
    except ValueError:
        line.rules.append(("phone", "phone_dropped"))
        return
    line.rules += [("phone", rule) for rule in rules]


def _residence(line: Line, value: Any, _setting: Setting) -> None:  # noqa: ANN401
    found = RESIDENCE.get(_tight(str(value)))
    if found is None:
        raise Wrong("residence_unknown")
    line.said["residence"] = found


_READ: dict[str, Callable[[Line, Any, Setting], None]] = {
    "name": _name,
    "other_name": _other_name,
    "birth": _birth,
    "since": _since,
    "sex": _sex,
    "national_id": _national_id,
    "cmnd": _cmnd,
    "ethnic": _ethnic,
    "household": _household,
    "role": _role,
    "village": _village,
    "address": _address,
    "phone": _phone,
    "residence": _residence,
}
