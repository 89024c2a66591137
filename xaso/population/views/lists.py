"""Lists of people at the desk: send, say what columns mean, compare, approve, undo."""

import json
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.kernel.audit import actions as audit
from xaso.kernel.identity.asking import fresh
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions
from xaso.population.actions import importing, importing_comparing, importing_deciding
from xaso.population.lists import files
from xaso.population.lists.wording import FAILURES
from xaso.population.models import (
    BatchState,
    FieldGroup,
    ImportBatch,
    ImportRow,
    Outcome,
    RowKind,
)
from xaso.population.queries import lists, undoing
from xaso.population.views.list_forms import ENCODINGS, ColumnsForm, ListForm

PERMISSION = "population.import"
_TONES = {
    RowKind.NEW: "xanh",
    RowKind.CHANGED: "cham",
    RowKind.CONFLICT: "cam",
    RowKind.CANDIDATE: "cam",
    RowKind.DUPLICATE: "cam",
    RowKind.ERROR: "do",
    RowKind.SAME: "line",
}


@may(PERMISSION)
def index(request: DeskRequest) -> HttpResponse:
    """List the lists; take another one."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = given.pop("file")
        try:
            new = importing.NewList(file.name, file.read(), **given)
            batch = importing.take_list(new, commune=request.commune, by=request.actor)
            return redirect("population_lists:list", batch.pk)
        except Invalid as refusal:
            for name, errors in (refusal.errors or {"": [str(refusal)]}).items():
                form.add_error(name or None, errors)
    context = {
        "form": form,
        "batches": lists.batches(request.commune),
        "may_export": request.allowed("population.export"),  # type: ignore[attr-defined]
    }
    return render(
        request, "population/lists/index.html", context, status=422 if form.errors else 200
    )


@may(PERMISSION)
@require_safe
def show(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show a list where it stands: under way, its columns, its differences, or its report."""
    batch = lists.batch(request.commune, key)
    context = _about(batch)
    if batch.state == BatchState.PARSED:
        return _columns(request, batch, context)
    if batch.state in (BatchState.COMPARED, BatchState.APPLIED, BatchState.UNDONE):
        context |= _differences(request, batch)
    return render(request, "population/lists/show.html", context)


@may(PERMISSION)
@require_safe
def progress(request: DeskRequest, key: UUID) -> HttpResponse:
    """Answer how far a list is; once the step is over, or stands still, the page is asked anew."""
    batch = lists.batch(request.commune, key)
    if batch.state not in importing.WORKS or importing.stopped(batch):
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "population/lists/_progress.html", _about(batch))


@may(PERMISSION)
@require_POST
def try_again(request: DeskRequest, key: UUID) -> HttpResponse:
    """Let a step that the worker gave up run again."""
    return _done(request, key, lambda batch: importing.try_again(batch, by=request.actor))


@may(PERMISSION)
@require_POST
def read_again(request: DeskRequest, key: UUID) -> HttpResponse:
    """Read another sheet, or the same text in another writing."""
    sheet = request.POST.get("sheet", "")[:3]
    encoding = request.POST.get("encoding", "")
    return _done(
        request,
        key,
        lambda batch: importing.read_otherwise(
            batch, sheet=int(sheet) if sheet.isdecimal() else None,
            encoding=encoding if encoding in ENCODINGS else "", by=request.actor,
        ),
    )  # fmt: skip


@may(PERMISSION)
@require_POST
def columns(request: DeskRequest, key: UUID) -> HttpResponse:
    """Say what the columns mean and have the list compared."""
    batch = lists.batch(request.commune, key)
    form = ColumnsForm(request.POST, batch=batch, columns=lists.columns(batch))
    if form.is_valid():
        told = form.cleaned_data
        plan = importing.Plan(form.mapping, told["fills_household"], told["has_titles"])
        try:
            importing.map_columns(batch, plan, by=request.actor)
            return redirect("population_lists:list", key)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = _about(batch) | {"form": form}
    return render(request, "population/lists/columns.html", context, status=422)


