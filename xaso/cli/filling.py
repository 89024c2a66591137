"""Fill an empty installation with the invented demo communes, once."""

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xaso.cli.words import Trouble

NOTE = "demo.json"


@dataclass(frozen=True)
class Account:
    """A demo account as it is shown to the person who started the demo."""

    username: str
    password: str
    who: str


def fill(home: Path, *, size: str, seed: int) -> None:
    """Load the demo communes (inside Django) and note what was loaded and who may sign in."""
    try:
        loader: Any = importlib.import_module("xaso.demo.load")
    except ModuleNotFoundError:
        raise Trouble(
            "Bản này chưa kèm dữ liệu thử.", "This edition carries no demo communes."
        ) from None
    loader.load(size=size, seed=seed)
    accounts = loader.accounts() if hasattr(loader, "accounts") else []
    note = {
        "size": size,
        "seed": seed,
        "accounts": [{"username": a[0], "password": a[1], "who": str(a[2])} for a in accounts],
    }
    (home / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1))


def is_filled(home: Path) -> bool:
    """Whether this data home holds demo communes that were loaded to the end."""
    return (home / NOTE).exists()


def accounts(home: Path) -> list[Account]:
    """Return the demo accounts of a filled data home."""
    note = json.loads((home / NOTE).read_text())
    return [Account(**account) for account in note["accounts"]]


def loaded(home: Path) -> tuple[str, int]:
    """Return size and seed of what was loaded."""
    note = json.loads((home / NOTE).read_text())
    return note["size"], note["seed"]
