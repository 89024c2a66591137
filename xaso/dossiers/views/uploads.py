"""Papers that came with a form: kept as files, then told to the actions.

A browser never fills a box of files again. What came with a form that is shown once more is kept
at once, and a signed word for it travels with the form: nobody photographs twice. The word holds
for that official and that dossier (before it is there: the key it will have) alone.
"""

from typing import BinaryIO, cast
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.translation import gettext as _

from xaso.dossiers import actions
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as files
from xaso.kernel.attachments.models import Attachment, Kind, State
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.web.http import DeskRequest

_PHOTOS = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp")
_SALT, _ONE_DAY = "dossiers.kept", 24 * 60 * 60
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


def keep(form: forms.Form, request: DeskRequest, *, dossier: UUID | None) -> list[str]:
    """Keep the files of a form that is shown again, and say so beside their boxes.

    `dossier`: the key of the dossier, also of one that is not there yet; None keeps the file but
    no word for it. Returns what was refused where a form holds no errors of its own, as sentences.
    """
    refused = []
    by = request.actor
    for name in [each for each in form.fields if each.startswith("file_")]:
        slot = name.replace("file_", "kept_", 1)
        word, upload = request.POST.get(slot, ""), request.FILES.get(name)
        if upload and not (form.is_bound and name in form.errors):
            try:
                file = store(upload, name, commune=request.commune, by=by)
                said = [file.pk, upload.name or ""]
                word = signing.dumps(said, salt=_salt(request.commune.id, dossier, by))
            except Invalid as refusal:
                refused += [f"{upload.name}: {text}" for text in refusal.errors[name]]
        known = _kept(word, dossier, commune=request.commune.id, by=by)
        if known is not None:
            _say(form, slot, word, known[1])
    return refused


def _say(form: forms.Form, slot: str, word: str, file_name: str) -> None:
    """Put the word into the form, and the file's name beside its box."""
    text = _("Đã có tệp: %(name)s. Bác chỉ chọn lại khi muốn thay.") % {"name": file_name}
    box = slot.replace("kept_", "file_", 1)
    form.fields[box].help_text = form[box].help_text = text
    if form.is_bound:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data[slot] = word  # type: ignore[index]
    else:
        form.initial[slot] = word
        form.initial[slot.replace("kept_", "reuse_", 1)] = ""


def _salt(commune: UUID, dossier: UUID | None, by: Actor) -> str:
    return f"{_SALT}/{commune}/{dossier}/{by.id}"


def _kept(
    word: str, dossier: UUID | None, *, commune: UUID, by: Actor
) -> tuple[Attachment, str] | None:
    """Return the file a word stands for, with its name; None for words of others."""
    if dossier is None:
        return None
    try:
        key, file_name = signing.loads(word, salt=_salt(commune, dossier, by), max_age=_ONE_DAY)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    file = Attachment.objects.filter(commune=commune, pk=key).first()
    return (file, file_name) if file is not None else None


def paper(
    form: forms.Form, code: str, *, dossier: UUID, commune: Commune, by: Actor
) -> actions.Paper:
    """Return what the fields of one paper say; a file is kept on the way. Refuses as `store`."""
    said = form.cleaned_data
    upload, reused = said.get(f"file_{code}"), said.get(f"reuse_{code}")
    count = said.get(f"count_{code}") or 0
    known = _kept(said.get(f"kept_{code}") or "", dossier, commune=commune.id, by=by)
    if upload:
        file = store(upload, f"file_{code}", commune=commune, by=by)
        return actions.Paper(code, attachment=file, file_name=upload.name or "", originals=count)
    if reused:
        return actions.Paper(code, source="reused", reused_from=int(reused), originals=count)
    if known is not None:
        return actions.Paper(code, attachment=known[0], file_name=known[1], originals=count)
    return actions.Paper(code, source="", waived=said.get(f"waive_{code}", ""), originals=count)


def shown(file: Attachment) -> str:
    """Return an address that shows one kept file for a while; nothing until it can be seen."""
    if file.state != State.READY:
        return ""
    where = files.picture(file, "").full if file.kind == Kind.PHOTO else files.address(file)
    return f"{where}?xem={files.lend(file)}"
