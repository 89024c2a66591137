"""Our list against another system's, day by day; every difference has an owner and an answer."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.exchange import comparing, reading
from xaso.dossiers.models import Difference, Dossier, DossierCode, DossierFee, Reconciliation
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.measures import actions as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import clean_line, clean_text, dates
from xaso.kernel.working_time import clock


class StillOpen(Refusal):
    """A month closes only when every difference is explained."""

    sentence = _("Còn %(n)s chỗ khác chưa giải thích. Xin giải thích hết rồi chốt.")


@transaction.atomic
def compare(  # noqa: PLR0913 - which list, of whom, for which day: all by name
    raw: bytes, name: str, *, target: str, day: date, by: Actor, commune: Commune
) -> Reconciliation:
    """Compare a list with the dossiers of a local day; the same list twice is compared once.

    The day is the one of acceptance, or of handing in where nothing was accepted.
    Refuses with NotAList.
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    known = Reconciliation.objects.filter(commune=commune, target=target, day=day, sha256=sha256)
    if (first := known.first()) is not None:
        return first
    lines = reading.read(raw, name).lines
    ours = list(_of_day(commune, day))
    found = _compared(lines, ours, commune)
    made = Reconciliation.objects.create(
        commune=commune,
        target=target,
        day=day,
        sha256=sha256,
        ours=len(ours),
        theirs=len({line.code for line in lines}),
        matched=found.matched,
        made_at=clock.now(),
        made_by=by.id,
    )
    Difference.objects.bulk_create(
        Difference(
            commune=commune,
            reconciliation=made,
            dossier=each.dossier,
            suggestion=each.suggestion,
            code=each.code,
            verdict=each.verdict,
            ours=each.ours[:200],
            theirs=each.theirs[:200],
        )
        for each in found.differences
    )
    _tell(made, len(found.differences), by=by)
    return made


def _compared(
    lines: Sequence[reading.Line], ours: list[Dossier], commune: Commune
) -> comparing.Compared:
    """Compare by every code that is known here, aliases too, and by what is to be paid."""
    by_code = {
        row.code: row.dossier
        for row in DossierCode.objects.filter(
            Q(code__in=[line.code for line in lines]) | Q(dossier__in=ours), commune=commune
        ).select_related("dossier__procedure")
    }
    keys = {each.pk for each in (*ours, *by_code.values())}
    rows = DossierFee.objects.filter(dossier__in=keys).values("dossier")
    fees = {row["dossier"]: row["all"] for row in rows.annotate(all=Sum("amount"))}
    return comparing.compare(lines, by_code, ours, fees)


@transaction.atomic
def explain(difference: Difference, note: str, *, by: Actor, owner: str = "") -> Difference:
    """Say why a difference is there and what was done; it then counts as explained."""
    row = Difference.objects.select_for_update().get(pk=difference.pk)
    said = clean_text(note)
    if len(said) < 5:
        raise Invalid(errors={"note": [str(_("Ghi rõ vì sao khác, đã làm gì."))]})
    row.note, row.resolution = said[:2_000], clean_line(note)[:300]
    row.owner = owner or row.owner or by.id
    row.resolved_at, row.resolved_by = clock.now(), by.id
    row.save()
    changes = {"verdict": row.verdict}
    audit.record(
        "dossiers.difference_explained", row, by=by, commune=row.commune_id, changes=changes
    )
    return row


@transaction.atomic
def close_month(first: date, target: str, *, by: Actor, commune: Commune) -> int:
    """Close a month's comparisons. Refuses with StillOpen while a difference is unexplained."""
    start = first.replace(day=1)
    until = (start + timedelta(days=32)).replace(day=1)
    rows = Reconciliation.objects.select_for_update().filter(
        commune=commune, target=target, day__gte=start, day__lt=until
    )
    keys = list(rows.values_list("pk", flat=True))
    left = Difference.objects.filter(reconciliation__in=keys, resolved_at__isnull=True).count()
    if left:
        raise StillOpen(n=left)
    closed = int(rows.filter(closed_at__isnull=True).update(closed_at=clock.now()))
    if closed:
        said = {"month": f"{start:%Y-%m}", "target": target, "days": closed}
        audit.record("dossiers.month_closed", commune, by=by, commune=commune.id, changes=said)
    return closed


def _of_day(commune: Commune, day: date) -> QuerySet[Dossier]:
    """Return the dossiers of a local day."""
    start = datetime.combine(day, time.min, dates.ZONE)
    end = start + timedelta(days=1)
    accepted = Q(accepted_at__gte=start, accepted_at__lt=end)
    handed_in = Q(accepted_at__isnull=True, submitted_at__gte=start, submitted_at__lt=end)
    rows = Dossier.objects.filter(accepted | handed_in, commune=commune)
    return rows.select_related("procedure").order_by("id")


def _tell(made: Reconciliation, differences: int, *, by: Actor) -> None:
    """Log the comparison, and count its differences for the boards."""
    changes = {"target": made.target, "day": made.day.isoformat(), "differences": differences}
    audit.record("dossiers.reconciled", made, by=by, commune=made.commune_id, changes=changes)
    measures.count(
        "dossiers.differences",
        commune=made.commune_id,
        day=made.day,
        n=differences,
        dims={"target": str(made.target)},
    )
