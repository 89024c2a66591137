"""The one transition table of reports: it drives buttons, APIs, the docs page and the tests.

Hats say who: they are worn for one report (see `hats.worn`), not given once and for all. Guards
read plain facts. `clock` says what the step does to the resident's clock.
"""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Sentence
from xaso.kernel.workflow import table
from xaso.kernel.workflow.table import START, Guard, Transition
from xaso.reports import clock_guards, guards, hats
from xaso.reports.models.words import FINAL, OPEN, State

_WORKING = frozenset({State.ACCEPTED, State.IN_PROGRESS})
_BEFORE_ANSWER = _WORKING | {State.NEW}
_ANY_OPEN = frozenset(OPEN)
_ENDED = frozenset({State.ANSWERED, State.CLOSED})
_ANY = frozenset(State)


def _step(  # noqa: PLR0913  (one row of the table)
    action: str,
    sources: frozenset[State] | State | str,
    target: State | None,
    who: str,
    *rules: Guard,
    clock: str = "",
    says: Sentence = "",
) -> Transition:
    """Write one row; `who` is a list of hats in words."""
    return Transition(
        action=action,
        sources=frozenset({sources}) if isinstance(sources, str) else frozenset(sources),
        target=str(target) if target else None,
        who=frozenset(who.split()),
        guards=rules,
        clock=clock,
        public_text=says,
    )


# What a resident reads; blanks are filled by the page.
PUBLIC: dict[State, Sentence] = {
    State.NEW: _("Đã nhận, đang chờ cán bộ xem"),
    State.ACCEPTED: _("Đã tiếp nhận, đã giao đơn vị"),
    State.IN_PROGRESS: _("Đang xử lý"),
    State.WAITING_INFO: _("Xã đang cần bà con cho biết thêm"),
    State.FORWARDED: _("Đã chuyển cơ quan khác, xã vẫn theo dõi"),
    State.ANSWERED: _("Đã có trả lời"),
    State.CLOSED: _("Đã xong"),
    State.REJECTED: _("Không thuộc diện xử lý"),
    State.DUPLICATE: _("Đã gộp vào phản ánh trước"),
}

