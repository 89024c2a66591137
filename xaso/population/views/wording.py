"""What codes of the register are called on the screen."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xaso.kernel.places.models import Commune
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
_SIGNALS = {
    "national_id": gettext_noop("Cùng số định danh"),
    "birth_cert": gettext_noop("Cùng số giấy khai sinh"),
    "name": gettext_noop("Cùng tên"),
    "sound": gettext_noop("Tên đọc giống nhau"),
    "alike": gettext_noop("Tên viết gần giống"),
    "birth_day": gettext_noop("Cùng ngày sinh"),
    "birth_year": gettext_noop("Năm sinh khớp nhau"),
    "year_near": gettext_noop("Năm sinh lệch một năm"),
    "year_far": gettext_noop("Năm sinh lệch nhiều"),
    "household": gettext_noop("Cùng hộ"),
    "village": gettext_noop("Cùng bản"),
    "kin": gettext_noop("Cùng bố, mẹ hoặc vợ, chồng"),
    "sex": gettext_noop("Khác giới tính"),
    "other_id": gettext_noop("Hai số định danh khác nhau, đều đã xác minh"),
}


def warning(code: str) -> str:
    """Return what is odd about a number, in words."""
    return _(_WARNINGS.get(code, code))


def signal(code: str) -> str:
    """Return why two records look alike, in words."""
    return _(_SIGNALS.get(code, code))


def numbers(commune: Commune) -> Sequence[tuple[PersonIdentifier, list[str]]]:
    """Return odd numbers with what is odd about them."""
    rows = repair.odd_numbers(commune)[: repair.MOST]
    return [(row, [warning(code) for code in row.warnings]) for row in rows]
