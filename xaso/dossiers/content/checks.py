"""What has to hold before a version may be published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xaso.dossiers.content.shape import Content, Question, StepRule
from xaso.kernel.working_time.calendar import DAY_MINUTES

_HOURS = "GIO"
_SAME_DAY = "TRONG_NGAY_15H"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; a warning does not stop publishing."""

    part: str
    sentence: str
    is_warning: bool = False


def faults(content: Content, *, is_national: bool = True) -> list[Fault]:
    """Return everything wrong with a version, in the order of its parts.

    A service of the commune's own (`is_national` False) needs nobody's leave to run on Xã Số.
    """
    return [
        *_identity(content),
        *_time(content),
        *_unique(content),
        *_steps(content.steps),
        *_money(content),
        *_exemptions(content),
        *_form(content.form),
        *_systems(content, is_national=is_national),
        *_text(content),
    ]


def total_minutes(content: Content) -> int | None:
    """Return the working minutes the rule allows; None where calendar days are counted."""
    time = content.time
    if time.unit == _HOURS:
        return time.n * 60
    if time.unit == "NGAY_LV":
        return time.n * DAY_MINUTES
    return DAY_MINUTES if time.unit == _SAME_DAY else None


def reachable(steps: Sequence[StepRule]) -> set[str]:
    """Return the codes that can be reached from the first step."""
    by_code = {each.code: each for each in steps}
    seen: set[str] = set()
    waiting = [steps[0].code] if steps else []
    while waiting:
        code = waiting.pop()
        if code in seen or code not in by_code:
            continue
        seen.add(code)
        waiting += by_code[code].next
    return seen


def has_cycle(steps: Sequence[StepRule]) -> bool:
    """Return whether some step leads back to itself; going back is a step of its own."""
    ahead = {each.code: set(each.next) for each in steps}
    while ahead:
        ends = [code for code, after in ahead.items() if not after & ahead.keys()]
        if not ends:
            return True
        for code in ends:
            del ahead[code]
    return False


def _identity(content: Content) -> Iterator[Fault]:
    if not content.identity.source and not content.text.legal_basis:
        yield Fault("identity", _("Ghi căn cứ pháp lý hoặc nguồn của thủ tục."))
    if content.identity.sureness == "unverified":
        yield Fault(
            "identity",
            _("Chưa đối chiếu với văn bản gốc. Người dân sẽ thấy dấu này."),
            is_warning=True,
        )


def _time(content: Content) -> Iterator[Fault]:
    time = content.time
    if time.unit != _SAME_DAY and time.n < 1:
        yield Fault("time", _("Thời hạn phải từ 1 trở lên."))
    if not 0 <= time.reduction < max(1, time.n):
        yield Fault("time", _("Phần rút ngắn phải nhỏ hơn thời hạn."))
    if not 0 <= time.same_day_until < 24 * 60:
        yield Fault("time", _("Giờ chốt trong ngày chưa đúng."))
    if time.verify and (time.verify.n < 1 or time.verify.unit == _SAME_DAY):
        yield Fault("time", _("Thời hạn xác minh chưa đúng."))
    posting = [each for each in content.steps if each.kind == "niem_yet"]
    if time.posting and not posting:
        yield Fault("steps", _("Có thời gian niêm yết mà chưa có bước niêm yết."))
    if posting and not time.posting:
        yield Fault("time", _("Có bước niêm yết mà chưa ghi số ngày niêm yết."))
    whole = total_minutes(content)
    spent = longest(content.steps)
    if whole is not None and spent > whole:
        said = _("Các bước cộng lại %(spent)s phút, nhiều hơn thời hạn %(whole)s phút.")
        yield Fault("steps", said % {"spent": spent, "whole": whole})


def longest(steps: Sequence[StepRule]) -> int:
    """Return the minutes of the longest way through the steps; of a ring, the plain sum."""
    if has_cycle(steps):
        return sum(each.minutes for each in steps)
    by_code = {each.code: each for each in steps}
    known: dict[str, int] = {}

    def after(code: str) -> int:
        if code not in by_code:
            return 0
        if code not in known:
            step = by_code[code]
            known[code] = step.minutes + max((after(each) for each in step.next), default=0)
        return known[code]

    return after(steps[0].code) if steps else 0


def _unique(content: Content) -> Iterator[Fault]:
    lists: dict[str, Sequence[str]] = {
        "components": [each.code for each in content.components],
        "steps": [each.code for each in content.steps],
        "fees": [each.code for each in content.fees],
        "exemptions": [each.code for each in content.exemptions],
        "form": [each.code for each in content.form],
    }
    for part, codes in lists.items():
        if len(set(codes)) < len(codes):
            yield Fault(part, _("Có hai dòng cùng mã."))
        if any(not code.strip() for code in codes):
            yield Fault(part, _("Có dòng chưa có mã."))


