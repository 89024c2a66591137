"""What signing and judging are given and answer.

Apart from the library that does both: it takes a quarter of a second and twenty megabytes to load,
and few processes ever sign.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

PERSON, AGENCY = "person", "agency"
NAMES = {PERSON: "NguoiKy", AGENCY: "CoQuan"}
INVALID, LACKING, WARNING = "invalid", "lacking", "warning"  # worst first
VALID = "valid"
SignRaw = Callable[[bytes, str], bytes]


@dataclass(frozen=True)
class Hand:
    """Whoever signs: certificate and those above it (DER), a way to sign, a picture (PNG)."""

    certificate: bytes
    chain: Sequence[bytes]
    sign: SignRaw
    picture: bytes | None = None


@dataclass(frozen=True)
class Proof:
    """What proves certificates for years: roots (PEM), certificates and lists (DER)."""

    roots: Sequence[str]
    certificates: Sequence[bytes]
    crls: Sequence[bytes]


@dataclass(frozen=True)
class Case:
    """What a verdict goes by: trusted roots (PEM), lists (DER), the moment, and who should sign.

    `person`, `agency` are SHA-256 digests (hex) of the certificates the register names for the
    signer and the agency; empty for a stranger's file, of which only V1 to V5 are asked.
    `texts` must stand on page 1 (number, date); `dates` are the days the time stamp may bear.
    """

    roots: Sequence[str]
    crls: Sequence[bytes] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    person: Sequence[str] = ()
    agency: Sequence[str] = ()
    needs_agency: bool = False
    texts: Sequence[str] = ()
    dates: Sequence[date] = ()
    page_text: str = ""


@dataclass(frozen=True)
class Finding:
    """One rule that did not hold: V1 … V9 (V0: no signature), how bad, why, at which signature."""

    rule: str
    level: str
    why: str
    who: str = ""


@dataclass(frozen=True)
class Mark:
    """One signature as it stands in the file."""

    field: str
    holder: str
    fingerprint: str
    at: str  # proven time, ISO 8601, empty when none is proven
    is_stamped: bool


@dataclass(frozen=True)
class Verdict:
    """The worst finding decides; `marks` are the signatures in their order."""

    result: str
    findings: tuple[Finding, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether every rule held, warnings aside."""
        return self.result in {VALID, WARNING}

    def stored(self) -> dict[str, Any]:
        """Return plain values for a report."""
        return {
            "result": self.result,
            "findings": [asdict(each) for each in self.findings],
            "marks": [asdict(each) for each in self.marks],
        }
