"""What residents read: the catalogue of procedures, and how a dossier stands."""

from datetime import timedelta

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xaso.dossiers import catalogue, codes, queries
from xaso.dossiers.catalogue import Held
from xaso.dossiers.content.shape import Content
from xaso.dossiers.forms.tracking import TrackForm
from xaso.dossiers.models import Dossier, Sureness, System
from xaso.dossiers.queries import money, result_papers, rounds
from xaso.kernel.identity import actions as tries
from xaso.kernel.identity import queries as identity
from xaso.kernel.payments import pictures
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import dates, fold
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock, engine, telling

_SALT = "dossiers.track"
_HALF_HOUR = 30 * 60
_WRONG, _WRONG_OF_ADDRESS = 5, 60


@citizen_page
@caching.public(60)
def procedures(request: CommuneRequest) -> HttpResponse:
    """List what the commune does for residents, by field; words narrow the list."""
    words = fold(request.GET.get("tim", "")[:100]).split()
    today = dates.local(clock.now()).date()
    groups: dict[str, list[dict[str, object]]] = {}
    for each in catalogue.listed(request.commune, today):
        if each.procedure.is_public and all(word in each.procedure.fold for word in words):
            row = {"procedure": each.procedure, "time": time_said(each.content)}
            groups.setdefault(each.procedure.field_name, []).append(row)
    context = {
        "groups": groups,
        "typed": request.GET.get("tim", "")[:100],
        "coming": rounds.next_one(request.commune),
    }
    return render(request, "dossiers/citizen/procedures.html", context)


@citizen_page
@caching.public(60)
def procedure(request: CommuneRequest, procedure_code: str) -> HttpResponse:
    """Show one procedure: who, where, steps, papers, time, fee, legal basis and how sure it is."""
    today = dates.local(clock.now()).date()
    found = catalogue.held(request.commune.id, procedure_code, today)
    if not found.procedure.is_public:
        raise NotFound
    return render(request, "dossiers/citizen/procedure.html", told(found))


def told(found: Held) -> dict[str, object]:
    """Return what the page of a procedure says."""
    return {
        "found": found,
        "content": found.content,
        "time": time_said(found.content),
        "verify": _verify_said(found.content),
        "mark": Sureness(found.content.identity.sureness),
        "original": System(found.content.systems.receive),
    }


@citizen_page
@caching.personal
def track(request: CommuneRequest) -> HttpResponse:
    """Ask for a code and four digits; both are sent in the body, never in an address."""
    form = TrackForm(request.POST or None, initial={"code": request.GET.get("ma", "")[:40]})
    if form.is_valid():
        found = _opened(request, form)
        if found is not None:
            token = signing.dumps(str(found.uuid), salt=_SALT)
            answer = redirect("dossiers:tracked")
            answer.set_signed_cookie(
                "xaso_ho_so", token, salt=_SALT, max_age=_HALF_HOUR, httponly=True,
                samesite="Lax", secure=request.is_secure(), path=request.path,
            )  # fmt: skip
            return answer
        said = _("Mã hoặc 4 số chưa đúng. Bà con xem lại giấy hẹn.")
        form.add_error(None, said)
    status = 422 if form.errors else 200
    return render(request, "dossiers/citizen/track.html", {"form": form}, status=status)


@citizen_page
@caching.personal
def tracked(request: CommuneRequest) -> HttpResponse:
    """Show how the dossier stands that this browser opened within half an hour."""
    try:
        found = opened(request)
    except (KeyError, signing.BadSignature, NotFound):
        return redirect("dossiers:track")
    view = queries.tracked(found)
    transfer = money.transfer_of(found, view.to_pay, request.commune)
    has_file = result_papers.electronic(found) is not None
    waits_for_money = result_papers.waits_for_money(found)
    context = {
        "view": view,
        "transfer": transfer,
        "qr": pictures.svg(transfer.payload, side=240) if transfer else "",
        "commune": request.commune,
        "has_file": has_file and not waits_for_money,
        "opens_once_paid": has_file and waits_for_money,
        "may_rate": found.resolved_at is not None or found.ended_at is not None,
        "rated": found.ratings.values_list("score", flat=True).first(),
    }
    return render(request, "dossiers/citizen/tracked.html", context)


def opened(request: CommuneRequest) -> Dossier:
    """Return the dossier this browser opened within half an hour.

    Raises KeyError or BadSignature without such a cookie, NotFound for a dossier that is gone.
    """
    cookie = request.get_signed_cookie("xaso_ho_so", salt=_SALT, max_age=_HALF_HOUR)
    uuid = signing.loads(cookie or "", salt=_SALT, max_age=_HALF_HOUR)
    return queries.one(request.commune, uuid)


def _opened(request: CommuneRequest, form: TrackForm) -> Dossier | None:
    """Return the dossier whose code and digits fit; a wrong try is counted. Refuses: TooMany."""
    hour = timedelta(hours=1)
    code, factor = form.cleaned_data["code"], form.cleaned_data["factor"]
    near = identity.prefix(identity.address(request))
    commune, bucket = request.commune.id, f"dossiers.track:{codes.normalise(code)[:40]}"
    tries.take(f"dossiers.track_of:{near}", limit=_WRONG_OF_ADDRESS, per=hour, commune=commune)
    tries.take(bucket, limit=_WRONG, per=hour, commune=commune)
    try:
        found = queries.by_code(request.commune, code)
    except (codes.NotACode, NotFound):
        return None
    if not queries.opens(found, factor):
        return None
    tries.forget(bucket, commune=commune)
    return found


def time_said(content: Content) -> str:
    """Return the term in words, with the hour of the day that counts."""
    time = content.time
    unit = engine.Unit(time.unit)
    said = telling.term(unit, max(1, time.n - time.reduction))
    if unit is engine.Unit.SAME_DAY and time.same_day_until != engine.SAME_DAY_UNTIL:
        hour = f"{time.same_day_until // 60}:{time.same_day_until % 60:02}"
        said = _("trong ngày, nhận sau %(hour)s thì ngày làm việc kế tiếp") % {"hour": hour}
    return said


def _verify_said(content: Content) -> str:
    rule = content.time.verify
    if rule is None:
        return ""
    term = telling.term(engine.Unit(rule.unit), rule.n)
    text = _("thêm %(term)s") if rule.kind == "extend_by" else _("cả thảy không quá %(term)s")
    return text % {"term": term} + (f" ({rule.when})" if rule.when else "")
