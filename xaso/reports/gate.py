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
BLANK = re.compile(r"\[[^\[\]\n]{1,60}\]")  # a place of a template to be filled in
_VAGUE = re.compile(r"theo quy dinh|som nhat|thoi gian toi|tiep thu|ghi nhan")
_DOCUMENT = re.compile(r"\d+/\d{4}|\d+/[A-ZĐ]{2,}")
_POINT = re.compile(r"^\s*(\d{1,2})\s*[.)/:-]\s*\S", re.MULTILINE)
_DAY = re.compile(r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\b")
_PHONE = re.compile(r"\b(?:1[019]\d{1,6}|0\d(?:[ .]?\d){7,9}|1[89]00(?:[ .]?\d){2,4})\b")
_SHORT = re.compile(r"\b[A-ZĐ]{2,6}\b")
# Short forms everybody here reads; others are written out.
KNOWN_SHORT = frozenset(
    ("UBND", "HĐND", "MTTQ", "QL", "TL", "BHYT", "BHXH", "THCS", "THPT", "CCCD", "TP", "NĐ", "CP")
)


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
    new_photos: int = 0  # after-photos, but for those taken before the report came
    old_photos: int = 0  # taken before the report came: they prove nothing


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
    may_repeat: bool = False  # only the unit's head or a leader sends the same words again
    asked: str = ""  # what the sender wrote, where each point must be answered
    is_regulation: bool = False
    is_forwarded: bool = False  # a body outside answered; it is named with day and phone
    is_voice: bool = False  # the sender spoke instead of writing


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

    def rules(self) -> list[str]:
        """Return the rules that block, each once, in order."""
        return list(dict.fromkeys(fault.rule for fault in self.faults if fault.is_hard))

    def stored(self, waived_by: str = "") -> list[dict[str, object]]:
        """Return one row per rule, as it is kept with the answer; a waiver names its person."""
        bad = {f.rule: f for f in self.faults}
        rows: list[dict[str, object]] = [
            {
                "rule": rule,
                "ok": rule not in bad,
                "is_hard": rule in bad and bad[rule].is_hard,
                "detail": str(bad[rule].sentence) if rule in bad else "",
            }
            for rule in RULES
        ]
        for row in rows:
            if waived_by and row["rule"] == "Q4":
                row["waived_by"] = waived_by
        return rows


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
        said = _(
            "Việc này cần một ảnh sau khi làm. Không chụp được thì bác ghi rõ lý do "
            "(ít nhất 20 chữ cái)."
        )
        if draft.old_photos:
            said = _("Ảnh này chụp trước khi bà con báo. Bác gửi ảnh chụp sau khi làm.")
        yield _hard("Q4", "photos", said)
    elif not about.may_waive:
        yield _hard("Q4", "waiver", _("Trả lời không kèm ảnh cần trưởng đơn vị hoặc lãnh đạo gửi."))


def _is_own_words(draft: Draft, about: Circumstances) -> Iterator[Verdict]:
    if blank := BLANK.search(draft.text):
        yield _hard(
            "Q5",
            "text",
            _("Còn chỗ trống của mẫu chưa điền: %(blank)s.") % {"blank": blank.group()},
        )
    elif any(similarity(draft.text, template) > TOO_LIKE for template in about.templates):
        yield _hard("Q5", "text", _("Câu này gần như nguyên mẫu. Bác viết riêng cho việc này."))
    elif fold(draft.text) in about.earlier:
        yield from _says_it_again(about)


def _says_it_again(about: Circumstances) -> Iterator[Verdict]:
    if not about.is_repeat_confirmed:
        yield _hard(
            "Q5", "text", _("Câu này đã gửi cho một phản ánh khác. Bác viết riêng cho việc này.")
        )
    elif not about.may_repeat:
        yield _hard(
            "Q5",
            "text",
            _("Câu này đã gửi cho một phản ánh khác. Cần trưởng đơn vị hoặc lãnh đạo gửi."),
        )


def _answers_each_point(draft: Draft, about: Circumstances) -> Iterator[Verdict]:
    if not about.is_regulation:
        return
    asked = set(_POINT.findall(about.asked))
    missing = sorted(asked - set(_POINT.findall(draft.text)), key=int)
    if missing:
        yield _hard(
            "Q6",
            "text",
            _("Bà con hỏi nhiều ý. Bác trả lời từng ý, ghi số ở đầu dòng; còn thiếu ý %(points)s.")
            % {"points": ", ".join(missing)},
        )
    if not _DOCUMENT.search(draft.text):
        yield _hard("Q6", "text", _("Bác ghi số văn bản làm căn cứ, ví dụ 20/2008/NĐ-CP."))


def _says_where_to_ask(draft: Draft, about: Circumstances) -> Iterator[Verdict]:
    if draft.kind != "not_ours" and not about.is_forwarded:
        return
    parts = (
        (re.search(r"[^\W\d_]{2,}", draft.contact), _("tên cơ quan")),
        (_DAY.search(draft.contact), _("ngày chuyển")),
        (_PHONE.search(draft.contact), _("số điện thoại")),
    )
    missing = [str(what) for found, what in parts if not found]
    if missing:
        yield _hard(
            "Q7",
            "contact",
            _("Bác ghi đủ cơ quan, ngày chuyển và số điện thoại để hỏi. Còn thiếu: %(what)s.")
            % {"what": ", ".join(missing)},
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
    yield from _knows_short_forms(draft)


def _knows_short_forms(draft: Draft) -> Iterator[Verdict]:
    strange = sorted(set(_SHORT.findall(draft.text)) - KNOWN_SHORT)
    if strange:
        yield _soft(
            "Q9",
            "text",
            _("Chữ viết tắt bà con có thể không hiểu: %(what)s. Bác viết đủ chữ.")
            % {"what": ", ".join(strange[:3])},
        )


def _is_spoken(_draft: Draft, about: Circumstances) -> Iterator[Verdict]:
    if about.is_voice:
        yield _soft(
            "Q10", "text", _("Bà con gửi bằng tiếng nói. Bác gọi điện đọc lại câu trả lời nhé.")
        )


RULES: dict[str, Callable[[Draft, Circumstances], Iterator[Verdict]]] = {
    "Q1": _says_what,
    "Q2": _says_when,
    "Q3": _says_who,
    "Q4": _shows_proof,
    "Q5": _is_own_words,
    "Q6": _answers_each_point,
    "Q7": _says_where_to_ask,
    "Q8": _keeps_privacy,
    "Q9": _is_readable,
    "Q10": _is_spoken,
}
# What each rule looks for, in words.
NAMES: dict[str, str | Promise] = {
    "Q1": _("Nói rõ đã làm gì"),
    "Q2": _("Nói rõ bao giờ"),
    "Q3": _("Nói rõ ai làm"),
    "Q4": _("Có ảnh sau khi làm"),
    "Q5": _("Viết riêng cho việc này"),
    "Q6": _("Trả lời đủ từng ý, có căn cứ"),
    "Q7": _("Việc của nơi khác: hỏi ai, ở đâu"),
    "Q8": _("Không lộ thông tin riêng"),
    "Q9": _("Dễ đọc"),
    "Q10": _("Gửi bằng tiếng nói thì gọi điện đọc"),
}
