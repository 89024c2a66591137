"""The transition table in words for officials and lawyers: who, on what conditions, the clock.

The table itself (`states.py`) and its page of the documentation speak English; what stands here is
shown at the desk.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from xaso.dossiers import guards, hats
from xaso.kernel.refusals import Sentence

HATS: Mapping[str, Sentence] = {
    hats.CITIZEN: _("Người nộp"),
    hats.HELPER: _("Người giúp, khi được đồng ý"),
    hats.COUNTER: _("Cán bộ một cửa"),
    hats.CASHIER: _("Người thu tiền"),
    hats.HOLDER: _("Người đang giữ hồ sơ"),
    hats.OFFICER: _("Cán bộ của đơn vị đang giữ"),
    hats.REVIEWER: _("Trưởng đơn vị"),
    hats.LEADER: _("Lãnh đạo"),
    hats.ASKED: _("Đơn vị được hỏi ý kiến"),
    hats.SYSTEM: _("Máy"),
}
CLOCKS: Mapping[str, Sentence] = {
    "": _("không đổi"),
    "response": _("đếm giờ trả lời có nhận hay không"),
    "response stops": _("ngừng đếm giờ trả lời"),
    "start": _("bắt đầu"),
    "stop": _("kết thúc"),
    "pause": _("tạm dừng"),
    "pause per version": _("tạm dừng, nếu thủ tục ghi như vậy"),
    "resume": _("chạy tiếp"),
    "verify": _("dài thêm theo luật khi phải xác minh"),
    "extend": _("hẹn lại"),
    "calendar": _("hẹn muộn hơn theo lịch mới"),
}
GUARDS: Mapping[Callable[..., Any], Sentence] = {
    guards.is_our_original: _("Hồ sơ gốc ở Xã Số, không phải bản theo dõi hệ thống khác"),
    guards.may_receive: _("Thủ tục cho tiếp nhận trên Xã Số"),
    guards.may_process: _("Thủ tục cho xử lý trên Xã Số"),
    guards.may_sign: _("Thủ tục cho ký trên Xã Số"),
    guards.may_return: _("Thủ tục cho trả kết quả trên Xã Số"),
    guards.names_the_applicant: _("Có họ tên người nộp"),
    guards.is_consented: _("Có sự đồng ý còn hiệu lực, khi có người giúp"),
    guards.is_wanted: _("Người được nhắc đã đồng ý nộp, khi hồ sơ do xã soạn sẵn"),
    guards.has_every_paper: _("Đủ giấy bắt buộc: đã quét, dùng lại, hoặc ghi lý do không phải nộp"),
    guards.has_every_answer: _("Trả lời đủ câu hỏi bắt buộc của tờ khai"),
    guards.is_asked_before_it_goes: _(
        "Trả lời đủ tờ khai, khi tiếp nhận lúc mất mạng chưa hỏi, trước lần chuyển đầu"
    ),
    guards.answers_something: _("Có ít nhất một câu trả lời"),
    guards.has_decided_fees: _("Đã rõ tiền: các khoản thu, được miễn, hoặc không thu"),
    guards.lists_what_is_missing: _("Ghi mọi giấy còn thiếu trong một phiếu"),
    guards.says_reason: _("Có lý do bằng lời dễ hiểu, ít nhất 10 chữ cái"),
    guards.names_law: _("Có căn cứ pháp lý"),
    guards.has_leader_where_set: _("Lãnh đạo quyết định, nếu xã đặt như vậy"),
    guards.names_receiver: _("Người nhận có vai trò của bước và không vắng (vắng thì người thay)"),
    guards.leads_on: _("Bước sau là bước mà thủ tục cho đi tới"),
    guards.leads_back: _("Bước trước là bước hồ sơ đã đi qua"),
    guards.has_posted: _("Hết ngày niêm yết, khi rời bước niêm yết"),
    guards.is_first_request: _("Xác nhận, khi yêu cầu lần hai: Cổng quốc gia tính quá hạn"),
    guards.names_what_came: _("Ghi đã nhận những gì"),
    guards.has_every_missing_item: _("Đã nhận đủ mọi giấy trên phiếu"),
    guards.extends_in_time: _("Chưa qua giờ đã hẹn"),
    guards.names_later_date: _("Ngày hẹn lại sau ngày đã hẹn"),
    guards.apologises: _("Có lời xin lỗi bà con đọc được"),
    guards.extends_once: _("Lần hai thì phải có lý do đặc biệt"),
    guards.may_verify: _("Thủ tục có thời hạn xác minh và chưa dùng"),
    guards.asks_somebody: _("Ghi hỏi ai, hỏi gì, cần trả lời ngày nào"),
    guards.is_question_open: _("Có câu hỏi đang chờ đúng đơn vị này trả lời"),
    guards.answers: _("Có câu trả lời, hoặc vì sao không chờ"),
    guards.has_every_opinion: _(
        "Mọi ý kiến bắt buộc đã trả lời hoặc thôi chờ, trước bước trình ký"
    ),
    guards.has_lines_to_pay: _("Có ít nhất một khoản phải nộp"),
    guards.is_paid: _("Mọi khoản đã có biên lai"),
    guards.came_from_here: _("Trở lại đúng chỗ trước khi xin rút"),
    guards.is_at_signing: _("Đang ở bước trình ký"),
    guards.is_signed: _("Chữ ký kiểm tra là đúng"),
    guards.is_numbered: _("Có số trong sổ"),
    guards.has_proof: _("Có bằng chứng: chữ ký nhận, biên nhận điện tử hoặc mã bưu gửi"),
    guards.goes_to_who_may: _(
        "Giao cho chính chủ, người giúp được chủ cho nhận thay, hoặc người có giấy ủy quyền"
    ),
    guards.owes_nothing: _("Phí, lệ phí đã nộp đủ, trước hoặc ngay khi giao"),
    guards.names_system: _("Ghi hệ thống gốc và mã ở đó"),
    guards.says_something: _("Có nội dung"),
}


def who(worn: Iterable[str]) -> list[Sentence]:
    """Return who may take a step, in the order of the hats."""
    return [words for hat, words in HATS.items() if hat in worn]
