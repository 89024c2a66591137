"""Who holds which role from when to when, and the units they work in."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import (
    COMMUNE_ROLES,
    Official,
    ProvinceGrant,
    Role,
    RoleAssignment,
    Unit,
    UnitKind,
)
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock


class NotACommuneRole(Refusal):
    """The province's view is granted from the command line, not by a commune."""

    sentence = _("Vai trò này không do xã giao. Xin chọn vai trò khác.")


class AlreadyHeld(Refusal):
    """The same role for the same unit or village is held in that time already."""

    sentence = _("Người này đang giữ đúng vai trò đó trong thời gian ấy rồi.")


class EndsBeforeItBegins(Refusal):
    """A role has to end after it began."""

    sentence = _("Ngày thôi giữ vai trò phải sau ngày bắt đầu. Xin xem lại hai ngày.")


class LastAdministrator(Refusal):
    """Without an administrator nobody could give roles any more."""

    sentence = _(
        "Đây là quản trị viên duy nhất còn lại của xã. Xin giao vai trò cho người khác trước."
    )


@dataclass(frozen=True)
class NewRole:
    """A role, how far it reaches and for how long; without dates: from now, open end."""

    role: Role
    unit: Unit | None = None
    village: Village | None = None
    since: datetime | None = None
    until: datetime | None = None


def give_role(
    official: Official, new: NewRole | Role, *, commune: Commune, by: Actor
) -> RoleAssignment:
    """Give an official a role in a commune.

    Refuses with NotACommuneRole, EndsBeforeItBegins and AlreadyHeld.
    """
    wanted = new if isinstance(new, NewRole) else NewRole(new)
    if wanted.role not in COMMUNE_ROLES:
        raise NotACommuneRole
    since = wanted.since or clock.now()
    if wanted.until is not None and wanted.until <= since:
        raise EndsBeforeItBegins
    try:
        with transaction.atomic():
            held = RoleAssignment.objects.create(
                commune=commune,
                official=official,
                role=wanted.role,
                unit=wanted.unit,
                village=wanted.village,
                valid_from=since,
                valid_to=wanted.until,
            )
            audit.record(
                "identity.role_given", held, by=by, commune=commune.id, changes=_told(held)
            )
    except IntegrityError as error:
        if "role_held_once_at_a_time" in str(error):
            raise AlreadyHeld from error
        raise
    return held


@transaction.atomic
def end_role(held: RoleAssignment, *, by: Actor, at: datetime | None = None) -> RoleAssignment:
    """End a role at a moment (default: now); from then on it opens nothing.

    A role that has not begun ends where it would begin. Refuses with EndsBeforeItBegins and
    LastAdministrator.
    """
    now = clock.now()
    _lock_administrators(held)
    held = RoleAssignment.objects.select_for_update().get(pk=held.pk)
    end = at or max(now, held.valid_from)
    if end < held.valid_from:
        raise EndsBeforeItBegins
    if held.valid_to is not None and held.valid_to <= end:
        return held
    if held.role == Role.ADMINISTRATOR and not _another_administrator(held, end):
        raise LastAdministrator
    held.valid_to = end
    held.save(update_fields=["valid_to"])
    audit.record("identity.role_ended", held, by=by, commune=held.commune_id, changes=_told(held))
    return held


@transaction.atomic
def grant_province_view(
    official: Official, commune: Commune, *, by: Actor, until: datetime | None = None
) -> ProvinceGrant:
    """Let a province official look at a commune; granting it twice returns the open grant."""
    grant, made = ProvinceGrant.objects.get_or_create(
        official=official, commune=commune, valid_to=until, defaults={"valid_from": clock.now()}
    )
    if made:
        _tell_grant("identity.province_view_granted", grant, by=by)
    return grant


@transaction.atomic
def end_province_view(grant: ProvinceGrant, *, by: Actor) -> ProvinceGrant:
    """Close a province official's view of a commune from now on."""
    grant = ProvinceGrant.objects.select_for_update().get(pk=grant.pk)
    now = clock.now()
    if grant.valid_to is None or grant.valid_to > now:
        grant.valid_to = now
        grant.save(update_fields=["valid_to"])
        _tell_grant("identity.province_view_ended", grant, by=by)
    return grant


@transaction.atomic
def add_unit(commune: Commune, code: str, name: str, *, by: Actor, kind: UnitKind) -> Unit:
    """Add a unit that cases can be assigned to; a known code returns the unit there is."""
    unit, made = Unit.objects.get_or_create(
        commune=commune, code=code, defaults={"name": name, "kind": kind}
    )
    if made:
        audit.record("identity.unit_added", unit, by=by, commune=commune.id, changes={"code": code})
    return unit


@transaction.atomic
def set_head(unit: Unit, head: Official | None, *, by: Actor) -> Unit:
    """Name the head of a unit, or none."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    unit.head = head
    unit.save(update_fields=["head"])
    audit.record(
        "identity.unit_head_set",
        unit,
        by=by,
        commune=unit.commune_id,
        changes={"head": head.pk if head else None},
    )
    return unit


def _tell_grant(action: str, grant: ProvinceGrant, *, by: Actor) -> None:
    """Log a grant where the looked-at commune can see it."""
    with tenancy.inside(grant.commune_id):
        changes = {"official": grant.official_id}
        audit.record(action, grant, by=by, commune=grant.commune_id, changes=changes)


def _told(held: RoleAssignment) -> dict[str, object]:
    """Return what the log keeps of a role: keys and moments, no names."""
    return {
        "official": held.official_id,
        "role": str(held.role),
        "unit": held.unit_id,
        "village": held.village_id,
        "valid_from": held.valid_from.isoformat(),
        "valid_to": held.valid_to.isoformat() if held.valid_to else None,
    }


def _lock_administrators(held: RoleAssignment) -> None:
    """Let one change at a time decide whether an administrator is left."""
    if held.role == Role.ADMINISTRATOR:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"identity.administrators.{held.commune_id}"],
            )


def _another_administrator(held: RoleAssignment, end: datetime) -> bool:
    return (
        RoleAssignment.objects.at(end)
        .filter(
            commune=held.commune_id,
            role=Role.ADMINISTRATOR,
            valid_to__isnull=True,
            official__is_active=True,
        )
        .exclude(official=held.official_id)
        .exists()
    )
