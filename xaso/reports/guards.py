"""What must be true before a step: each guard reads plain facts and returns a sentence or None.

Facts are named values an action gives: `report`, `now`, and what the person typed.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Sentence
from xaso.kernel.workflow.table import Facts
from xaso.reports.models.words import Outcome, Severity, Visibility

LEAST_QUESTION = 10  # characters
LEAST_REASON = 20
MOST_QUESTIONS = 2  # without the head of the unit
MOST_REOPENINGS = 2  # by residents
MOST_EXTENSIONS = 2
REJECT_REASONS: dict[str, Sentence] = {
    "spam": _("Tin rác, quảng cáo"),
    "no_reply": _("Đã hỏi thêm nhưng chưa có trả lời"),
    "not_in_commune": _("Chỗ này không thuộc xã"),
    "not_public_matter": _("Việc riêng giữa các gia đình, nên nhờ tổ hòa giải"),
    "already_answered": _("Việc này đã được trả lời trước đó"),
    "test": _("Tin gửi thử"),
    "abusive": _("Lời lẽ xúc phạm"),
    "unlawful_content": _("Nội dung trái pháp luật"),
}
EXTEND_REASONS: dict[str, Sentence] = {
    "weather": _("Mưa lũ, thời tiết xấu"),
    "materials": _("Chưa có vật tư"),
    "other_body": _("Chờ cơ quan khác"),
    "budget": _("Chờ kinh phí"),
    "complex": _("Việc phức tạp, cần thêm thời gian"),
}
WAIT_REASONS: dict[str, Sentence] = {
    "where_exactly": _("Chưa rõ chỗ"),
    "who_to_call": _("Chưa rõ hỏi ai"),
    "photo_unclear": _("Ảnh chưa rõ"),
    "what_happened": _("Chưa rõ việc gì"),
}


def says_something(facts: Facts) -> Sentence | None:
    """Need text, voice or a photo."""
    if str(facts.get("text") or "").strip() or facts.get("photos") or facts.get("voices"):
        return None
    return _("Bà con chụp một ảnh, nói hoặc viết vài chữ, để xã biết chuyện gì.")


def says_where(facts: Facts) -> Sentence | None:
    """Need a point, a village or a landmark, unless the category needs no place."""
    if facts.get("is_place_free") or facts.get("point") or facts.get("village"):
        return None
    if str(facts.get("landmark") or "").strip():
        return None
    return _("Bà con cho biết chỗ: bật vị trí, chọn bản, hoặc ghi gần cái gì.")


def names_unit(facts: Facts) -> Sentence | None:
    """Need a unit."""
    return None if facts.get("unit") else _("Bác chọn đơn vị phụ trách.")


def explains_other_unit(facts: Facts) -> Sentence | None:
    """Need a reason, when it is not the unit a rule proposed."""
    trace = facts.get("trace")
    is_proposed = trace is None or trace.decided_by != "rule" or trace.unit_id == facts.get("unit")
    if is_proposed or str(facts.get("reason") or "").strip():
        return None
    return _("Đơn vị này khác đơn vị máy đề nghị. Bác ghi lý do.")


def is_not_about_unit(facts: Facts) -> Sentence | None:
    """Refuse the unit that the report complains about."""
    trace = facts.get("trace")
    if trace is None or facts.get("unit") not in trace.facts.get("about_ids", ()):
        return None
    return _("Phản ánh này nói về chính đơn vị đó. Bác giao cho đơn vị khác.")


def explains_change_of_unit(facts: Facts) -> Sentence | None:
    """Need a reason, when another unit takes over."""
    report = facts["report"]
    if report.unit_id in (None, facts.get("unit")) or str(facts.get("reason") or "").strip():
        return None
    return _("Bác ghi lý do đổi đơn vị, để người nhận việc hiểu.")


def has_assignee(facts: Facts) -> Sentence | None:
    """Need a person who does it."""
    if facts["report"].assignee_id or facts.get("assignee"):
        return None
    return _("Bác giao cho một người cụ thể trước khi bắt đầu.")


def asks_clearly(facts: Facts) -> Sentence | None:
    """Need a question of at least 10 characters."""
    if len(str(facts.get("text") or "").strip()) >= LEAST_QUESTION:
        return None
    return _("Bác viết rõ câu hỏi, để bà con biết cần trả lời gì.")


def asks_at_most_twice(facts: Facts) -> Sentence | None:
    """Need fewer than two questions so far, or the head of the unit."""
    if facts["report"].question_count < MOST_QUESTIONS or _leads(facts):
        return None
    return _("Đã hỏi bà con hai lần. Lần nữa cần trưởng đơn vị hoặc lãnh đạo hỏi.")


def is_no_hazard(facts: Facts) -> Sentence | None:
    """Refuse for a hazard: it never waits."""
    if facts["report"].severity != Severity.HAZARD:
        return None
    return _("Việc nguy hiểm không dừng lại chờ. Bác gọi điện hỏi ngay.")


def is_not_sealed(facts: Facts) -> Sentence | None:
    """Refuse for a sealed report."""
    if facts["report"].visibility != Visibility.SEALED:
        return None
    return _("Đơn này được giữ kín. Bà con gọi bộ phận tiếp công dân để rút.")


def has_waited(facts: Facts) -> Sentence | None:
    """Need the time to give information to be over."""
    until = facts.get("wait_until")
    if isinstance(until, datetime) and _now(facts) >= until:
        return None
    return _("Chưa hết thời gian chờ bà con bổ sung.")


def names_body(facts: Facts) -> Sentence | None:
    """Need an outside body."""
    return None if facts.get("body") else _("Bác chọn cơ quan để chuyển.")


def says_what_is_asked(facts: Facts) -> Sentence | None:
    """Need what the body is asked to do, at least 10 characters."""
    if len(str(facts.get("text") or "").strip()) >= LEAST_QUESTION:
        return None
    return _("Bác ghi rõ đề nghị cơ quan đó làm gì.")


def keeps_child_in_time(facts: Facts) -> Sentence | None:
    """Need the body's day to be no later than the day promised to the resident."""
    child = facts.get("child_due_at")
    report = facts["report"]
    if child is None or child <= report.due_at or report.due_at < _now(facts):
        return None
    return _("Hẹn cơ quan đó trước ngày đã hẹn với bà con.")


