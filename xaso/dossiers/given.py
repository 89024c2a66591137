"""What callers give, as plain values: forms, phones and other rooms fill these in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from xaso.dossiers.models import ApplicantKind, Channel
from xaso.kernel.attachments.models import Attachment


@dataclass(frozen=True)
class Applicant:
    """Who asks. Never the helper, whose phone is not the applicant's."""

    name: str
    kind: str = ApplicantKind.CITIZEN
    person: UUID | None = None  # of the register of people
    id_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    village_id: int | None = None


@dataclass(frozen=True)
class Paper:
    """One paper that was given, for one line of the version's list."""

    code: str
    source: str = "scan"  # scan, upload, reused, storage, database, or "" with a waiver
    attachment: Attachment | None = None
    file_name: str = ""
    sha256: str = ""
    originals: int = 0
    copies: int = 0
    waived: str = ""
    reused_from: int | None = None  # the paper of an earlier dossier
    will_bring: bool = False
    more: Sequence[Attachment] = ()  # further pages, of a paper that came after the first ones


@dataclass(frozen=True)
class Fee:
    """One decided line of money, in đồng: what it is in full, and after the exemption."""

    code: str
    name: str
    kind: str  # phi, le_phi
    full_amount: int
    amount: int
    quantity: int = 1
    collect_at: int = 1
    exemption: dict[str, Any] = field(default_factory=dict)
    document_no: str = ""


@dataclass(frozen=True)
class NewDossier:
    """Everything a dossier begins with. `uuid` comes from the caller's device.

    `fees` None means that nobody decided yet; an empty list means that nothing is to pay.
    """

    uuid: UUID
    procedure: str  # code
    applicant: Applicant
    subject: str = ""
    channel: int = Channel.DIRECT
    papers: Sequence[Paper] = ()
    fees: Sequence[Fee] | None = None
    form: dict[str, Any] = field(default_factory=dict)
    sets: int = 1
    note: str = ""
    helper_id: int | None = None
    consent_id: int | None = None
    offline_code: str = ""
    slip: str = ""  # four digits printed on the slip, for those without a phone
    device_id: str = ""
    device_time: datetime | None = None
    accepted_at: datetime | None = None  # of the device, where its clock was checked


@dataclass(frozen=True)
class Slip:
    """A request to complete the papers (Mẫu 02): everything in one slip."""

    items: Sequence[dict[str, str]]  # [{"code", "name", "what"}]
    reason: str
    legal_basis: str
    guidance: str = ""
    is_confirmed: bool = False  # the second one: the portal counts it overdue


@dataclass(frozen=True)
class Handing:
    """To whom a dossier goes, and for which step."""

    to_step: str = ""
    receiver_id: int | None = None
    unit_id: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Extending:
    """A later date with an apology (Mẫu 04)."""

    new_due: datetime
    reason: str
    apology: str
    override: str = ""


@dataclass(frozen=True)
class Asked:
    """A question to another unit or agency."""

    agency: str
    question: str
    due_at: datetime
    unit_id: int | None = None
    is_mandatory: bool = True


@dataclass(frozen=True)
class Opinion:
    """An answer to a question, and the letter it came in."""

    answer: str
    document_no: str = ""


@dataclass(frozen=True)
class Completing:
    """What came for a slip; `still_missing` names what did not: then the pause does not end."""

    received: str
    papers: Sequence[Paper] = ()
    still_missing: Sequence[str] = ()


@dataclass(frozen=True)
class Editing:
    """What is changed of a dossier that is not accepted yet; nothing given stays as it is."""

    applicant: Applicant | None = None
    subject: str = ""
    papers: Sequence[Paper] = ()


@dataclass(frozen=True)
class Completed:
    """What the counter adds to a draft before accepting it: every answer, the missing papers."""

    answers: Mapping[str, str]
    papers: Sequence[Paper] = ()


@dataclass(frozen=True)
class Signed:
    """The result as it was signed and numbered."""

    number: str
    register: str
    signed_on: date
    signer_id: int
    name: str = ""
    attachment: Attachment | None = None
    sha256: str = ""
    certificate: dict[str, Any] = field(default_factory=dict)
    is_electronic: bool = False
    electronic_code: str = ""
    link: str = ""
    valid_until: date | None = None


@dataclass(frozen=True)
class Authority:
    """Who fetches a result in its holder's place, and the paper that allows it, photographed."""

    name: str
    id_number: str
    relation: str  # a Relation
    is_certified: bool = False
    authorised_on: date | None = None
    valid_until: date | None = None
    evidence: Attachment | None = None


@dataclass(frozen=True)
class Declining:
    """Why it cannot be resolved, by which law, and the signed letter that says so."""

    reason: str
    legal_basis: str
    letter: Signed
