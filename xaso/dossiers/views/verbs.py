"""The steps an official can take: address, form, and the action behind it; words from the table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.dossiers import actions, catalogue, fees, proactive, states
from xaso.dossiers.actions import Seen
from xaso.dossiers.forms import steps as forms
from xaso.dossiers.forms.questions import AnswersForm
from xaso.dossiers.forms.reception import AcceptForm
from xaso.dossiers.forms.returning import ReturnForm
from xaso.dossiers.models import Dossier, SubTask, Supplement
from xaso.dossiers.queries import earlier, result_papers
from xaso.dossiers.views import people, returning, uploads
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest
from xaso.kernel.working_time import clock

Form = django_forms.Form
Said = dict[str, Any]
Fill = Callable[[Dossier, DeskRequest, "Said | None"], Form]
_LABELS = {row.action: row.label for row in states.TABLE.transitions}


@dataclass(frozen=True)
class Doing:
    """Who takes the step, from which version."""

    by: Actor
    seen: Seen


@dataclass(frozen=True)
class Verb:
    """One step as a page: `do` calls the action with the form's clean values."""

    slug: str
    action: str
    icon: str
    form: Fill
    do: Callable[[Dossier, Form, Doing], Dossier]
    name: Any = ""
    is_main: bool = False

    @property
    def label(self) -> str:
        """Return the words on the button: its own, else the table's."""
        return str(self.name or _LABELS[self.action])


@dataclass(frozen=True)
class Button:
    """A step this official may take now."""

    slug: str
    label: str
    icon: str
    is_main: bool
    is_rare: bool


def buttons(dossier: Dossier, by: Actor) -> list[Button]:
    """Return the steps the table allows this official, the main ones first."""
    allowed = {row.action for row in states.TABLE.allowed(dossier.state, by, dossier=dossier)}
    if dossier.is_mirror:
        allowed &= {"ghi_chu"}
    found = [
        Button(verb.slug, verb.label, verb.icon, verb.is_main, verb.slug in _RARE)
        for verb in VERBS.values()
        if verb.action in allowed and _fits(verb, dossier)
    ]
    return sorted(found, key=lambda button: not button.is_main)


def _fits(verb: Verb, dossier: Dossier) -> bool:
    """Return whether a step makes sense now; asked of the table's own rows only."""
    if verb.slug in {"duyet-bo-sung", "khong-duyet"}:
        return dossier.supplements.filter(state=Supplement.State.PROPOSED).exists()
    if verb.slug == "ky":
        return result_papers.is_at_signing(dossier)
    if verb.slug in {"tra-loi", "khong-cho"}:
        return dossier.sub_tasks.filter(state=SubTask.State.OPEN).exists()
    if verb.slug == "xac-minh":
        content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
        return content.time.verify is not None and not dossier.is_verified
    if verb.slug == "ghi-to-khai":
        return dossier.unanswered > 0
    return verb.slug != "nhan-viec" or (dossier.holder_id is None and bool(dossier.unit_id))


# --- forms ----------------------------------------------------------------------------------------
def _plain(kind: type[Form], **initial: object) -> Fill:
    def form(_dossier: Dossier, _request: DeskRequest, data: Said | None) -> Form:
        return kind(data, initial=initial)

    return form


def _people(request: DeskRequest, role: str) -> list[tuple[int, str]]:
    return people.offered(request.commune, permission="dossiers.work", role=role)


def _units(request: DeskRequest) -> list[tuple[int, str]]:
    return [(unit.pk, unit.name) for unit in identity.units(request.commune)]


def _hand_form(dossier: Dossier, request: DeskRequest, data: Said | None) -> Form:
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    here = content.step(dossier.step)
    codes = here.next if here else [content.first_step.code] if content.first_step else []
    after = [step for code in codes if (step := content.step(code))]
    choices = [(step.code, step.name) for step in after]
    if here:
        choices.append((here.code, _("%(step)s (đổi người)") % {"step": here.name}))
    role = after[0].role if len({step.role for step in after}) == 1 and after and not here else ""
    return forms.HandForm(data, steps=choices, people=_people(request, role), units=_units(request))


