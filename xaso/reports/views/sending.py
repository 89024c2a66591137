"""The form by which a resident sends a report, and the receipt they keep."""

from collections.abc import Sequence
from uuid import uuid4

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xaso.kernel.identity import queries as identity
from xaso.kernel.notifications import queries as channels
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page, needs
from xaso.reports import actions, catalogue, queries, slips, turns, wire
from xaso.reports.asked import AskedForm
from xaso.reports.forms import SendForm
from xaso.reports.views import alike, asking, kept, senders, uploads

_PLACES = {"place": "village", "photos": None}  # faults of the action → boxes of the form


@needs("camera", "geolocation", "microphone")
@citizen_page
@caching.personal
def send(request: CommuneRequest) -> HttpResponse:
    """Show the form, or take a report in; a form that fails keeps the words and the photos."""
    kinds = catalogue.of(request.commune.id)
    villages = places.named_villages(request.commune)
    now_open = channels.open_channels(request.commune.id)
    first = {"uuid": uuid4()}
    form = SendForm(
        request.POST or None, kinds=kinds, villages=villages, now_open=now_open, initial=first
    )
    gathered = uploads.Gathered()
    if request.method == "POST":
        gathered = uploads.gather(request, senders.resident(request))
        uploads.gather_voice(request, gathered, senders.resident(request))
        if form.is_valid() and gathered.is_whole and asking.is_answered(request, kinds):
            done = alike.before_sending(request, form, gathered)
            done = done or _try_to_send(request, form, gathered)
            if done is not None:
                return done
    response = _drawn(request, form, gathered, villages)
    senders.know_device(request, response)
    return response


@needs("camera", "geolocation", "microphone")
@citizen_page
@caching.public(60)
def shell(request: CommuneRequest) -> HttpResponse:
    """Show the form as phones keep it: the same for all, without key and token of one sending."""
    villages = places.villages(request.commune)
    form = SendForm(kinds=catalogue.of(request.commune.id), villages=villages)
    return _drawn(request, form, uploads.Gathered(), villages, is_kept=True)


@citizen_page
@caching.personal
def receipt(request: CommuneRequest, code: str) -> HttpResponse:
    """Show the sender their code, the promised date and the slip to print."""
    report = queries.by_code(request.commune, queries.check_code(code))
    if not senders.is_sender(request, report):
        return redirect("reports:own", code)
    if report.is_sealed:
        return kept.receipt(request, report)
    context = {
        "report": report,
        "secret": slips.secret(report.code),
        "qr": _qr(request, report.code),
        "has_phone": bool(report.reporter and report.reporter.phone),
        "photos_missing": report.photos.filter(state="expected").count(),
    }
    return render(request, "reports/citizen/receipt.html", context)


def _try_to_send(
    request: CommuneRequest, form: SendForm, gathered: uploads.Gathered
) -> HttpResponse | None:
    """Send; return where to go, or None after writing what is wrong into the form."""
    said = form.cleaned_data
    try:
        new = _new(request, said, gathered)
        report = actions.receive(new, by=senders.resident(request), commune=request.commune).report
        alike.keep_seen(request, report)
    except actions.OtherContent as refusal:
        report = refusal.report
    except Invalid as refusal:
        for name, sentences in refusal.errors.items():
            box = _PLACES.get(name, name)
            form.add_error(box if box in form.fields else None, sentences)
        return None
    response = redirect("reports:receipt", report.code)
    senders.open_for(request, response, report)
    senders.know_device(request, response)
    return response


