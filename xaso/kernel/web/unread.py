"""What somebody looked for, in an address that nobody else can read.

An address stays: in what a browser remembers, in a proxy's log, on a shared desk. The words go into
it sealed, for one official and one day, so that the way back and the next page work all the same.
"""

import base64
import binascii
import json
from collections.abc import Mapping

from xaso.kernel.sealing import boxes
from xaso.kernel.working_time import clock

_DAY = 24 * 3600
_LONGEST = 2_000  # letters of an address' part


class NotYours(ValueError):
    """The words were sealed for somebody else, more than a day ago, or were changed."""


def sealed(said: Mapping[str, str], *, use: str, by: str) -> str:
    """Return words as letters, digits, `-` and `_`, to be opened by `by` for the same use."""
    text = json.dumps(
        [int(clock.now().timestamp()), dict(said)], ensure_ascii=False, separators=(",", ":")
    )
    box = boxes.seal(text, context=f"{use} {by}")
    return base64.urlsafe_b64encode(box).decode().rstrip("=")


def opened(token: str, *, use: str, by: str) -> dict[str, str]:
    """Return the words of a token. Refuses with NotYours."""
    try:
        box = base64.urlsafe_b64decode(token[:_LONGEST] + "=" * (-len(token) % 4))
        at, said = json.loads(boxes.unseal(box, context=f"{use} {by}"))
    except (binascii.Error, ValueError) as error:  # CannotOpen is one of them
        raise NotYours from error
    if not 0 <= clock.now().timestamp() - at < _DAY:
        raise NotYours
    return dict(said)
