"""The date moves later: an extension with an apology, a verification, a new calendar."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from xaso.dossiers import clocks
from xaso.dossiers.actions import steps
from xaso.dossiers.actions.steps import NOTHING, Seen
from xaso.dossiers.given import Extending
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier
from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_line, clean_text
from xaso.kernel.workflow.table import GuardRefused
from xaso.kernel.working_time import engine
from xaso.kernel.working_time.calendar import Calendar

Effect = clocks.Effect


@steps.action
def extend(dossier: Dossier, what: Extending, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Promise a later date with an apology (Mẫu 04), once; the first promise is kept for ever."""
    step = steps.begin(
        dossier, "gia_han", by=by, seen=seen, new_due=what.new_due, reason=what.reason,
        apology=what.apology, override=what.override,
    )  # fmt: skip
    calendar, before = clocks.calendar(dossier.commune_id), dossier.promise_at
    _move(dossier, what.new_due, calendar)
    dossier.extension_count += 1
    step.lines.append(
        clocks.line(
            dossier,
            Effect.EXTEND,
            from_at=step.now,
            promise_before=before,
            reason=clean_line(what.reason)[:500],
            by=by.id,
        )
    )
    facts = {
        "reason": clean_text(what.reason)[:500],
        "override": clean_text(what.override)[:500],
        "before": before.isoformat() if before else "",
        "after": dossier.promise_at.isoformat() if dossier.promise_at else "",
    }
    return step.finish(Said(public=clean_text(what.apology)[:1_000], facts=facts))


@steps.action
def verify(dossier: Dossier, reason: str, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Take the longer term of the version because conditions must be verified, once."""
    step = steps.begin(dossier, "xac_minh", by=by, seen=seen, reason=reason)
    rule = step.content.time.verify
    assert rule is not None  # noqa: S101  (the guard looked)
    calendar, before = clocks.calendar(dossier.commune_id), dossier.promise_at
    pauses = clocks.pauses(list(dossier.clock_lines.all()))
    due = clocks.verified(rule, clocks.stored(dossier), calendar, pauses)
    clocks.settle(dossier, due, calendar, pauses)
    dossier.is_verified = True
    step.lines.append(
        clocks.line(
            dossier,
            Effect.VERIFY,
            from_at=step.now,
            promise_before=before,
            reason=clean_line(reason)[:500],
            by=by.id,
        )
    )
    return step.finish(Said(public=clean_text(reason)[:1_000], facts={"kind": rule.kind}))


def _move(dossier: Dossier, new: datetime, calendar: Calendar) -> None:
    """Write a later date; refuses with GuardRefused when working hours make it no later."""
    try:
        due = clocks.extended(dossier, new, calendar)
    except engine.BadTerm as error:
        said = _("Ngày hẹn mới phải sau ngày hẹn cũ.")
        raise GuardRefused(said) from error
    pauses = clocks.pauses(list(dossier.clock_lines.all()))
    clocks.settle(dossier, due, calendar, pauses)
