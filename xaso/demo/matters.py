"""What residents of the demo write about, and how the commune answers: read from matters.toml."""

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True)
class Matter:
    """One kind of trouble: its category, its pictures, its words with {blanks} to fill."""

    code: str  # of the category
    unit: str  # code of the unit that usually handles it
    share: int  # how often, against the others
    told: list[str]
    fixed: list[str]
    scene: str = ""  # of photos.scenes; empty: no photo
    planned: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=lambda: ["Đã gọi trưởng bản xác nhận tại chỗ."])
    question: str = "Bà con cho xã biết rõ hơn: chỗ này gần nhà ai, đi từ đường lớn vào bao xa?"
    body: str = ""  # outside office it is sometimes passed to
    asked: str = ""  # of that office


@dataclass(frozen=True)
class Refused:
    """Something the commune does not handle: reason code, what was written, what was said."""

    reason: str
    told: str
    said: str


_DATA = tomllib.loads((files("xaso.demo") / "matters.toml").read_text(encoding="utf-8"))
LANDMARKS: list[str] = _DATA["landmarks"]
CLOSINGS: list[str] = _DATA["closings"]
MATTERS = [Matter(**row) for row in _DATA["matters"]]
REFUSED = [Refused(**row) for row in _DATA["refused"]]
