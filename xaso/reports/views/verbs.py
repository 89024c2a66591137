"""The steps an official can take: address, words on the button, form, and the action behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue, filling, forms, guards, queries, states
from xaso.reports.models import AnswerTemplate, Body, Report, State
from xaso.reports.models.words import VillageSource
from xaso.reports.queries import forwards, recordings
from xaso.reports.views.merging import MergeForm, likely
from xaso.reports.views.stream_forms import StreamForm

Form = django_forms.Form
Said = dict[str, Any]
Fill = Callable[[Report, DeskRequest, "Said | None"], Form]


@dataclass(frozen=True)
class Verb:
    """One step as a page: `do` calls the action with the form's clean values."""

    slug: str
    action: str
    label: Sentence
    icon: str
    form: Fill
    do: Callable[[Report, Said, "Doing"], Report]
    done: Sentence
    hint: Sentence = ""
    is_main: bool = False


@dataclass(frozen=True)
class Doing:
    """Who takes the step, from which version, with which stored photos."""

    by: Actor
    version: int | None
    photos: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Button:
    """A step this official may take now."""

    slug: str
    label: str
    icon: str
    is_main: bool
    is_rare: bool


def buttons(report: Report, by: Actor) -> list[Button]:
    """Return the steps the table allows this official, the main one first."""
    allowed = {row.action for row in states.TABLE.allowed(report.state, by, report=report)}
    if not report.voice_count:
        allowed.discard("transcribe")
    found = [
        Button(verb.slug, str(verb.label), verb.icon, verb.is_main, verb.slug in _RARE)
        for verb in VERBS.values()
        if verb.action in allowed
    ]
    if "decide" in allowed:  # a page of its own: views/looking.py
        found.append(Button("dang", str(_("Duyệt đăng")), "eye", is_main=False, is_rare=False))
    return sorted(found, key=lambda button: not button.is_main)


def _people(request: DeskRequest) -> list[tuple[int, str]]:
    found = identity.members(request.commune, permission="reports.work")
    return [(person.pk, str(person)) for person in found]


def _units(request: DeskRequest) -> list[tuple[int, str]]:
    return [(unit.pk, unit.name) for unit in identity.units(request.commune)]


def _assign_form(report: Report, request: DeskRequest, data: Said | None) -> Form:
    usual = catalogue.of(report.commune_id).by_id[report.category_id].unit_id
    trace = getattr(report, "route", None) or {}
    initial = {
        "unit": report.unit_id or trace.get("unit") or usual,
        "assignee": report.assignee_id or trace.get("person"),
        "village": report.village_id,
    }
    is_guess = report.village_source == VillageSource.GUESS and report.state == State.NEW
    villages = places.villages(request.commune) if is_guess else ()
    return forms.AcceptForm(
        data,
        units=_units(request),
        people=_people(request),
        villages=[(v.pk, v.full_name) for v in villages],
        initial=initial,
    )


def _text_form(label: Sentence, hint: Sentence = "") -> Fill:
    def form(_report: Report, _request: DeskRequest, data: Said | None) -> Form:
        return forms.TextForm(data, label=str(label), hint=str(hint))

    return form


def _ask_form(_report: Report, _request: DeskRequest, data: Said | None) -> Form:
    form = forms.TextForm(
        data, label=str(_("Hỏi bà con")), hint=str(_("Bà con đọc được câu này. Đồng hồ tạm dừng."))
    )
    choices = [("", _("Chọn lý do")), *guards.WAIT_REASONS.items()]
    form.fields["reason"] = django_forms.ChoiceField(
        label=_("Vì sao cần hỏi"), choices=choices, required=False
    )
    return form


def _no_form(_report: Report, _request: DeskRequest, data: Said | None) -> Form:
    return Form(data)


def _answer_form(report: Report, request: DeskRequest, data: Said | None) -> Form:
    chosen = request.GET.get("mau", "")
    found = AnswerTemplate.objects.filter(commune=report.commune_id, is_active=True)
    text = next((t.text for t in found if str(t.pk) == chosen), "") if chosen else ""
    text = filling.filled(text, request.GET.getlist("o"))
    passed = forwards.last(report, clock.now())
    unit = report.unit.name if report.unit else ""
    initial = {"done_by": passed.body if passed else unit, "text": text}
    if passed:
        initial |= {"text": text or passed.reply_text, "contact": _contact(report)}
    return forms.AnswerForm(data, initial=initial)


def _contact(report: Report) -> str:
    """Return the body a report was passed to, the day, and its phone, to start from."""
    last = report.forwards.select_related("body").order_by("-forwarded_at").first()
    if last is None:
        return ""
    day = dates.local(last.forwarded_at)
    said = _("%(body)s, chuyển ngày %(day)s") % {
        "body": last.body.name,
        "day": f"{day.day}/{day.month}",
    }
    return ", ".join(filter(None, (said, last.body.phone)))


def _forward_form(report: Report, _request: DeskRequest, data: Said | None) -> Form:
    bodies = list(Body.objects.filter(commune=report.commune_id, is_active=True))
    return forms.ForwardForm(data, bodies=bodies)


