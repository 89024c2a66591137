"""Who is due and has not asked: remind them, prepare a draft, or note that they do not want it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.dossiers import actions, catalogue, proactive
from xaso.dossiers.forms.proactive import OwnRuleForm, RuleForm
from xaso.dossiers.models import ProactiveAnswer, Procedure
from xaso.dossiers.proactive import Due, Rule
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official, Role
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions as population
from xaso.population import queries as register
from xaso.population.models import FieldGroup, Sureness

PAGE = 30
_VERBS = {
    "nhap": actions.propose,
    "dong-y": actions.answer_yes,
    "nhan-tin": actions.text,
    "khong-can": actions.answer_no,
    "chua-gap": actions.not_reached,
    "doi-y": actions.want_again,
}


@dataclass(frozen=True)
class Row:
    """One line as it is shown: no more than a village head may see."""

    person: UUID
    name: str
    year: str
    village: str
    when: str
    is_exact: bool
    draft: UUID | None
    answer: str  # what they said when asked, when, and who asked
    is_yes: bool
    may_text: bool  # agreed to notices, gave a phone, was not texted and did not answer


@may("dossiers.remind")
@require_safe
def due(request: DeskRequest) -> HttpResponse:
    """List who is due by one reminder; every line that is shown is written down as a look."""
    offered = _offered(request)
    if not offered:
        return render(request, "dossiers/proactive/due.html", {"offered": []})
    rule = next((r for r in offered if r.code == request.GET.get("viec")), offered[0])
    there, asked = _there(request)
    is_refused = "khong-can" in request.GET
    find = proactive.refusers if is_refused else proactive.due
    found = find(request.commune, rule, proactive.today(), asked)
    page = _number(request.GET.get("trang", "")) or 1
    shown = found[(page - 1) * PAGE : page * PAGE]
    groups = [FieldGroup.BASIC, *([FieldGroup.SENSITIVE] if rule.needs_flags else [])]
    purpose = population.Purpose(proactive.PURPOSE, rule.code)
    population.saw_many([each.person for each in shown], groups, purpose, by=request.actor)
    askers, agreed = _askers(shown), _agreed(request, shown)
    context = {
        "offered": [(each.code, each.title) for each in offered],
        "rule": rule,
        "name": rule.title,
        "sureness": Sureness(rule.sureness).label,
        "rows": [_row(each, askers, agreed) for each in shown],
        "total": len(found),
        "villages": there,
        "village": request.GET.get("ban", ""),
        "is_refused": is_refused,
        "other": _here(request, refused=not is_refused),
        "may_draft": _may_draft(request, rule),
        "sees_people": identity.may(request.actor, "population.village"),
        "sees_dossiers": identity.may(request.actor, "dossiers.read"),
        "newer": _here(request, refused=is_refused, page=page - 1) if page > 1 else "",
        "older": _here(request, refused=is_refused, page=page + 1)
        if len(found) > page * PAGE
        else "",
    }
    return render(request, "dossiers/proactive/due.html", context)


@may("dossiers.remind")
@require_POST
def act(request: DeskRequest, code: str, person: UUID, verb: str) -> HttpResponse:
    """Open the draft, note that it is not wanted, or that it is wanted after all."""
    if verb not in _VERBS or code not in {each.code for each in _offered(request)}:
        raise Http404
    reminder = actions.Reminder(person, code, _scope(request))
    back = redirect(f"{reverse('dossiers_ahead:due')}?{urlencode({'viec': code})}")
    try:
        done = _VERBS[verb](reminder, by=request.actor, commune=request.commune)
    except NotFound:
        messages.warning(request, _("Người này không còn trong danh sách. Bác xem lại giúp."))
        return back
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return back
    if isinstance(done, actions.Receipt):
        messages.success(request, _("Đã có hồ sơ nháp. Chỉ nộp khi bà con đồng ý."))
        if identity.may(request.actor, "dossiers.read"):
            return redirect("dossiers_desk:show", done.dossier.uuid)
        return back
    messages.success(request, _("Đã ghi."))
    return back


@may("dossiers.manage")
@require_safe
def rules(request: DeskRequest) -> HttpResponse:
    """List the reminders as they hold today, with their sources."""
    context = {
        "rows": [
            (each, each.title, Sureness(each.sureness).label)
            for each in proactive.rules(request.commune, proactive.today())
        ],
        "crumbs": [(reverse("dossiers_desk:catalogue"), _("Thủ tục"))],
    }
    return render(request, "dossiers/proactive/rules.html", context)


@may("dossiers.manage")
def rule(request: DeskRequest, code: str) -> HttpResponse:
    """Change one reminder from a day on."""
    today = proactive.today()
    known = {each.code: each for each in proactive.rules(request.commune, today)}
    if code not in known:
        raise Http404
    kind = OwnRuleForm if known[code].is_own else RuleForm
    form = kind(
        request.POST or None, initial=_initial(known[code]), procedures=_procedures(request)
    )
    if form.is_valid():
        try:
            new = actions.NewRule(code=code, **form.cleaned_data)
            actions.set_reminder(new, by=request.actor, commune=request.commune)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, list(sentences))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("dossiers_ahead:rules")
    context = {
        "form": form,
        "name": known[code].title,
        "crumbs": [(reverse("dossiers_ahead:rules"), _("Quy tắc nhắc bà con"))],
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/proactive/rule.html", context, status=status)


@may("dossiers.manage")
def add(request: DeskRequest) -> HttpResponse:
    """Write a reminder of the commune's own making."""
    start = {
        "valid_from": proactive.today(), "is_on": True, "ahead_days": 30, "behind_days": 365,
        "level": proactive.REMIND, "sureness": Sureness.COMMUNE,
    }  # fmt: skip
    form = OwnRuleForm(request.POST or None, initial=start, procedures=_procedures(request))
    if form.is_valid():
        try:
            new = actions.NewRule(code="", **form.cleaned_data)
            actions.add_reminder(new, by=request.actor, commune=request.commune)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, list(sentences))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("dossiers_ahead:rules")
    context = {
        "form": form,
        "name": _("Việc nhắc riêng của xã"),
        "crumbs": [(reverse("dossiers_ahead:rules"), _("Quy tắc nhắc bà con"))],
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/proactive/rule.html", context, status=status)


def _procedures(request: DeskRequest) -> list[tuple[str, str]]:
    rows = Procedure.objects.filter(commune=request.commune).order_by("name")
    return list(rows.values_list("code", "name"))


def _initial(known: Rule) -> dict[str, Any]:
    return {
        "valid_from": proactive.today(),
        "is_on": known.is_on,
        "amount": known.amount,
        "ahead_days": known.ahead,
        "behind_days": known.behind,
        "level": known.level,
        "procedure": known.procedure,
        "source": known.source,
        "sureness": known.sureness,
        "name": known.name if known.is_own else "",
        "kind": known.kind,
        "flag": known.flag,
    }


def _offered(request: DeskRequest) -> list[Rule]:
    """Return the reminders one may see: a sensitive one takes the permission of its flag."""
    found = proactive.rules(request.commune, proactive.today())
    return [
        each
        for each in found
        if each.is_on
        and (not each.needs_flags or identity.may(request.actor, f"population.flag.{each.flag}"))
    ]


def _scope(request: DeskRequest) -> frozenset[int] | None:
    """Return the villages one may see; None is the whole commune."""
    if identity.may(request.actor, "dossiers.remind_all"):
        return None
    held = identity.held(request)
    return frozenset(
        each.village_id
        for each in held
        if each.role == Role.VILLAGE_HEAD and each.village_id is not None
    )


def _there(request: DeskRequest) -> tuple[list[tuple[str, str]], frozenset[int] | None]:
    """Return the villages to choose from, and those that were chosen within one's own."""
    scope = _scope(request)
    named = [
        (str(each.pk), each.full_name)
        for each in places.named_villages(request.commune)
        if scope is None or each.pk in scope
    ]
    chosen = request.GET.get("ban", "")
    if chosen in {key for key, _name in named}:
        return named, frozenset({int(chosen)})
    return named, scope


def _may_draft(request: DeskRequest, rule: Rule) -> bool:
    """Return whether a draft can be opened today: prepared ones, of a published procedure."""
    if rule.level < proactive.PREPARE or not rule.procedure:
        return False
    held = catalogue.published(request.commune, proactive.today())
    return held.filter(procedure__code=rule.procedure).exists()


def _askers(lines: Sequence[Due]) -> dict[str, str]:
    """Return the names of those who asked, in one statement."""
    keys = {int(x.answer.asked_by) for x in lines if x.answer and x.answer.asked_by.isdigit()}
    return {str(each.pk): str(each) for each in Official.objects.filter(pk__in=keys)}


def _answer(line: Due, askers: dict[str, str]) -> str:
    if line.answer is None:
        return ""
    said = {
        "said": line.answer.get_said_display(),
        "day": f"{dates.local(line.answer.asked_at):%d/%m/%Y}",
        "who": askers.get(line.answer.asked_by, ""),
    }
    return _("%(said)s (%(who)s hỏi ngày %(day)s)") % said


def _agreed(request: DeskRequest, lines: Sequence[Due]) -> set[UUID]:
    """Return whom a text about these lines may reach: for a child, the mother."""
    whom = {proactive.spoken_to(each.person) for each in lines}
    return {each.person for each in register.reachable(request.commune, whom)}


def _row(line: Due, askers: dict[str, str], agreed: set[UUID]) -> Row:
    person = line.person
    return Row(
        person.pk,
        person.display_name,
        str(person.birth_year or _("không rõ")),
        person.village.full_name if person.village else "",
        _when(line),
        line.is_exact,
        line.draft.uuid if line.draft else None,
        _answer(line, askers),
        line.answer is not None and line.answer.said == ProactiveAnswer.Said.YES,
        proactive.spoken_to(person) in agreed and line.may_be_texted,
    )


def _when(line: Due) -> str:
    """Return the month and year: the day would tell the birthday, which this list does not."""
    if line.first is None or line.last is None:
        return _("chưa rõ ngày")
    if line.is_exact:
        return f"{line.first:%m/%Y}"
    said = {"first": f"{line.first:%m/%Y}", "last": f"{line.last:%m/%Y}"}
    return _("trong khoảng %(first)s – %(last)s") % said


def _here(request: DeskRequest, *, refused: bool, page: int = 1) -> str:
    query = {key: request.GET[key] for key in ("viec", "ban") if request.GET.get(key)}
    if refused:
        query["khong-can"] = "1"
    if page > 1:
        query["trang"] = str(page)
    return f"?{urlencode(query)}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
