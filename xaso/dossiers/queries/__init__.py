"""What others may ask about dossiers and procedures."""

from xaso.dossiers.queries.detail import File, file
from xaso.dossiers.queries.figures import (
    KpiInput,
    kpi_inputs,
    near_due,
    overdue,
    resolved,
)
from xaso.dossiers.queries.finding import by_code, matching, one
from xaso.dossiers.queries.listing import (
    GROUPS,
    PAGE,
    DossierFilter,
    Line,
    Listed,
    condition,
    counts,
    listed,
    mine,
)
from xaso.dossiers.queries.of_person import of_person
from xaso.dossiers.queries.tracking import Tracked, opens, tracked

__all__ = [
    "GROUPS",
    "PAGE",
    "DossierFilter",
    "File",
    "KpiInput",
    "Line",
    "Listed",
    "Tracked",
    "by_code",
    "condition",
    "counts",
    "file",
    "kpi_inputs",
    "listed",
    "matching",
    "mine",
    "near_due",
    "of_person",
    "one",
    "opens",
    "overdue",
    "resolved",
    "tracked",
]
