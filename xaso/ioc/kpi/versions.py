"""Which version of the set holds on a day."""

from datetime import date

from xaso.ioc.kpi.definition import Definition, read_body
from xaso.ioc.kpi.shipped import SHIPPED
from xaso.ioc.models import KpiSet
from xaso.kernel.places.models import Commune


def in_force(commune: Commune, day: date) -> Definition:
    """Return the newest version that began by `day`; the shipped one where there is none."""
    rows = KpiSet.objects.filter(commune=commune, code=SHIPPED.code, valid_from__lte=day)
    row = rows.order_by("-valid_from").first()
    return read(row) if row else SHIPPED


def newest(commune: Commune) -> Definition:
    """Return the version published last, whether it began or not."""
    row = KpiSet.objects.filter(commune=commune, code=SHIPPED.code).first()
    return read(row) if row else SHIPPED


def numbered(commune: Commune, version: int) -> Definition:
    """Return a version by its number; raises KpiSet.DoesNotExist for one that never was."""
    if version == SHIPPED.version:
        return SHIPPED
    return read(KpiSet.objects.get(commune=commune, code=SHIPPED.code, version=version))


def read(row: KpiSet) -> Definition:
    """Return a stored version."""
    groups, metrics = read_body(row.body)
    return Definition(
        row.code,
        row.version,
        row.valid_from,
        row.law_ref,
        row.sureness,
        row.note,
        groups,
        metrics,
    )
