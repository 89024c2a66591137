"""What is held of one person in dossiers: for that person's own copy."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from xaso.dossiers.models import Dossier, ResultReceiver
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates


def of_person(commune: Commune, keys: Collection[UUID]) -> Sequence[Mapping[str, Any]]:
    """Return the dossiers linked to a record by its keys of now and before; newest first.

    Linked by an official or a draft alone: a number that is the same links nothing by itself.
    """
    rows = Dossier.objects.filter(commune=commune, person__in=keys)
    rows = rows.select_related("procedure").prefetch_related("components", "results")
    return [_held(row) for row in rows.order_by("-opened_at")]


def _held(row: Dossier) -> Mapping[str, Any]:
    return {
        "code": row.code,
        "procedure": row.procedure.name,
        "state": str(row.get_state_display()),
        "applicant": row.applicant,
        "id_number": row.id_number,
        "phone": row.phone,
        "email": row.email,
        "address": row.address,
        "subject": row.subject,
        "form": [f"{name}: {value}" for name, value in row.form.items()],
        "papers": [each.name for each in row.components.all() if each.is_there],
        "results": [f"{each.name} {each.number}" for each in row.results.all()],
        "opened": dates.local(row.opened_at).isoformat(timespec="minutes"),
        "promise": dates.local(row.promise_at).isoformat(timespec="minutes")
        if row.promise_at
        else None,
        "returned": dates.local(row.returned_at).isoformat(timespec="minutes")
        if row.returned_at
        else None,
        "fetched_by": _fetched_by(row),
    }


def _fetched_by(row: Dossier) -> str:
    """Return who fetched the result with a paper of authority: name and relation, no number."""
    found = ResultReceiver.objects.filter(dossier=row).first() if row.returned_at else None
    return f"{found.name} ({found.get_relation_display()})" if found else ""
