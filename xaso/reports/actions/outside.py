"""The list of outside bodies, as the administrator keeps it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import clean_line
from xaso.reports.models import Body

MOST_DAYS = 90


@dataclass(frozen=True)
class BodyGiven:
    """An outside body as an administrator enters it; `usual_days` are working days."""

    name: str
    kind: str = Body.Kind.OTHER
    phone: str = ""
    email: str = ""
    usual_days: int = 5
    is_active: bool = True


@transaction.atomic
def save_body(given: BodyGiven, *, commune: Commune, by: Actor, key: int | None = None) -> Body:
    """Add an outside body, or change one. Refuses with Invalid (errors by field) or NotFound."""
    row = Body(commune=commune)
    if key is not None:
        found = Body.objects.select_for_update().filter(commune=commune, pk=key).first()
        if found is None:
            raise NotFound
        row = found
    _check(given, commune, key)
    row.name, row.kind = clean_line(given.name)[:120], given.kind
    row.phone, row.email = clean_line(given.phone)[:20], given.email.strip()
    row.usual_days, row.is_active = given.usual_days, given.is_active
    row.save()
    audit.record("reports.body_saved", row, by=by, commune=commune.id, changes={"name": row.name})
    return row


def _check(given: BodyGiven, commune: Commune, key: int | None) -> None:
    errors: dict[str, list[str]] = {}
    name = clean_line(given.name)[:120]
    if not name:
        errors["name"] = [_("Bác ghi tên cơ quan.")]
    elif Body.objects.filter(commune=commune, name=name).exclude(pk=key or 0).exists():
        errors["name"] = [_("Cơ quan này đã có trong danh sách.")]
    if given.kind not in Body.Kind.values:
        errors["kind"] = [_("Bác chọn loại cơ quan.")]
    if not 1 <= given.usual_days <= MOST_DAYS:
        errors["usual_days"] = [_("Từ 1 đến 90 ngày làm việc.")]
    try:
        if given.email.strip():
            validate_email(given.email.strip())
    except ValidationError:
        errors["email"] = [_("Địa chỉ thư chưa đúng.")]
    if errors:
        raise Invalid(errors=errors)
