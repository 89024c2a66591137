"""Whether an answer is good enough to be sent: a list of plain rules over plain values.

A vague answer is why people write again: an answer says what was done, when, by whom, and shows it.
Hard rules block; soft ones are shown beside the field and leave the choice to the official.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xaso.kernel.text import fold, similarity
from xaso.reports import privacy

LEAST_LETTERS = 60  # folded characters without spaces
LEAST_WORDS = 10  # distinct words
TOO_LIKE = 0.95  # trigram similarity to a template
LEAST_WAIVER = 20
LONGEST_SENTENCE = 25  # words, on average
_VAGUE = re.compile(r"theo quy dinh|som nhat|thoi gian toi|tiep thu|ghi nhan")
_DOCUMENT = re.compile(r"\d+/\d{4}|\d+/[A-ZĐ]{2,}")


@dataclass(frozen=True)
class Draft:
    """An answer before it is sent. Days are local days."""

    text: str
    kind: str = ""
    done_on: date | None = None
    planned_on: date | None = None
    done_by: str = ""
    contact: str = ""
    waiver: str = ""
    new_photos: int = 0  # after-photos


@dataclass(frozen=True)
class Circumstances:
    """What the rules must know beside the draft."""

    today: date
    received_at: datetime
    is_photo_required: bool = False
    may_waive: bool = False  # only the unit's head or a leader may do without the photo
    names: tuple[str, ...] = ()  # of the sender
    phones: frozenset[str] = frozenset()  # digits of desk phones that may stand in the text
    templates: tuple[str, ...] = ()
    earlier: frozenset[str] = frozenset()  # folded answers to other reports, last 90 days
    is_repeat_confirmed: bool = False


@dataclass(frozen=True)
class Verdict:
    """What one rule found: where to show it, and whether it blocks."""

    rule: str
    field: str
    is_hard: bool
    sentence: str | Promise


@dataclass(frozen=True)
class Result:
    """What the gate found."""

    faults: tuple[Verdict, ...] = field(default_factory=tuple)

    @property
    def is_passed(self) -> bool:
        """Return whether the answer may be sent."""
        return not any(fault.is_hard for fault in self.faults)

    def errors(self) -> dict[str, list[str]]:
        """Return the blocking sentences by form field."""
        found: dict[str, list[str]] = {}
        for fault in self.faults:
            if fault.is_hard:
                found.setdefault(fault.field, []).append(str(fault.sentence))
        return found

    def stored(self) -> list[dict[str, object]]:
        """Return one row per rule, as it is kept with the answer."""
        bad = {f.rule: f for f in self.faults}
        return [
            {
                "rule": rule,
                "ok": rule not in bad,
                "detail": str(bad[rule].sentence) if rule in bad else "",
            }
            for rule in RULES
        ]


def check(draft: Draft, about: Circumstances) -> Result:
    """Apply every rule."""
    return Result(tuple(fault for rule in RULES.values() for fault in rule(draft, about)))


def _hard(rule: str, place: str, sentence: str | Promise) -> Verdict:
    return Verdict(rule, place, is_hard=True, sentence=sentence)


def _soft(rule: str, place: str, sentence: str | Promise) -> Verdict:
    return Verdict(rule, place, is_hard=False, sentence=sentence)


def _says_what(draft: Draft, _about: Circumstances) -> Iterator[Verdict]:
    if not draft.kind:
        yield _hard("Q1", "kind", _("Bác chọn kết quả: đã làm xong, đã hẹn ngày, hay giải thích."))
    words = fold(draft.text).split()
    if len("".join(words)) < LEAST_LETTERS or len(set(words)) < LEAST_WORDS:
        yield _hard(
            "Q1",
            "text",
            _("Câu trả lời còn ngắn. Bác viết rõ đã làm gì, ở đâu, bà con dùng lại được chưa."),
        )


def _says_when(draft: Draft, about: Circumstances) -> Iterator[Verdict]:
    if draft.kind == "fixed" and draft.done_on is None:
        yield _hard("Q2", "done_on", _("Bác ghi ngày làm xong."))
    elif draft.kind == "fixed" and draft.done_on and draft.done_on > about.today:
        yield _hard(
            "Q2", "done_on", _("Ngày làm xong chưa tới. Nếu mới hẹn, bác chọn “Đã có ngày làm”.")
        )
    if draft.kind == "planned" and draft.planned_on is None:
        yield _hard(
            "Q2", "planned_on", _("Bác ghi ngày sẽ làm, đừng viết “sớm” hay “thời gian tới”.")
        )
    elif draft.kind == "planned" and draft.planned_on and draft.planned_on < about.today:
        yield _hard("Q2", "planned_on", _("Ngày hẹn đã qua. Bác chọn ngày từ hôm nay trở đi."))


def _says_who(draft: Draft, _about: Circumstances) -> Iterator[Verdict]:
    if len(fold(draft.done_by)) < 3:
        yield _hard("Q3", "done_by", _("Bác ghi đơn vị đã làm, để bà con biết hỏi ai."))


def _shows_proof(draft: Draft, about: Circumstances) -> Iterator[Verdict]:
    if (
        not about.is_photo_required
        or draft.new_photos
        or draft.kind in ("not_ours", "not_possible")
    ):
        return
    if len(draft.waiver.strip()) < LEAST_WAIVER:
        yield _hard(
            "Q4",
            "photos",
            _(
                "Việc này cần một ảnh sau khi làm. Không chụp được thì bác ghi rõ lý do "
                "(ít nhất 20 chữ cái)."
            ),
        )
    elif not about.may_waive:
        yield _hard("Q4", "waiver", _("Trả lời không kèm ảnh cần trưởng đơn vị hoặc lãnh đạo gửi."))


def _is_own_words(draft: Draft, about: Circumstances) -> Iterator[Verdict]:
    if any(similarity(draft.text, template) > TOO_LIKE for template in about.templates):
        yield _hard("Q5", "text", _("Câu này gần như nguyên mẫu. Bác viết riêng cho việc này."))
    elif fold(draft.text) in about.earlier and not about.is_repeat_confirmed:
        yield _hard(
            "Q5", "text", _("Câu này đã gửi cho một phản ánh khác. Bác viết riêng cho việc này.")
        )


def _says_where_to_ask(draft: Draft, _about: Circumstances) -> Iterator[Verdict]:
    if draft.kind == "not_ours" and len(draft.contact.strip()) < 6:
        yield _hard(
            "Q7", "contact", _("Bác ghi cơ quan, ngày chuyển và số điện thoại để bà con hỏi tiếp.")
        )


def _keeps_privacy(draft: Draft, about: Circumstances) -> Iterator[Verdict]:
    found = privacy.find(f"{draft.text}\n{draft.done_by}", about.names, about.phones)
    if found:
        shown = ", ".join(f"“{f.text}”" for f in found[:3])
        yield _hard(
            "Q8",
            "text",
            _("Câu trả lời ai cũng đọc được. Bác bỏ thông tin riêng: %(what)s.") % {"what": shown},
        )


def _is_readable(draft: Draft, _about: Circumstances) -> Iterator[Verdict]:
    sentences = [s for s in re.split(r"[.!?;\n]+", draft.text) if s.strip()]
    words = sum(len(s.split()) for s in sentences)
    if sentences and words / len(sentences) > LONGEST_SENTENCE:
        yield _soft("Q9", "text", _("Câu hơi dài. Bác ngắt câu ngắn lại cho dễ đọc."))
    if _VAGUE.search(fold(draft.text)) and not _DOCUMENT.search(draft.text):
        yield _soft(
            "Q9", "text", _("“Theo quy định” thì bác ghi số văn bản; hẹn thì bác ghi ngày.")
        )


RULES: dict[str, Callable[[Draft, Circumstances], Iterator[Verdict]]] = {
    "Q1": _says_what,
    "Q2": _says_when,
    "Q3": _says_who,
    "Q4": _shows_proof,
    "Q5": _is_own_words,
    "Q7": _says_where_to_ask,
    "Q8": _keeps_privacy,
    "Q9": _is_readable,
}
