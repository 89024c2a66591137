"""Beside a report: others that may be of the same matter, why, and one tap to decide."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import so
from xaso.kernel.web.http import DeskRequest, may
from xaso.reports import actions, alike, likeness, queries, readers, states
from xaso.reports.models import Report
from xaso.reports.queries import board
from xaso.reports.queries.finding import kinds_of

_STRONG, _SOME = 0.8, 0.3


@dataclass(frozen=True)
class Line:
    """One report that may be the same, with the factors in words."""

    code: str
    title: str
    place: str
    received_at: datetime
    score: str
    is_very: bool
    people: int
    why: list[str]
    picture: Picture | None
    sender_said: bool  # the sender saw it and said theirs is another matter
    merge_code: str  # the report that goes into the other, …
    into_code: str  # … which takes it in
    version: int
    is_into_other: bool


@may("reports.read")
def listed(request: DeskRequest, code: str) -> HttpResponse:
    """List what a report may repeat; a fragment for the page, a page of its own without script."""
    report = _report(request, code)
    kinds = kinds_of(report)
    found = alike.for_officials(report, kinds)
    covers = board.pictures(report.commune_id, alike.digests(found))
    allowed = {
        row.action for row in states.TABLE.allowed(report.state, request.actor, report=report)
    }
    context = {
        "report": report,
        "lines": [_line(report, o, kinds.name(o.category_id), covers.get(o.digest)) for o in found],
        "may_merge": "mark_duplicate" in allowed,
        "may_say": "note" in allowed,
    }
    is_part = request.headers.get("HX-Request")
    name = "desk_part" if is_part else "desk"
    return render(request, f"reports/alike/{name}.html", context)


@may("reports.work")
@require_POST
def different(request: DeskRequest, code: str) -> HttpResponse:
    """Keep that the two are different matters."""
    report = _report(request, code)
    other = queries.by_code(request.commune, queries.check_code(request.POST.get("other", "")))
    actions.call_different(report, other, by=request.actor)
    messages.success(request, _("Đã ghi: hai việc khác nhau."))
    return redirect("reports_desk:show", report.code)


def _report(request: DeskRequest, code: str) -> Report:
    report = queries.by_code(request.commune, queries.check_code(code))
    readers.refuse_named(report, request.actor)
    if report.is_sealed and not identity.may(request.actor, "reports.view_sealed"):
        raise NotFound
    return report


def _line(report: Report, other: alike.Other, kind: str, cover: Attachment | None) -> Line:
    title = board.title(other.text, kind, other.village)
    picture = attachments.picture(cover, title, step=attachments.THUMBNAIL) if cover else None
    is_into_other = other.received_at <= report.received_at
    child, parent = (report.code, other.code) if is_into_other else (other.code, report.code)
    return Line(
        code=other.code,
        title=title,
        place=", ".join(filter(None, (other.landmark, other.village))),
        received_at=other.received_at,
        score=so(other.likeness.score, 0),
        is_very=other.likeness.is_very,
        people=other.people,
        why=_why(report, other),
        picture=picture if picture and picture.is_ready else None,
        sender_said=other.decision == "different",
        merge_code=child,
        into_code=parent,
        version=report.version if is_into_other else other.version,
        is_into_other=is_into_other,
    )


def _why(report: Report, other: alike.Other) -> list[str]:
    """Return the factors in words."""
    known = other.likeness.factors
    said = [_distance(other), _category(known["category"])]
    if "text" in known:
        said.append(_strength(known["text"], _("lời rất giống"), _("lời hơi giống"), _("lời khác")))
    if "photo" in known:
        said.append(
            _strength(known["photo"], _("ảnh giống hệt"), _("ảnh gần giống"), _("ảnh khác"))
        )
    days = abs((report.received_at - other.received_at).days)
    said.append(
        ngettext("cách %(n)d ngày", "cách %(n)d ngày", days) % {"n": days}
        if days
        else _("cùng ngày")
    )
    return said


def _distance(other: alike.Other) -> str:
    if other.distance_m is not None:
        return _("cách %(m)s mét") % {"m": so(round(other.distance_m))}
    factor = other.likeness.factors["distance"]
    if factor >= likeness.SAME_SPOT:
        return _("cùng bản, cùng chỗ dễ nhận")
    return _("cùng bản") if factor else _("khác bản")


def _category(factor: float) -> str:
    return _strength(factor, _("cùng loại việc"), _("cùng nhóm việc"), _("khác loại việc"))


def _strength(factor: float, strong: str, some: str, none: str) -> str:
    if factor >= _STRONG:
        return strong
    return some if factor >= _SOME else none
