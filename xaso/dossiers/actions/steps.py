"""The frame of every step: lock the row, ask the table, write it back with history and log."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from xaso.dossiers import catalogue, hats, history, states
from xaso.dossiers.actions import counting, syncing, telling
from xaso.dossiers.content.shape import Content
from xaso.dossiers.history import Said
from xaso.dossiers.models import ClockLine, Dossier, DossierEvent, HandOver
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.live import actions as live
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.tenancy.inserting import insert_all
from xaso.kernel.workflow.table import Transition
from xaso.kernel.working_time import clock

TOPIC = "dossiers"
P = ParamSpec("P")
# What a step may change; sealed fields and what never moves are written once.
_FIXED = {"id", "commune", "uuid", "content_hash", "procedure", "parent", "opened_at"}
_SEALED = {"id_number", "phone", "email", "address"}
CHANGED = [
    f.name for f in Dossier._meta.concrete_fields if f.name not in _FIXED and f.name not in _SEALED
]


class Stale(Refusal):
    """Somebody changed the dossier after this page was drawn."""

    sentence = _("Có người vừa làm một bước ở hồ sơ này. Bác xem lại hồ sơ rồi làm tiếp.")


@dataclass(frozen=True)
class Seen:
    """What the caller saw, and how a second try is known.

    `version`: of the page or the phone; an older one is refused with Stale. `key`: made by the
    caller; the same key again gets the first answer and changes nothing.
    """

    version: int | None = None
    key: UUID | None = None
    device_id: str = ""
    device_time: datetime | None = None


NOTHING = Seen()


@dataclass
class Step:
    """A step under way: the locked dossier, its version's content, the row of the table."""

    dossier: Dossier
    content: Content
    transition: Transition
    by: Actor
    seen: Seen
    now: datetime
    came_from: str
    lines: list[ClockLine] = field(default_factory=list)
    hand_over: HandOver | None = None
    rows: list[models.Model] = field(default_factory=list)

    def finish(self, said: Said | None = None, *, tells: bool = True) -> Dossier:
        """Move the dossier, write history, log, count, queue, tell; return what it is now."""
        dossier, action = self.dossier, self.transition.action
        move(dossier, self.transition.lands(self.came_from), self.now)
        line = history.event(
            dossier, action, came_from=self.came_from, said=self._known(said),
            by=self.by, key=self.seen.key,
        )  # fmt: skip
        new: list[models.Model] = [line, *self.lines, *syncing.messages(dossier, line)]
        if self.hand_over is not None:
            self.hand_over.seq = line.seq
            new.append(self.hand_over)
        insert_all(new)
        for row in self.rows:
            row.save()
        dossier.save(force_update=True, update_fields=CHANGED)
        syncing.note(dossier, line)
        after(dossier, [line], by=self.by)
        if tells:
            telling.tell(dossier, line)
        return dossier

    def _known(self, said: Said | None) -> Said:
        said = said or Said()
        if not (self.seen.device_id or self.seen.device_time):
            return said
        return Said(
            said.public, said.internal, said.facts, self.seen.device_id, self.seen.device_time
        )


def action(
    change: Callable[Concatenate[Dossier, P], Dossier],
) -> Callable[Concatenate[Dossier, P], Dossier]:
    """Run a change of a dossier in one transaction on the locked row, once for each key.

    The change takes the locked dossier and `seen`. Refuses with NotFound and Stale.
    """

    @wraps(change)
    def run(dossier: Dossier, *args: P.args, **kwargs: P.kwargs) -> Dossier:
        seen = cast("Seen", kwargs.get("seen", NOTHING))
        with transaction.atomic():
            current = locked(dossier)
            if seen.key is not None and _is_done(current, seen.key):
                return current
            if seen.version is not None and seen.version != current.version:
                raise Stale
            return change(current, *args, **kwargs)

    return cast("Callable[Concatenate[Dossier, P], Dossier]", run)


def locked(dossier: Dossier) -> Dossier:
    """Return the dossier, locked for the rest of the transaction, with its unit."""
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=dossier.pk, commune=dossier.commune_id).first()
    if found is None:
        raise NotFound
    return found


def _is_done(dossier: Dossier, key: UUID) -> bool:
    """Return whether this very try was answered before. Refuses with Stale another dossier's."""
    rows = DossierEvent.objects.filter(commune=dossier.commune_id, key=key)
    found = rows.values_list("dossier", flat=True).first()
    if found is not None and found != dossier.pk:
        raise Stale
    return found is not None


def begin(
    dossier: Dossier,
    name: str,
    *,
    by: Actor,
    seen: Seen = NOTHING,
    to: str | None = None,
    **facts: object,
) -> Step:
    """Take one row of the table for a locked dossier; refuses as `Table.step` does."""
    now = clock.now()
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    known = {
        "dossier": dossier,
        "content": content,
        "now": now,
        "hats": hats.worn(dossier, by),
        "back": to,
    } | facts
    row = states.TABLE.step(dossier.state, name, by, to=to, **known)
    return Step(dossier, content, row, by, seen, now, dossier.state)


def move(dossier: Dossier, target: str, now: datetime) -> None:
    """Set where a dossier stands and when it was touched; nothing is saved."""
    if target != dossier.state:
        dossier.state, dossier.state_since = target, now
    dossier.touched_at = now


def after(dossier: Dossier, lines: Iterable[DossierEvent], *, by: Actor) -> None:
    """Log, count, queue for other systems, and tell open screens of steps that were written."""
    told = list(lines)
    last = told[-1]
    audit.record(
        f"dossier.{last.action}",
        dossier,
        by=by,
        commune=dossier.commune_id,
        changes={
            "state": [told[0].from_state, str(dossier.state)],
            "version": dossier.version,
            "hash": last.hash,
        },
    )
    counting.count(dossier, told)
    live.announce(
        TOPIC,
        commune=dossier.commune_id,
        payload={"id": dossier.pk, "version": dossier.version, "state": str(dossier.state)},
    )
