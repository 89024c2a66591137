"""The nightly run: what no list is made of is erased by its own dated rule, and says so.

A rule that was not compared with its document erases nothing. Batches are transactions of their
own: a cut leaves whole ones, the next run goes on.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction

from xaso.dossiers import keeping
from xaso.dossiers.actions.keeping import AT_ONCE, forget_files
from xaso.dossiers.keeping import Kept
from xaso.dossiers.models import KeepingRule, OfflinePhoto
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places import queries as places
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

FORGET, FORGET_BATCH = "dossiers.forget", "dossiers.forget_batch"
Kind = KeepingRule.Kind


def forget_everywhere() -> None:
    """Put off the first batch of every kind in every commune: what the night job does."""
    for commune in places.communes():
        with tenancy.inside(commune.id):
            for kind in _STEPS:
                _put_off(commune.id, kind)


@transaction.atomic
def forget_batch(commune: UUID, kind: str) -> int:
    """Erase the next ones of a kind inside its commune, by a rule that was compared.

    Return how many went; a full batch puts the next one off.
    """
    rule = keeping.rule_of(commune, kind)
    if not rule.is_sure:
        return 0
    gone = _STEPS[kind](commune, rule)
    if gone >= AT_ONCE:
        _put_off(commune, kind)
    return gone


def _put_off(commune: UUID, kind: str) -> None:
    jobs.later(FORGET_BATCH, commune=commune, key=kind, args={"kind": kind})


def _turned_down(commune: UUID, rule: Kept) -> int:
    """Empty receptions nobody took in: words, photos and reasons go, what happened stays.

    The row keeps its digest: the machine that sends the same again gets the same answer.
    """
    rows = keeping.turned_down_due(commune, rule).select_for_update(skip_locked=True)
    found = list(rows.order_by("pk")[:AT_ONCE])
    photos = OfflinePhoto.objects.filter(reception__in=found).select_related("attachment")
    files = [each.attachment for each in photos]
    photos.delete()
    for row in found:
        row.body = row.corrected_number = ""
        row.signature = row.detail = row.reason = ""
        row.erased_at, row.erased_rule = clock.now(), rule.source
        row.save(
            update_fields=["body", "corrected_number", "signature", "detail", "reason",
                           "erased_at", "erased_rule"]
        )  # fmt: skip
        changes = {"source": rule.source, "months": rule.months, "digest": row.digest}
        audit.record("dossier.offline_erased", row, by=SYSTEM, commune=commune, changes=changes)
    forget_files(files)
    return len(found)


_STEPS: Mapping[str, Callable[[UUID, Kept], int]] = {Kind.TURNED_DOWN: _turned_down}
