"""Write down who saw what of whom, and what for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid
from xaso.kernel.working_time import clock
from xaso.population.models import Person, SearchLog

SLOT_SECONDS = 600


class NoPurpose(Invalid):
    """Sensitive data are shown for a stated purpose only."""

    sentence = _("Bác chọn mục đích xem. Bà con có quyền biết ai xem và để làm gì.")


@dataclass(frozen=True)
class Purpose:
    """What somebody looks for: the code of a purpose, and the matter it belongs to."""

    code: str
    ref: str = ""


def saw(person: Person, groups: Iterable[str], purpose: Purpose, *, by: Actor) -> None:
    """Write down one look; looks of the same person within ten minutes are one row.

    Refuses with NoPurpose.
    """
    saw_many([person], groups, purpose, by=by)


@transaction.atomic
def saw_many(
    persons: Sequence[Person], groups: Iterable[str], purpose: Purpose, *, by: Actor
) -> None:
    """Write down that several records were shown together, in one statement."""
    if not purpose.code:
        raise NoPurpose(errors={"purpose": [str(NoPurpose.sentence)]})
    if not persons or by.kind == "system":
        return
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO population_viewlog AS v (commune_id, person_id, viewer_kind, viewer,
                unit_id, role, purpose, ref, groups, slot, at)
            SELECT %s, p, %s, %s, %s, %s, %s, %s, %s::varchar[], %s, %s FROM unnest(%s::uuid[]) p
            ON CONFLICT ON CONSTRAINT one_view_per_ten_minutes DO UPDATE
                SET groups = (SELECT array_agg(DISTINCT g ORDER BY g)
                              FROM unnest(v.groups || EXCLUDED.groups) g)
            """,
            [
                persons[0].commune_id, by.kind, by.id[:80], by.unit_id,
                ",".join(sorted(by.roles))[:200], purpose.code[:60], purpose.ref[:60],
                sorted(set(map(str, groups))), int(now.timestamp()) // SLOT_SECONDS, now,
                sorted({p.pk for p in persons}),
            ],
        )  # fmt: skip


def searched(persons: Sequence[UUID], purpose: str, *, commune: UUID, by: Actor) -> None:
    """Write down one page of search results; an empty page shows nobody."""
    if not persons or by.kind == "system":
        return
    SearchLog.objects.create(
        commune_id=commune,
        viewer_kind=by.kind,
        viewer=by.id[:80],
        purpose=purpose[:60],
        persons=list(persons),
        at=clock.now(),
    )
