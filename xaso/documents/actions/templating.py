"""Templates of forms: a commune uploads its own version, tries it, and puts it in force."""

import hashlib
from datetime import date

from django.db import transaction

from xaso.documents.models import TemplateVersion
from xaso.documents.refusals import AlreadyPublished, BadTemplate
from xaso.documents.rendering import sheets
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock


@transaction.atomic
def upload_template(text: str, *, commune: Commune, by: Actor) -> TemplateVersion:
    """Keep a template as a draft. Refuses with BadTemplate, naming line or block."""
    sheet = sheets.read(text)
    row = TemplateVersion.objects.create(
        commune=commune,
        code=sheet.code,
        name=sheet.name,
        version=sheet.version[:40],
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        source=sheet.source,
        sureness=sheet.sureness,
        made_by=by.id,
        made_at=clock.now(),
    )
    _log("template_uploaded", row, by=by)
    return row


@transaction.atomic
def publish_template(row: TemplateVersion, valid_from: date, *, by: Actor) -> TemplateVersion:
    """Put a draft in force from a day; papers of earlier days keep the earlier template.

    Refuses with AlreadyPublished, and with BadTemplate when another version begins that same day.
    """
    row = TemplateVersion.objects.select_for_update().get(pk=row.pk)
    if row.state == TemplateVersion.State.PUBLISHED:
        raise AlreadyPublished
    others = TemplateVersion.objects.filter(
        commune=row.commune_id, code=row.code, state=TemplateVersion.State.PUBLISHED
    )
    if others.filter(valid_from=valid_from).exists():
        raise BadTemplate(reason=f"valid_from = {valid_from:%d/%m/%Y}")
    row.state, row.valid_from = TemplateVersion.State.PUBLISHED, valid_from
    row.published_by, row.published_at = by.id, clock.now()
    row.save()
    _log("template_published", row, by=by)
    return row


@transaction.atomic
def discard_template(row: TemplateVersion, *, by: Actor) -> None:
    """Throw a draft away. Refuses with AlreadyPublished."""
    row = TemplateVersion.objects.select_for_update().get(pk=row.pk)
    if row.state == TemplateVersion.State.PUBLISHED:
        raise AlreadyPublished
    _log("template_discarded", row, by=by)
    row.delete()


def _log(what: str, row: TemplateVersion, *, by: Actor) -> None:
    changes = {"code": row.code, "version": row.version, "sha256": row.sha256}
    audit.record(f"documents.{what}", row, by=by, commune=row.commune_id, changes=changes)
