"""Officials who bring reports of people without a phone: at the door, at the counter, on paper."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.identity.models import Consent
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.web.http import DeskRequest, may, needs
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue, queries, slips, wire
from xaso.reports.actions.helping import Agreement, Helped
from xaso.reports.asked import PREFIX, AskedForm
from xaso.reports.queries import helping
from xaso.reports.views import asking, uploads
from xaso.reports.views.helping_forms import OTHER, HelperForm

_SLIP_OPEN = timedelta(hours=12)  # the helper prints it on the same day
_CHANNELS = {"one_stop_clerk": "counter", "officer": "counter"}


@dataclass(frozen=True)
class Proofs:
    """What a helper brought as proof that a resident agreed: one of them counts, by the method."""

    paper: Attachment | None = None
    spoken: Attachment | None = None


@needs("camera", "geolocation", "microphone")
@may("reports.help")
def send(request: DeskRequest) -> HttpResponse:
    """Show the form for helpers, or take a report in; a form that fails keeps words and photos."""
    kinds = catalogue.of(request.commune.id)
    villages = places.named_villages(request.commune)
    first = {"uuid": uuid4(), "whose": OTHER, "agreed_in": "vie"}
    form = HelperForm(request.POST or None, kinds=kinds, villages=villages, initial=first)
    asked = asking.of(request, kinds)
    gathered, proofs = uploads.Gathered(), Proofs()
    if request.method == "POST":
        gathered = uploads.gather(request, request.actor)
        proofs = _proofs(request, gathered)
        is_filled = asking.is_filled(asked)
        if form.is_valid() and is_filled and gathered.is_whole:
            new = drawn(form.cleaned_data, gathered.photos, _channel(request), asked)
            code = _try(request, form, new, proofs)
            if code:
                return redirect("reports_desk:help_slip", code)
    wrong = len(form.errors) + (not gathered.is_whole) + len(asked.errors) if form.is_bound else 0
    context = {
        "form": form,
        "kinds": [{"value": k.code, "text": k.name, "icon": k.icon} for k in kinds.choices],
        "chosen": form["category"].value() or "",
        "kept": gathered.shown(),
        "photo_faults": gathered.faults,
        "voice_faults": gathered.voice_faults,
        "paper": uploads.sign(proofs.paper) if proofs.paper else "",
        "spoken": uploads.sign(proofs.spoken) if proofs.spoken else "",
        "asked": asked,
        "asks": form.is_bound and not wrong,  # it came back for the questions alone
        "wrong": wrong,
        "near": [{"id": v.pk, "name": v.full_name, "lat": v.lat, "lon": v.lon} for v in villages],
        "brought": helping.brought(request.commune, request.actor),
        "crumbs": [(reverse("reports_desk:inbox"), _("Phản ánh"))],
    }
    return render(request, "reports/desk/help.html", context, status=422 if form.is_bound else 200)


@may("reports.help")
def slip(request: DeskRequest, code: str) -> HttpResponse:
    """Show the helper the code and the slip to hand over; only to them, and only that day."""
    report = queries.by_code(request.commune, queries.check_code(code))
    is_own = report.helper_id is not None and str(report.helper_id) == request.actor.id
    if not is_own or clock.now() - report.received_at > _SLIP_OPEN:
        raise NotFound
    context = {
        "report": report,
        "secret": slips.secret(report.code),
        "qr": qr(request, reverse("reports:track", args=[report.code])),
        "crumbs": [(reverse("reports_desk:help"), _("Gửi hộ bà con"))],
    }
    return render(request, "reports/desk/help_slip.html", context)


def qr(request: DeskRequest, path: str) -> SafeString:
    """Return an address of this site as a square code."""
    drawn = segno.make(request.build_absolute_uri(path), error="m", micro=False)
    return SafeString(drawn.svg_inline(scale=2, border=2, omitsize=True))


def drawn(
    said: dict[str, Any], photos: list[Attachment], channel: str, asked: AskedForm
) -> actions.NewReport:
    """Return a report as a helper's form gives it."""
    body = {name: str(value) for name, value in said.items() if value not in (None, "")}
    answers = asked.answers()
    body |= {f"{PREFIX}{code}": text for code, text in answers.items()}
    body["photos"] = ",".join(photo.sha256 for photo in photos)
    uuid: UUID = said["uuid"]
    has_point = said.get("lat") is not None and said.get("lon") is not None
    return actions.NewReport(
        uuid=uuid,
        content_hash=wire.content_hash(body),
        category=said["category"],
        channel=channel,
        text=said["text"],
        place=actions.Place(
            village_id=said["village"],
            landmark=said["landmark"],
            km_post=said["km_post"],
            lat=said["lat"] if has_point else None,
            lon=said["lon"] if has_point else None,
            accuracy_m=said["accuracy"],
            source="gps" if has_point else "none",
        ),
        contact=actions.Contact(name=said["name"], phone=said["phone"]),
        photos=photos,
        answers=answers,
    )


def say(form: Any, refusal: Invalid) -> None:  # noqa: ANN401  (any of the forms here)
    """Write what the action refused beside the boxes of the form."""
    for name, sentences in refusal.errors.items():
        box = {"place": "village", "photos": None}.get(name, name)
        form.add_error(box if box in form.fields else None, sentences)
    if not refusal.errors:
        form.add_error(None, str(refusal.sentence))


def _channel(request: DeskRequest) -> str:
    return next((_CHANNELS[r] for r in request.actor.roles if r in _CHANNELS), "helper")


def _proofs(request: DeskRequest, gathered: uploads.Gathered) -> Proofs:
    """Store what proves the agreement; what is wrong with it is noted beside the other uploads."""
    paper, faults = uploads.one(request, "giay", request.actor)
    spoken, wrong = uploads.recording(request, "loi-dong-y", request.actor)
    gathered.faults += faults
    gathered.voice_faults += wrong
    return Proofs(paper, spoken)


def _try(request: DeskRequest, form: HelperForm, new: actions.NewReport, proofs: Proofs) -> str:
    """Send; return the code, or an empty text after writing what is wrong into the form."""
    said = form.cleaned_data
    if said["whose"] == OTHER and said["method"] == Consent.Method.PAPER and proofs.paper is None:
        form.add_error("method", _("Bác chụp tờ giấy có chữ ký giúp."))
        return ""
    try:
        helped = _helped(said, proofs)
        done = actions.receive_for(new, helped, by=request.actor, commune=request.commune)
    except actions.OtherContent as refusal:
        messages.info(request, str(refusal.sentence))
        return refusal.report.code
    except Invalid as refusal:
        say(form, refusal)
        return ""
    return done.report.code


def _helped(said: dict[str, Any], proofs: Proofs) -> Helped:
    if said["whose"] != OTHER:
        return Helped()
    method = Consent.Method(said["method"])
    evidence = proofs.paper if method == Consent.Method.PAPER else proofs.spoken
    agreement = Agreement(method, said["agreed_in"] or "vie", evidence)
    return Helped(agreement, said["reach"], may_follow=said["may_follow"])
