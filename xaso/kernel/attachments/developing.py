"""What the sandbox makes of a photo that is kept: of the upload, or of the photo to be blurred."""

from xaso.kernel.attachments import workshop
from xaso.kernel.attachments.models import MASTER, Attachment
from xaso.kernel.attachments.refusals import BrokenFile
from xaso.kernel.attachments.stores import choosing
from xaso.kernel.attachments.stores.receiving import Key


def developed(photo: Attachment) -> workshop.Work:
    """Have the photo opened; once more when the sandbox itself gave up, as on a crowded machine."""
    key = Key(photo.commune_id, photo.sha256)
    if photo.source is not None:
        master = photo.source.renditions.get(step=MASTER)
        key = Key(photo.commune_id, master.sha256, "made")
    for is_last in (False, True):
        with choosing.store().open(key) as file:
            try:
                if photo.source is not None:
                    return workshop.blurred(file, photo.boxes or ())
                return workshop.opened("picture", file)
            except workshop.GaveUp:
                if is_last:
                    raise
    raise BrokenFile