def _category_form(report: Report, _request: DeskRequest, data: Said | None) -> Form:
    kinds = catalogue.of(report.commune_id)
    initial = {"category": kinds.by_id[report.category_id].code}
    return forms.CategoryForm(data, kinds=kinds, initial=initial)


def _stream_form(report: Report, _request: DeskRequest, data: Said | None) -> Form:
    return StreamForm(data, initial={"stream": report.stream})


def _transcript_form(report: Report, _request: DeskRequest, data: Said | None) -> Form:
    found = recordings.heard(report, is_lent=False)
    voices = [(voice.id, f"{n}. {voice.about}") for n, voice in enumerate(found, start=1)]
    first = next((voice for voice in found if not voice.transcript), found[0] if found else None)
    initial = {"voice": first.id, "text": first.transcript} if first else {}
    return forms.TranscriptForm(data, voices=voices, initial=initial)


def _order(said: Said) -> actions.Assigning:
    return actions.Assigning(said["unit"], said["assignee"], said["reason"], said.get("village"))


def _answer(report: Report, said: Said, doing: Doing) -> Report:
    given = actions.Answering(photos=doing.photos, **said)
    return actions.answer(report, given, by=doing.by, version=doing.version)


def _ask(kind: str) -> Callable[[Report, Said, Doing], Report]:
    def do(report: Report, said: Said, doing: Doing) -> Report:
        given = actions.Asking(kind, said["text"], said.get("reason") or "", said.get("days") or 0)
        asked = actions.ask_approval(report, given, by=doing.by, version=doing.version)
        return asked.report

    return do


def _hear_body(report: Report, said: Said, doing: Doing) -> Report:
    reply = actions.BodyReply(said["text"], is_declined=said["outcome"] == "declined")
    forward = report.forwards.order_by("-id")[:1].get()
    return actions.body_replies(forward, reply, by=doing.by, version=doing.version).report


def _body_agrees(report: Report, _said: Said, doing: Doing) -> Report:
    forward = report.forwards.order_by("-id")[:1].get()
    return actions.body_agrees(forward, by=doing.by).report


def _forward(report: Report, said: Said, doing: Doing) -> Report:
    order = actions.Forwarding(said["body"], said["text"], said["until"], paper_no=said["paper_no"])
    return actions.forward(report, order, by=doing.by, version=doing.version)


def _give_info(report: Report, said: Said, doing: Doing) -> Report:
    reply = actions.Reply(said["text"], doing.photos)
    return actions.give_info(report, reply, by=doing.by, version=doing.version)


def _merge(report: Report, said: Said, doing: Doing) -> Report:
    parent = queries.by_code(report.commune_id, queries.check_code(said["code"]))
    return actions.mark_duplicate(report, parent, by=doing.by, version=doing.version)


