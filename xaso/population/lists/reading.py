"""Have a list read by a process with limits, and never by this one."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

import xaso
from xaso.population.lists.verdicts import MOST_BYTES, No

_PROGRAM = "xaso.population.lists.program"
_BEAT = 5  # seconds
_SECONDS = 600  # wall clock on a busy machine; the process itself may use 60 s of CPU
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Wishes:
    """What to read of a file: a sheet by its place, a writing by its name."""

    sheet: int | None = None
    encoding: str = ""


@dataclass(frozen=True)
class Found:
    """What a file holds: facts, and rows as `(number, cells)` still packed, one text each."""

    facts: dict[str, Any]
    lines: list[bytes] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield numbers and cells."""
        for line in self.lines:
            number, cells = json.loads(line)
            yield number, cells


def kind(name: str) -> str:
    """Return how a file is read, by its name. Refuses with macros, old_excel, unknown_kind."""
    ending = Path(name.lower()).suffix
    if ending in {".xlsm", ".xlsb", ".xltm"}:
        raise No("macros")
    if ending == ".xls":
        raise No("old_excel")
    if ending not in {".xlsx", ".csv", ".txt"}:
        raise No("unknown_kind")
    return "xlsx" if ending == ".xlsx" else "csv"


def read(
    name: str, data: bytes, wishes: Wishes, *, beat: Callable[[], None] = lambda: None
) -> Found:
    """Return facts and rows of a file; `beat` is called every few seconds meanwhile.

    Refuses with No; a killed or dumb process is `broken`.
    """
    how = kind(name)
    if len(data) > MOST_BYTES:
        raise No("too_large")
    said = json.dumps({"sheet": wishes.sheet, "encoding": wishes.encoding}).encode()
    try:
        answer = _answer(how, struct.pack(">I", len(said)) + said + data, beat)
        head, *lines = answer.splitlines()
        facts = json.loads(head)
    except (subprocess.SubprocessError, ValueError) as error:
        _log.warning("population.list_not_read", kind=how, reason=type(error).__name__)
        raise No("broken") from error
    if code := facts.get("refusal"):
        _log.info("population.list_refused", code=code, reason=facts.get("reason", ""))
        raise No(code)
    return Found(facts, lines)


def _answer(how: str, given: bytes, beat: Callable[[], None]) -> bytes:
    """Return what the reading process says; refuse with SubprocessError what died or took long."""
    with subprocess.Popen(  # noqa: S603  (our own program, fixed arguments)
        [sys.executable, "-m", _PROGRAM, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(Path(xaso.__file__).parent.parent), "LC_ALL": "C.UTF-8"},
    ) as process:
        for _beats in range(_SECONDS // _BEAT):
            try:
                answer, _errors = process.communicate(given or None, timeout=_BEAT)
                break
            except subprocess.TimeoutExpired:
                given = b""  # it is on its way already
                beat()
        else:
            process.kill()
            raise subprocess.TimeoutExpired(_PROGRAM, _SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, _PROGRAM)
    return answer
