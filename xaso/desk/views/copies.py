"""Hand a resident everything the commune holds about them: the register and their dossiers."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from xaso.desk import copying
from xaso.dossiers import queries as dossiers
from xaso.kernel.identity.asking import fresh
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import queries as population
from xaso.population.actions import issuing


@may("population.rights")
@fresh
@require_POST
def copy(request: DeskRequest, person: UUID, form: str) -> HttpResponse:
    """Return the copy as PDF or JSON; its person asked for it, and it is written down."""
    if form not in copying.FORMS:
        raise Http404
    issuing.take_turn(request.commune, by=request.actor)
    with transaction.atomic():
        row = population.person(request.commune, person)
        asked, register = issuing.issue_copy(row, form, by=request.actor)
        keys = [row.pk, *population.former_ids(row)]
        held = dossiers.of_person(request.commune, keys)
        everything = copying.put_together(request.commune, asked.pk, register, held)
    if form == "pdf":
        body = copying.as_pdf(request.commune, everything)
    else:
        body = copying.as_json(everything)
    response = HttpResponse(body, content_type=copying.FORMS[form])
    name = f"ban-du-lieu-{request.commune.slug}.{form}"
    response["Content-Disposition"] = str(content_disposition_header(True, name))  # noqa: FBT003
    return response