_ALL = (
    Verb("nhan", "accept", _("Tiếp nhận"), "inbox", _assign_form,
         lambda r, s, d: actions.accept(r, _order(s), by=d.by, version=d.version),
         _("Đã tiếp nhận."), is_main=True),
    Verb("bat-dau", "start", _("Bắt đầu làm"), "truck", _no_form,
         lambda r, _s, d: actions.start(r, by=d.by, version=d.version),
         _("Đã ghi là đang làm."), _("Bà con thấy xã bắt đầu làm việc này."), is_main=True),
    Verb("tra-loi", "answer", _("Trả lời"), "check", _answer_form, _answer,
         _("Đã trả lời công khai."), is_main=True),
    Verb("tra-loi-thay", "relay_answer", _("Trả lời thay"), "check", _answer_form, _answer,
         _("Đã trả lời công khai."), is_main=True),
    Verb("giao", "assign", _("Giao việc"), "users", _assign_form,
         lambda r, s, d: actions.assign(r, _order(s), by=d.by, version=d.version),
         _("Đã giao việc.")),
    Verb("hoi", "ask_info", _("Hỏi thêm"), "message-square", _ask_form,
         lambda r, s, d: actions.ask_info(
             r, s["text"], by=d.by, reason=s["reason"], version=d.version),
         _("Đã hỏi bà con, đồng hồ tạm dừng.")),
    Verb("bo-sung", "give_info", _("Ghi trả lời của bà con"), "reply",
         _text_form(_("Bà con nói gì")), _give_info,
         _("Đã ghi, đồng hồ chạy tiếp."), is_main=True),
    Verb("lam-tiep", "go_on", _("Làm tiếp, không chờ nữa"), "truck", _no_form,
         lambda r, _s, d: actions.go_on(r, by=d.by, version=d.version), _("Đã làm tiếp.")),
    Verb("chuyen", "forward", _("Chuyển cơ quan khác"), "external-link", _forward_form, _forward,
         _("Đã chuyển. Đồng hồ với bà con vẫn chạy.")),
    Verb("nhan-lai", "take_back", _("Nhận lại"), "undo-2",
         lambda _r, _q, data: forms.TakeBackForm(data),
         lambda r, s, d: actions.take_back(
             r, s["outcome"], by=d.by, text=s["text"], version=d.version),
         _("Đã nhận lại.")),
    Verb("ghi-co-quan", "body_reply", _("Ghi trả lời của cơ quan"), "reply",
         lambda _r, _q, data: forms.BodySaysForm(data), _hear_body,
         _("Đã ghi. Bác trả lời bà con hoặc nhận lại việc."), is_main=True),
    Verb("co-quan-nhan", "body_agree", _("Cơ quan đã nhận việc"), "thumbs-up", _no_form,
         _body_agrees, _("Đã ghi là họ nhận việc.")),
    Verb("hen-lai", "ask_extend", _("Xin hẹn lại"), "calendar-clock",
         lambda _r, _q, data: forms.ExtendForm(data), _ask("extend"),
         _("Đã gửi đề nghị, chờ người khác duyệt."),
         _("Trưởng đơn vị duyệt; lần hai hoặc khi quá hạn thì lãnh đạo xã duyệt.")),
    Verb("dung-cho", "give_up_waiting", _("Dừng, bà con không trả lời"), "ban",
         _text_form(_("Nói với bà con")),
         lambda r, s, d: actions.give_up_waiting(r, s["text"], by=d.by, version=d.version),
         _("Đã dừng. Bà con được đề nghị xem lại trong 10 ngày làm việc."),
         _("Chỉ khi đã hết thời gian chờ và đã nhắc đủ.")),
    Verb("xin-dung-cho", "ask_give_up", _("Xin dừng chờ"), "ban",
         _text_form(_("Nói với bà con")), _ask("give_up"),
         _("Đã gửi đề nghị, chờ người khác duyệt.")),
    Verb("xin-khong-xu-ly", "ask_reject", _("Xin không xử lý"), "ban",
         lambda _r, _q, data: forms.RejectForm(data), _ask("reject"),
         _("Đã gửi đề nghị, chờ người khác duyệt.")),
    Verb("doi-loai", "recategorise", _("Đổi loại việc"), "layers", _category_form,
         lambda r, s, d: actions.recategorise(r, s["category"], by=d.by, version=d.version),
         _("Đã đổi loại việc."), _("Ngày hẹn được tính lại từ lúc nhận.")),
    Verb("cach", "restream", _("Cách xử lý"), "route", _stream_form,
         lambda r, s, d: actions.restream(
             r, s["stream"], by=d.by, reason=s["reason"], version=d.version),
         _("Đã chọn cách xử lý."),
         _("Khiếu nại, tố cáo, tin an ninh: giữ kín ngay, bác không mở lại được.")),
    Verb("gop", "mark_duplicate", _("Gộp vào phản ánh khác"), "copy",
         lambda r, _q, data: MergeForm(data, others=likely(r)), _merge,
         _("Đã gộp. Mã của bà con vẫn dùng được.")),
    Verb("tach", "separate", _("Tách ra làm riêng"), "route", _no_form,
         lambda r, _s, d: actions.separate(r, by=d.by, version=d.version), _("Đã tách.")),
    Verb("thoi-dang", "hide", _("Thôi đăng"), "eye-off",
         _text_form(_("Lý do, chỉ cán bộ đọc")),
         lambda r, s, d: actions.hide(r, by=d.by, reason=s["text"], version=d.version),
         _("Đã gỡ khỏi trang công khai.")),
    Verb("chep-loi", "transcribe", _("Chép lời"), "mic", _transcript_form,
         lambda r, s, d: actions.transcribe(r, s["voice"], s["text"], by=d.by, version=d.version),
         _("Đã chép lời.")),
    Verb("ghi-chu", "note", _("Ghi chú"), "pencil", _text_form(_("Ghi chú cho đồng nghiệp")),
         lambda r, s, d: actions.note(r, s["text"], by=d.by, version=d.version),
         _("Đã ghi chú.")),
    Verb("tu-choi", "reject", _("Không xử lý"), "ban",
         lambda _r, _q, data: forms.RejectForm(data),
         lambda r, s, d: actions.reject(r, s["reason"], s["text"], by=d.by, version=d.version),
         _("Đã trả lời là không xử lý."), _("Bà con được đề nghị xem lại trong 10 ngày làm việc.")),
    Verb("xem-lai", "object", _("Xem xét lại"), "rotate-ccw",
         _text_form(_("Vì sao xem lại")),
         lambda r, s, d: actions.object_to(r, s["text"], by=d.by, version=d.version),
         _("Đã mở để xem xét lại.")),
    Verb("mo-lai", "reopen", _("Mở lại"), "rotate-ccw", _text_form(_("Vì sao mở lại")),
         lambda r, s, d: actions.reopen(r, s["text"], by=d.by, version=d.version),
         _("Đã mở lại, tính hạn mới.")),
)  # fmt: skip
_RARE = frozenset(
    {
        "lam-tiep",
        "cach",
        "chuyen",
        "hen-lai",
        "dung-cho",
        "xin-dung-cho",
        "xin-khong-xu-ly",
        "co-quan-nhan",
        "doi-loai",
        "gop",
        "tach",
        "thoi-dang",
        "tu-choi",
    }
)
VERBS: dict[str, Verb] = {verb.slug: verb for verb in _ALL}
