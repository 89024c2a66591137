"""The press itself, a process of its own: `python -m xaso.documents.rendering.program`.

Input: a JSON text {"paper", "output", "at"}. Output: 4 bytes length of a JSON text (pages,
fields, fault), that JSON, then the file. Memory, time, files and the network are taken away before
a word of the paper is read.
"""

import io
import json
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import typst

from xaso.documents.rendering import word
from xaso.kernel.attachments.sandbox.limits import shut_in

_HERE = Path(__file__).parent
MEMORY = 1536 * 1024 * 1024  # the layout program alone maps 90 MB and keeps threads


def pdf(paper: dict[str, Any], at: int) -> tuple[dict[str, Any], bytes]:
    """Return pages, places of signatures and the file (PDF/A-2b, our fonts alone)."""
    compiler = typst.Compiler(
        str(_HERE / "paper.typ"),
        root=str(_HERE),
        font_paths=[str(_HERE / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(paper)},
    )
    made = compiler.compile(
        format="pdf", pdf_standards=["a-2b"], timestamp=datetime.fromtimestamp(at, tz=UTC)
    )
    if not isinstance(made, bytes):
        raise TypeError
    fields = json.loads(compiler.query("<field>", field="value"))
    with pikepdf.open(io.BytesIO(made)) as opened:
        return {"pages": len(opened.pages), "fields": fields}, made


def answer(asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return facts and file, or the fault; never an exception."""
    try:
        if asked["output"] == "docx":
            return {"pages": 0, "fields": []}, word.made(asked["paper"])
        return pdf(asked["paper"], asked["at"])
    except (Exception, MemoryError) as error:  # noqa: BLE001  (text of strangers; the reason is kept)
        return {"fault": f"{type(error).__name__}: {error}"[:500]}, b""


def main() -> None:
    """Read one paper, write one file."""
    shut_in(memory=MEMORY)
    facts, file = answer(json.loads(sys.stdin.buffer.read()))
    text = json.dumps(facts).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(text)) + text + file)


if __name__ == "__main__":
    main()
