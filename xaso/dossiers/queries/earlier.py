"""What the commune already holds of somebody: given once, not asked for again.

Found by the exact identity number alone, never by name: two people may share a name. Law: NĐ
224/2026/NĐ-CP art. 15.1.d (information is given once).
"""

from collections.abc import Mapping

from xaso.dossiers import blinds
from xaso.dossiers.actions import drawing
from xaso.dossiers.content.shape import Content
from xaso.dossiers.models import Component, Dossier
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import fold

_MOST = 60


def applicant(commune: Commune, id_number: str) -> Dossier | None:
    """Return the newest dossier of a person, for their address and phone; None when unknown."""
    index = _index(id_number)
    if not index:
        return None
    rows = Dossier.objects.filter(commune=commune, id_index=index)
    return rows.select_related("village").order_by("-opened_at").first()


def papers(commune: Commune, id_number: str, content: Content) -> Mapping[str, Component]:
    """Return, for each paper a version asks for, the newest file of the same name this person gave.

    Only digitised papers with a file that other dossiers of the same identity number hold.
    """
    index = _index(id_number)
    if not index:
        return {}
    rows = (
        Component.objects.filter(
            commune=commune,
            dossier__id_index=index,
            is_digitised=True,
            attachment__isnull=False,
            replaced_by__isnull=True,
        )
        .select_related("attachment")
        .order_by("-added_at")[:_MOST]
    )
    newest: dict[str, Component] = {}
    for row in rows:
        newest.setdefault(fold(row.name), row)
    wanted = {each.code: fold(each.name) for each in content.components}
    return {code: newest[name] for code, name in wanted.items() if name in newest}


def _index(id_number: str) -> str:
    """Return the blind index of a number as it was typed, or nothing for what cannot be one."""
    bare = drawing.id_of(id_number)
    return blind(bare, context=blinds.NUMBER) if bare else ""
