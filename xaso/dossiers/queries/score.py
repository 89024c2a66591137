"""The dossiers' part of the national score 766: how many of how many, and which are missing.

A month's set is what was accepted in it, as the portal takes it. Rules (formula note of QĐ 766):
the end of processing is the time of status 9, else 10, else 8 or 3; an unfinished dossier ends
with the period; more than one supplement counts overdue whatever the dates; an online dossier whose
procedure returns a paper counts as online only with an electronic result that has a link. What the
platform has no data for is left out, never 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from xaso.dossiers import catalogue
from xaso.dossiers.catalogue import Held
from xaso.dossiers.content.shape import Content
from xaso.dossiers.models import (
    Channel,
    Component,
    Dossier,
    DossierFee,
    DossierRating,
    OutMessage,
    Result,
    State,
    Sync,
)
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

MOST_NAMED = 200
_ONLINE_PAYMENT = ("dvcqg",)
_STOPPED = (State.STOPPED, State.REFUSED)


@dataclass(frozen=True)
class Counted:
    """So many of so many; `missing` are codes of dossiers or procedures, at most 200."""

    part: int
    whole: int
    missing: Sequence[str] = field(default_factory=tuple)


def counted(commune: Commune, first: date, last: date) -> Mapping[str, Counted]:
    """Return what each metric counts for dossiers accepted on the days `first` to `last`."""
    end = min(_midnight(last + timedelta(days=1)), clock.now())
    rows = _rows(commune, first, last, end)
    offered = catalogue.listed(commune, last)
    return {**_of_dossiers(rows), **_of_services(rows, offered), **_of_catalogue(offered)}


def _rows(commune: Commune, first: date, last: date, end: datetime) -> QuerySet[Dossier]:
    """Return the month's set with a mark for each thing that is counted."""
    own = {"dossier": OuterRef("pk")}
    fees = DossierFee.objects.filter(**own, amount__gt=0)
    late_open = Q(resolved_at=None, paused_at=None, promise_at__lt=end) & ~Q(state__in=_STOPPED)
    late_end = Q(resolved_at=None, ended_at__isnull=False, promise_at__lt=end, state__in=_STOPPED)
    return (
        Dossier.objects.filter(
            commune=commune,
            accepted_at__gte=_midnight(first),
            accepted_at__lt=_midnight(last + timedelta(days=1)),
        )
        .exclude(state=State.DRAFT)
        .annotate(
            is_late=Q(on_time_kpi__isnull=False, on_time_kpi=False)
            | Q(supplement_count__gt=1)
            | Q(late_open)
            | (late_end & Q(ended_at__gt=F("promise_at"))),
            has_paper=Exists(Component.objects.filter(**own).exclude(sha256="")),
            is_reused=Exists(
                Component.objects.filter(**own).filter(Q(is_reused=True) | Q(is_from_storage=True))
            ),
            has_result=Exists(Result.objects.filter(**own).exclude(sha256="")),
            is_electronic=Exists(Result.objects.filter(**own, is_electronic=True).exclude(link="")),
            owes=Exists(fees),
            paid_online=Exists(fees.filter(paid_by__in=_ONLINE_PAYMENT, paid_at__isnull=False)),
            is_synced=Exists(
                OutMessage.objects.filter(**own, kind=OutMessage.Kind.DOSSIER, state=Sync.CONFIRMED)
            ),
            is_rated=Exists(DossierRating.objects.filter(**own)),
            is_disliked=Exists(DossierRating.objects.filter(**own, score=0)),
        )
    )


def _of_dossiers(rows: QuerySet[Dossier]) -> dict[str, Counted]:
    done = Q(resolved_at__isnull=False)
    online = Q(channel=Channel.ONLINE, is_electronic=True)
    tests: dict[str, tuple[Q, Q]] = {
        "DOSSIER_SYNC": (Q(is_mirror=False), Q(is_synced=True)),
        "PROGRESS": (Q(), Q(is_late=False)),
        "ONLINE_C": (Q(), online),
        "PAY_A": (Q(owes=True), Q(paid_online=True)),
        "ORIGINAL_RESULT_AVAILABLE": (done, Q(is_electronic=True)),
        "SO_HOA_GIAY_TO_GIAI_QUYET": (done, Q(has_paper=True, has_result=True)),
        "REUSED_DIGITIZED_DATA": (Q(), Q(is_reused=True)),
        "DOSSIER_RECEIVING_SATISFACTION": (
            Q(is_rated=True),
            Q(is_late=False, is_disliked=False),
        ),
    }
    sums = rows.aggregate(
        **{f"{code}_whole": Count("pk", filter=of) for code, (of, _yes) in tests.items()},
        **{f"{code}_part": Count("pk", filter=of & yes) for code, (of, yes) in tests.items()},
    )
    return {
        code: Counted(
            sums[f"{code}_part"],
            sums[f"{code}_whole"],
            _named(rows.filter(of).exclude(pk__in=rows.filter(of & yes).values("pk")))
            if sums[f"{code}_part"] < sums[f"{code}_whole"]
            else (),
        )
        for code, (of, yes) in tests.items()
    }


def _of_services(rows: QuerySet[Dossier], offered: Sequence[Held]) -> dict[str, Counted]:
    """Return the shares of procedures: offered online, used online, paid online."""
    online = [h for h in offered if h.content.channels.online_level in {"partial", "full"}]
    fee = [h for h in offered if h.content.fees]
    used = set(rows.filter(channel=Channel.ONLINE).values_list("procedure_id", flat=True))
    paid = set(
        rows.filter(Q(owes=True) & Q(paid_online=True)).values_list("procedure_id", flat=True)
    )
    return {
        "ONLINE_A": _services(offered, {h.procedure.pk for h in online}),
        "ONLINE_B": _services(online, used),
        "PAY_B": _services(fee, paid),
    }


def _of_catalogue(offered: Sequence[Held]) -> dict[str, Counted]:
    whole = {held.procedure.pk for held in offered if is_full(held.content)}
    return {"PUBLIC_CONTENT_FULL": _services(offered, whole)}


def is_full(content: Content) -> bool:
    """Return whether residents can read who, where, how, by which law, and what they get."""
    text = content.text
    return all((text.who, text.where, text.how, text.legal_basis, content.result.name))


def _services(of: Sequence[Held], yes: set[int]) -> Counted:
    keys = {held.procedure.pk for held in of}
    missing = [held.procedure.code for held in of if held.procedure.pk not in yes]
    return Counted(len(keys & yes), len(keys), tuple(missing[:MOST_NAMED]))


def _named(rows: QuerySet[Dossier]) -> tuple[str, ...]:
    return tuple(rows.order_by("accepted_at", "id").values_list("code", flat=True)[:MOST_NAMED])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.ZONE)
