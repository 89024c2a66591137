"""Photos that come with a form: stored at once, so that a fault elsewhere does not lose them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from django.core import signing
from django.utils.translation import gettext as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as files
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import CommuneRequest
from xaso.reports.actions import Voice, store_voice
from xaso.reports.models.photos import MOST_PER_ROLE

_SALT = "reports.kept"
_KEPT_SECONDS = 24 * 3600
_BOXES = ("chup", "anh")


@dataclass
class Gathered:
    """The photos that came with a form: stored ones, and what was wrong with the others."""

    photos: list[Attachment] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)
    voice_faults: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Return whether everything that came could be stored."""
        return not (self.faults or self.voice_faults)

    @property
    def kept_voice(self) -> str:
        """Return the signed word by which a form that failed keeps its recording."""
        stored = self.voices[0].attachment if self.voices else None
        return sign(stored) if stored else ""

    def add(self, photo: Attachment) -> None:
        """Keep a photo once, in the order they came."""
        if photo.sha256 not in {known.sha256 for known in self.photos}:
            self.photos.append(photo)

    def shown(self) -> list[dict[str, object]]:
        """Return the stored photos for the form, each with the signed box that keeps it."""
        return [_shown(photo) for photo in self.photos]


def gather(request: CommuneRequest, by: Actor) -> Gathered:
    """Store every photo that came, privately, and find those an earlier try stored."""
    gathered = Gathered()
    for kept in _kept(request):
        gathered.add(kept)
    uploads = [upload for box in _BOXES for upload in request.FILES.getlist(box)]
    for number, upload in enumerate(uploads, start=1):
        if len(gathered.photos) >= MOST_PER_ROLE:
            gathered.faults.append(_("Nhiều nhất 6 ảnh. Các ảnh sau chưa được nhận."))
            break
        name = upload.name or f"anh-{number}.jpg"
        try:
            file = cast("BinaryIO", upload.file)
            gathered.add(attachments.store_photo(file, name=name, commune=request.commune, by=by))
        except Refusal as refusal:
            gathered.faults.append(f"{name}: {refusal.sentence}")
    return gathered


def gather_voice(request: CommuneRequest, gathered: Gathered, by: Actor) -> None:
    """Store the recording that came with a form, or find the one an earlier try stored."""
    asked = request.POST.get("tieng-giay", "")
    seconds = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    stored, faults = recording(request, "tieng", by)
    gathered.voice_faults += faults
    if stored is not None:
        gathered.voices.append(Voice(stored.sha256, seconds, stored))


def recording(request: CommuneRequest, box: str, by: Actor) -> tuple[Attachment | None, list[str]]:
    """Store the recording of a box, privately, or find the one an earlier try stored.

    Returns it and what was wrong with it.
    """
    upload = request.FILES.get(box)
    if upload is None:
        return _signed(request, request.POST.get(f"{box}-giu", "")), []
    try:
        return store_voice(cast("BinaryIO", upload.file), commune=request.commune, by=by), []
    except Refusal as refusal:
        return None, [str(refusal.sentence)]


def one(request: CommuneRequest, box: str, by: Actor) -> tuple[Attachment | None, list[str]]:
    """Store the single photo of a box, privately; return it and what was wrong with it.

    A form that fails elsewhere brings it back as a signed box of the same name and `-giu`.
    """
    upload = request.FILES.get(box)
    if upload is None:
        return _signed(request, request.POST.get(f"{box}-giu", "")), []
    name = upload.name or "anh.jpg"
    try:
        file = cast("BinaryIO", upload.file)
        return attachments.store_photo(file, name=name, commune=request.commune, by=by), []
    except Refusal as refusal:
        return None, [f"{name}: {refusal.sentence}"]


def sign(photo: Attachment) -> str:
    """Return the signed word by which a form that failed keeps a stored photo."""
    return signing.dumps(photo.sha256, salt=_SALT)


def _signed(request: CommuneRequest, signed: str) -> Attachment | None:
    if not signed:
        return None
    try:
        digest = signing.loads(signed, salt=_SALT, max_age=_KEPT_SECONDS)
    except signing.BadSignature:
        return None
    return files.by_sha256(request.commune, str(digest))


def _kept(request: CommuneRequest) -> Iterator[Attachment]:
    """Return the photos an earlier try stored, as its signed boxes say, but for dropped ones."""
    dropped = set(request.POST.getlist("bo_anh"))
    for signed in request.POST.getlist("giu")[:MOST_PER_ROLE]:
        photo = _signed(request, signed)
        if photo is not None and photo.sha256 not in dropped:
            yield photo


def _shown(photo: Attachment) -> dict[str, object]:
    """Return a stored photo; it is developed now, so that the person can see it."""
    ready = attachments.process(photo)
    return {
        "picture": files.picture(ready, _("Ảnh đã chọn"), step=320, is_lent=True),
        "sha256": photo.sha256,
        "signed": sign(photo),
    }
