"""The one transition table of dossiers: it drives buttons, the docs page and the tests.

Names of states and actions are those of the national exchange and of the forms. Hats say who.
`clock` says what the step does to the two clocks of the citizen.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from xaso.dossiers import guards, hats
from xaso.dossiers.models.words import BEFORE, FINAL, OPEN, State
from xaso.kernel.refusals import Sentence
from xaso.kernel.workflow import table
from xaso.kernel.workflow.table import START, Guard, Transition

ACCEPT, HAND, SUPPLEMENT = "tiep_nhan", "chuyen", "yc_bo_sung"
_S = State
_INTAKE = (_S.WAITING, _S.INTAKE_SUPPLEMENT)
_WORK = (_S.ACCEPTED, _S.IN_PROGRESS)
_WITHDRAWN_FROM = tuple(s for s in OPEN if s not in (_S.WITHDRAWING, _S.RESOLVED))
_MIRRORED = (_S.DRAFT, *(s for s in OPEN if s is not _S.RESOLVED))

# What a citizen reads.
PUBLIC: dict[State, Sentence] = {
    _S.DRAFT: _("Hồ sơ đang chuẩn bị, chưa nộp"),
    _S.WAITING: _("Đã nộp, đang chờ xã tiếp nhận"),
    _S.INTAKE_SUPPLEMENT: _("Cần bổ sung giấy tờ thì xã mới tiếp nhận được"),
    _S.REFUSED: _("Xã không tiếp nhận được hồ sơ này"),
    _S.ACCEPTED: _("Xã đã tiếp nhận"),
    _S.IN_PROGRESS: _("Xã đang xử lý"),
    _S.SUPPLEMENT: _("Xã chờ bà con bổ sung giấy tờ"),
    _S.PAYMENT: _("Chờ nộp phí, lệ phí"),
    _S.WITHDRAWING: _("Bà con xin rút, xã đang xem"),
    _S.STOPPED: _("Đã dừng xử lý"),
    _S.RESOLVED: _("Đã có kết quả, mời bà con nhận"),
    _S.RETURNED: _("Đã trả kết quả"),
}
# The printed form that goes with a step (Phụ lục I, TT 03/2025/TT-VPCP).
FORMS: dict[str, tuple[str, ...]] = {
    "tiep_nhan": ("01", "06", "07"),
    "yc_bs_dau_vao": ("02",),
    "tu_choi": ("03",),
    "chuyen": ("06",),
    "tra_lai_buoc": ("06",),
    "yc_bo_sung": ("02",),
    "gia_han": ("04",),
    "dong_y_rut": ("05",),
    "khong_giai_quyet": ("05",),
    "tra": ("07",),
}


def _step(  # noqa: PLR0913  (one row of the table)
    action: str,
    sources: Iterable[State] | str,
    target: State | None,
    who: str,
    *rules: Guard,
    clock: str = "",
    says: Sentence = "",
    label: Sentence = "",
) -> Transition:
    """Write one row; `who` is a list of hats in words."""
    return Transition(
        action=action,
        sources=frozenset({sources}) if isinstance(sources, str) else frozenset(map(str, sources)),
        target=str(target) if target else None,
        who=frozenset(who.split()),
        guards=rules,
        clock=clock,
        public_text=says,
        label=label,
    )


_OURS = guards.is_our_original
TABLE = table.Table(
    states=[table.State(str(s), s.label, PUBLIC[s], s in FINAL) for s in State],
    parts=hats.parts,
    transitions=(
        _step("lap", START, _S.DRAFT, "citizen helper counter asked leader system",
              label=_("Lập hồ sơ")),
        _step("sua", (_S.DRAFT, *_INTAKE), None, "citizen helper counter",
              _OURS, label=_("Sửa hồ sơ")),
        _step("nop", (_S.DRAFT,), _S.WAITING, "citizen helper counter",
              _OURS, guards.names_the_applicant, guards.is_consented, guards.is_wanted,
              clock="response", says=_("Bà con nộp hồ sơ"), label=_("Nộp")),
        _step("tiep_nhan", _INTAKE, _S.ACCEPTED, "counter",
              _OURS, guards.may_receive, guards.has_every_answer, guards.has_every_paper,
              guards.has_decided_fees,
              clock="start", says=_("Xã tiếp nhận hồ sơ"), label=_("Tiếp nhận")),
        _step("yc_bs_dau_vao", (_S.WAITING,), _S.INTAKE_SUPPLEMENT, "counter",
              _OURS, guards.may_receive, guards.lists_what_is_missing, guards.says_reason,
              guards.names_law,
              clock="response stops", says=_("Xã hẹn bà con bổ sung trước khi tiếp nhận"),
              label=_("Yêu cầu bổ sung")),
        _step("nop_bs_dau_vao", (_S.INTAKE_SUPPLEMENT,), _S.WAITING, "counter citizen helper",
              _OURS, guards.names_what_came,
              clock="response", says=_("Bà con đã bổ sung"), label=_("Nhận bổ sung")),
        _step("tu_choi", _INTAKE, _S.REFUSED, "counter leader",
              _OURS, guards.may_receive, guards.says_reason, guards.names_law,
              guards.has_leader_where_set,
              clock="stop", says=_("Xã không tiếp nhận được"), label=_("Từ chối tiếp nhận")),
        _step("chuyen", _WORK, _S.IN_PROGRESS, "holder reviewer",
              _OURS, guards.may_process, guards.is_asked_before_it_goes, guards.leads_on,
              guards.names_receiver, guards.has_posted, guards.has_every_opinion,
              says=_("Chuyển bước xử lý"), label=_("Chuyển")),
        _step("tra_lai_buoc", (_S.IN_PROGRESS,), None, "reviewer holder",
              _OURS, guards.leads_back, guards.says_reason, guards.names_receiver,
              label=_("Trả lại bước trước")),
        _step("nhan_viec", _WORK, None, "holder reviewer", _OURS, guards.names_receiver,
              label=_("Nhận việc")),
        _step("ghi_to_khai", (*_WORK, _S.SUPPLEMENT, _S.PAYMENT), None, "counter officer holder",
              _OURS, guards.may_receive, guards.answers_something, label=_("Ghi tờ khai")),
        _step("trinh_bo_sung", (_S.IN_PROGRESS,), None, "officer",
              _OURS, guards.lists_what_is_missing, guards.says_reason, guards.names_law,
              guards.is_first_request, label=_("Trình yêu cầu bổ sung")),
        _step("khong_duyet_bo_sung", (_S.IN_PROGRESS,), None, "leader",
              _OURS, guards.says_reason, label=_("Không duyệt yêu cầu bổ sung")),
        _step("yc_bo_sung", (_S.IN_PROGRESS,), _S.SUPPLEMENT, "leader",
              _OURS, guards.lists_what_is_missing, guards.says_reason, guards.names_law,
              guards.is_first_request,
              clock="pause", says=_("Xã yêu cầu bổ sung giấy tờ"), label=_("Yêu cầu bổ sung")),
        _step("nop_bo_sung", (_S.SUPPLEMENT,), _S.IN_PROGRESS, "counter citizen helper",
              _OURS, guards.names_what_came, guards.has_every_missing_item,
              clock="resume", says=_("Bà con đã bổ sung"), label=_("Nhận bổ sung")),
        _step("xac_minh", (_S.IN_PROGRESS,), None, "officer leader",
              _OURS, guards.may_verify, guards.says_reason,
              clock="verify", says=_("Phải xác minh thêm, xã hẹn lại theo luật"),
              label=_("Cần xác minh")),
        _step("gia_han", (_S.IN_PROGRESS,), None, "leader",
              _OURS, guards.extends_in_time, guards.names_later_date, guards.says_reason,
              guards.apologises, guards.extends_once,
              clock="extend", says=_("Xin lỗi bà con, xã hẹn lại"), label=_("Gia hạn")),
        _step("lay_y_kien", (_S.IN_PROGRESS,), None, "officer leader",
              _OURS, guards.asks_somebody, label=_("Lấy ý kiến")),
        _step("tra_loi", (_S.IN_PROGRESS, _S.SUPPLEMENT, _S.PAYMENT, _S.WITHDRAWING), None,
              "asked officer leader counter",
              guards.is_question_open, guards.answers, label=_("Trả lời ý kiến")),
        _step("khong_cho", (_S.IN_PROGRESS,), None, "reviewer leader",
              _OURS, guards.is_question_open, guards.answers, label=_("Không chờ ý kiến nữa")),
        _step("yc_nop_phi", (_S.IN_PROGRESS,), _S.PAYMENT, "officer counter leader",
              _OURS, guards.has_lines_to_pay,
              clock="pause per version", says=_("Xã mời bà con nộp phí, lệ phí"),
              label=_("Mời nộp phí")),
        _step("da_nop", (_S.PAYMENT,), _S.IN_PROGRESS, "cashier system",
              _OURS, guards.is_paid,
              clock="resume", says=_("Bà con đã nộp phí, lệ phí"), label=_("Đã nộp phí")),
        _step("yc_rut", _WITHDRAWN_FROM, _S.WITHDRAWING, "citizen counter helper",
              _OURS, guards.says_reason,
              clock="pause", says=_("Bà con xin rút hồ sơ"), label=_("Xin rút")),
        _step("dong_y_rut", (_S.WITHDRAWING,), _S.STOPPED, "leader",
              _OURS, clock="stop", says=_("Xã đồng ý cho rút hồ sơ"), label=_("Đồng ý cho rút")),
        *(_step("tu_choi_rut", (_S.WITHDRAWING,), back, "leader",
                _OURS, guards.says_reason, guards.came_from_here,
                clock="resume", says=_("Xã tiếp tục xử lý hồ sơ"), label=_("Không cho rút"))
          for back in _WITHDRAWN_FROM),
        _step("khong_giai_quyet", (_S.IN_PROGRESS,), _S.STOPPED, "leader",
              _OURS, guards.says_reason, guards.names_law, guards.is_numbered,
              clock="stop", says=_("Xã trả lời không giải quyết được"),
              label=_("Không giải quyết")),
        _step("ky_ban_hanh", (_S.IN_PROGRESS,), _S.RESOLVED, "leader",
              _OURS, guards.may_sign, guards.is_at_signing, guards.has_every_opinion,
              guards.is_signed, guards.is_numbered,
              clock="stop", says=_("Đã có kết quả"), label=_("Ký, ban hành")),
        _step("tra", (_S.RESOLVED,), _S.RETURNED, "counter system",
              _OURS, guards.may_return, guards.has_proof, guards.goes_to_who_may,
              guards.owes_nothing,
              says=_("Xã đã trả kết quả"), label=_("Trả kết quả")),
        _step("khong_den_nhan", (_S.RESOLVED,), None, "counter system",
              _OURS, label=_("Chưa đến nhận")),
        _step("dinh_chinh", (_S.RESOLVED, _S.RETURNED), None, "leader",
              _OURS, guards.says_reason, says=_("Xã mở hồ sơ đính chính"),
              label=_("Mở hồ sơ đính chính")),
        _step("chuyen_tuyen", _MIRRORED, None, "counter leader",
              _OURS, guards.names_system, label=_("Ghi mã hệ thống gốc")),
        _step("dieu_chinh_lich", _WORK, None, "system", _OURS,
              clock="calendar", says=_("Lịch làm việc của xã đổi, hẹn muộn hơn")),
        _step("ghi_chu", OPEN, None, "counter officer leader reviewer", guards.says_something,
              label=_("Ghi chú")),
    ),
)  # fmt: skip
NOT_ACCEPTED = tuple(map(str, BEFORE))