def _new(
    request: CommuneRequest, said: dict[str, object], gathered: uploads.Gathered
) -> actions.NewReport:
    address = identity.address(request)
    device = senders.device_hash(request)
    is_hazard = str(said["category"]).startswith("HAZARD")
    sender = turns.Sender(device, address, str(said["phone"]))
    is_held = turns.take(sender, request.commune.id, is_hazard=is_hazard)
    body = {name: str(value) for name, value in said.items() if value not in (None, "")}
    answers = asking.of(request, catalogue.just_read(request.commune.id)).answers()
    body |= {f"answers.{code}": text for code, text in answers.items()}
    body["photos"] = ",".join(photo.sha256 for photo in gathered.photos)
    if gathered.voices:
        body["voice"] = ",".join(voice.sha256 for voice in gathered.voices)
    return actions.NewReport(
        uuid=said["uuid"],  # type: ignore[arg-type]
        content_hash=wire.content_hash(body),
        category=str(said["category"]),
        channel="web_plain",
        text=str(said["text"]),
        place=_place(said),
        contact=actions.Contact(
            name=str(said["name"]),
            phone=str(said["phone"]),
            preferred=str(said["preferred"]) if said["phone"] else "",
            is_anonymous=bool(said["anonymous"]),
        ),
        photos=gathered.photos,
        voices=gathered.voices,
        answers=answers,
        device_hash=device,
        ip_prefix_hash=senders.address_hash(request, identity.prefix(address)),
        is_held=is_held,
    )


def _place(said: dict[str, object]) -> actions.Place:
    lat, lon = said["lat"], said["lon"]
    return actions.Place(
        village_id=said["village"],  # type: ignore[arg-type]
        landmark=str(said["landmark"]),
        lat=lat if lon is not None else None,  # type: ignore[arg-type]
        lon=lon if lat is not None else None,  # type: ignore[arg-type]
        accuracy_m=said["accuracy"],  # type: ignore[arg-type]
        source="gps" if lat is not None else "none",
    )


def _drawn(
    request: CommuneRequest,
    form: SendForm,
    gathered: uploads.Gathered,
    villages: Sequence[Village],
    *,
    is_kept: bool = False,
) -> HttpResponse:
    known = catalogue.of(request.commune.id)
    kinds = known.choices
    asked = asking.of(request, known)
    everyday = [k for k in kinds if k.stream != "hazard" or k.code == "HAZARD-GENERAL"]
    context = {
        "form": form,
        "asked": asked,
        "kinds": [{"value": k.code, "text": k.name, "icon": k.icon} for k in everyday],
        "chosen": form["category"].value() or request.GET.get("loai", ""),
        "kept": gathered.shown(),
        "photo_faults": gathered.faults,
        "voice_faults": gathered.voice_faults,
        "kept_voice": gathered.kept_voice,
        "whole": [*form.non_field_errors(), *_hidden(form)],
        "wrong": _wrong(form, gathered, asked),
        "near": [
            {"id": v.pk, "code": v.code, "name": v.full_name, "lat": v.lat, "lon": v.lon}
            for v in villages
        ],
        "no_place": [k.code for k in kinds if k.pin == "no"],
        "is_kept": is_kept,
    }
    context["asks"] = form.is_bound and not context["wrong"]  # it came back for the questions alone
    status = 422 if form.is_bound else 200
    return render(request, "reports/citizen/send.html", context, status=status)


def _wrong(form: SendForm, gathered: uploads.Gathered, asked: AskedForm) -> int:
    """Return how many boxes are to be mended; questions that were not seen yet are none."""
    if not form.is_bound:
        return 0
    return len(form.errors) + (not gathered.is_whole) + len(asked.errors)


def _hidden(form: SendForm) -> list[str]:
    """Return what to say when a box nobody sees came back broken."""
    if any(box.errors for box in form.hidden_fields()):
        return [_("Biểu mẫu gửi lên bị hỏng. Bà con tải lại trang rồi gửi lại giúp.")]
    return []


def _qr(request: CommuneRequest, code: str) -> SafeString:
    """Return the QR code of the short tracking address, as an SVG without styles."""
    address = request.build_absolute_uri(f"/t/{code}")
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(omitsize=True, svgclass=None, lineclass=None, border=2)
    label = _("Mã QR mở trang theo dõi phản ánh")
    return SafeString(svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))
