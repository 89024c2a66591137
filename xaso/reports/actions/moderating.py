"""What everybody may read and see: decided by a person, for the words and for each photo."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.formats.boxes import Box
from xaso.kernel.attachments.refusals import NoBoxes, NotReady
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import clean_text
from xaso.reports import catalogue, hints, privacy, redaction, rulebook, searching
from xaso.reports.actions import exposing, steps
from xaso.reports.history import Said
from xaso.reports.models import Photo, Report, Visibility, Wording
from xaso.reports.models.photos import PROTECTED
from xaso.reports.redaction import Span

PRIVATE = "private"  # nothing of the report is shown
_SHOWN = (Photo.Moderation.OK, Photo.Moderation.BLURRED)


@dataclass(frozen=True)
class Words:
    """What is decided about the words: `ok`, `hidden` (photos and kind only) or `private`.

    With `ok` the stretches in `masks` are blanked; `left` are suggestions the official left to be
    read, by kind. `text` stands instead of the masked words when it is given. `note` is for the
    office.
    """

    decision: str
    masks: Sequence[Span] = ()
    left: Sequence[str] = ()
    text: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Seen:
    """What is decided about one photo: `ok`, `blurred` (in these boxes) or `hidden` (why)."""

    decision: str
    reason: str = ""
    boxes: Sequence[Box] = ()


@transaction.atomic
def moderate(
    report: Report,
    words: Words | None,
    photos: Mapping[int, Seen],
    *,
    by: Actor,
    version: int | None = None,
) -> Report:
    """Decide about the words, about some photos, or both; what is not named stays as it was.

    Files open and shut with the decision: a photo is public while it was decided on and the report
    is public. A blurred one is a new file. The same picture shown by another report is taken back
    there too and waits to be looked at again. Refuses with Invalid (errors by `photo_<id>`,
    `words`), NotFound (no such photo here), and as every step does.
    """
    current = steps.locked(report)
    rows = Photo.objects.filter(report=current, state=Photo.State.RECEIVED)
    rows = rows.select_related("attachment", "public_file").order_by("role", "order", "id")
    found = {photo.pk: photo for photo in rows}
    number = {key: n for n, key in enumerate(found, 1)}
    if set(photos) - set(found):
        raise NotFound
    if not words and not photos:
        raise Invalid(_("Bác chọn ít nhất một mục rồi hãy ghi."))
    kinds = catalogue.of(current.commune_id)
    rules = rulebook.stamped(current.commune_id, kinds.stamp)
    step = steps.take(
        current,
        _action(words),
        by=by,
        version=version,
        is_publishable=kinds.by_id[current.category_id].is_publishable,
        hint=hints.of(current.text or "", rules),
        shows=any(
            seen.decision in _SHOWN and found[key].role != Photo.Role.AFTER
            for key, seen in photos.items()
        ),
    )
    facts = _word(step, words) if words else {}
    facts["photos"] = [
        {"n": number[key]} | _decide(step, found[key], seen) for key, seen in photos.items()
    ]
    exposing.settle(current, by=by)
    if not exposing.is_waiting(current):
        current.look_since = None
    searching.index(current, kinds.by_id[current.category_id].plain_name)
    note = clean_text(words.note)[:1_000] if words else ""
    return step.finish(Said(internal=note, facts=facts), tells=False)


def publish(
    report: Report,
    text: str,
    photos: Collection[int] = (),
    *,
    by: Actor,
    version: int | None = None,
) -> Report:
    """Publish a report with these words (personal data is blanked anyway) and these photos."""
    names = (report.reporter.name,) if report.reporter else ()
    words = Words("ok", text=privacy.mask(clean_text(text)[:4_000], names))
    seen = {key: Seen("ok") for key in photos}
    return moderate(report, words, seen, by=by, version=version)


def hide(report: Report, *, by: Actor, reason: str = "", version: int | None = None) -> Report:
    """Take a report's words and photos back from the public; state and dates stay open."""
    return moderate(report, Words(PRIVATE, note=reason), {}, by=by, version=version)


def _action(words: Words | None) -> str:
    if words is None:
        return "decide"
    return "hide" if words.decision == PRIVATE else "publish"