@may(PERMISSION)
@require_POST
def decide(request: DeskRequest, key: UUID, row: int) -> HttpResponse:
    """Decide one row, and come back to it."""
    said = request.POST.get("decision", "")
    decision, _colon, person = said.partition(":")
    found = ImportRow.objects.filter(batch=key, pk=row, commune=request.commune).first()
    try:
        who = UUID(person) if person else None
    except ValueError:
        found = None
    if found is not None:
        _said(request, lambda: importing_deciding.decide(
            found, decision, person=who, by=request.actor
        ))  # fmt: skip
    return redirect(_back(request, key) + f"#dong-{row}")


@may(PERMISSION)
@require_POST
def decide_kind(request: DeskRequest, key: UUID) -> HttpResponse:
    """Decide all open rows of a kind."""
    kind, decision = request.POST.get("kind", ""), request.POST.get("decision", "")
    batch = lists.batch(request.commune, key)
    _said(request, lambda: importing_deciding.decide_kind(batch, kind, decision, by=request.actor))
    return redirect(_back(request, key))


@may(PERMISSION)
@require_POST
def approve(request: DeskRequest, key: UUID) -> HttpResponse:
    """Have what was taken written."""
    return _done(request, key, lambda batch: importing.approve(batch, by=request.actor))


@may(PERMISSION)
@require_POST
def compare_again(request: DeskRequest, key: UUID) -> HttpResponse:
    """Compare with the register as it is now."""
    return _done(request, key, lambda batch: importing.compare_again(batch, by=request.actor))


@may(PERMISSION)
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: DeskRequest, key: UUID) -> HttpResponse:
    """Say what taking a list back will do; take it back."""
    if request.method == "POST":
        return _done(request, key, lambda batch: importing.undo_list(batch, by=request.actor))
    batch = lists.batch(request.commune, key)
    context = _about(batch)
    if not context["may_undo"]:
        return redirect("population_lists:list", key)
    found = undoing.forecast(batch)
    staying = [(lists.reason(each.reason), each) for each in found.staying]
    context |= {"forecast": found, "staying": staying}
    return render(request, "population/lists/undo.html", context)


