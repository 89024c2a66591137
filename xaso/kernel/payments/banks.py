"""Banks by the six digits that VietQR knows them by: dated data, not checked against NAPAS.

Several brands share a number; some banks can only receive.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data/banks.csv"


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank or wallet as people know it."""

    bin: str
    code: str
    short_name: str
    name: str
    receives_only: bool
    is_old: bool
    as_of: str  # ISO day on which the list was compiled


@cache
def banks() -> tuple[Bank, ...]:
    """Return every bank, by short name."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Bank(
                bin=row["bin"],
                code=row["code"],
                short_name=row["short_name"],
                name=row["name"],
                receives_only=row["transfers"] == "receive",
                is_old=bool(row["is_old"]),
                as_of=row["as_of"],
            )
            for row in csv.DictReader(file)
        )


def named(number: str) -> str:
    """Return the short names of the banks with this number, `A, B` where several share it."""
    return ", ".join(bank.short_name for bank in banks() if bank.bin == number)
