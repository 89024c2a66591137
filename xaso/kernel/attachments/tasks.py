"""What happens to files after the commit and at night."""

from uuid import UUID

from xaso.kernel.attachments import actions, parts
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.refusals import NoSpace
from xaso.kernel.jobs import actions as jobs


class DiskIsFull(OSError):
    """The photo waits until there is room; a refusal would end the job for good."""


@jobs.task("attachments.develop", queue="slow")
def develop(*, commune: UUID, attachment: int) -> None:
    """Develop a received photo of a commune."""
    try:
        actions.process(Attachment.objects.get(commune=commune, pk=attachment))
    except NoSpace as refusal:
        raise DiskIsFull(str(refusal)) from refusal


@jobs.task("attachments.forget", queue="nightly", of_commune=False)
def forget(*, commune: None = None) -> None:
    """Forget what cameras noted long ago and what killed processes left behind."""
    actions.forget()


@jobs.task("attachments.sweep_parts", queue="nightly", of_commune=False)
def sweep_parts(*, commune: None = None) -> None:
    """Forget the parts of files whose rest did not come within 48 hours."""
    parts.sweep()


jobs.every("attachments.forget", "20 2 * * *")
jobs.every("attachments.sweep_parts", "35 * * * *")