TABLE = table.Table(
    states=[table.State(str(s), s.label, PUBLIC[s], s in FINAL) for s in State],
    parts=hats.parts,
    transitions=(
        _step("receive", START, State.NEW, "resident helper duty",
              guards.says_something, guards.says_where,
              clock="restart", says=_("Bà con gửi")),
        _step("accept", State.NEW, State.ACCEPTED, "duty",
              guards.names_unit, guards.is_not_about_unit, guards.explains_other_unit,
              says=_("Xã tiếp nhận")),
        _step("start", State.ACCEPTED, State.IN_PROGRESS, "unit lead",
              guards.has_assignee, says=_("Đang xử lý")),
        _step("ask_info", _BEFORE_ANSWER, State.WAITING_INFO, "duty unit lead",
              guards.asks_clearly, guards.is_no_hazard, guards.asks_at_most_twice,
              clock="pause", says=_("Xã hỏi thêm")),
        _step("give_info", State.WAITING_INFO, State.IN_PROGRESS, "resident helper duty unit",
              guards.says_something, clock="resume", says=_("Đã nhận bổ sung")),
        _step("add_info", _ANY_OPEN - {State.WAITING_INFO}, None, "resident helper duty",
              guards.says_something, says=_("Bà con gửi thêm")),
        _step("give_up_waiting", State.WAITING_INFO, State.REJECTED, "lead supervisor",
              guards.has_waited, clock_guards.has_reminded, clock_guards.says_why,
              clock="stop", says=_("Dừng vì chưa có bổ sung")),
        _step("ask_give_up", State.WAITING_INFO, None, "unit duty lead",
              guards.has_waited, clock_guards.has_reminded, clock_guards.says_why),
        _step("remind", State.WAITING_INFO, None, "system",
              clock_guards.is_time_to_remind, says=_("Xã nhắc bà con trả lời")),
        _step("go_on", State.WAITING_INFO, State.IN_PROGRESS, "unit lead",
              guards.has_waited, clock="resume", says=_("Xã tiếp tục xử lý")),
        _step("forward", _BEFORE_ANSWER, State.FORWARDED, "unit duty lead",
              guards.names_body, guards.says_what_is_asked, guards.keeps_child_in_time,
              guards.needs_lead_if_urgent,
              says=_("Đã chuyển cơ quan khác")),
        _step("take_back", State.FORWARDED, State.IN_PROGRESS, "unit lead system",
              guards.says_how_forward_ended, says=_("Xã tiếp tục xử lý")),
        _step("body_agree", State.FORWARDED, None, "body unit lead",
              clock_guards.is_not_replied, says=_("Cơ quan khác đã nhận việc")),
        _step("body_reply", State.FORWARDED, None, "body unit duty lead",
              clock_guards.is_not_replied, clock_guards.replies_in_words,
              says=_("Cơ quan khác đã trả lời xã")),
        _step("chase", State.FORWARDED, None, "system",
              clock_guards.is_not_replied, says=_("Xã nhắc cơ quan khác")),
        _step("relay_answer", State.FORWARDED, State.ANSWERED, "unit lead",
              clock_guards.has_body_reply, guards.passed_the_gate,
              clock="stop", says=_("Trả lời công khai")),
        _step("answer", _WORKING, State.ANSWERED, "unit lead",
              guards.passed_the_gate, guards.needs_lead_again,
              clock="stop", says=_("Trả lời công khai")),
        _step("close", State.ANSWERED, State.CLOSED, "system resident",
              guards.is_window_over_or_content, guards.has_no_open_review,
              clock="stop", says=_("Đã xong")),
        _step("reopen", frozenset({State.ANSWERED, State.CLOSED}), State.IN_PROGRESS,
              "resident supervisor", guards.gives_reason, guards.was_not_withdrawn,
              guards.reopens_in_time, clock="restart", says=_("Mở lại")),
        _step("reject", _BEFORE_ANSWER, State.REJECTED, "duty unit lead",
              guards.rejects_with_reason, guards.calls_before_rejecting_hazard,
              guards.needs_lead_to_reject, clock="stop", says=_("Không thuộc diện xử lý")),
        _step("object", State.REJECTED, State.ACCEPTED, "resident supervisor",
              guards.objects_in_time, clock="go on", says=_("Xem xét lại")),
        _step("mark_duplicate", _BEFORE_ANSWER | {State.WAITING_INFO}, State.DUPLICATE,
              "duty unit lead", guards.has_good_parent,
              clock="stop", says=_("Gộp vào phản ánh trước")),
        _step("separate", State.DUPLICATE, State.ACCEPTED, "duty unit lead system",
              clock="go on", says=_("Tách ra xử lý riêng")),
        _step("withdraw", _ANY_OPEN, State.CLOSED, "resident",
              guards.is_no_hazard, guards.is_not_sealed, clock="stop", says=_("Bà con rút lại")),
        _step("restream", _ANY_OPEN, None, "duty lead", guards.names_stream,
              guards.needs_lead_to_unseal, guards.needs_lead_if_later,
              clock="recompute", says=_("Đổi cách xử lý")),
        _step("seal", _ANY, State.FORWARDED, "duty lead system", guards.names_stream,
              clock="recompute", says=_("Đã chuyển bộ phận tiếp công dân")),
        _step("settle", State.FORWARDED, State.CLOSED, "lead supervisor system",
              guards.is_sealed, guards.names_paper,
              clock="stop", says=_("Đã chuyển bộ phận tiếp công dân")),
        _step("assign", _WORKING | {State.FORWARDED}, None, "lead duty supervisor",
              guards.names_unit, guards.is_not_about_unit, guards.explains_change_of_unit,
              says=_("Giao người làm")),
        _step("recategorise", _ANY_OPEN, None, "duty unit lead", guards.needs_lead_if_later,
              clock="recompute", says=_("Đổi loại việc")),
        _step("extend", _WORKING | {State.FORWARDED}, None, "lead supervisor",
              guards.extends_with_reason, guards.extends_to_later, guards.extends_in_turn,
              clock_guards.is_asked_by_another,
              clock="extend", says=_("Xin lỗi bà con, xã hẹn lại")),
        _step("transcribe", _ANY, None, "duty unit lead helper", guards.writes_something),
        _step("ask_extend", _WORKING | {State.FORWARDED}, None, "unit lead",
              guards.extends_with_reason, guards.extends_to_later,
              clock_guards.extends_at_most_twice),
        _step("ask_reject", _BEFORE_ANSWER, None, "duty unit", guards.rejects_with_reason,
              guards.calls_before_rejecting_hazard),
        _step("decline", _ANY_OPEN, None, "lead supervisor", guards.writes_something),
        _step("follow_calendar", _ANY_OPEN, None, "system", guards.extends_to_later,
              clock="calendar", says=_("Lịch làm việc của xã đổi, hẹn muộn hơn")),
        _step("take_alarm", _ANY, None, "duty unit lead supervisor helper", guards.is_hazard,
              says=_("Có người đi xem ngay")),
        _step("call_back", _ANY, None, "duty unit lead supervisor helper", guards.is_hazard),
        _step("join_text", _ANY, None, "resident", guards.is_hazard),
        _step("confirm_alarm", _ANY, None, "duty unit lead supervisor", guards.is_hazard,
              says=_("Đã cảnh báo bà con")),
        _step("end_alarm", _ANY, None, "duty unit lead supervisor", guards.is_hazard,
              says=_("Hết báo động")),
        _step("add_position", _ANY_OPEN, None, "resident helper duty", guards.is_hazard),
        _step("note", _ANY, None, "duty unit lead supervisor", guards.writes_something),
        _step("publish", _ANY, None, "duty unit lead supervisor", guards.may_be_public),
        _step("decide", _ANY, None, "duty unit lead supervisor system", guards.may_show_photos),
        _step("hide", _ANY, None, "duty unit lead supervisor", guards.is_public_now),
        _step("follow", _ANY_OPEN | {State.ANSWERED}, None, "resident helper duty",
              guards.is_not_sealed),
        _step("review", _ENDED | {State.IN_PROGRESS}, None, "supervisor",
              guards.did_not_answer_it, guards.writes_something),
        _step("check", _ENDED, None, "unit lead",
              guards.writes_something, says=_("Xã kiểm tra việc đã hẹn")),
    ),
)  # fmt: skip
