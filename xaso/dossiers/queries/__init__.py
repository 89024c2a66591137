"""What others may ask about dossiers and procedures."""

from xaso.dossiers.queries.detail import File, file
from xaso.dossiers.queries.figures import (
    Board,
    board,
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
)
from xaso.dossiers.queries.my_work import MyWork, my_work
from xaso.dossiers.queries.of_person import of_person
from xaso.dossiers.queries.tracking import Tracked, opens, tracked

__all__ = [
    "GROUPS",
    "PAGE",
    "Board",
    "DossierFilter",
    "File",
    "Line",
    "Listed",
    "MyWork",
    "Tracked",
    "board",
    "by_code",
    "condition",
    "counts",
    "file",
    "listed",
    "matching",
    "my_work",
    "of_person",
    "one",
    "opens",
    "tracked",
]
