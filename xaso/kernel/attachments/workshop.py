"""Have a file opened by the sandbox process, and never by this one."""

import json
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import structlog

import xaso
from xaso.kernel.attachments.refusals import BY_CODE, BrokenFile

_PROGRAM = "xaso.kernel.attachments.sandbox.program"
_SECONDS = 60  # wall clock; the sandbox's own limit is 30 s of CPU
_log = structlog.get_logger(__name__)


class GaveUp(BrokenFile):
    """The sandbox was killed, took too long or answered nonsense; the file may be the reason."""

    code = BrokenFile.code


@dataclass(frozen=True)
class Work:
    """What the sandbox found (`facts`) and made (`bodies`, as `facts["parts"]` describes them)."""

    facts: dict[str, Any]
    bodies: list[bytes]


def blurred(file: BinaryIO, boxes: Sequence[Sequence[int]]) -> Work:
    """Return the pictures of a clean JPEG in which some boxes were burned; boxes in thousandths."""
    said = json.dumps([list(box) for box in boxes]).encode()
    return opened("blur", file, before=struct.pack(">I", len(said)) + said)


def opened(kind: str, file: BinaryIO, *, before: bytes = b"") -> Work:
    """Return what the sandbox says about a file; `kind` is picture, pdf, office or csv.

    Refuses with the refusals of this room, and with GaveUp (a BrokenFile).
    """
    try:
        done = subprocess.run(  # noqa: S603  (our own program, fixed arguments)
            [sys.executable, "-m", _PROGRAM, kind],
            input=before + file.read(),
            capture_output=True,
            env={"PYTHONPATH": str(Path(xaso.__file__).parent.parent), "LC_ALL": "C.UTF-8"},
            timeout=_SECONDS,
            check=True,
        )
        work = _unpacked(done.stdout)
    except (subprocess.SubprocessError, ValueError, struct.error) as error:
        _log.warning("attachments.sandbox_failed", kind=kind, reason=str(error)[:300])
        raise GaveUp from error
    if code := work.facts.get("refusal"):
        _log.info("attachments.refused", kind=kind, code=code, reason=work.facts.get("reason", ""))
        raise BY_CODE.get(code, BrokenFile)
    return work


def _unpacked(answer: bytes) -> Work:
    (length,) = struct.unpack_from(">I", answer)
    facts = json.loads(answer[4 : 4 + length])
    bodies, at = [], 4 + length
    for size in facts.pop("lengths"):
        bodies.append(answer[at : at + size])
        at += size
    return Work(facts, bodies)
