"""What must be true before a step about clocks, approvals and outside bodies; as in `guards`."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Sentence
from xaso.kernel.workflow.table import Facts
from xaso.reports.guards import LEAST_REASON, MOST_EXTENSIONS


def extends_at_most_twice(facts: Facts) -> Sentence | None:
    """Need fewer than two later dates so far."""
    if facts["report"].extension_count < MOST_EXTENSIONS:
        return None
    return _("Đã hẹn lại hai lần, không hẹn thêm được nữa.")


def is_asked_by_another(facts: Facts) -> Sentence | None:
    """Need somebody who asked for it, and who is not the one who approves."""
    asked = str(facts.get("asked_by") or "")
    if asked and asked != facts["actor"].id:
        return None
    return _("Hẹn lại cần một người xin và một người khác duyệt.")


def has_reminded(facts: Facts) -> Sentence | None:
    """Need the reminders to have been sent."""
    if int(facts.get("reminders") or 0) >= int(facts.get("reminders_needed") or 0):
        return None
    return _("Chưa nhắc bà con đủ số lần. Máy tự nhắc theo lịch.")


def is_time_to_remind(facts: Facts) -> Sentence | None:
    """Need the day of the next reminder to have come."""
    return None if facts.get("is_time") else _("Chưa đến ngày nhắc.")


def says_why(facts: Facts) -> Sentence | None:
    """Need a sentence of at least 20 characters for the sender."""
    if len(str(facts.get("text") or "").strip()) >= LEAST_REASON:
        return None
    return _("Bác viết một câu cho bà con hiểu vì sao (ít nhất 20 chữ cái).")


def has_body_reply(facts: Facts) -> Sentence | None:
    """Need the reply of the body it was passed to."""
    if facts.get("has_body_reply"):
        return None
    return _("Cơ quan đó chưa trả lời. Bác ghi trả lời của họ trước, hoặc nhận lại việc.")


def replies_in_words(facts: Facts) -> Sentence | None:
    """Need the body's words, at least 10 characters."""
    if len(str(facts.get("text") or "").strip()) >= 10:
        return None
    return _("Xin ghi rõ đã làm gì hoặc vì sao không nhận.")


def is_not_replied(facts: Facts) -> Sentence | None:
    """Refuse once the body has replied."""
    if not facts.get("has_body_reply"):
        return None
    return _("Cơ quan đã trả lời việc này rồi.")
