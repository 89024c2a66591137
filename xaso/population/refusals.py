"""Why the register says no; the database's own rules, worded for people."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Invalid, Refusal


class TwoHeads(Refusal):
    """A household has one head at a time."""

    sentence = _("Hộ này đã có chủ hộ trong thời gian đó. Muốn đổi, bác dùng mục “Đổi chủ hộ”.")


class TwoPermanentPlaces(Refusal):
    """A person has one permanent place at a time (law 68/2020/QH14, article 3)."""

    sentence = _(
        "Người này đang thường trú ở một hộ khác trong thời gian đó. "
        "Bác ghi “Chuyển đi” ở hộ cũ trước."
    )


class TwoTemporaryPlaces(Refusal):
    """A person has at most one temporary place at a time."""

    sentence = _("Người này đang tạm trú ở một hộ khác trong thời gian đó. Bác ghi xóa ở đó trước.")


class AlreadyMember(Refusal):
    """Somebody belongs to a household once at a time."""

    sentence = _("Người này đang là thành viên của hộ trong thời gian đó.")


class EmptyPeriod(Invalid):
    """A period ends after it begins."""

    sentence = _("Ngày kết thúc phải sau ngày bắt đầu. Bác xem lại hai ngày giúp.")


class SameNumber(Refusal):
    """The person has the very number already."""

    sentence = _("Người này đã có số này rồi.")


class NotANumber(Invalid):
    """What was typed is no number of this kind of paper."""

    sentence = _("Số chưa đúng.")


class ToldBefore(Refusal):
    """The same form was sent before with other words: what it says now is not written down."""

    sentence = _(
        "Tờ này đã ghi một lần với nội dung khác, lần này chưa ghi gì. "
        "Bác mở lại trang từ đầu rồi ghi việc mới."
    )


class DeadAlready(Refusal):
    """The person has died; nothing of theirs begins afterwards."""

    sentence = _("Người này đã mất. Nếu ghi nhầm, bác mở sự kiện “Tử” và bấm “Ghi nhầm”.")


class Absorbed(Refusal):
    """The record was merged into another, which is the one to change."""

    sentence = _("Bản ghi này đã gộp vào bản ghi khác. Bác mở bản ghi còn lại để sửa.")


class ChangedMeanwhile(Refusal):
    """Somebody else changed the record since it was shown."""

    sentence = _("Có người vừa sửa bản ghi này. Bác mở lại trang, xem rồi sửa tiếp.")


class HouseholdClosed(Refusal):
    """Nobody joins a household that is no more."""

    sentence = _("Hộ này đã xóa. Bác chọn hộ khác.")


_BY_RULE: dict[str, type[Refusal]] = {
    "one_head_at_a_time": TwoHeads,
    "one_permanent_place_at_a_time": TwoPermanentPlaces,
    "one_temporary_place_at_a_time": TwoTemporaryPlaces,
    "once_in_a_household_at_a_time": AlreadyMember,
    "membership_period": EmptyPeriod,
    "number_once_per_person": SameNumber,
    "event_ends_after_it_begins": EmptyPeriod,
    "household_closes_after_opening": EmptyPeriod,
}


@contextmanager
def worded() -> Iterator[None]:
    """Run a block in a savepoint; a rule of the database that forbids it becomes its sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        said = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        refusal = _BY_RULE.get(said)
        if refusal is None:
            raise
        raise refusal from error
