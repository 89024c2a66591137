"""Take the residents of a commune or a village along as a file; who took it is written down."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xaso.kernel.audit import actions as audit
from xaso.kernel.identity.asking import fresh
from xaso.kernel.places.models import Village
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions
from xaso.population.actions import issuing
from xaso.population.lists import files
from xaso.population.models import FieldGroup, Person
from xaso.population.queries import exporting
from xaso.population.views.lists import attachment

_AT_ONCE = 5_000  # looks written down in one statement


@may("population.export")
@fresh
@require_safe
def residents(request: DeskRequest) -> HttpResponse:
    """Hand out who lives here: no numbers, no phones, no ethnic group; each person is logged."""
    issuing.take_turn(request.commune, by=request.actor)
    form = files.XLSX if request.GET.get("dang") == files.XLSX else files.CSV
    code = request.GET.get("ban", "")
    village = Village.objects.filter(commune=request.commune, code=code).first() if code else None
    rows = list(exporting.residents(request.commune, village))
    head = [str(text) for text in exporting.COLUMNS.values()]
    body = files.written(form, head, ([row[name] for name in exporting.COLUMNS] for row in rows))
    purpose = actions.Purpose("population.export", code)
    people = [Person(pk=row["_person"], commune=request.commune) for row in rows]
    for at in range(0, len(people), _AT_ONCE):
        part = people[at : at + _AT_ONCE]
        actions.saw_many(part, [FieldGroup.BASIC], purpose, by=request.actor)
    audit.record(
        "population.exported", request.commune, by=request.actor, commune=request.commune.id,
        changes={"form": form, "rows": len(rows), "village": code},
    )  # fmt: skip
    where = f"-{village.code}" if village else ""
    return attachment(body, f"dan-cu-{request.commune.slug}{where}.{form}", form)
