"""Have a paper made by the press process, and never by this one."""

import json
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

import xaso
from xaso.documents.refusals import PressFailed

PDF, DOCX = "pdf", "docx"
OUTPUTS = (PDF, DOCX)
MEDIA = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_PROGRAM = "xaso.documents.rendering.program"
_SECONDS = 60  # wall clock; the press's own limit is 30 s of CPU
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A file from the press: pages (0 where the format has none) and places for signatures.

    `fields` are {name, page, x, y, w, h}, in points from the top left corner of the page.
    """

    content: bytes
    pages: int
    fields: tuple[Mapping[str, Any], ...]


def made(paper: Mapping[str, Any], *, output: str, at: datetime) -> Made:
    """Return the paper as a file. Refuses with PressFailed; the reason is in the log."""
    asked = json.dumps({"paper": paper, "output": output, "at": int(at.timestamp())})
    try:
        done = subprocess.run(  # noqa: S603  (our own program, fixed arguments)
            [sys.executable, "-m", _PROGRAM],
            input=asked.encode(),
            capture_output=True,
            env={
                "PYTHONPATH": str(Path(xaso.__file__).parent.parent),
                "LC_ALL": "C.UTF-8",
                "RAYON_NUM_THREADS": "1",
            },
            timeout=_SECONDS,
            check=True,
        )
        (length,) = struct.unpack_from(">I", done.stdout)
        facts = json.loads(done.stdout[4 : 4 + length])
    except (subprocess.SubprocessError, ValueError, struct.error) as error:
        _log.warning("documents.press_failed", reason=str(error)[:300])
        raise PressFailed from error
    if fault := facts.get("fault"):
        _log.warning("documents.press_failed", reason=fault)
        raise PressFailed
    return Made(done.stdout[4 + length :], facts["pages"], tuple(facts["fields"]))
