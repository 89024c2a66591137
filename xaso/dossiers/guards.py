"""Rules of the steps of a dossier, as plain questions about plain facts.

Each returns None, or the sentence that says what is missing; its first line is its documentation.
Guards run on the server, also for what was done without a network.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from xaso.dossiers import hats
from xaso.dossiers.models import Delivery, Dossier, State
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import numbers
from xaso.kernel.workflow.table import Facts

_SHORTEST_REASON = 10


def _dossier(facts: Facts) -> Dossier:
    found: Dossier = facts["dossier"]
    return found


def _said(facts: Facts, name: str) -> str:
    return str(facts.get(name) or "").strip()


# --- original and copy ----------------------------------------------------------------------------
def is_our_original(facts: Facts) -> Sentence | None:
    """Refuse for the copy of another system's dossier."""
    if _dossier(facts).is_mirror:
        return _("Hồ sơ gốc nằm ở hệ thống khác. Ở đây chỉ theo dõi, không sửa được.")
    return None


def may_receive(facts: Facts) -> Sentence | None:
    """Need Xã Số to be the system of record for reception."""
    return _is_ours(facts, "receive")


def may_process(facts: Facts) -> Sentence | None:
    """Need Xã Số to be the system of record for processing."""
    return _is_ours(facts, "process")


def may_sign(facts: Facts) -> Sentence | None:
    """Need Xã Số to be the system of record for signing."""
    return _is_ours(facts, "sign")


def may_return(facts: Facts) -> Sentence | None:
    """Need Xã Số to be the system of record for returning results."""
    return _is_ours(facts, "return")


def _is_ours(facts: Facts, stage: str) -> Sentence | None:
    if facts["content"].systems.at(stage) == "XASO":
        return None
    return _("Khâu này làm trên hệ thống gốc. Ở đây ghi mã của hệ thống đó rồi theo dõi.")


# --- reception ------------------------------------------------------------------------------------
def names_the_applicant(facts: Facts) -> Sentence | None:
    """Need the name of the applicant."""
    return None if _dossier(facts).applicant else _("Ghi họ tên người nộp hồ sơ.")


def is_consented(facts: Facts) -> Sentence | None:
    """Need a consent that holds, when somebody helps."""
    is_helped = facts["actor"].kind == "helper" or bool(_dossier(facts).helper_id)
    if is_helped and not facts.get("has_consent"):
        return _("Người giúp cần sự đồng ý còn hiệu lực của người nộp.")
    return None


def is_wanted(facts: Facts) -> Sentence | None:
    """Need a yes of its person, for a draft the commune prepared."""
    if not facts.get("waits_for_a_yes"):
        return None
    return _("Hồ sơ này xã soạn sẵn. Bác hỏi bà con: đồng ý nộp thì đánh dấu vào ô, rồi nộp.")


def has_every_paper(facts: Facts) -> Sentence | None:
    """Need every mandatory paper digitised, reused, or waived with a reason."""
    missing = [each.name for each in facts["components"] if each.is_mandatory and not each.is_there]
    if not missing:
        return None
    text = _("Còn thiếu giấy tờ: %(names)s. Quét, dùng lại giấy đã có, hoặc ghi lý do miễn.")
    return _filled(text, names="; ".join(missing))


def has_every_answer(facts: Facts) -> Sentence | None:
    """Need every mandatory question of the version answered."""
    left = facts.get("unanswered") or []
    if not left:
        return None
    text = _("Tờ khai còn chưa trả lời: %(names)s. Bác hỏi bà con rồi ghi trước khi tiếp nhận.")
    return _filled(text, names="; ".join(left))


def is_asked_before_it_goes(facts: Facts) -> Sentence | None:
    """Need what a machine without a network did not ask, before the first hand-over."""
    left = facts.get("unanswered") or ()
    if not left or _dossier(facts).state != State.ACCEPTED:
        return None
    text = _(
        "Tờ khai còn chưa trả lời: %(names)s. Bác hỏi bà con, bấm “Ghi tờ khai”, rồi mới chuyển."
    )
    return _filled(text, names="; ".join(left))


def answers_something(facts: Facts) -> Sentence | None:
    """Need an answer to a question of the version."""
    return None if facts.get("answered") else _("Bác ghi ít nhất một câu trả lời.")


def has_decided_fees(facts: Facts) -> Sentence | None:
    """Need the money to be decided: lines, an exemption, or nothing to pay."""
    if facts.get("fees_decided"):
        return None
    return _("Chưa chốt phí, lệ phí. Chọn khoản thu hoặc ghi không thu.")


def lists_what_is_missing(facts: Facts) -> Sentence | None:
    """Need everything that is missing, in one slip."""
    items = facts.get("items") or []
    if items and all(str(each.get("name", "")).strip() for each in items):
        return None
    return _("Ghi đủ mọi giấy tờ còn thiếu vào một phiếu, mỗi dòng một giấy.")


