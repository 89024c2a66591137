"""Forget what lists said once nobody can take them back: the counts stay."""

from datetime import timedelta

from django.db.models import Q

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places import queries as places
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.population.actions.importing import UNDO_DAYS
from xaso.population.models import BatchState, ImportBatch, ImportBlock, ImportFile, ImportRow

_WORKS = (BatchState.APPROVED, BatchState.UNDOING)


def forget_lists() -> None:
    """Forget in every commune the rows of lists that are a month past their last step."""
    before = clock.now() - timedelta(days=UNDO_DAYS)
    old = Q(applied_at__lt=before) | Q(applied_at__isnull=True, created_at__lt=before)
    for commune in places.communes():
        with tenancy.inside(commune.id):
            found = ImportBatch.objects.filter(old, commune=commune, forgotten_at__isnull=True)
            for batch in found.exclude(state__in=_WORKS):
                _forget(batch)


def _forget(batch: ImportBatch) -> None:
    for model in (ImportRow, ImportBlock, ImportFile):
        model.objects.filter(batch=batch).delete()
    batch.previews, batch.forgotten_at = "", clock.now()
    batch.save(update_fields=["previews", "forgotten_at"])
    audit.record("population.list_forgotten", batch, by=SYSTEM, commune=batch.commune_id)
