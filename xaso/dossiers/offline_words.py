"""What a counter machine writes and signs without a network, read strictly."""

from datetime import datetime

import msgspec
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.fees import Quantity
from xaso.dossiers.models import ApplicantKind
from xaso.kernel.refusals import Invalid

MOST = 32_000  # characters
_MOST_OF_ONE = 10_000  # sheets of one paper


class Unreadable(Invalid):
    """The words cannot be read: another program, or another version of ours."""

    sentence = _("Máy chủ không đọc được hồ sơ ghi khi mất mạng. Bác giữ nguyên máy, báo quản trị.")


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part; unknown fields are refused, so that nothing is lost in silence."""


class Person(Part, frozen=True, forbid_unknown_fields=True):
    """Who asks."""

    name: str
    kind: str = ApplicantKind.CITIZEN.value
    id_number: str = ""
    phone: str = ""
    address: str = ""
    village: int | None = None


class Sheet(Part, frozen=True, forbid_unknown_fields=True):
    """One paper of the list: a photo by its digest, or the reason why there is none."""

    code: str
    sha256: str = ""
    name: str = ""
    count: int = 0
    waived: str = ""


class Line(Part, frozen=True, forbid_unknown_fields=True):
    """How much of a fee line."""

    code: str
    pages: int = 1
    copies: int = 1


class Compared(Part, frozen=True, forbid_unknown_fields=True):
    """The last comparison with our clock: our token, and what the machine's clock said."""

    token: str
    at: datetime


class Words(Part, frozen=True, forbid_unknown_fields=True):
    """A whole reception."""

    v: int
    code: str
    procedure: str
    frozen: int
    applicant: Person
    taken_at: datetime
    papers: list[Sheet] = []
    fees: list[Line] = []
    free: list[str] = []
    total: int = 0
    form: dict[str, str] = {}
    sets: int = 1
    note: str = ""
    slip: str = ""
    clerk: str = ""
    clock: Compared | None = None

    @property
    def quantities(self) -> dict[str, Quantity]:
        """Return how much of each chosen fee line."""
        return {each.code: Quantity(each.pages, each.copies) for each in self.fees}

    @property
    def files(self) -> list[str]:
        """Return the digests of the photos, each once, in order."""
        return list(dict.fromkeys(each.sha256 for each in self.papers if each.sha256))


def read(body: str) -> Words:
    """Return what was signed. Refuses with Unreadable."""
    if len(body) > MOST or "\\u0000" in body:
        raise Unreadable
    try:
        words = msgspec.json.decode(body.encode(), type=Words)
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise Unreadable from error
    times = [words.taken_at, *([words.clock.at] if words.clock else [])]
    shas = all(len(each) == 64 and set(each) <= set("0123456789abcdef") for each in words.files)
    counts = all(0 <= each.count <= _MOST_OF_ONE for each in words.papers)
    is_fit = words.v == 1 and shas and len(words.files) <= 40 and 1 <= words.sets <= 20
    is_fit = is_fit and counts
    if not is_fit or any(each.utcoffset() is None for each in times):
        raise Unreadable
    if words.slip and not (words.slip.isascii() and words.slip.isdigit() and len(words.slip) == 4):
        raise Unreadable
    return words
