"""The main program of the sandbox: `python -m xaso.kernel.attachments.sandbox.program picture`.

Input: the file. Output: 4 bytes length of a JSON text, the JSON, then the pictures one after the
other, each as long as `lengths` says. A refusal is `{"refusal": code}`.
"""

import json
import struct
import sys
from importlib import import_module
from typing import Any

from xaso.kernel.attachments.sandbox.limits import shut_in
from xaso.kernel.attachments.sandbox.verdict import No

_WORK = {
    "picture": ("xaso.kernel.attachments.sandbox.pictures", "developed"),
    "blur": ("xaso.kernel.attachments.sandbox.blurring", "blurred"),
    "pdf": ("xaso.kernel.attachments.sandbox.pdf", "inspected"),
    "office": ("xaso.kernel.attachments.sandbox.office", "inspected"),
    "csv": ("xaso.kernel.attachments.sandbox.tables", "inspected"),
}


def answer(kind: str, data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return facts and pictures of a file, or a refusal; never an exception."""
    module, function = _WORK[kind]
    try:
        facts, bodies = getattr(import_module(module), function)(data)
    except No as no:
        return {"refusal": no.code}, []
    except (Exception, MemoryError) as error:  # noqa: BLE001  (files of strangers; the reason is kept)
        return {"refusal": "broken_file", "reason": f"{type(error).__name__}: {error}"[:300]}, []
    return facts, bodies


def main() -> None:
    """Read one file, write one answer."""
    kind = sys.argv[1]
    shut_in()
    facts, bodies = answer(kind, sys.stdin.buffer.read())
    text = json.dumps({**facts, "lengths": [len(body) for body in bodies]}).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(text)) + text + b"".join(bodies))


if __name__ == "__main__":
    main()
