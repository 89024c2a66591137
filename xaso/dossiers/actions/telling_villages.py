"""A round is announced, moved or called off: a short text to who agreed to the commune's notices.

Nothing in it is about a person. Each change is told once; a change that another one overtook is
not told any more.
"""

import hashlib
from collections.abc import Collection
from uuid import UUID

from xaso.dossiers.actions import telling
from xaso.dossiers.models import Round
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.jobs import actions as jobs
from xaso.population import queries as population

TASK = "dossiers.tell_villages"
ANNOUNCED, MOVED, CANCELLED = "round_announced", "round_moved", "round_cancelled"


def tell_later(round_: Round, what: str, villages: Collection[int]) -> None:
    """Have people of some villages told after the commit."""
    key = key_of(round_, what)
    jobs.later(
        TASK,
        commune=round_.commune_id,
        key=key,
        args={"round_": round_.pk, "what": what, "villages": sorted(villages), "key": key},
    )


def tell_now(round_: int, what: str, villages: Collection[int], key: str, commune: UUID) -> int:
    """Tell who agreed, each phone once; return how many. A change overtaken since tells nobody."""
    row = Round.objects.select_related("commune").filter(commune=commune, pk=round_).first()
    if row is None or key_of(row, what) != key or _is_over(row, what):
        return 0
    found = population.reachable(commune, villages=villages)
    phones = {f"person:{each.person}": each.phone for each in found}
    facts = {
        "place": row.place,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "bring": row.bring,
        "notice": row.notice,
        "address": telling.page(row.commune, "luu-dong/"),
    }
    told = telling.text_people(what, row, phones, key=key, facts=facts) if phones else 0
    changes = {"what": what, "told": told}
    audit.record("dossier_round.told", row, by=SYSTEM, commune=commune, changes=changes)
    return told


def key_of(round_: Round, what: str) -> str:
    """Return what names one change: moved to the same time and place again is the same."""
    if what != MOVED:
        return f"{round_.uuid}/{what}"
    where = f"{round_.starts_at.isoformat()} {round_.ends_at.isoformat()} {round_.place}"
    return f"{round_.uuid}/{what}/{hashlib.sha256(where.encode()).hexdigest()[:12]}"


def _is_over(round_: Round, what: str) -> bool:
    if what == CANCELLED:
        return False
    return round_.state not in {Round.State.ANNOUNCED, Round.State.OPEN}