@may(PERMISSION)
@require_safe
def missing(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show who of the register the list does not name; nothing is done about them."""
    batch = lists.batch(request.commune, key)
    people = importing_comparing.not_named(batch).select_related("village").order_by("sort_key")
    page = Paginator(people, lists.PAGE).get_page(request.GET.get("trang"))
    actions.saw_many(list(page.object_list), [FieldGroup.BASIC], _purpose(batch), by=request.actor)
    context = _about(batch) | {"page": page, **_pager(request, page)}
    return render(request, "population/lists/missing.html", context)


@may(PERMISSION)
@require_safe
def wrong(request: DeskRequest, key: UUID) -> HttpResponse:
    """Hand out the rows that were not written, as they came, with a column that says why."""
    batch = lists.batch(request.commune, key)
    rows = [(cells, why) for cells, why in lists.wrong_rows(batch)]
    width = max([len(batch.heads), *(len(cells) for cells, _why in rows)])
    head = [*batch.heads, *[""] * (width - len(batch.heads)), _("Lỗi")]
    body = files.written(
        files.XLSX, head, ([*cells, *[""] * (width - len(cells)), why] for cells, why in rows)
    )
    audit.record(
        "population.list_errors_taken", batch, by=request.actor, commune=request.commune.id,
        changes={"rows": len(rows)},
    )  # fmt: skip
    return attachment(body, f"loi-{batch.created_at:%Y%m%d}.xlsx", files.XLSX)


def attachment(body: bytes, name: str, form: str) -> HttpResponse:
    """Return a file to be kept."""
    headers = {"Content-Disposition": str(content_disposition_header(True, name))}  # noqa: FBT003
    return HttpResponse(body, content_type=files.TYPES[form], headers=headers)


def _about(batch: ImportBatch) -> dict[str, object]:
    crumbs = [(reverse("population_lists:index"), _("Nhập danh sách"))]
    percent = min(99, 100 * batch.done // batch.total) if batch.total else 0
    return {
        "batch": batch,
        "percent": percent,
        "crumbs": crumbs,
        "tone": _STATE_TONES[BatchState(batch.state)],
        "failure": FAILURES.get(batch.failure, ""),
        "works": batch.state in importing.WORKS,
        "stopped": importing.stopped(batch),
        "sheets": list(enumerate(batch.facts.get("sheets", []))),
        "encodings": ENCODINGS,
        "previews": [
            (name, ENCODINGS[name], lines)
            for name, lines in json.loads(batch.previews or "{}").items()
        ],
        "may_undo": batch.state == BatchState.APPLIED and importing.may_undo(batch),
        "earlier": lists.earlier(batch),
    }


def _columns(request: DeskRequest, batch: ImportBatch, context: dict[str, object]) -> HttpResponse:
    form = ColumnsForm(batch=batch, columns=lists.columns(batch))
    return render(request, "population/lists/columns.html", context | {"form": form})


def _differences(request: DeskRequest, batch: ImportBatch) -> dict[str, object]:
    """Return the rows of a page with their differences, the counts, the filters."""
    is_open = batch.state == BatchState.COMPARED
    kind, outcome = request.GET.get("loai", ""), request.GET.get("ket-qua", "")
    if is_open and not kind:
        kind = next((k for k in _FIRST if batch.counts.get(k)), "")
    page = Paginator(lists.rows(batch, kind, outcome), lists.PAGE).get_page(
        request.GET.get("trang")
    )
    rows = list(page.object_list)
    groups = [FieldGroup.BASIC, FieldGroup.SENSITIVE]
    actions.saw_many(lists.people_shown(rows), groups, _purpose(batch), by=request.actor)
    decided = ImportRow.objects.filter(batch=batch, decision__in=importing.WANTED).count()
    return {
        "homes": lists.homes(batch, rows),
        "page": page,
        "kind": kind,
        "kind_name": RowKind(kind).label if kind in RowKind.values else "",
        "is_open": is_open,
        "kinds": _kinds(request, batch, kind),
        "outcomes": _outcomes(request, batch),
        "decided": decided,
        "skipped": sum(n for why, n in batch.skipped.items() if why != "empty"),
        "people": sum(batch.counts.values()),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "pages": _("Trang %(at)d trên %(of)d")
        % {"at": page.number, "of": page.paginator.num_pages},
        **_pager(request, page),
    }


_FIRST = (
    RowKind.CONFLICT, RowKind.CANDIDATE, RowKind.DUPLICATE, RowKind.CHANGED, RowKind.NEW,
    RowKind.ERROR, RowKind.SAME,
)  # fmt: skip
_STATE_TONES = {
    BatchState.UPLOADED: "cham", BatchState.PARSED: "cam", BatchState.MAPPED: "cham",
    BatchState.COMPARED: "cam", BatchState.APPROVED: "cham", BatchState.APPLIED: "xanh",
    BatchState.UNDOING: "cham", BatchState.UNDONE: "line", BatchState.FAILED: "do",
}  # fmt: skip


def _kinds(request: DeskRequest, batch: ImportBatch, now: str) -> list[dict[str, object]]:
    return [
        {
            "url": f"{request.path}?loai={kind}",
            "name": RowKind(kind).label,
            "count": batch.counts.get(kind, 0),
            "tone": _TONES[RowKind(kind)],
            "is_on": kind == now,
        }
        for kind in RowKind.values
    ]


def _outcomes(request: DeskRequest, batch: ImportBatch) -> list[dict[str, object]]:
    return [
        {
            "url": f"{request.path}?ket-qua={name}",
            "name": Outcome(name).label,
            "count": count,
        }
        for name, count in batch.outcomes.items()
        if count
    ]


def _pager(request: DeskRequest, page: object) -> dict[str, str]:
    """Return the addresses of the pages before and after."""
    found = {}
    for name, has, number in (
        ("newer", "has_previous", "previous_page_number"),
        ("older", "has_next", "next_page_number"),
    ):
        if getattr(page, has)():
            query = request.GET.copy()
            query["trang"] = str(getattr(page, number)())
            found[name] = f"?{query.urlencode()}"
    return found


def _purpose(batch: ImportBatch) -> actions.Purpose:
    return actions.Purpose("population.import", str(batch.pk))


def _done(request: DeskRequest, key: UUID, act: Callable[[ImportBatch], object]) -> HttpResponse:
    batch = lists.batch(request.commune, key)
    _said(request, lambda: act(batch))
    return redirect("population_lists:list", key)


def _said(request: DeskRequest, act: Callable[[], object]) -> None:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))


def _back(request: DeskRequest, key: UUID) -> str:
    query = request.GET.urlencode()
    return reverse("population_lists:list", args=[key]) + (f"?{query}" if query else "")
