"""Papers that came with a form: kept as files, then told to the actions."""

from typing import BinaryIO, cast

from django import forms

from xaso.dossiers import actions
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as files
from xaso.kernel.attachments.models import Attachment, Kind, State
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal

_PHOTOS = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp")
_SOUNDS = (".mp3", ".m4a", ".ogg", ".webm", ".wav")


def store(upload: object, field: str, *, commune: Commune, by: Actor) -> Attachment:
    """Keep one uploaded photo, recording or document. Refuses with Invalid, beside its field."""
    name = getattr(upload, "name", "") or "tep"
    keep = attachments.store_document
    if name.lower().endswith(_PHOTOS):
        keep = attachments.store_photo
    elif name.lower().endswith(_SOUNDS):
        keep = attachments.store_recording
    try:
        file = cast("BinaryIO", upload.file)  # type: ignore[attr-defined]
        return keep(file, name=name, commune=commune, by=by)
    except Refusal as refusal:
        raise Invalid(errors={field: [str(refusal)]}) from refusal


def paper(form: forms.Form, code: str, *, commune: Commune, by: Actor) -> actions.Paper:
    """Return what the fields of one paper say; a file is kept on the way. Refuses as `store`."""
    said = form.cleaned_data
    upload, reused = said.get(f"file_{code}"), said.get(f"reuse_{code}")
    count = said.get(f"count_{code}") or 0
    if upload:
        file = store(upload, f"file_{code}", commune=commune, by=by)
        return actions.Paper(code, attachment=file, file_name=upload.name or "", originals=count)
    if reused:
        return actions.Paper(code, source="reused", reused_from=int(reused), originals=count)
    return actions.Paper(code, source="", waived=said.get(f"waive_{code}", ""), originals=count)


def shown(file: Attachment) -> str:
    """Return an address that shows one kept file for a while; nothing until it can be seen."""
    if file.state != State.READY:
        return ""
    where = files.picture(file, "").full if file.kind == Kind.PHOTO else files.address(file)
    return f"{where}?xem={files.lend(file)}"
