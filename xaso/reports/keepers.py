"""Files of reports: officials who read reports open them, those of sealed ones by nothing here."""

from django.db.models import Exists, OuterRef, Q

from xaso.kernel.attachments.keepers import Keeper
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Consent
from xaso.reports.models import Feedback, ForwardFile, Photo, Report, VoiceNote
from xaso.reports.models.words import Visibility

_READ = "reports.read"


def _open_reports(_actor: Actor) -> Q:
    return ~Q(report__visibility=Visibility.SEALED)


def _open_forwards(_actor: Actor) -> Q:
    return ~Q(forward__report__visibility=Visibility.SEALED)


def _of_open_reports(_actor: Actor) -> Q:
    """Return the agreements on which a report was sent that is not sealed."""
    sent = Report.objects.filter(commune=OuterRef("commune"), consent_id=OuterRef("pk"))
    return Q(Exists(sent.exclude(visibility=Visibility.SEALED)))


KEEPERS = (
    Keeper(Photo, "attachment", _READ, _open_reports),
    Keeper(Photo, "public_file", _READ, _open_reports),
    Keeper(VoiceNote, "attachment", _READ, _open_reports),
    Keeper(Feedback, "photo", _READ, _open_reports),
    Keeper(Feedback, "voice", _READ, _open_reports),
    Keeper(ForwardFile, "attachment", _READ, _open_forwards),
    Keeper(Consent, "evidence", _READ, _of_open_reports, is_digest=True),
)