def says_reason(facts: Facts) -> Sentence | None:
    """Need a reason in plain words, at least 10 characters."""
    if len(_said(facts, "reason")) >= _SHORTEST_REASON:
        return None
    return _("Ghi lý do bằng lời dễ hiểu, ít nhất 10 chữ cái.")


def names_law(facts: Facts) -> Sentence | None:
    """Need the legal basis."""
    return None if _said(facts, "legal_basis") else _("Ghi căn cứ pháp lý.")


def has_leader_where_set(facts: Facts) -> Sentence | None:
    """Need a leader, where the commune decided so."""
    is_leader = hats.LEADER in facts["hats"]
    if facts.get("refusal_by_leader") and not is_leader:
        return _("Ở xã này lãnh đạo quyết định từ chối tiếp nhận.")
    return None


# --- processing -----------------------------------------------------------------------------------
def names_receiver(facts: Facts) -> Sentence | None:
    """Need a receiver who has the role of the step and is not away (who stands in receives it)."""
    if facts.get("receiver_problem"):
        return str(facts["receiver_problem"])
    if facts.get("receiver") or facts.get("unit"):
        return None
    return _("Chọn người nhận việc.")


def leads_on(facts: Facts) -> Sentence | None:
    """Need a step that the procedure leads to from here."""
    step = facts["content"].step(_said(facts, "to_step"))
    here = _dossier(facts).step
    if step is None:
        return _("Thủ tục này không có bước đó.")
    current = facts["content"].step(here)
    if current is None:
        return None if step is facts["content"].first_step else _("Bắt đầu từ bước đầu tiên.")
    if step.code == here or step.code in current.next:
        return None
    return _("Thủ tục không đi thẳng tới bước đó.")


def leads_back(facts: Facts) -> Sentence | None:
    """Need a step it has been in before."""
    step, here = _said(facts, "to_step"), _dossier(facts).step
    if step and step != here and step in (facts.get("earlier_steps") or ()):
        return None
    return _("Chỉ trả lại bước hồ sơ đã đi qua.")


def has_posted(facts: Facts) -> Sentence | None:
    """Need the days of public posting to be over, when it leaves a posting step."""
    until: datetime | None = _dossier(facts).posted_until
    current = facts["content"].step(_dossier(facts).step)
    is_posting = current is not None and current.kind == "niem_yet"
    if is_posting and until is not None and facts["now"] < until:
        return _("Chưa hết thời gian niêm yết công khai.")
    return None


def is_first_request(facts: Facts) -> Sentence | None:
    """Need a confirmation for a second supplement: the national portal counts it overdue."""
    if _dossier(facts).supplement_count >= 1 and not facts.get("is_confirmed"):
        return _(
            "Đây là lần yêu cầu bổ sung thứ hai: Cổng quốc gia tính hồ sơ quá hạn."
            " Đánh dấu xác nhận nếu vẫn cần."
        )
    return None


def names_what_came(facts: Facts) -> Sentence | None:
    """Need what was handed in."""
    return None if _said(facts, "received") else _("Ghi những gì đã nhận bổ sung.")


def has_every_missing_item(facts: Facts) -> Sentence | None:
    """Need every item of the slip: the clock runs again once all has come."""
    left = facts.get("still_missing") or ()
    if not left:
        return None
    return _filled(_("Còn thiếu: %(names)s."), names="; ".join(map(str, left)))


def extends_in_time(facts: Facts) -> Sentence | None:
    """Need the promised moment not to have passed."""
    promise = _dossier(facts).promise_at
    if promise is not None and facts["now"] > promise:
        return _("Đã quá hẹn, không gia hạn được nữa. Xin lỗi người dân và trả kết quả sớm nhất.")
    return None


def names_later_date(facts: Facts) -> Sentence | None:
    """Need a date after the one promised."""
    new, promise = facts.get("new_due"), _dossier(facts).promise_at
    if isinstance(new, datetime) and (promise is None or new > promise):
        return None
    return _("Ngày hẹn mới phải sau ngày hẹn cũ.")


def extends_once(facts: Facts) -> Sentence | None:
    """Need an override with its reason for a second extension."""
    if _dossier(facts).extension_count == 0 or len(_said(facts, "override")) >= _SHORTEST_REASON:
        return None
    return _("Đã gia hạn một lần. Lần nữa phải ghi lý do đặc biệt.")


def apologises(facts: Facts) -> Sentence | None:
    """Need an apology that the person can read."""
    if len(_said(facts, "apology")) >= _SHORTEST_REASON:
        return None
    return _("Viết lời xin lỗi để người dân đọc.")


def may_verify(facts: Facts) -> Sentence | None:
    """Need a longer term in the version, and not to have taken it yet."""
    if facts["content"].time.verify is None:
        return _("Thủ tục này không có thời hạn xác minh.")
    if _dossier(facts).is_verified:
        return _("Đã dùng thời hạn xác minh rồi.")
    return None


