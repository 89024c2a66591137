"""The verdict in a process of its own, for files of strangers: `python -m …signing.program`.

Input: 4 bytes length of a JSON text, the JSON (the case), then the PDF. Output: a JSON verdict.
"""

import base64
import json
import struct
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pypdfium2

from xaso.documents.signing.judging import judged
from xaso.documents.signing.parts import Case
from xaso.kernel.attachments.sandbox.limits import shut_in

MEMORY = 1024 * 1024 * 1024


def case_of(said: Mapping[str, Any], pdf: bytes) -> Case:
    """Return a case from its JSON; the text of page 1 is read from the file itself."""
    return Case(
        roots=said["roots"],
        crls=[base64.b64decode(each) for each in said["crls"]],
        at=datetime.fromisoformat(said["at"]),
        person=said["person"],
        agency=said["agency"],
        needs_agency=said["needs_agency"],
        texts=said["texts"],
        dates=[date.fromisoformat(each) for each in said["dates"]],
        page_text=first_page(pdf) if said["texts"] else "",
    )


def first_page(pdf: bytes) -> str:
    """Return the text of page 1, or nothing."""
    try:
        with pypdfium2.PdfDocument(pdf) as opened:
            return str(opened[0].get_textpage().get_text_range())
    except (pypdfium2.PdfiumError, IndexError):
        return ""


def main() -> None:
    """Read one case and one file, write one verdict."""
    shut_in(memory=MEMORY)
    given = sys.stdin.buffer.read()
    (length,) = struct.unpack_from(">I", given)
    pdf = given[4 + length :]
    verdict = judged(pdf, case_of(json.loads(given[4 : 4 + length]), pdf))
    sys.stdout.write(json.dumps(verdict.stored()))


if __name__ == "__main__":
    main()