def needs_lead_if_urgent(facts: Facts) -> Sentence | None:
    """Need the head of the unit, if urgent."""
    if facts["report"].severity == Severity.NORMAL or _leads(facts):
        return None
    return _("Việc gấp: cần trưởng đơn vị hoặc lãnh đạo chuyển.")


def says_how_forward_ended(facts: Facts) -> Sentence | None:
    """Need to know: answered, declined or out of time."""
    if facts.get("outcome") in ("answered", "declined", "timeout"):
        return None
    return _("Bác ghi cơ quan đó đã trả lời, từ chối hay quá hẹn.")


def passed_the_gate(facts: Facts) -> Sentence | None:
    """Need an answer that says what, when, who, and shows it."""
    if facts.get("is_gate_passed"):
        return None
    return _("Câu trả lời chưa gửi được. Bác xem dòng chữ đỏ ở từng ô.")


def needs_lead_again(facts: Facts) -> Sentence | None:
    """Need the head of the unit, if the category says so or it was answered before."""
    if not facts.get("is_approval_required") or _leads(facts):
        return None
    return _("Câu trả lời này cần trưởng đơn vị hoặc lãnh đạo gửi.")


def is_window_over_or_content(facts: Facts) -> Sentence | None:
    """Need the window to object to be over, or a content sender."""
    until = facts["report"].objection_until
    if facts.get("is_content") or (until and _now(facts) >= until):
        return None
    return _("Bà con còn thời gian đánh giá, chưa đóng được.")


def gives_reason(facts: Facts) -> Sentence | None:
    """Need a reason."""
    if str(facts.get("text") or facts.get("reason") or "").strip():
        return None
    return _("Bà con cho biết vì sao, để xã làm tiếp cho đúng.")


def was_not_withdrawn(facts: Facts) -> Sentence | None:
    """Refuse once its sender withdrew it."""
    if facts["report"].outcome != Outcome.WITHDRAWN:
        return None
    return _("Bà con đã rút phản ánh này. Cần thì gửi phản ánh mới.")


def reopens_in_time(facts: Facts) -> Sentence | None:
    """Need the open window and at most two reopenings; a leader may at any time."""
    if _supervises(facts):
        return None
    report = facts["report"]
    if report.reopen_count >= MOST_REOPENINGS:
        return _("Phản ánh đã mở lại hai lần. Bà con gọi cho xã để hẹn gặp lãnh đạo.")
    return _in_window(facts)


def objects_in_time(facts: Facts) -> Sentence | None:
    """Need the open window; a leader may at any time."""
    return None if _supervises(facts) else _in_window(facts)


def rejects_with_reason(facts: Facts) -> Sentence | None:
    """Need a reason from the list and a sentence of at least 20 characters."""
    if facts.get("reason") not in REJECT_REASONS:
        return _("Bác chọn lý do.")
    if len(str(facts.get("text") or "").strip()) < LEAST_REASON:
        return _("Bác viết một câu cho bà con hiểu vì sao (ít nhất 20 chữ cái).")
    return None


def calls_before_rejecting_hazard(facts: Facts) -> Sentence | None:
    """Need a logged phone call first, for a hazard."""
    if facts["report"].severity != Severity.HAZARD or facts.get("has_called"):
        return None
    return _("Việc nguy hiểm: bác gọi điện hỏi trước, rồi ghi vào ghi chú.")


def needs_lead_to_reject(facts: Facts) -> Sentence | None:
    """Need the head of the unit, except for spam."""
    if facts.get("reason") in ("spam", "test") or _leads(facts):
        return None
    return _("Từ chối một phản ánh cần trưởng đơn vị hoặc lãnh đạo.")


def has_good_parent(facts: Facts) -> Sentence | None:
    """Need a parent, no duplicate itself, that is open or was answered in the last 30 days."""
    return facts.get("parent_objection")