def asks_somebody(facts: Facts) -> Sentence | None:
    """Need an agency, a question and a day."""
    if _said(facts, "agency") and _said(facts, "question") and facts.get("due_at"):
        return None
    return _("Ghi hỏi cơ quan nào, hỏi gì, cần trả lời trước ngày nào.")


def is_question_open(facts: Facts) -> Sentence | None:
    """Need a question that waits for its answer, asked of this unit or passed on by the office."""
    task = facts.get("task")
    if task is None or task.state != "open":
        return _("Câu hỏi này đã có trả lời.")
    actor = facts["actor"]
    mine = {hats.OFFICER, hats.REVIEWER, hats.LEADER, hats.HOLDER, hats.COUNTER}
    if facts["hats"] & mine or (task.unit_id is not None and task.unit_id == actor.unit_id):
        return None
    return _("Câu hỏi này gửi đơn vị khác.")


def answers(facts: Facts) -> Sentence | None:
    """Need the answer, or why it is not waited for."""
    return None if _said(facts, "answer") else _("Ghi câu trả lời, hoặc lý do không chờ nữa.")


def has_every_opinion(facts: Facts) -> Sentence | None:
    """Need every mandatory question answered or waived, before the step where it is signed."""
    step = facts["content"].step(_said(facts, "to_step") or _dossier(facts).step)
    is_signing = step is not None and step.kind in {"trinh_ky", "dong_dau"}
    if is_signing and facts.get("open_questions"):
        return _("Còn câu hỏi bắt buộc chưa có trả lời. Chờ, hoặc ghi lý do không chờ nữa.")
    return None


# --- money, withdrawal, the end -------------------------------------------------------------------
def has_lines_to_pay(facts: Facts) -> Sentence | None:
    """Need at least one line to pay."""
    return None if facts.get("to_pay") else _("Hồ sơ này không có khoản nào phải nộp.")


def is_paid(facts: Facts) -> Sentence | None:
    """Need the receipt of every line."""
    return None if facts.get("receipt") else _("Ghi số biên lai, hoặc mã thanh toán.")


def came_from_here(facts: Facts) -> Sentence | None:
    """Go back to where it stood before the wish to withdraw."""
    back = _dossier(facts).back_state
    return None if facts.get("back") in (None, back) else _("Hồ sơ quay về chỗ trước khi xin rút.")


def is_signed(facts: Facts) -> Sentence | None:
    """Need a signature that verifies."""
    return facts.get("signature_problem") or (
        None if facts.get("signer") else _("Chưa có người ký.")
    )


def is_numbered(facts: Facts) -> Sentence | None:
    """Need a number from the register."""
    if _said(facts, "number") and _said(facts, "register"):
        return None
    return _("Chưa vào sổ: ghi số và sổ.")


def is_at_signing(facts: Facts) -> Sentence | None:
    """Need it to stand at a step where results are signed."""
    current = facts["content"].step(_dossier(facts).step)
    if current is not None and current.kind in {"trinh_ky", "dong_dau"}:
        return None
    return _("Hồ sơ chưa tới bước trình ký.")


def has_proof(facts: Facts) -> Sentence | None:
    """Need a proof: signature, e-receipt or postal code."""
    if _said(facts, "proof"):
        return None
    return _("Ghi cách đã giao: chữ ký nhận, mã bưu gửi, hoặc biên nhận điện tử.")


def goes_to_who_may(facts: Facts) -> Sentence | None:
    """Give it to the holder, or in person to a helper or a bearer of authority who may fetch it."""
    if not facts.get("is_fetched_by_another"):
        return None
    if facts.get("way") != Delivery.IN_PERSON:
        return _("Gửi bưu điện hoặc bản điện tử thì gửi thẳng cho bà con, không qua người khác.")
    if facts.get("paper_problem"):
        return str(facts["paper_problem"])
    if facts.get("may_fetch"):
        return None
    return _(
        "Người này chưa được bà con cho nhận kết quả thay, hoặc lời đồng ý đã hết hay đã rút. "
        "Mời bà con tự đến nhận, hoặc gửi kết quả qua bưu điện đến tay bà con."
    )


def owes_nothing(facts: Facts) -> Sentence | None:
    """Need every fee to be paid, before or in the same step."""
    owed = facts.get("owed") or 0
    if not owed:
        return None
    text = _(
        "Hồ sơ còn %(amount)s đồng phí, lệ phí chưa nộp. Bác thu tiền, ghi cách nộp, rồi mới giao."
    )
    return _filled(text, amount=numbers.so(owed))


def names_system(facts: Facts) -> Sentence | None:
    """Need the other system and its code."""
    if _said(facts, "target") and _said(facts, "external_code"):
        return None
    return _("Ghi hệ thống gốc và mã hồ sơ ở hệ thống đó.")


def says_something(facts: Facts) -> Sentence | None:
    """Need a text."""
    return None if _said(facts, "text") else _("Ghi nội dung.")


def _filled(text: Any, **values: str) -> str:  # noqa: ANN401  (a lazy sentence)
    return str(text) % values
