"""What a sender gives, as plain values: forms and APIs fill these in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Model

from xaso.kernel.attachments.models import Attachment
from xaso.reports.models import PointSource


@dataclass(frozen=True)
class Place:
    """Where it is, as far as the sender knows. Degrees WGS 84, accuracy in metres."""

    village_id: int | None = None
    village_code: str = ""  # or by its code, as machines know it
    landmark: str = ""
    km_post: str = ""
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    source: str = PointSource.NONE


@dataclass(frozen=True)
class Contact:
    """How to reach the sender; everything may stay empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    preferred: str = ""
    is_anonymous: bool = False


@dataclass(frozen=True)
class Announced:
    """A photo that will follow: its digest and size."""

    sha256: str
    bytes: int = 0


@dataclass(frozen=True)
class Voice:
    """A voice note: here already (`attachment`), or announced to follow."""

    sha256: str
    seconds: int = 0
    attachment: Attachment | None = None


@dataclass(frozen=True)
class NewReport:
    """Everything a sender gives. `content_hash` covers it and tells a retry from other words."""

    uuid: UUID
    content_hash: str
    category: str
    channel: str
    text: str = ""
    place: Place = field(default_factory=Place)
    contact: Contact = field(default_factory=Contact)
    photos: Sequence[Announced | Attachment] = ()
    voices: Sequence[Voice] = ()
    captured_at: datetime | None = None
    sent_at: datetime | None = None
    lang: str = "vie"
    answers: dict[str, str] = field(default_factory=dict)
    device_hash: str = ""
    ip_prefix_hash: str = ""
    is_held: bool = False
    is_drill: bool = False
    beside: Sequence[Model] = ()  # rows of the room that come and stay with the report
    helper_id: int | None = None  # the official who brought it
    is_on_behalf: bool = False  # of a resident who agreed
    consent_id: int | None = None
    letters: str = ""  # of a text by SMS: the first of the key its phone gave the same tap
