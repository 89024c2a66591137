"""The main program that reads a list: `python -m xaso.population.lists.program xlsx`.

Input: 4 bytes length of a JSON text of wishes (`sheet`, `encoding`), the text, the file. Output:
one line of facts, then one line per row: `[number, [cell, …]]`. A refusal is `{"refusal": code}`.
"""

import gc
import json
import struct
import sys
from collections.abc import Mapping
from typing import Any

from xaso.kernel.attachments.sandbox.limits import shut_in
from xaso.population.lists.verdicts import No

CPU = 60  # seconds
MEMORY = 640 * 1024 * 1024


def answer(
    kind: str, data: bytes, wishes: Mapping[str, Any]
) -> tuple[dict[str, Any], list[list[Any]]]:
    """Return facts and rows of a file, or a refusal; never an exception."""
    from xaso.population.lists import csvs, workbooks  # noqa: PLC0415 - loaded inside the limits

    try:
        if kind == "xlsx":
            return workbooks.read(data, wishes.get("sheet"))
        return csvs.read(data, str(wishes.get("encoding") or ""))
    except No as no:
        return {"refusal": no.code}, []
    except MemoryError:
        return {"refusal": "too_large"}, []
    except Exception as error:  # noqa: BLE001  (files of strangers; the kind of error is kept)
        return {"refusal": "broken", "reason": type(error).__name__}, []


def main() -> None:
    """Read one file, write one answer."""
    shut_in(MEMORY, CPU)
    gc.disable()  # half a million cells, and the process ends with its answer
    given = sys.stdin.buffer.read()
    (length,) = struct.unpack_from(">I", given)
    wishes = json.loads(given[4 : 4 + length])
    facts, rows = answer(sys.argv[1], given[4 + length :], wishes)
    out = sys.stdout
    out.write(json.dumps(facts) + "\n")
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
