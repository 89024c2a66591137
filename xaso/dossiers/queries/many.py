"""Dossiers that one official may act on together: handed over, signed, given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from xaso.documents import queries as papers
from xaso.documents.models import State as PaperState
from xaso.dossiers import catalogue
from xaso.dossiers.models import Dossier, Round, State
from xaso.dossiers.queries import rounds
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune

MOST = 100
_ORIGIN = "dossiers:"


@dataclass(frozen=True)
class Choice:
    """One dossier to choose; `about` says what would happen, `why_not` why it goes by itself."""

    dossier: Dossier
    about: str
    due_at: datetime | None
    sha256: str = ""  # of the paper to sign
    paper: str = ""  # its key
    why_not: str = ""
    owed: int = 0  # đồng


def to_hand_over(commune: Commune, by: Actor) -> Sequence[Choice]:
    """Return what lies in one's hands and can go on, the most urgent first."""
    mine = Q(holder=int(by.id))
    if by.is_one_of("one_stop_clerk"):
        mine |= Q(holder__isnull=True, unit__isnull=True)
    if by.unit_id and by.is_one_of("officer"):
        mine |= Q(holder__isnull=True, unit=by.unit_id)
    rows = _rows(commune).filter(mine, state__in=(State.ACCEPTED, State.IN_PROGRESS))
    found = list(rows.order_by("promise_at", "id")[:MOST])
    contents = catalogue.kept_all(commune.id, {row.frozen_id for row in found})
    choices = []
    for row in found:
        content = contents[row.frozen_id]
        here = content.step(row.step)
        after = here.next if here else [each.code for each in content.steps[:1]]
        names = [step.name for code in after if (step := content.step(code))]
        why = "" if len(names) == 1 else "many"
        if row.state == State.ACCEPTED and row.unanswered:
            why = "answers"
        choices.append(Choice(row, " / ".join(names), row.promise_at, why_not=why))
    return choices


def to_give(commune: Commune, round_: Round | None = None) -> Sequence[Choice]:
    """Return results that wait to be given, all or those of a round, the oldest first."""
    rows = _rows(commune).filter(state=State.RESOLVED)
    if round_ is not None:
        rows = rows.filter(pk__in=rounds.to_bring(round_).values("pk"))
    owed = Sum("fees__amount", filter=Q(fees__amount__gt=0, fees__paid_at__isnull=True))
    rows = rows.annotate(owed=owed).order_by("resolved_at", "id")[:MOST]
    return [
        Choice(
            row, str(row.get_delivery_display()), row.resolved_at,
            why_not="money" if row.owed else "", owed=row.owed or 0,
        )
        for row in rows
    ]  # fmt: skip


def to_sign(commune: Commune, by: Actor) -> Sequence[Choice]:
    """Return results whose frozen paper waits for this official's signature, the oldest first."""
    waiting = papers.to_sign(int(by.id), commune=commune).filter(
        state=PaperState.NUMBERED, origin__startswith=_ORIGIN, is_asked=False
    )
    found = {each.origin.removeprefix(_ORIGIN): each for each in waiting[:MOST]}
    rows = {str(row.uuid): row for row in _rows(commune).filter(uuid__in=list(found))}
    return [
        Choice(
            rows[key],
            paper.subject,
            rows[key].promise_at,
            paper.frozen.sha256 if paper.frozen else "",
            str(paper.uuid),
        )
        for key, paper in found.items()
        if key in rows
    ]


def chosen(commune: Commune, keys: Sequence[str]) -> list[tuple[Dossier, int]]:
    """Return the dossiers that were ticked (`uuid:version`), in their order; strange keys fall."""
    wanted: dict[str, int] = {}
    for key in keys[:MOST]:
        uuid, _colon, version = key.partition(":")
        if version.isascii() and version.isdigit() and len(version) < 10:
            wanted[uuid] = int(version)
    known = {str(row.uuid): row for row in _rows(commune).filter(uuid__in=_uuids(wanted))}
    return [(known[uuid], version) for uuid, version in wanted.items() if uuid in known]


def _rows(commune: Commune) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(commune=commune, is_mirror=False)
    return rows.select_related("procedure", "unit")


def _uuids(texts: Sequence[str] | dict[str, int]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
