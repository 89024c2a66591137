"""What everybody may read and see: decided by a person, for the words and for each photo."""

from collections.abc import Collection

from django.db import transaction

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_text
from xaso.reports import catalogue, hints, privacy, rulebook, searching
from xaso.reports.actions import steps
from xaso.reports.history import Said
from xaso.reports.models import Photo, Report, Visibility


@transaction.atomic
def publish(
    report: Report,
    text: str,
    photos: Collection[int] = (),
    *,
    by: Actor,
    version: int | None = None,
) -> Report:
    """Publish a report with these words (personal data is blanked anyway) and these photos.

    Photos not named are hidden; an official who looked at none publishes none.
    """
    current = steps.locked(report)
    kinds = catalogue.of(current.commune_id)
    kind = kinds.by_id[current.category_id]
    step = steps.take(
        current,
        "publish",
        by=by,
        version=version,
        is_publishable=kind.is_publishable,
        hint=hints.of(current.text or "", rulebook.stamped(current.commune_id, kinds.stamp)),
    )
    names = (current.reporter.name,) if current.reporter else ()
    current.public_text = privacy.mask(clean_text(text)[:4_000], names)
    current.visibility = Visibility.PUBLIC
    shown = _decide(step, frozenset(photos))
    current.cover = shown[0].sha256 if shown else ""
    searching.index(current, kind.plain_name)
    return step.finish(Said(facts={"photos": [photo.pk for photo in shown]}), tells=False)


@transaction.atomic
def hide(report: Report, *, by: Actor, reason: str = "", version: int | None = None) -> Report:
    """Take a report's words and photos back from the public; state and dates stay open."""
    step = steps.begin(report, "hide", by=by, version=version)
    current = step.report
    current.visibility = Visibility.PRIVATE
    current.public_text = current.cover = ""
    _decide(step, frozenset())
    searching.index(current, catalogue.of(current.commune_id).name(current.category_id))
    return step.finish(Said(internal=clean_text(reason)[:1_000]), tells=False)


def _decide(step: steps.Step, shown: frozenset[int]) -> list[Photo]:
    """Publish the named photos of the sender and hide the others; return the published ones."""
    rows = Photo.objects.filter(report=step.report, state=Photo.State.RECEIVED)
    published = []
    for photo in rows.exclude(role=Photo.Role.AFTER).select_related("attachment"):
        is_shown = photo.pk in shown
        photo.moderation = Photo.Moderation.OK if is_shown else Photo.Moderation.HIDDEN
        photo.moderated_by, photo.moderated_at = step.by.id, step.now
        photo.save(update_fields=["moderation", "moderated_by", "moderated_at"])
        if photo.attachment is None:
            continue
        if is_shown:
            attachments.publish(photo.attachment, by=step.by)
            published.append(photo)
        elif photo.attachment.is_public:
            attachments.hide(photo.attachment, by=step.by)
    return published
