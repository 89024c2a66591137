"""Which files everybody may open: those a person decided on, while the report itself is public."""

from django.db.models import Q

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.models import State as FileState
from xaso.kernel.audit.actors import Actor
from xaso.reports.models import Outcome, Photo, Report, State, Visibility

# Photos of an answer are the commune's own words: they stand with the answer.
_OPEN = Q(role=Photo.Role.AFTER) | Q(report__visibility=Visibility.PUBLIC)


def settle(report: Report, *, by: Actor) -> None:
    """Open and shut the files of a locked report's photos as its decisions say; name its cover."""
    rows = Photo.objects.filter(report=report, attachment__isnull=False)
    rows = rows.select_related("attachment", "public_file").order_by("order", "id")
    report.cover = ""
    for photo in rows:
        shown = photo.public_file if _is_open(report, photo) else None
        for file in (photo.attachment, photo.public_file):
            if file is not None and file != shown:
                _shut(file, photo, by)
        if shown is None or shown.state == FileState.REFUSED:
            continue
        if not shown.is_public:
            attachments.publish(shown, by=by)
        if not report.cover and photo.role != Photo.Role.AFTER:
            report.cover = shown.sha256


def is_waiting(report: Report) -> bool:
    """Return whether something of a report still waits for a person to look; one statement."""
    if is_unseen(report):
        return False
    return report.visibility == Visibility.PENDING or _undecided(report)


def is_unseen(report: Report) -> bool:
    """Return whether nobody will see it as it stands: so nobody has to look at it first."""
    if report.is_drill or report.outcome == Outcome.WITHDRAWN:
        return True
    is_ended = report.state in (State.REJECTED, State.DUPLICATE)
    if report.visibility == Visibility.PENDING and is_ended:
        return True
    return report.visibility in (Visibility.PRIVATE, Visibility.SEALED)


def _undecided(report: Report) -> bool:
    rows = Photo.objects.filter(report=report, state=Photo.State.RECEIVED)
    return rows.filter(moderation=Photo.Moderation.PENDING).exists()


def _is_open(report: Report, photo: Photo) -> bool:
    is_after = photo.role == Photo.Role.AFTER and not report.is_sealed
    return is_after or report.visibility == Visibility.PUBLIC


def _shut(file: Attachment, photo: Photo, by: Actor) -> None:
    """Take a file back, unless another report shows the very same one."""
    if not file.is_public:
        return
    others = Photo.objects.filter(_OPEN, public_file=file).exclude(pk=photo.pk)
    if not others.exists():
        attachments.hide(file, by=by)
