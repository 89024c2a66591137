"""The nightly run: what no list is made of is erased by its own dated rule, and says so.

A rule that was not compared with its document erases nothing. Batches are transactions of their
own: a cut leaves whole ones, the next run goes on.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from xaso.dossiers import keeping, proactive
from xaso.dossiers.actions.keeping import AT_ONCE, erase, forget_files
from xaso.dossiers.keeping import Due, Kept
from xaso.dossiers.models import (
    Dossier,
    FilingConsent,
    KeepingRule,
    OfflinePhoto,
    ProactiveAnswer,
    ProactiveDraft,
)
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import Consent
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places import queries as places
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.engine import add_months

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


def _drafts(commune: UUID, rule: Kept) -> int:
    """Erase drafts nobody handed in, with what people agreed to for them; a stone stays of each."""
    rows = keeping.drafts_due(commune, rule).select_for_update(of=("self",), skip_locked=True)
    found = list(rows.select_related("procedure").order_by("pk")[:AT_ONCE])
    _end_agreements(commune, found)
    due = []
    for each in found:
        ended = dates.local(each.touched_at).date()
        due.append(Due(each, ended, add_months(ended, rule.months), rule))
    erase(due, commune=commune)
    return len(found)


def _end_agreements(commune: UUID, drafts: Sequence[Dossier]) -> None:
    """End what was agreed for drafts that go: to be helped with one, and a yes to a prepared one.

    That somebody agreed and when it ended stays in `identity.Consent`, which names nobody.
    """
    helped = FilingConsent.objects.filter(commune=commune, uuid__in=[each.uuid for each in drafts])
    keys = {each.consent_id for each in drafts if each.consent_id} | set(
        helped.values_list("consent_id", flat=True)
    )
    open_ones = Consent.objects.filter(commune=commune, pk__in=keys, withdrawn_at__isnull=True)
    for consent in open_ones.order_by("pk"):
        identity.withdraw_consent(consent, by=SYSTEM)
    for prepared in ProactiveDraft.objects.filter(dossier__in=drafts):
        said = ProactiveAnswer.objects.filter(
            commune=commune, code=prepared.code, person__in=proactive.keys_now(prepared.person)
        )
        said.filter(said=ProactiveAnswer.Said.YES).delete()


_STEPS: Mapping[str, Callable[[UUID, Kept], int]] = {
    Kind.TURNED_DOWN: _turned_down,
    Kind.DRAFT: _drafts,
}
