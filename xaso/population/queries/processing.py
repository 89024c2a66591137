"""The register of processing: what personal data are used for, with what really happens.

Made from the declared purposes (law 91/2025/QH15, decree 356/2025/NĐ-CP as quoted), never written
by hand: whoever prints it prints what the program does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.identity import permissions
from xaso.kernel.identity.models import Role
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.population import purposes
from xaso.population.models import (
    ConsentRecord,
    Person,
    ProcessingPurpose,
    Sureness,
    ViewLog,
)

_YEAR = timedelta(days=365)
_DUTY = ProcessingPurpose.Basis.DUTY
_ASKS = {  # fields of a purpose → what an official needs to see them
    "number": "population.reveal",
    "contact": "population.reveal",
    "ethnic": "population.sensitive",
    "flags": "population.sensitive",
}


@dataclass(frozen=True)
class Processing:
    """One purpose with its ground, what it uses, who may, and how often it was used in a year."""

    code: str
    text: str
    is_duty: bool
    citation: str
    sureness: str
    is_sure: bool
    retention: str
    fields: Sequence[str]
    has_sensitive: bool
    recipients: str
    roles: Sequence[str]
    looks: int
    viewers: int
    consents: int


def register(commune: Commune) -> Sequence[Processing]:
    """Return every purpose in use: the commune's own rows, then those the program brings."""
    own = list(ProcessingPurpose.objects.filter(commune=commune))
    known = {row.code for row in own}
    rows = [row for row in own if row.is_active]
    rows += [shipped(commune, each) for each in purposes.SHIPPED if each.code not in known]
    since = clock.now() - _YEAR
    looked = ViewLog.objects.filter(commune=commune, at__gte=since).values("purpose")
    used = {
        row["purpose"]: (row["n"], row["who"])
        for row in looked.annotate(n=Count("id"), who=Count("viewer", distinct=True)).order_by()
    }
    agreed = ConsentRecord.objects.filter(commune=commune, withdrawn_at__isnull=True)
    given = dict(agreed.values_list("purpose__code").annotate(n=Count("id")).order_by())
    return [_with(row, *used.get(row.code, (0, 0)), given.get(row.code, 0)) for row in rows]


def to_agree_to(commune: Commune) -> Sequence[ProcessingPurpose]:
    """Return purposes people may agree to: the commune's own, then those the program brings.

    The latter are not saved: `actions.consents.purpose` writes one down when somebody agrees.
    """
    own = list(ProcessingPurpose.objects.filter(commune=commune))
    known = {row.code for row in own}
    rows = [row for row in own if row.is_active]
    rows += [shipped(commune, each) for each in purposes.SHIPPED if each.code not in known]
    return [row for row in rows if row.basis == ProcessingPurpose.Basis.CONSENT]


def people_held(commune: Commune) -> int:
    """Return of how many persons something is held."""
    return Person.objects.filter(commune=commune, merged_into__isnull=True).count()


def shipped(commune: Commune, each: purposes.Shipped) -> ProcessingPurpose:
    """Return a purpose the program brings as a row of the commune, not saved."""
    return ProcessingPurpose(
        commune=commune, code=each.code, text=_(each.text), basis=each.basis,
        citation=each.citation, sureness=each.sureness, retention=_(each.retention),
        fields=list(each.fields), recipients=each.recipients,
    )  # fmt: skip


def _with(row: ProcessingPurpose, looks: int, viewers: int, consents: int) -> Processing:
    asked = {_ASKS.get(name, "population.browse") for name in row.fields} or {"population.browse"}
    roles = sorted({role for name in asked for role in permissions.roles_with(name)})
    return Processing(
        code=row.code,
        text=row.text,
        is_duty=row.basis == _DUTY,
        citation=row.citation,
        sureness=str(Sureness(row.sureness).label),
        is_sure=row.sureness in (Sureness.LAW, Sureness.COMMUNE),
        retention=row.retention,
        fields=[str(_FIELDS.get(name, name)) for name in row.fields],
        has_sensitive=not _SENSITIVE.isdisjoint(row.fields),
        recipients=row.recipients,
        roles=[str(Role(role).label) for role in roles],
        looks=looks,
        viewers=viewers,
        consents=consents,
    )


_SENSITIVE = frozenset({"number", "ethnic", "flags"})
_FIELDS = {
    "name": gettext_lazy("họ tên"),
    "birth": gettext_lazy("ngày sinh"),
    "birth_year": gettext_lazy("năm sinh"),
    "sex": gettext_lazy("giới tính"),
    "household": gettext_lazy("hộ"),
    "residence": gettext_lazy("cư trú"),
    "number": gettext_lazy("số giấy tờ"),
    "contact": gettext_lazy("cách liên hệ"),
    "flags": gettext_lazy("diện chính sách"),
    "ethnic": gettext_lazy("dân tộc"),
}