def _steps(steps: Sequence[StepRule]) -> Iterator[Fault]:
    if not steps:
        yield Fault("steps", _("Cần ít nhất một bước xử lý."))
        return
    codes = {each.code for each in steps}
    for each in steps:
        for unknown in sorted(set(each.next) - codes):
            said = _("Bước “%(step)s” dẫn tới bước “%(next)s” không có.")
            yield Fault("steps", said % {"step": each.code, "next": unknown})
        if each.minutes < 0:
            yield Fault("steps", _("Số phút của bước không được âm."))
    for lost in sorted(codes - reachable(steps)):
        yield Fault("steps", _("Không có đường nào tới bước “%(step)s”.") % {"step": lost})
    if has_cycle(steps):
        said = _("Các bước đi thành vòng tròn. Trả lại bước trước có nút riêng, không cần ghi.")
        yield Fault("steps", said)
    elif not _can_sign(steps):
        yield Fault("steps", _("Mọi đường đi phải qua bước trình ký."))


def _can_sign(steps: Sequence[StepRule]) -> bool:
    """Return whether every way through the steps passes one where the result is signed."""
    by_code = {each.code: each for each in steps}

    def passes(code: str) -> bool:
        step = by_code.get(code)
        if step is None:
            return False
        return step.kind == "trinh_ky" or (bool(step.next) and all(map(passes, step.next)))

    return passes(steps[0].code)


def _money(content: Content) -> Iterator[Fault]:
    for fee in content.fees:
        if fee.amount < 0 or fee.cap < 0 or any(tier.amount < 0 for tier in fee.tiers):
            yield Fault("fees", _("Số tiền không được âm."))
        if fee.basis == "tiered" and not _rises(fee.tiers):
            yield Fault("fees", _("Bậc thu phải bắt đầu từ 1 và tăng dần."))
        if _is_backwards(fee.valid_from, fee.valid_to):
            yield Fault("fees", _("Ngày hết hiệu lực phải sau ngày bắt đầu."))
        if fee.amount and not fee.document_no:
            said = _("Khoản “%(name)s” chưa ghi văn bản quy định.") % {"name": fee.name}
            yield Fault("fees", said, is_warning=True)


def _exemptions(content: Content) -> Iterator[Fault]:
    known = {fee.code for fee in content.fees}
    for each in content.exemptions:
        if not 0 <= each.percent <= 100 or each.amount < 0:
            yield Fault("exemptions", _("Mức giảm từ 0 đến 100 phần trăm."))
        for code in sorted(set(each.fees) - known):
            yield Fault("exemptions", _("Không có khoản thu nào mang mã “%s”.") % code)


def _form(questions: Sequence[Question]) -> Iterator[Fault]:
    for each in questions:
        if each.kind == "choice" and len(each.choices) < 2:
            said = _("Câu hỏi “%s” là câu chọn, cần ít nhất hai câu để chọn.")
            yield Fault("form", said % each.label)


def _rises(tiers: Sequence[object]) -> bool:
    starts = [getattr(tier, "since", 0) for tier in tiers]
    return bool(starts) and starts[0] == 1 and starts == sorted(set(starts))


def _is_backwards(since: date | None, until: date | None) -> bool:
    return since is not None and until is not None and until <= since


def _systems(content: Content, *, is_national: bool) -> Iterator[Fault]:
    systems = content.systems
    ours = [s for s in ("receive", "process", "sign", "return") if systems.at(s) == "XASO"]
    if ours and is_national and not systems.authorisation:
        said = _("Muốn Xã Số là hệ thống gốc phải ghi văn bản cho phép.")
        yield Fault("systems", said)
    if systems.at("process") == "XASO" and systems.at("receive") != "XASO":
        said = _("Xử lý trên Xã Số mà tiếp nhận ở nơi khác: mã hồ sơ lấy của nơi tiếp nhận.")
        yield Fault("systems", said, is_warning=True)
    channels = content.channels
    if channels.online_level == "partial" and not channels.partial_reason:
        said = _("Trực tuyến một phần phải nêu lý do (NĐ 224/2026, điều 14).")
        yield Fault("channels", said)


def _text(content: Content) -> Iterator[Fault]:
    if not content.text.who or not content.text.where or not content.text.how:
        said = _("Nên ghi ai làm được, làm ở đâu, làm thế nào cho bà con đọc.")
        yield Fault("text", said, is_warning=True)
    if not content.result.name:
        yield Fault("result", _("Ghi tên kết quả trả cho người dân."))