def _word(step: steps.Step, words: Words) -> dict[str, Any]:
    """Write the decision about the words into the report; return what history keeps of it."""
    report = step.report
    if words.decision not in (Wording.OK, Wording.HIDDEN, PRIVATE):
        raise Invalid(
            errors={"words": [_("Bác chọn đăng lời, không đăng lời, hay không đăng gì.")]}
        )
    is_shown = words.decision == Wording.OK
    text = report.text or ""
    masks = [span for span in words.masks if 0 <= span[0] < span[1] <= len(text)]
    shown = redaction.masked(text, masks) if words.text is None else words.text
    report.public_text = shown if is_shown else ""
    report.masks = [list(span) for span in masks] if is_shown else []
    report.is_held = False  # somebody looked
    report.wording = Wording.OK if is_shown else Wording.HIDDEN
    report.worded_by, report.worded_at = step.by.id, step.now
    report.visibility = Visibility.PRIVATE if words.decision == PRIVATE else Visibility.PUBLIC
    return {"words": words.decision, "masked": len(masks), "left": sorted(words.left)}


def _decide(step: steps.Step, photo: Photo, seen: Seen) -> dict[str, Any]:
    """Write the decision about one photo; return what history keeps of it."""
    _refuse(photo, seen)
    before, old = photo.moderation, photo.public_file
    photo.moderation, photo.reason = seen.decision, seen.reason
    photo.moderated_by, photo.moderated_at = step.by.id, step.now
    photo.public_file = _file(photo, seen, step.by)
    photo.save(
        update_fields=["moderation", "reason", "moderated_by", "moderated_at", "public_file"]
    )
    if old is not None and old.source_id:
        attachments.erase(old, by=step.by)
    if seen.decision != Photo.Moderation.OK:
        _take_back_elsewhere(photo)
    said = {"id": photo.pk, "from": before, "to": seen.decision, "reason": seen.reason}
    return said | {"boxes": len(seen.boxes)}


def _file(photo: Photo, seen: Seen, by: Actor) -> Any:  # noqa: ANN401  (Attachment or None)
    """Return the file everybody may see after a decision."""
    if seen.decision == Photo.Moderation.HIDDEN or photo.attachment is None:
        return None
    if seen.decision == Photo.Moderation.OK:
        return photo.attachment
    try:
        return attachments.blur(photo.attachment, seen.boxes, by=by)
    except (NoBoxes, NotReady) as refusal:
        raise Invalid(errors={f"photo_{photo.pk}": [str(refusal)]}) from refusal


def _refuse(photo: Photo, seen: Seen) -> None:
    """Refuse a decision that says too little, or shows what must not be shown as it is."""
    fault = ""
    if seen.decision not in (*_SHOWN, Photo.Moderation.HIDDEN):
        fault = _("Bác chọn đăng, làm mờ hay không đăng ảnh này.")
    elif seen.decision == Photo.Moderation.HIDDEN and seen.reason not in Photo.Reason.values:
        fault = _("Bác chọn lý do không đăng ảnh này.")
    elif seen.decision == Photo.Moderation.OK and seen.reason in PROTECTED:
        fault = _("Ảnh có trẻ em, người bị nạn, giấy tờ: bác làm mờ hoặc không đăng.")
    if fault:
        raise Invalid(errors={f"photo_{photo.pk}": [fault]})


def _take_back_elsewhere(photo: Photo) -> None:
    """Let other reports that show the very same picture wait for another look."""
    if photo.attachment is None:
        return
    rows = Photo.objects.filter(public_file=photo.attachment).exclude(pk=photo.pk)
    for other in rows.select_related("report").order_by("report_id"):
        current = steps.locked(other.report)
        step = steps.take(current, "decide", by=SYSTEM)
        said = {"id": other.pk, "from": other.moderation, "to": Photo.Moderation.PENDING}
        other.moderation, other.public_file, other.reason = Photo.Moderation.PENDING, None, ""
        other.save(update_fields=["moderation", "public_file", "reason"])
        exposing.settle(current, by=SYSTEM)
        current.look_since = current.look_since or step.now
        step.finish(Said(facts={"photos": [said]}), tells=False)
