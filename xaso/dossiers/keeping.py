"""How long a dossier is kept after its end: dated rules, each with its source.

The program's own rule is not compared with any document, and by a rule like that nothing is ever
erased: a commune has to set one itself first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Least

from xaso.dossiers.models import (
    Dossier,
    DossierHold,
    DossierStone,
    FilingConsent,
    KeepingRule,
    OfflineReception,
    State,
    Sureness,
)
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.engine import add_months

Kind = KeepingRule.Kind
OVER = (State.REFUSED, State.STOPPED, State.RETURNED)


@dataclass(frozen=True)
class Kept:
    """A rule as it holds on a day; 0 months is for ever."""

    procedure: str
    months: int
    sureness: str
    source: str
    since: date | None = None

    @property
    def is_sure(self) -> bool:
        """Return whether something may be erased by it."""
        return self.sureness != Sureness.UNVERIFIED


@dataclass(frozen=True)
class Due:
    """A dossier whose time is over, and the rule that says so."""

    dossier: Dossier
    ended_on: date
    due_on: date
    rule: Kept


@dataclass(frozen=True)
class AgreementDue:
    """An agreement to be helped that no dossier followed, and whose time is over."""

    agreement: FilingConsent
    ended_on: date
    due_on: date
    rule: Kept


SHIPPED = Kept(
    "", 120, Sureness.UNVERIFIED,
    "Mặc định của phần mềm; chưa đối chiếu Luật Lưu trữ 33/2024/QH15 và bảng thời hạn của tỉnh",
)  # fmt: skip


# What the nightly run erases without a list, where the commune set no rule of its own.
NIGHTLY = {
    Kind.TURNED_DOWN: Kept(
        "", 12, Sureness.UNVERIFIED,
        "Mặc định của phần mềm: đủ để trả lời bà con khi hỏi lại; chưa đối chiếu văn bản",
    ),
    Kind.DRAFT: Kept(
        "", 6, Sureness.UNVERIFIED,
        "Mặc định của phần mềm: nửa năm sau lần sửa cuối; chưa đối chiếu văn bản",
    ),
}  # fmt: skip


def rules(commune: UUID, day: date | None = None) -> Mapping[str, Kept]:
    """Return the rules of a day by procedure; "" is for all others. One statement."""
    on = day or today()
    rows = KeepingRule.objects.filter(commune=commune, kind=Kind.DOSSIER, valid_from__lte=on)
    rows = rows.order_by("valid_from")
    found = {"": SHIPPED}
    for row in rows:
        found[row.procedure] = Kept(
            row.procedure, row.months, row.sureness, row.source, row.valid_from
        )
    return found


def rule_of(commune: UUID, kind: str) -> Kept:
    """Return the rule of today for what the nightly run erases."""
    rows = KeepingRule.objects.filter(commune=commune, kind=kind, valid_from__lte=today())
    row = rows.order_by("-valid_from").first()
    if row is None:
        return NIGHTLY[Kind(kind)]
    return Kept("", row.months, row.sureness, row.source, row.valid_from)


@dataclass(frozen=True)
class Nightly:
    """What the nightly run does of one kind: its rule, how many are due, how many went so far."""

    name: str
    rule: Kept
    due: int
    gone: int


def nightly(commune: UUID) -> list[Nightly]:
    """Return what the nightly run erases by itself, for people to read."""
    words, draft = rule_of(commune, Kind.TURNED_DOWN), rule_of(commune, Kind.DRAFT)
    emptied = OfflineReception.objects.filter(commune=commune, erased_at__isnull=False)
    stones = DossierStone.objects.filter(commune=commune, state=State.DRAFT)
    told = (
        (Kind.TURNED_DOWN, words, turned_down_due(commune, words), emptied),
        (Kind.DRAFT, draft, drafts_due(commune, draft), stones),
    )
    return [
        Nightly(str(kind.label), rule, waits.count(), gone.count())
        for kind, rule, waits, gone in told
    ]


def turned_down_due(commune: UUID, rule: Kept) -> QuerySet[OfflineReception]:
    """Return receptions of machines that were turned down, whose words' time is over."""
    rows = OfflineReception.objects.filter(commune=commune, state=OfflineReception.State.REFUSED)
    return rows.filter(erased_at__isnull=True, decided_at__lt=_before(rule))


def drafts_due(commune: UUID, rule: Kept) -> QuerySet[Dossier]:
    """Return drafts nobody handed in, whose time since they were last touched is over.

    Helpers', prepared ones and the counter's own. Held ones, copies of other systems' dossiers and
    corrections stay.
    """
    rows = Dossier.objects.filter(
        commune=commune, state=State.DRAFT, is_mirror=False, parent__isnull=True,
        touched_at__lt=_before(rule),
    )  # fmt: skip
    younger = Dossier.objects.filter(parent=OuterRef("pk"))
    return rows.exclude(Exists(_holds(today()))).exclude(Exists(younger))


def _holds(on: date) -> QuerySet[DossierHold]:
    rows = DossierHold.objects.filter(dossier=OuterRef("pk"), ended_at__isnull=True)
    return rows.filter(until__gte=on)


def _before(rule: Kept) -> datetime:
    """Return the moment before which something ended that is not kept any more."""
    if not rule.months:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(add_months(today(), -rule.months), time(), dates.ZONE)


def due(commune: UUID, *, keys: Sequence[int] | None = None, most: int | None = None) -> list[Due]:
    """Return dossiers whose time is over, the longest first; held ones and open ones never.

    One that a correction refers to waits until the correction is gone. Nothing is changed.
    """
    known, on = rules(commune), today()
    younger = Dossier.objects.filter(parent=OuterRef("pk"))
    rows = Dossier.objects.filter(commune=commune, state__in=OVER).exclude(Exists(_holds(on)))
    rows = rows.exclude(Exists(younger)).annotate(
        over_at=Coalesce("returned_at", "ended_at", "resolved_at", "state_since")
    )
    shortest = min((rule.months for rule in known.values() if rule.months), default=0)
    rows = rows.filter(over_at__date__lte=add_months(on, -shortest))
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    found = []
    for row in rows.select_related("procedure").order_by("over_at", "pk").iterator(chunk_size=500):
        rule = known.get(row.procedure.code, known[""])
        ended = dates.local(row.over_at).date()
        ends = add_months(ended, rule.months)
        if rule.months and ends < on:
            found.append(Due(row, ended, ends, rule))
        if most is not None and len(found) >= most:
            break
    return found


def agreements_due(commune: UUID, *, keys: Sequence[int] | None = None) -> list[AgreementDue]:
    """Return agreements without a dossier whose time is over, the longest first.

    They end when they were taken back or their days were over; kept by the rule of the procedure.
    """
    known, on = rules(commune), today()
    followed = Dossier.objects.filter(commune=commune, uuid=OuterRef("uuid"))
    rows = FilingConsent.objects.filter(~Exists(followed), commune=commune)
    rows = rows.annotate(over_at=Least("valid_until", Coalesce("withdrawn_at", "valid_until")))
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    found = []
    for row in rows.select_related("evidence").order_by("over_at", "pk"):
        rule = known.get(row.procedure, known[""])
        ended = dates.local(row.over_at).date()
        ends = add_months(ended, rule.months)
        if rule.months and ends < on:
            found.append(AgreementDue(row, ended, ends, rule))
    return found


def today() -> date:
    """Return today in Vietnam."""
    return dates.local(clock.now()).date()
