"""Who may open a file that is not public: whoever may see the thing it belongs to.

Rooms declare the columns that name files and who may see their rows; the roof puts them together in
the module `XASO_KEEPERS` names. What no declared column names opens by a ticket alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings
from django.db.models import Model, Q, QuerySet, Value

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity


def everything(_actor: Actor) -> Q:
    """Return no limit: every row of the commune."""
    return Q()


@dataclass(frozen=True)
class Keeper:
    """One column that names files, and whom its rows let open them.

    The actor needs `permission`, and the row must be `among` those they may see. `purpose` is what
    the look is logged for, empty where looks are not. `is_digest`: the column holds the digest.
    """

    model: type[Model]
    field: str
    permission: str
    among: Callable[[Actor], Q] = everything
    purpose: str = ""
    is_digest: bool = False

    def rows(self, file: Attachment, actor: Actor) -> QuerySet[Model]:
        """Return the rows through which an actor may open a file."""
        key = file.sha256 if self.is_digest else file.pk
        rows: QuerySet[Model] = QuerySet(self.model)
        return rows.filter(self.among(actor), commune=file.commune_id, **{self.field: key})


def way(file: Attachment, actor: Actor) -> Keeper | None:
    """Return through which column an actor may open a file, if through any; one statement."""
    ways = [each for each in declared() if identity.may(actor, each.permission)]
    if not ways:
        return None
    first, *rest = (
        each.rows(file, actor).order_by().annotate(way=Value(n)).values_list("way", flat=True)
        for n, each in enumerate(ways)
    )
    found = min(first.union(*rest), default=None)
    return None if found is None else ways[found]


@cache
def declared() -> Sequence[Keeper]:
    """Return every column the rooms declare, in their order."""
    listed: Sequence[Keeper] = import_module(settings.XASO_KEEPERS).KEEPERS
    return listed