def _back_form(dossier: Dossier, request: DeskRequest, data: Said | None) -> Form:
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    passed = set(dossier.hand_overs.values_list("to_step", flat=True)) - {dossier.step}
    choices = [(step.code, step.name) for step in content.steps if step.code in passed]
    return forms.BackForm(data, steps=choices, people=_people(request, ""), units=_units(request))


def _slip_form(dossier: Dossier, _request: DeskRequest, data: Said | None) -> Form:
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    missing = [
        each.name
        for each in dossier.components.filter(replaced_by__isnull=True)
        if each.is_mandatory and not each.is_there
    ]
    law = content.text.legal_basis[0] if content.text.legal_basis else ""
    form = forms.SlipForm(data, initial={"items": "\n".join(missing), "law": law})
    if dossier.supplement_count == 0:
        del form.fields["is_confirmed"]
    return form


def _opinion_form(_dossier: Dossier, request: DeskRequest, data: Said | None) -> Form:
    return forms.OpinionForm(data, units=_units(request))


def _answer_form(dossier: Dossier, _request: DeskRequest, data: Said | None) -> Form:
    open_ones = dossier.sub_tasks.filter(state=SubTask.State.OPEN)
    tasks = [(task.pk, f"{task.agency}: {task.question[:80]}") for task in open_ones]
    return forms.AnswerForm(data, tasks=tasks)


def _sign_form(kind: type[Form]) -> Fill:
    def form(dossier: Dossier, _request: DeskRequest, data: Said | None) -> Form:
        content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
        today = dates.local(clock.now()).date()
        return kind(data, initial={"register": content.result.register, "signed_on": today})

    return form


def _accept_form(dossier: Dossier, request: DeskRequest, data: Said | None) -> Form:
    """Ask for what the version of today asks and the draft does not say."""
    today = dates.local(clock.now()).date()
    content = catalogue.held(dossier.commune_id, dossier.procedure.code, today).content
    number = dossier.id_number
    known = earlier.papers(request.commune, number, content) if number else {}
    files = request.FILES if data is not None else None
    return AcceptForm(content, dossier, data, files, earlier=known)


def _submit_form(dossier: Dossier, _request: DeskRequest, data: Said | None) -> Form:
    form = forms.WantedForm(data)
    if proactive.waits_for_a_yes(dossier) is None:
        del form.fields["said_yes"]
    return form


def _answers_form(dossier: Dossier, _request: DeskRequest, data: Said | None) -> Form:
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    return AnswersForm(content, dossier.form, data)


# --- what the forms do ----------------------------------------------------------------------------
def _slip(form: Form) -> actions.Slip:
    said = form.cleaned_data
    assert isinstance(form, forms.SlipForm)  # noqa: S101
    return actions.Slip(
        form.lines(), said["text"], said["law"], said["guidance"],
        is_confirmed=bool(said.get("is_confirmed")),
    )  # fmt: skip


def _handing(form: Form) -> actions.Handing:
    said = form.cleaned_data
    return actions.Handing(said["to_step"], said["receiver"], said["unit"], said["note"])


def _signed(form: Form, doing: Doing) -> actions.Signed:
    said = form.cleaned_data
    return actions.Signed(
        said["number"], said["register"], said["signed_on"], int(doing.by.id),
        link=said["link"], electronic_code=said["electronic_code"],
        is_electronic=bool(said["link"]),
    )  # fmt: skip


