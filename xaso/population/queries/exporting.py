"""People as rows of a file that leaves the house: without numbers, phones and ethnic group."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Sentence
from xaso.population.births import shown
from xaso.population.models import Membership, ResidenceKind, Role, Sex, Status
from xaso.population.queries import apart
from xaso.population.queries.people import today

MOST = 200_000
COLUMNS: Mapping[str, Sentence] = {
    "household": _("Mã hộ"),
    "name": _("Họ và tên"),
    "birth": _("Ngày sinh"),
    "sex": _("Giới tính"),
    "role": _("Quan hệ với chủ hộ"),
    "residence": _("Loại cư trú"),
    "village": _("Bản"),
    "address": _("Địa chỉ"),
}


def residents(commune: Commune, village: Village | None = None) -> Iterator[dict[str, Any]]:
    """Yield who lives in a commune or a village today, household by household."""
    rows = Membership.objects.filter(commune=commune, period__contains=today()).exclude(
        person__status__in=[Status.DUPLICATE, Status.DECEASED]
    )
    rows = rows.exclude(person__in=apart.keys(commune))
    if village is not None:
        rows = rows.filter(household__village=village)
    found = rows.select_related("person", "household__village", "household__dwelling")
    for row in found.order_by("household__code", "person__birth_date").iterator(chunk_size=2_000):
        person, home = row.person, row.household
        yield {
            "household": home.code,
            "name": person.display_name,
            "birth": shown(person.birth_date, person.birth_precision),
            "sex": str(Sex(person.sex).label),
            "role": str(Role(row.role).label),
            "residence": str(ResidenceKind(row.residence_kind).label),
            "village": str(home.village) if home.village else "",
            "address": home.dwelling.address if home.dwelling else "",
            "_person": person.pk,
        }
