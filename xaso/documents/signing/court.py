"""Ask for a verdict from the process that may open files of strangers."""

import base64
import json
import struct
import subprocess
import sys
from pathlib import Path

import structlog

import xaso
from xaso.documents.signing.parts import INVALID, Case, Finding, Mark, Verdict

_PROGRAM = "xaso.documents.signing.program"
_SECONDS = 60
_log = structlog.get_logger(__name__)


def verdict(pdf: bytes, case: Case) -> Verdict:
    """Return the verdict on a file; one that kills the process is invalid."""
    said = {
        "roots": list(case.roots),
        "crls": [base64.b64encode(each).decode() for each in case.crls],
        "at": case.at.isoformat(),
        "person": list(case.person),
        "agency": list(case.agency),
        "needs_agency": case.needs_agency,
        "texts": list(case.texts),
        "dates": [each.isoformat() for each in case.dates],
    }
    head = json.dumps(said).encode()
    try:
        done = subprocess.run(  # noqa: S603  (our own program, fixed arguments)
            [sys.executable, "-m", _PROGRAM],
            input=struct.pack(">I", len(head)) + head + pdf,
            capture_output=True,
            env={"PYTHONPATH": str(Path(xaso.__file__).parent.parent), "LC_ALL": "C.UTF-8"},
            timeout=_SECONDS,
            check=True,
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        _log.warning("documents.court_failed", reason=str(error)[:300])
        return Verdict(INVALID, (Finding("V1", INVALID, "unreadable"),))
    return Verdict(
        found["result"],
        tuple(Finding(**each) for each in found["findings"]),
        tuple(Mark(**each) for each in found["marks"]),
    )
