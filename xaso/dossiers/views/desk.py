"""Dossiers on the officials' desk: the list by due, one dossier, each step as a page."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xaso.dossiers import owing, printing, queries, states, table_words
from xaso.dossiers.actions import Seen, Stale
from xaso.dossiers.models import NATIONAL, Dossier, Procedure, State
from xaso.dossiers.queries import money, result_papers
from xaso.dossiers.queries.listing import GROUPS, PAGE
from xaso.dossiers.states import FORMS
from xaso.dossiers.views import uploads, verbs
from xaso.kernel.audit import actions as audit
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.web import unread
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

_ICONS = {
    "late": "circle-alert",
    "today": "clock",
    "new": "inbox",
    "paused": "circle-pause",
    "ready": "check-check",
}
_PICKS = (
    "running",
    "near",
    "new",
    "paused",
    "ready",
    "unanswered",
    "withdrawing",
    "drafts",
    "mirror",
    "done",
    "all",
)
_USE, _TOKEN = "dossiers.list", "hoi"
_ALSO = ("nhom", "don_vi", "thu_tuc", "cua_toi", "trang")  # nobody is known by these
_LONGEST = 100  # letters typed into the box


@may("dossiers.read")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """Show the dossiers of a group, the most urgent first, 100 a page.

    The box is posted, and its words (a name, a phone, the number of a paper) go on as an address
    only this official can read, for a day.
    """
    said = request.POST if request.method == "POST" else request.GET
    if request.method == "POST" or said.get("tim", "").strip():
        return redirect(_sealed(request, said))
    words, fault = "", ""
    if _TOKEN in request.GET:
        try:
            words = unread.opened(request.GET[_TOKEN], use=_USE, by=request.actor.id)["tim"]
        except unread.NotYours:
            fault = _("Địa chỉ này không mở được nữa. Bác gõ lại điều cần tìm.")
    wanted = _wanted(request, words)
    now = clock.now()
    counts = queries.counts(request.commune, now, by=request.actor)
    found = queries.listed(request.commune, wanted, by=request.actor, now=now)
    context = {
        "now": now,
        "wanted": wanted,
        "fault": fault,
        "found": found,
        "counts": counts,
        "heading": GROUPS[wanted.group],
        "sum": _sum(counts, wanted.group),
        "picks": _picks(request, wanted, counts),
        "newer": _again(request, trang=str(found.page - 1)) if found.page > 1 else "",
        "older": _again(request, trang=str(found.page + 1)) if found.has_more else "",
        "shown": _shown(found),
        "filter_address": _again(request, loc="1"),
        "may_manage": identity.may(request.actor, "dossiers.manage"),
        "may_work": identity.may(request.actor, "dossiers.work"),
        "may_sign": identity.may(request.actor, "documents.sign"),
        "may_exchange": identity.may(request.actor, "dossiers.exchange"),
    }
    if "loc" in request.GET or wanted.unit or wanted.procedure:
        context |= _choices(request)
    return render(request, "dossiers/desk/index.html", context, status=422 if fault else 200)


@may("dossiers.read")
@require_safe
def show(request: DeskRequest, dossier: UUID) -> HttpResponse:
    """Show one dossier: who holds it, both clocks and why, papers, history, what may be done."""
    found = queries.one(request.commune, dossier)
    may_contact = identity.may(request.actor, "dossiers.view_contact")
    shows_contact = may_contact and "lien-he" in request.GET
    if shows_contact:
        audit.view(found, by=request.actor, commune=request.commune.id, purpose=found.code)
    buttons = verbs.buttons(found, request.actor)
    file = queries.file(found, now=clock.now())
    context = {
        "file": file,
        "sheets": printing.offered(found, file.supplements),
        "buttons": buttons,
        "is_at_signing": result_papers.is_at_signing(found),
        "papers": result_papers.papers(found),
        "may_collect": identity.may(request.actor, "dossiers.receive") and owing.collects(found),
        "has_rare": any(button.is_rare for button in buttons),
        "shows_contact": shows_contact,
        "may_contact": may_contact,
        "crumbs": [(reverse("dossiers_desk:index"), _("Hồ sơ"))],
    }
    return render(request, "dossiers/desk/show.html", context)


@may("dossiers.work")
def step(request: DeskRequest, dossier: UUID, verb: str) -> HttpResponse:
    """Show the page of a step, or take it; a refusal is said and nothing typed is lost."""
    found, which = queries.one(request.commune, dossier), verbs.VERBS.get(verb)
    if which is None:
        raise Http404
    if request.method != "POST":
        if which.slug not in {b.slug for b in verbs.buttons(found, request.actor)}:
            label = State(found.state).label
            text = _("Không làm được bước này khi đang ở trạng thái “%(state)s”.")
            messages.warning(request, text % {"state": label})
            return redirect("dossiers_desk:show", found.uuid)
        return _page(request, found, which, which.form(found, request, None))
    form = which.form(found, request, request.POST)
    if form.is_valid():
        done = _try(request, found, which, form)
        if done is not None:
            return done
    for refused in uploads.keep(form, request, dossier=found.uuid):
        form.add_error(None, refused)
    current = queries.one(request.commune, dossier)
    return _page(request, current, which, form, status=_status(form))


def _status(form: verbs.Form) -> int:
    """Return 409 when somebody was quicker, else 422."""
    return 409 if getattr(form, "is_stale", False) else 422


def _try(
    request: DeskRequest, dossier: Dossier, verb: verbs.Verb, form: verbs.Form
) -> HttpResponse | None:
    """Take the step; return where to go, or None after writing the refusal into the form."""
    doing = verbs.Doing(
        request.actor, Seen(_number(request.POST.get("version", "")), _key(request))
    )
    try:
        verb.do(dossier, form, doing)
    except Stale as refusal:
        form.add_error(None, str(refusal.sentence))
        form.is_stale = True  # type: ignore[attr-defined]
        return None
    except Invalid as refusal:
        _write(form, refusal)
        return None
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return None
    messages.success(request, _("Đã ghi: %(step)s.") % {"step": verb.label})
    return redirect("dossiers_desk:show", dossier.uuid)


def _write(form: verbs.Form, refusal: Invalid) -> None:
    if not refusal.errors:
        form.add_error(None, str(refusal.sentence))
    for name, sentences in refusal.errors.items():
        form.add_error(name if name in form.fields else None, sentences)


def _page(
    request: DeskRequest, dossier: Dossier, verb: verbs.Verb, form: verbs.Form, status: int = 200
) -> HttpResponse:
    context = {
        "file": queries.file(dossier, now=clock.now()),
        "verb": verb,
        "shows_slips": verb.slug in verbs.OF_SLIPS,
        "is_second": verb.slug == "duyet-bo-sung" and dossier.supplement_count > 0,
        "form": form,
        "wrong": len(form.errors) if form.is_bound else 0,
        "sheets": FORMS.get(verb.action, ()),
        "money": money.of(dossier, request.commune) if verb.slug in verbs.OF_MONEY else None,
        "key": uuid4(),
        "crumbs": [
            (reverse("dossiers_desk:index"), _("Hồ sơ")),
            (
                reverse("dossiers_desk:show", args=[dossier.uuid]),
                dossier.code or dossier.procedure.name,
            ),
        ],
    }
    return render(request, "dossiers/desk/step.html", context, status=status)


@may("dossiers.table")
@require_safe
def table(request: DeskRequest) -> HttpResponse:
    """Show the transition table as a page that people read."""
    labels = {name: state.label for name, state in states.TABLE.states.items()}
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in states.TABLE.transitions:
        sources = [labels.get(each, "–") for each in ("", *labels) if each in row.sources]
        key = (row.action, row.sources)
        known = rows.setdefault(
            key,
            {
                "action": row.action,
                "label": row.label or row.public_text,
                "sources": sources,
                "targets": [],
                "who": table_words.who(row.who),
                "guards": [table_words.GUARDS[guard] for guard in row.guards],
                "clock": table_words.CLOCKS[row.clock],
                "sheets": FORMS.get(row.action, ()),
            },
        )
        known["targets"].append(labels[row.target] if row.target else _("giữ nguyên"))
    context = {
        "states": [
            (name, NATIONAL[name] or "–", state.label, state.public_text)
            for name, state in states.TABLE.states.items()
        ],
        "rows": list(rows.values()),
        "crumbs": [(reverse("dossiers_desk:index"), _("Hồ sơ"))]
        if identity.may(request.actor, "dossiers.read")
        else [(reverse("dossiers_desk:catalogue"), _("Thủ tục"))],
    }
    return render(request, "dossiers/desk/table.html", context)


def _choices(request: DeskRequest) -> dict[str, object]:
    procedures = Procedure.objects.filter(commune=request.commune).order_by("name")
    return {
        "unit_choices": [(unit.pk, unit.name) for unit in identity.units(request.commune)],
        "procedure_choices": list(procedures.values_list("pk", "name")),
    }


def _sealed(request: DeskRequest, said: Mapping[str, str]) -> str:
    asked = {name: said[name] for name in _ALSO if said.get(name)}
    if words := said.get("tim", "").strip()[:_LONGEST]:
        asked[_TOKEN] = unread.sealed({"tim": words}, use=_USE, by=request.actor.id)
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


def _wanted(request: DeskRequest, words: str) -> queries.DossierFilter:
    asked = request.GET
    group = asked.get("nhom", "")
    return queries.DossierFilter(
        words=words,
        group=group if group in GROUPS else "running",
        unit=_number(asked.get("don_vi", "")),
        is_mine=bool(asked.get("cua_toi")),
        procedure=_number(asked.get("thu_tuc", "")),
        page=min(_number(asked.get("trang", "")) or 1, 10_000),
    )


def _sum(counts: dict[str, int], chosen: str) -> list[dict[str, object]]:
    address = reverse("dossiers_desk:index")
    return [
        {
            "value": counts[name],
            "text": GROUPS[name],
            "icon": icon,
            "url": address if name == chosen else f"{address}?nhom={name}",
            "tone": "do" if name == "late" and counts[name] else "",
        }
        for name, icon in _ICONS.items()
    ]


def _picks(
    request: DeskRequest, wanted: queries.DossierFilter, counts: dict[str, int]
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        {
            "url": _again(request, cua_toi="" if wanted.is_mine else "1"),
            "text": _("Tôi đang giữ %(n)s") % {"n": counts["mine"]},
            "is_on": wanted.is_mine,
        }
    ]
    for name in _PICKS:
        n = counts.get(name)
        text = str(GROUPS[name]) if n is None else f"{GROUPS[name]} {n}"
        is_on = wanted.group == name and not wanted.words
        found.append({"url": _again(request, nhom=name, hoi=""), "text": text, "is_on": is_on})
    return found


def _again(request: DeskRequest, **changed: str) -> str:
    """Return this page's address with some of its questions changed."""
    asked = request.GET.copy()
    asked.pop("trang", None)
    for name, value in changed.items():
        asked[name] = value
        if not value:
            del asked[name]
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _shown(found: queries.Listed) -> str:
    if not found.lines:
        return ""
    first = (found.page - 1) * PAGE
    text = _("Hồ sơ %(first)s–%(last)s")
    return text % {"first": first + 1, "last": first + len(found.lines)}


def _number(text: str) -> int | None:
    """Return a typed key, or None for anything that cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _key(request: DeskRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None
