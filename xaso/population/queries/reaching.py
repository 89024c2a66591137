"""Who may be texted: people who agreed to the commune's notices and gave a phone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing import rows
from xaso.population.models import ConsentRecord, ContactKind, PersonContact, Status
from xaso.population.queries import apart
from xaso.population.queries.copying import CONTACT

NOTICES = "notices"  # a purpose that rests on consent


@dataclass(frozen=True)
class Reach:
    """Somebody who agreed, and their newest phone."""

    person: UUID
    phone: str
    village_id: int | None


def reachable(
    commune: Commune | UUID,
    persons: Collection[UUID] | None = None,
    *,
    villages: Collection[int] | None = None,
) -> Sequence[Reach]:
    """Return who of some people or villages may be texted, each phone once; three statements.

    Only an open consent to notices counts. Who died, left, was merged or is set apart is not in it.
    """
    agreed = ConsentRecord.objects.filter(
        commune=commune, purpose__code=NOTICES, withdrawn_at__isnull=True
    )
    found = PersonContact.objects.filter(
        commune=commune,
        kind=ContactKind.PHONE,
        person__in=agreed.values("person"),
        person__status=Status.ACTIVE,
    ).exclude(person__in=apart.keys(commune))
    if persons is not None:
        found = found.filter(person__in=persons)
    if villages is not None:
        found = found.filter(person__village__in=villages)
    newest: dict[UUID, Reach] = {}
    seen: set[bytes] = set()
    for row in found.select_related("person").order_by("-created_at", "pk"):
        index = bytes(row.blind_index)
        if row.person_id not in newest and index not in seen:
            seen.add(index)
            phone = rows.unseal(row.cipher, context=CONTACT, row=row.pk)
            newest[row.person_id] = Reach(row.person_id, phone, row.person.village_id)
    return list(newest.values())