def names_stream(facts: Facts) -> Sentence | None:
    """Need the stream it belongs to."""
    return None if facts.get("stream") else _("Bác chọn cách xử lý.")


def needs_lead_to_unseal(facts: Facts) -> Sentence | None:
    """Need the head of the unit, for a report that is sealed now."""
    if facts["report"].visibility != Visibility.SEALED or _leads(facts):
        return None
    return _("Đơn giữ kín chỉ lãnh đạo mới đổi được cách xử lý.")


def is_hazard(facts: Facts) -> Sentence | None:
    """Need a hazard."""
    if facts["report"].severity == Severity.HAZARD:
        return None
    return _("Bước này chỉ dành cho báo nguy hiểm.")


def is_sealed(facts: Facts) -> Sentence | None:
    """Need a sealed report."""
    if facts["report"].visibility == Visibility.SEALED:
        return None
    return _("Bước này chỉ dành cho đơn giữ kín.")


def names_paper(facts: Facts) -> Sentence | None:
    """Need the number of the paper file."""
    if str(facts.get("paper_no") or "").strip():
        return None
    return _("Bác ghi số hồ sơ giấy, để sau này tìm được.")


def needs_lead_if_later(facts: Facts) -> Sentence | None:
    """Need the head of the unit, when the new category has a later date."""
    due = facts.get("due_at")
    if due is None or due <= facts["report"].due_at or _leads(facts):
        return None
    return _("Cách này có hạn muộn hơn. Cần trưởng đơn vị hoặc lãnh đạo đổi.")


def extends_with_reason(facts: Facts) -> Sentence | None:
    """Need a reason from the list and an apology the resident can read."""
    if facts.get("reason") not in EXTEND_REASONS:
        return _("Bác chọn lý do hẹn lại.")
    if len(str(facts.get("text") or "").strip()) < LEAST_REASON:
        return _("Bác viết một câu xin lỗi và nói rõ vì sao (ít nhất 20 chữ cái).")
    return None


def extends_to_later(facts: Facts) -> Sentence | None:
    """Need a date after the one promised."""
    due = facts.get("due_at")
    if due is not None and due > facts["report"].due_at:
        return None
    return _("Ngày hẹn mới phải sau ngày đã hẹn.")


def extends_in_turn(facts: Facts) -> Sentence | None:
    """Need the head of the unit in time; late or a second time a leader; never a third."""
    report = facts["report"]
    if report.extension_count >= MOST_EXTENSIONS:
        return _("Đã hẹn lại hai lần, không hẹn thêm được nữa.")
    is_second_or_late = report.extension_count > 0 or report.due_at < _now(facts)
    if is_second_or_late and not _supervises(facts):
        return _("Hẹn lại lần hai hoặc khi đã quá hạn cần lãnh đạo xã.")
    return None


def writes_something(facts: Facts) -> Sentence | None:
    """Need a text."""
    return None if str(facts.get("text") or "").strip() else _("Bác viết ghi chú đã.")


def did_not_answer_it(facts: Facts) -> Sentence | None:
    """Refuse for whoever gave or approved an answer to it: somebody else looks again."""
    if facts["actor"].id not in facts.get("answered_by", ()):
        return None
    return _("Bác đã trả lời hoặc duyệt câu trả lời này. Lãnh đạo khác xem lại giúp.")


def has_no_open_review(facts: Facts) -> Sentence | None:
    """Need every review of the answer to be done."""
    if not facts.get("is_in_review"):
        return None
    return _("Có người chưa hài lòng, lãnh đạo đang xem lại nên chưa đóng được.")


def may_be_public(facts: Facts) -> Sentence | None:
    """Need a category whose reports are published, not sealed, and a stream a person chose.

    The last only when a word of the text hints at a denunciation.
    """
    if facts.get("hint") and not facts["report"].is_stream_chosen:
        return _("Có thể là tố cáo. Bác chọn “Cách xử lý” trước khi đăng.")
    if facts.get("is_publishable") and facts["report"].visibility != Visibility.SEALED:
        return None
    return _("Loại việc này không đăng công khai.")


def may_show_photos(facts: Facts) -> Sentence | None:
    """Need what publishing needs, when a photo is to be shown; hiding one needs nothing."""
    return may_be_public(facts) if facts.get("shows") else None


def is_public_now(facts: Facts) -> Sentence | None:
    """Need it to be public, or waiting to be."""
    if facts["report"].visibility in (Visibility.PUBLIC, Visibility.PENDING):
        return None
    return _("Phản ánh này đang không đăng.")


def _in_window(facts: Facts) -> Sentence | None:
    until = facts["report"].objection_until
    if until is None or _now(facts) <= until:
        return None
    return _("Đã hết thời gian đề nghị. Bà con gửi phản ánh mới giúp xã.")


def _now(facts: Facts) -> datetime:
    moment: datetime = facts["now"]
    return moment


def _leads(facts: Facts) -> bool:
    hats: Any = facts.get("hats", frozenset())
    return bool({"lead", "supervisor"} & set(hats))


def _supervises(facts: Facts) -> bool:
    return "supervisor" in facts.get("hats", frozenset())
