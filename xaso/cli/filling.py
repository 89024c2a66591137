"""Fill an empty installation with the invented demo communes, once."""

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOTE = "demo.json"


@dataclass(frozen=True)
class Account:
    """A demo account as it is shown to the person who started the demo."""

    username: str
    password: str
    who: str


@dataclass(frozen=True)
class Filled:
    """What a demo installation holds."""

    size: str
    seed: int
    communes: list[str]  # first segments of their addresses
    accounts: list[Account]
    walls: dict[str, str]  # commune → path of its screen, with the screen's own token


def fill(home: Path, *, size: str, seed: int) -> None:
    """Load the demo communes (inside Django) and note what was loaded and who may sign in.

    Progress goes to standard output, a line at a time. The note is readable by the owner of the
    data home only: it opens the demo's screens.
    """
    loader: Any = importlib.import_module("xaso.demo.load")
    loaded = loader.load(size=size, seed=seed, say=lambda text: print(text, flush=True))
    note = home / NOTE
    note.touch(mode=0o600)
    note.write_text(json.dumps(loaded.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")


def is_filled(home: Path) -> bool:
    """Whether this data home holds demo communes that were loaded to the end."""
    return (home / NOTE).exists()


def filled(home: Path) -> Filled:
    """Return what a filled data home holds; of the accounts, those that are shown."""
    note = json.loads((home / NOTE).read_text(encoding="utf-8"))
    accounts = [
        Account(a["username"], a["password"], f"{a['full_name']}, {a['position']} ({a['commune']})")
        for a in note["accounts"]
        if a["is_shown"]
    ]
    return Filled(note["size"], note["seed"], note["communes"], accounts, note["walls"])
