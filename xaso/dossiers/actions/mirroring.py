"""What another system says of its own dossiers: our copies follow; our originals never do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid5

from django.db import transaction

from xaso.dossiers import catalogue, codes, history
from xaso.dossiers.actions import drawing, steps
from xaso.dossiers.catalogue import NoVersionToday
from xaso.dossiers.exchange.reading import Line
from xaso.dossiers.given import Applicant, NewDossier
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier, DossierCode, State, Sync, SyncState
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

FOLLOW = "cap_nhat_ban_sao"
_STATES: Mapping[int, State] = {
    1: State.WAITING, 2: State.ACCEPTED, 3: State.REFUSED, 4: State.IN_PROGRESS,
    5: State.SUPPLEMENT, 6: State.PAYMENT, 7: State.WITHDRAWING, 8: State.STOPPED,
    9: State.RESOLVED, 10: State.RETURNED,
}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """How an import went: codes by what became of them."""

    updated: Sequence[str]
    made: Sequence[str]
    same: Sequence[str]
    ours: Sequence[str]  # originals of ours, left as they are
    unknown: Sequence[str]  # of a procedure the catalogue does not have


def take_in(lines: Sequence[Line], target: str, *, by: Actor, commune: Commune) -> Taken:
    """Bring our copies to what a system says, each in a transaction of its own."""
    went: dict[str, list[str]] = {n: [] for n in ("updated", "made", "same", "ours", "unknown")}
    for line in lines:
        went[_one(line, target, by=by, commune=commune)].append(line.code)
    return Taken(**went)


@transaction.atomic
def _one(line: Line, target: str, *, by: Actor, commune: Commune) -> str:
    code = DossierCode.objects.filter(commune=commune, code=line.code).first()
    if code is None:
        return _made(line, target, by=by, commune=commune)
    dossier = steps.locked(code.dossier)
    if not dossier.is_mirror:
        return "ours"
    return "updated" if _follow(dossier, line, target, by=by) else "same"


def _made(line: Line, target: str, *, by: Actor, commune: Commune) -> str:
    """Open a copy of a dossier that only the other system had."""
    now = clock.now()
    day = dates.local(line.accepted_at or line.submitted_at or now).date()
    try:
        held = catalogue.held(commune.id, line.procedure, day)
    except (NotFound, NoVersionToday):
        return "unknown"
    name = line.applicant if len(line.applicant) > 1 else line.code
    who = Applicant(name, id_number=drawing.id_of(line.id_number))
    new = NewDossier(uuid5(commune.id, f"{target} {line.code}"), line.procedure, who, line.subject)
    dossier = drawing.draft(new, held, commune, now)
    dossier.is_mirror, dossier.mirror_of, dossier.code = True, target, line.code
    dossier.save()
    row = codes.row(commune.id, target, line.code, now, is_primary=True)
    row.dossier = dossier
    row.save()
    _follow(dossier, line, target, by=by)
    return "made"


def _follow(dossier: Dossier, line: Line, target: str, *, by: Actor) -> bool:
    """Write what the other system says into its copy; return whether anything changed."""
    came_from, now = str(dossier.state), clock.now()
    state = _STATES.get(line.state or 0, State(dossier.state))
    said = {
        "submitted_at": line.submitted_at,
        "accepted_at": line.accepted_at,
        "promise_at": line.promise_at,
        "resolved_at": line.resolved_at,
        "returned_at": line.returned_at,
    }
    changed = [name for name, at in said.items() if at is not None and at != getattr(dossier, name)]
    extra = dossier.extra | dict(line.extra)
    if state == came_from and not changed and extra == dossier.extra and dossier.version:
        return False
    for name in changed:
        setattr(dossier, name, said[name])
    dossier.extra = extra
    if dossier.promise_at is not None and dossier.first_promise_at is None:
        dossier.first_promise_at = dossier.promise_at
    if dossier.resolved_at and dossier.promise_at:
        dossier.on_time_kpi = dossier.on_time_internal = dossier.resolved_at <= dossier.promise_at
    steps.move(dossier, str(state), now)
    facts = {"target": target, "changed": changed, "national": line.state}
    event = history.event(dossier, FOLLOW, came_from=came_from, said=Said(facts=facts), by=by)
    event.dossier = dossier
    event.save(force_insert=True)
    dossier.save(update_fields=steps.CHANGED)
    SyncState.objects.update_or_create(
        dossier=dossier,
        target=target,
        defaults={"commune_id": dossier.commune_id, "state": Sync.CONFIRMED, "since": now},
    )
    steps.after(dossier, [event], by=by)
    return True
