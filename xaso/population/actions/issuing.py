"""Hand out what leaves the register, so often an hour at most; who took it is written down."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.actions import tries
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.population import rulebook
from xaso.population.actions.viewing import Purpose, saw
from xaso.population.models import FieldGroup, Person, SubjectRequest
from xaso.population.queries import copying, rights

_HOUR = timedelta(hours=1)


class NobodyAsked(Refusal):
    """A copy is made because its person asked for it."""

    sentence = _("Chưa có yêu cầu xem hoặc lấy bản dữ liệu của người này. Bác nhận yêu cầu trước.")


def take_turn(commune: Commune, *, by: Actor) -> None:
    """Count one file that leaves the register (dated rule `export.per_hour`). Refuses TooMany."""
    most = rulebook.amount(commune.id, "export.per_hour")
    tries.take(f"population.export:{by.id}", limit=most, per=_HOUR, commune=commune.id)


@transaction.atomic
def issue_copy(person: Person, form: str, *, by: Actor) -> tuple[SubjectRequest, copying.Held]:
    """Return what the register holds of somebody who asked for it, and the request it answers.

    Written down as a look at everything. Refuses with NobodyAsked.
    """
    request = rights.wants_a_copy(person)
    if request is None:
        raise NobodyAsked
    groups = [FieldGroup.BASIC, FieldGroup.CONTACT, FieldGroup.NUMBER, FieldGroup.SENSITIVE]
    saw(person, groups, Purpose("request", str(request.pk)), by=by)
    audit.record(
        "population.copy_issued", request, by=by, commune=person.commune_id, changes={"form": form}
    )
    return request, copying.copy_of(person)