def _do(name: str, *fields: str) -> Callable[[Dossier, Form, Doing], Dossier]:
    """Call an action with some of the form's values, in order."""

    def do(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
        values = [form.cleaned_data[field] for field in fields]
        act = getattr(actions, name)
        done: Dossier = act(dossier, *values, by=doing.by, seen=doing.seen)
        return done

    return do


def _made(name: str, make: Callable[[Form], object]) -> Callable[[Dossier, Form, Doing], Dossier]:
    """Call an action with one value made of the whole form."""

    def do(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
        done: Dossier = getattr(actions, name)(dossier, make(form), by=doing.by, seen=doing.seen)
        return done

    return do


def _extend(form: Form) -> actions.Extending:
    said = form.cleaned_data
    new = forms.moment(said["day"], said["at"])
    return actions.Extending(new, said["text"], said["apology"], said["override"])


def _ask(form: Form) -> actions.Asked:
    said = form.cleaned_data
    due = forms.moment(said["day"], None)
    return actions.Asked(said["agency"], said["text"], due, said["unit"], said["is_mandatory"])


def _received(form: Form) -> actions.Completing:
    said = form.cleaned_data
    missing = [row.strip() for row in said["missing"].splitlines() if row.strip()]
    return actions.Completing(said["text"], still_missing=missing)


def _answer(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
    said = form.cleaned_data
    opinion = actions.Opinion(said["text"], said["document_no"])
    return actions.give_opinion(dossier, said["task"], opinion, by=doing.by, seen=doing.seen)


def _back(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
    reason = form.cleaned_data["text"]
    return actions.hand_back(dossier, _handing(form), reason, by=doing.by, seen=doing.seen)


def _sign(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
    return actions.sign(dossier, _signed(form, doing), by=doing.by, seen=doing.seen)


def _cannot(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
    said = form.cleaned_data
    why = actions.Declining(said["text"], said["law"], _signed(form, doing))
    return actions.cannot_resolve(dossier, why, by=doing.by, seen=doing.seen)


def _accept(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
    assert isinstance(form, AcceptForm)  # noqa: S101
    said = [
        uploads.paper(form, each.code, dossier=dossier.uuid, commune=dossier.commune, by=doing.by)
        for each in form.missing
    ]
    papers = [each for each in said if each.source or each.waived or each.originals]
    has_lines = dossier.fees.exists()
    today = dates.local(clock.now()).date()
    bill = fees.bill(form.content, form.quantities(), form.groups(), today)
    filled = actions.Completed(form.answers(), papers)
    lines = None if has_lines else list(bill.lines)
    return actions.accept(dossier, lines, filled, by=doing.by, seen=doing.seen)


def _submit(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
    said_yes = bool(form.cleaned_data.get("said_yes"))
    return actions.submit(dossier, by=doing.by, seen=doing.seen, said_yes=said_yes)


def _write_answers(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
    assert isinstance(form, AnswersForm)  # noqa: S101
    return actions.answer(dossier, form.answers(), by=doing.by, seen=doing.seen)


def _return(dossier: Dossier, form: Form, doing: Doing) -> Dossier:
    assert isinstance(form, ReturnForm)  # noqa: S101
    how = returning.handed(dossier, form)
    return actions.give_result(dossier, how, by=doing.by, seen=doing.seen)


def _paid(form: Form) -> actions.Paid:
    return actions.Paid(form.cleaned_data["way"], form.cleaned_data["receipt"])


_REASON, _NONE = _plain(forms.ReasonForm), _plain(forms.NothingForm)
_ALL = (
    Verb("nop", "nop", "inbox", _submit_form, _submit, is_main=True),
    Verb("tiep-nhan", "tiep_nhan", "check", _accept_form, _accept, is_main=True),
    Verb("bo-sung-dau-vao", "yc_bs_dau_vao", "file-text", _slip_form,
         _made("ask_before", _slip)),
    Verb("nhan-dau-vao", "nop_bs_dau_vao", "inbox", _plain(forms.TextForm),
         _do("complete_before", "text"), is_main=True),
    Verb("tu-choi", "tu_choi", "x", _plain(forms.LawForm), _do("refuse", "text", "law")),
    Verb("chuyen", "chuyen", "arrow-right", _hand_form, _made("hand_over", _handing),
         is_main=True),
    Verb("ghi-to-khai", "ghi_to_khai", "file-text", _answers_form, _write_answers, is_main=True),
    Verb("nhan-viec", "nhan_viec", "user", _NONE, _do("take"), is_main=True),
    Verb("ky", "ky_ban_hanh", "pencil", _sign_form(forms.SignForm), _sign, is_main=True),
    Verb("tra", "tra", "check-check", returning.form_for, _return, is_main=True),
    Verb("nhan-bo-sung", "nop_bo_sung", "inbox", _plain(forms.ReceivedForm),
         _made("complete", _received), is_main=True),
    Verb("da-nop", "da_nop", "check", _plain(forms.PaidForm), _made("note_payment", _paid),
         is_main=True),
    Verb("duyet-bo-sung", "yc_bo_sung", "check", _NONE, _do("approve_supplement"),
         name=gettext_lazy("Duyệt yêu cầu bổ sung"), is_main=True),
    Verb("khong-duyet", "khong_duyet_bo_sung", "x", _REASON,
         _do("decline_supplement", "text")),
    Verb("trinh-bo-sung", "trinh_bo_sung", "file-text", _slip_form,
         _made("propose_supplement", _slip)),
    Verb("bo-sung", "yc_bo_sung", "file-text", _slip_form, _made("request_supplement", _slip)),
    Verb("tra-loi", "tra_loi", "reply", _answer_form, _answer),
    Verb("lay-y-kien", "lay_y_kien", "users", _opinion_form, _made("ask_opinion", _ask)),
    Verb("gia-han", "gia_han", "calendar-clock", _plain(forms.ExtendForm),
         _made("extend", _extend)),
    Verb("xac-minh", "xac_minh", "search", _REASON, _do("verify", "text")),
    Verb("tra-lai", "tra_lai_buoc", "rotate-ccw", _back_form, _back),
    Verb("khong-cho", "khong_cho", "x", _answer_form,
         _do("waive_opinion", "task", "text")),
    Verb("moi-nop-phi", "yc_nop_phi", "file-text", _NONE, _do("ask_payment")),
    Verb("xin-rut", "yc_rut", "rotate-ccw", _REASON, _do("ask_withdrawal", "text")),
    Verb("dong-y-rut", "dong_y_rut", "check", _plain(forms.NoteForm),
         _do("agree_withdrawal", "text"), is_main=True),
    Verb("khong-cho-rut", "tu_choi_rut", "x", _REASON, _do("refuse_withdrawal", "text")),
    Verb("khong-giai-quyet", "khong_giai_quyet", "x", _sign_form(forms.CannotForm),
         _cannot),
    Verb("chua-den-nhan", "khong_den_nhan", "hourglass", _NONE, _do("not_fetched")),
    Verb("dinh-chinh", "dinh_chinh", "pencil", _REASON, _do("correct", "text")),
    Verb("he-thong-goc", "chuyen_tuyen", "external-link", _plain(forms.SystemForm),
         _do("hand_to_system", "target", "code")),
    Verb("ghi-chu", "ghi_chu", "pencil", _plain(forms.TextForm), _do("note", "text")),
)  # fmt: skip
_RARE = frozenset(
    {"tra-lai", "khong-cho", "moi-nop-phi", "xin-rut", "khong-giai-quyet", "chua-den-nhan",
     "dinh-chinh", "he-thong-goc", "ghi-chu", "tu-choi", "gia-han", "xac-minh"}
)  # fmt: skip
OF_SLIPS = frozenset({"duyet-bo-sung", "khong-duyet", "nhan-bo-sung", "nhan-dau-vao"})
OF_MONEY = frozenset({"tra", "da-nop"})
VERBS: dict[str, Verb] = {verb.slug: verb for verb in _ALL}
