"""Who may read a sealed report: who holds the permission, and the unit the stream's rule names."""

from uuid import UUID

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official, Unit
from xaso.reports import rulebook
from xaso.reports.models import Stream

SEALED = (Stream.COMPLAINT, Stream.DENUNCIATION, Stream.SECURITY_TIP)
PERMISSION = "reports.view_sealed"


def unit_of(commune: UUID, stream: str) -> Unit | None:
    """Return the unit that reads a stream beside the leaders, if its rule names an open one."""
    code = rulebook.of(commune).text(f"{stream}.readers")
    return Unit.objects.filter(commune=commune, code=code, is_open=True).first() if code else None


def streams_of(actor: Actor, commune: UUID) -> tuple[str, ...]:
    """Return the sealed streams an official may read here."""
    units = Unit.objects.filter(commune=commune, is_open=True)
    unit = units.filter(pk=actor.unit_id).first() if actor.unit_id else None
    return streams_read(actor, unit.code if unit else "", rulebook.of(commune))


def streams_read(actor: Actor, unit_code: str, rules: rulebook.Rules) -> tuple[str, ...]:
    """Return the same from what is known already: the code of the official's open unit, the rules.

    No statement.
    """
    if actor.kind != "official":
        return ()
    if identity.may(actor, PERMISSION):
        return tuple(str(stream) for stream in SEALED)
    if not unit_code:
        return ()
    return tuple(str(s) for s in SEALED if rules.text(f"{s}.readers") == unit_code)


def people_of(commune: UUID, stream: str) -> list[Official]:
    """Return whom to tell of a new sealed report: the unit of its rule, else the leaders."""
    unit = unit_of(commune, stream)
    found = list(identity.members(commune, unit=unit)) if unit else []
    return found or list(identity.members(commune, permission=PERMISSION))
