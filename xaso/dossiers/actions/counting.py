"""Counters of the room, written with the step they count: no page scans the table of dossiers.

Counted under the local day of the step. Mirrors of other systems' dossiers are counted apart
(`dossiers.mirrored`), so that nothing is counted twice through two codes.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from xaso.dossiers import clocks
from xaso.dossiers.models import Dossier, DossierEvent, State
from xaso.kernel.measures import actions as measures
from xaso.kernel.measures.cells import Cell
from xaso.kernel.text import dates

SUBMITTED = "dossiers.submitted"
RECEIVED = "dossiers.received"
REFUSED = "dossiers.refused"
SUPPLEMENTED = "dossiers.supplements"
EXTENDED = "dossiers.extended"
RESOLVED = "dossiers.resolved"  # on_time = yes, no
RESOLVED_KPI = "dossiers.resolved_kpi"  # the national reading
RESOLVED_IN = "dossiers.resolved_in"  # working minutes, as the amount
STOPPED = "dossiers.stopped"
RETURNED = "dossiers.returned"
HANDED = "dossiers.handed"
MIRRORED = "dossiers.mirrored"
_METRICS = {
    "nop": SUBMITTED,
    "tiep_nhan": RECEIVED,
    "tu_choi": REFUSED,
    "yc_bs_dau_vao": SUPPLEMENTED,
    "yc_bo_sung": SUPPLEMENTED,
    "gia_han": EXTENDED,
    "ky_ban_hanh": RESOLVED,
    "dong_y_rut": STOPPED,
    "khong_giai_quyet": STOPPED,
    "tra": RETURNED,
    "chuyen": HANDED,
    "chuyen_tuyen": MIRRORED,
}


def count(dossier: Dossier, lines: Iterable[DossierEvent]) -> None:
    """Count the steps of one act in one statement."""
    cells = [cell for line in lines for cell in _cells(dossier, line)]
    measures.count_all(cells, commune=dossier.commune_id)


def _cells(dossier: Dossier, line: DossierEvent) -> Iterator[Cell]:
    metric = _METRICS.get(line.action)
    if metric is None:
        return
    day = _day(line.server_time)
    procedure = {"procedure": str(dossier.procedure_id)}
    if metric == RESOLVED:
        yield from _resolved(dossier, day)
    elif metric == RECEIVED:
        yield Cell(metric, day, procedure | {"channel": str(dossier.channel)})
    elif metric == HANDED:
        yield Cell(metric, day, {"unit": str(dossier.unit_id or "")})
    else:
        yield Cell(metric, day, procedure)


def _resolved(dossier: Dossier, day: date) -> Iterator[Cell]:
    procedure = {"procedure": str(dossier.procedure_id)}
    yield Cell(RESOLVED, day, procedure | {"on_time": _yes(dossier.on_time_internal)})
    yield Cell(RESOLVED_KPI, day, procedure | {"on_time": _yes(dossier.on_time_kpi)})
    if dossier.accepted_at and dossier.resolved_at:
        by = clocks.frozen(dossier)
        minutes = max(0, clocks.between(dossier.accepted_at, dossier.resolved_at, by))
        # tenths of an hour as a dimension, so that a median can be read from counters
        yield Cell(RESOLVED_IN, day, procedure | {"tenths": str(round(minutes / 6))})


def is_counted(state: str) -> bool:
    """Return whether a dossier in this state is counted as received."""
    return state not in (State.DRAFT, State.WAITING, State.INTAKE_SUPPLEMENT, State.REFUSED)


def _yes(value: bool | None) -> str:  # noqa: FBT001  (a stored fact)
    return {True: "yes", False: "no", None: "unknown"}[value]


def _day(at: datetime) -> date:
    return dates.local(at).date()
