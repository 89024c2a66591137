"""Our list and theirs, by code: what is the same, what is not, and what might belong together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xaso.dossiers.exchange.reading import Line
from xaso.dossiers.models import NATIONAL, Difference, Dossier
from xaso.kernel.text import dates, fold

_CLOSE = timedelta(minutes=1)  # systems round seconds differently
_Verdict = Difference.Verdict


@dataclass(frozen=True)
class Found:
    """One difference, before it is stored."""

    code: str
    verdict: str
    ours: str = ""
    theirs: str = ""
    dossier: Dossier | None = None
    suggestion: Dossier | None = None


@dataclass(frozen=True)
class Compared:
    """How many agree, and where they do not."""

    matched: int
    differences: Sequence[Found]


def compare(
    lines: Sequence[Line],
    by_code: Mapping[str, Dossier],
    ours: Iterable[Dossier],
    fees: Mapping[int, int],
) -> Compared:
    """Compare a list with the dossiers of its day.

    `by_code` maps every code known here (aliases too) to its dossier; `fees` is what each is to
    pay. Without a code in common, the same person, procedure and day are a suggestion only.
    """
    seen = Counter(line.code for line in lines)
    found: list[Found] = [
        Found(code, _Verdict.DUPLICATE, theirs=str(n)) for code, n in seen.items() if n > 1
    ]
    matched, met = 0, set[int]()
    own = list(ours)
    for line in {line.code: line for line in lines}.values():
        dossier = by_code.get(line.code)
        if dossier is None:
            found.append(_only_theirs(line, own))
            continue
        met.add(dossier.pk)
        differences = list(_differs(line, dossier, fees.get(dossier.pk, 0)))
        found += differences
        matched += not differences
    left = [each for each in own if each.pk not in met and each.code]
    found += [
        Found(each.code, _Verdict.ONLY_OURS, str(NATIONAL[each.state] or "-"), dossier=each)
        for each in left
    ]
    return Compared(matched, found)


def _only_theirs(line: Line, ours: Sequence[Dossier]) -> Found:
    """Return a line only they have, with ours that looks like it, if just one does."""
    name = fold(line.applicant)
    day = _day(line.accepted_at or line.submitted_at)
    near = [
        each
        for each in ours
        if name and each.fold == name and each.procedure.code == line.procedure
        and _day(each.accepted_at or each.submitted_at) == day
    ]  # fmt: skip
    suggestion = near[0] if len(near) == 1 else None
    return Found(
        line.code, _Verdict.ONLY_THEIRS, theirs=str(line.state or "-"), suggestion=suggestion
    )


def _differs(line: Line, dossier: Dossier, fee: int) -> Iterable[Found]:
    state = NATIONAL[dossier.state]
    if line.state is not None and line.state != state:
        yield Found(line.code, _Verdict.STATE, str(state or "-"), str(line.state), dossier)
    for name, theirs, ours in (
        ("NgayTiepNhan", line.accepted_at, dossier.accepted_at),
        ("NgayHenTra", line.promise_at, dossier.promise_at),
        ("NgayKetThucXuLy", line.resolved_at, dossier.resolved_at),
    ):
        if theirs is not None and not _same(theirs, ours):
            yield Found(line.code, _Verdict.DATE, _said(name, ours), _said(name, theirs), dossier)
    if line.fee is not None and line.fee != fee:
        yield Found(line.code, _Verdict.FEE, str(fee), str(line.fee), dossier)


def _same(theirs: datetime, ours: datetime | None) -> bool:
    return ours is not None and abs(theirs - ours) <= _CLOSE


def _said(name: str, at: datetime | None) -> str:
    return f"{name} {dates.local(at):%d/%m/%Y %H:%M}" if at else f"{name} -"


def _day(at: datetime | None) -> object:
    return dates.local(at).date() if at else None
