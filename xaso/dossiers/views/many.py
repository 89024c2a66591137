"""Many dossiers, one act: choose, say it once, read for each what happened."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.documents import actions as papers
from xaso.dossiers import actions
from xaso.dossiers.actions.together import Happened
from xaso.dossiers.forms.many import BatchForm, GiveManyForm, HandManyForm
from xaso.dossiers.models import Dossier, Round
from xaso.dossiers.queries import many
from xaso.dossiers.queries.many import Choice
from xaso.dossiers.views import people, rounds
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.asking import ask_again, is_fresh
from xaso.kernel.text import clean_line
from xaso.kernel.web.http import DeskRequest, may

_NOBODY = gettext_lazy("Bác đánh dấu ít nhất một hồ sơ.")
_ASKED = gettext_lazy("Đã ghi yêu cầu ký, máy đang ký.")
_DONE = gettext_lazy("Đã làm.")


@may("dossiers.work")
def hand_over(request: DeskRequest) -> HttpResponse:
    """Give many dossiers to somebody, each to its own next step."""
    who = people.offered(request.commune, permission="dossiers.work")
    units = [(unit.pk, unit.name) for unit in identity.units(request.commune)]
    form = HandManyForm(request.POST or None, people=who, units=units)

    def act(dossier: Dossier, seen: actions.Seen) -> object:
        said = form.cleaned_data
        to = actions.Handing("", said["receiver"], said["unit"], said["note"])
        return actions.hand_over(dossier, to, by=request.actor, seen=seen)

    listed = many.to_hand_over(request.commune, request.actor)
    return _page(request, form, listed, act, title=_("Chuyển nhiều hồ sơ"))


@may("dossiers.work")
def give(request: DeskRequest) -> HttpResponse:
    """Give many results back, also in a village; each line may say who signed for it."""
    there = rounds.visited(request)
    proof = _("Ký nhận tại %(place)s") % {"place": there.place} if there else ""
    form = GiveManyForm(request.POST or None, initial={"proof": proof})

    def act(dossier: Dossier, seen: actions.Seen) -> object:
        own = clean_line(request.POST.get(f"proof_{dossier.uuid}", ""))[:200]
        how = actions.Handed(form.cleaned_data["way"], own or form.cleaned_data["proof"])
        return actions.give_result(dossier, how, by=request.actor, seen=seen)

    listed = many.to_give(request.commune, there)
    title = _("Trả kết quả: %(name)s") % {"name": there.name} if there else _("Trả nhiều kết quả")
    crumbs = _crumbs(there)
    return _page(request, form, listed, act, title=title, proofs=True, place=proof, crumbs=crumbs)


@may("documents.sign")
def sign(request: DeskRequest) -> HttpResponse:
    """Sign the frozen papers of many results; each answers for itself."""
    if request.method == "POST" and not is_fresh(request):
        return ask_again(request)
    listed = many.to_sign(request.commune, request.actor)
    form = BatchForm(request.POST or None)
    if not form.is_valid():
        return _list(request, form, listed, title=_("Ký nhiều kết quả"))
    ticked = {row.uuid for row, _version in _ticked(request)}
    wanted = [each for each in listed if each.dossier.uuid in ticked]
    if not wanted:
        form.add_error(None, str(_NOBODY))
        return _list(request, form, listed, title=_("Ký nhiều kết quả"))
    pairs = [(UUID(each.paper), each.sha256) for each in wanted]
    said = papers.sign_many(pairs, commune=request.commune, by=request.actor)
    happened = [Happened(each.dossier, why) for each, (_key, why) in zip(wanted, said, strict=True)]
    return _said(request, happened, str(_ASKED), title=_("Ký nhiều kết quả"))


def _page(
    request: DeskRequest,
    form: forms.Form,
    listed: Sequence[Choice],
    act: Callable[[Dossier, actions.Seen], object],
    **words: Any,  # noqa: ANN401
) -> HttpResponse:
    if form.is_valid():
        ticked = _ticked(request)
        if ticked:
            happened = actions.together(ticked, form.cleaned_data["batch"], act)
            return _said(request, happened, str(_DONE), **words)
        form.add_error(None, str(_NOBODY))
    return _list(request, form, listed, **words)


def _list(
    request: DeskRequest,
    form: forms.Form,
    listed: Sequence[Choice],
    **words: Any,  # noqa: ANN401
) -> HttpResponse:
    chosen = {row.uuid for row, _version in _ticked(request)}
    context = {
        "form": form,
        "rows": [(each, "tat-ca" in request.GET or each.dossier.uuid in chosen) for each in listed],
        "most": many.MOST,
        "crumbs": _crumbs(),
        **words,
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/desk/many.html", context, status=status)


def _said(
    request: DeskRequest,
    happened: Sequence[Happened],
    done: str,
    **words: Any,  # noqa: ANN401
) -> HttpResponse:
    context = {
        "happened": happened,
        "done": sum(each.is_done for each in happened),
        "word": done,
        "crumbs": _crumbs(),
        **words,
    }
    return render(request, "dossiers/desk/many_done.html", context)


def _ticked(request: DeskRequest) -> list[tuple[Dossier, int]]:
    return many.chosen(request.commune, request.POST.getlist("chon"))


def _crumbs(there: Round | None = None) -> list[tuple[str, str]]:
    if there is not None:
        return [(reverse("dossiers_rounds:show", args=[there.uuid]), there.name)]
    return [(reverse("dossiers_desk:index"), _("Hồ sơ"))]
