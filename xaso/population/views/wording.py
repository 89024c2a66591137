"""What codes of the register are called on the screen."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xaso.kernel.places.models import Commune
from xaso.population import rulebook
from xaso.population.models import PersonIdentifier
from xaso.population.queries import repair

_WARNINGS = {
    "unknown_place_code": gettext_noop("Ba số đầu không phải mã tỉnh nào"),
    "age_over_125": gettext_noop("Theo số thì quá 125 tuổi"),
    "serial_all_zero": gettext_noop("Sáu số cuối toàn số 0"),
    "year_differs": gettext_noop("Năm sinh trong số khác năm khai"),
    "sex_differs": gettext_noop("Giới tính trong số khác lời khai"),
    "same_number": gettext_noop("Người khác cũng mang số này"),
}
_FROM_A_LIST = gettext_noop("Danh sách gửi tới có người giống")


def warning(code: str) -> str:
    """Return what is odd about a number, in words."""
    return _(_WARNINGS.get(code, code))


def signal(code: str) -> str:
    """Return why two records look alike, in words."""
    if code == "list":
        return _(_FROM_A_LIST)
    known = rulebook.KNOWN.get(f"points.{code}")
    return _(known.name) if known else code


def numbers(commune: Commune) -> Sequence[tuple[PersonIdentifier, list[str]]]:
    """Return odd numbers with what is odd about them."""
    rows = repair.odd_numbers(commune)[: repair.MOST]
    return [(row, [warning(code) for code in row.warnings]) for row in rows]
