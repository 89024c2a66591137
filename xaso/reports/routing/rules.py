"""The plain values routing works on: rows, what a report is, who is there, and the trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry


class Condition(StrEnum):
    """What a row can ask for; in this order a row is read."""

    VALID = "valid"
    CATEGORY = "category"
    VILLAGE = "village"
    AREA = "area"
    STREAM = "stream"
    SEVERITY = "severity"
    CHANNEL = "channel"
    WEEKDAY = "weekday"
    TIME = "time"
    ANSWERS = "answers"


class Result(StrEnum):
    """What became of one row."""

    MATCHED = "matched"
    FAILED = "failed"
    OFF = "off"  # switched off, or not in force that day
    SKIPPED = "skipped"  # it fits, but nobody is there to take it
    ERROR = "error"


class Skip(StrEnum):
    """Why a row that fits is passed over."""

    CLOSED = "unit_closed"
    EMPTY = "unit_empty"
    LEFT = "person_left"
    ABOUT = "about_unit"  # the report complains about this very unit


class By(StrEnum):
    """What decided."""

    RULE = "rule"
    DUTY = "duty"  # the fixed last row: who is on duty that day
    ERROR = "error"  # a row could not be read: who is on duty looks at it
    NOBODY = "nobody"  # not even a duty officer


@dataclass(frozen=True)
class Rule:
    """One row. An empty condition means any; `number` is what people see: Luật 4."""

    id: int
    number: int
    name: str
    unit_id: int
    unit_name: str
    person_id: int | None = None
    person_name: str = ""
    categories: frozenset[str] = frozenset()  # codes of categories or of their groups
    villages: frozenset[int] = frozenset()
    village_names: Sequence[str] = ()
    area: Mapping[str, Any] | None = None  # GeoJSON geometry
    streams: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()  # 1 = Monday … 7 = Sunday
    time_from: time | None = None
    time_to: time | None = None  # not later than `time_from`: past midnight
    answers: Mapping[str, str] = field(default_factory=dict)
    also_tell: Sequence[str] = ()  # "unit:3", "person:7"
    valid_from: date | None = None
    valid_to: date | None = None  # the last day
    is_enabled: bool = True

    @cached_property
    def shape(self) -> BaseGeometry:
        """Return the area; a broken one raises here, while the row is read."""
        return shape(dict(self.area or {}))


@dataclass(frozen=True)
class Matter:
    """What a report is, as far as rows can ask. `at` is the local moment of its receipt."""

    category: str
    group: str
    category_name: str
    stream: str
    severity: str
    channel: str
    at: datetime
    village_id: int | None = None
    village_name: str = ""
    lat: float | None = None
    lon: float | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    about_units: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Duty:
    """The fixed last row: who is on duty now, and where they work."""

    person_id: int
    unit_id: int | None
    source: str


@dataclass(frozen=True)
class Around:
    """Who is there at this moment: open units, units with people in them, people who work."""

    book_id: int | None = None
    book_version: int | None = None
    book_stamp: str = ""  # when it was published
    units: Mapping[int, str] = field(default_factory=dict)  # open ones, by key
    codes: Mapping[str, int] = field(default_factory=dict)  # their keys by code
    staffed: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()  # who may work on reports
    duty: Sequence[Duty] = ()  # in the order they are called


@dataclass(frozen=True)
class Step:
    """What became of one row, with the condition it failed on or the reason it was passed over."""

    rule_id: int
    number: int
    name: str
    result: Result
    on: str = ""
    wanted: Sequence[Any] = ()
    value: Any = ""
    to: str = ""

    def stored(self) -> dict[str, Any]:
        """Return it as JSON, without what is empty."""
        said = {
            "rule": self.rule_id,
            "n": self.number,
            "name": self.name,
            "result": str(self.result),
            "on": self.on,
            "wanted": list(self.wanted),
            "value": self.value,
            "to": self.to,
        }
        return {key: value for key, value in said.items() if value not in ("", [], None)}


@dataclass(frozen=True)
class Decision:
    """Where a report goes: by which row or by whom, and every row that was read before."""

    by: By
    steps: Sequence[Step]
    unit_id: int | None
    person_id: int | None = None
    rule: Rule | None = None
    duty: Duty | None = None
    error: str = ""

    @property
    def skipped(self) -> list[Step]:
        """Return the rows that fitted but had nobody to take the report."""
        return [step for step in self.steps if step.result is Result.SKIPPED]
