"""What programs send: a request with its photos, and something said about one."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO, TypeAlias, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Refusal
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import fold
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue, ground, wire
from xaso.reports.actions.placing import FARTHEST_KM
from xaso.reports.models import Report
from xaso.reports.models.photos import MOST_PER_ROLE
from xaso.reports.open311 import asking, attributes, forms
from xaso.reports.open311.faults import Fault, Faulty, unknown
from xaso.reports.open311.forms import Sent
from xaso.reports.queries import open311, open311_more, open311_services
from xaso.reports.views.open311.door import Call

_BOXES = ("media", "media[]", "photo", *(f"photo{n}" for n in range(1, 10)))
_FOREVER = (
    "fixmystreet_id"  # the partner's own number of the report: the same one never comes twice
)
_HEADER = "Idempotency-Key"
_NO_KEY = UUID(int=0)
Upload: TypeAlias = "UploadedFile[bytes]"


def create(call: Call) -> HttpResponse:
    """Take a request in; the same again gets the first answer again."""
    actor = replace(call.needs("open311.write"), channel="open311")
    form = {name: call.request.POST.getlist(name) for name in call.request.POST}
    sent = forms.sent(form)
    on = ground.of(call.commune.id)
    kind, faults = _kind(on.kinds, sent)
    given = attributes.gathered(form)
    questions = kind.asked(clock.now()) if kind else ()
    answers, extra, more = attributes.checked(given, questions)
    faults = [*sent.faults, *faults, *more, *_outside(call, sent)]
    uploads = _uploads(call, faults)
    if faults or kind is None:
        raise Faulty(*faults)
    new = actions.NewReport(
        uuid=_NO_KEY,  # the action draws it from what was sent
        content_hash=_fingerprint(form, uploads),
        category=kind.code,
        channel="open311",
        text=sent.text,
        place=_place(call, sent),
        contact=actions.Contact(name=sent.name, phone=sent.phone, email=sent.email),
        photos=_stored(call, uploads, actor),
        answers=answers,
        device_hash=_device(call, sent),
    )
    passed = _passed(call, actor, sent, extra)
    passed = replace(passed, digest=passed.digest or new.content_hash)
    receipt = actions.receive_passed(new, passed, by=actor, commune=call.commune, on=on)
    return call.answer("service_requests", [_receipt(receipt.report)])


def add_update(call: Call) -> HttpResponse:
    """Take something in that a resident said elsewhere about a request."""
    actor = replace(call.needs("open311.updates"), channel="open311")
    form = {name: call.request.POST.getlist(name) for name in call.request.POST}
    said = forms.update(form)
    report = open311.one(replace(call.reader(), key=call.key), said.code)
    if report is None:
        raise Faulty(unknown("service_request_id"))
    word = actions.Word(
        key=int(actor.id),
        update_id=said.update_id,
        text=said.text,
        status=said.status,
        media_urls=said.media_urls,
        fetches=identity.may(actor, "open311.fetch_media"),
    )
    actions.add_word(report, word, by=actor)
    return call.answer("service_request_updates", [{"update_id": said.update_id}])


def updates(call: Call) -> HttpResponse:
    """Return what happened lately to published requests and to those of this key."""
    actor = call.needs("open311.updates")
    start, end = asking.updates(call.params, clock.now())
    reader = replace(call.reader(), key=call.key)
    is_finer = identity.may(actor, "open311.extended_statuses")
    rows = open311_more.updates(reader, start, end, is_finer=is_finer)
    return call.answer("service_request_updates", rows)


def _kind(kinds: catalogue.Categories, sent: Sent) -> tuple[catalogue.Kind | None, list[Fault]]:
    if not sent.service_code:
        return None, []
    offered = open311_services.offered(kinds)
    kind = next((k for k in offered if k.code == sent.service_code), None)
    return kind, [] if kind else [unknown("service_code")]


def _outside(call: Call, sent: Sent) -> list[Fault]:
    """Return the fault of a pin far outside; one just outside is taken and shown to officials."""
    if sent.lat is None or sent.lon is None:
        return []
    away = places.distance_outside_km(call.commune, sent.lat, sent.lon)
    if away <= FARTHEST_KM:
        return []
    said = {"km": round(away), "commune": call.commune.full_name}
    sentence = _("vị trí ở ngoài %(commune)s khoảng %(km)d km, xin gửi cho nơi đó") % said
    return [Fault("outside_jurisdiction", sentence)]


def _place(call: Call, sent: Sent) -> actions.Place:
    """Return the place; a pin wins, then the village named by code, then one named in words."""
    words = sent.address[:200]
    if sent.lat is not None:
        return actions.Place(landmark=words, lat=sent.lat, lon=sent.lon, source="map")
    villages = places.villages(call.commune)
    if sent.address_id:
        village = next((v for v in villages if v.code == sent.address_id), None)
        if village is None:
            raise Faulty(Fault("address_id", _("xã không có bản mang mã này")))
    else:
        village = _named(villages, sent.address)
    return actions.Place(village_id=village.pk if village else None, landmark=words)


def _named(villages: Sequence[Village], address: str) -> Village | None:
    """Return the one village an address names; none when it names several or none."""
    words = f" {fold(address)} "
    named = [v for v in villages if f" {v.fold} " in words]
    longest = [v for v in named if not any(v.fold != w.fold and v.fold in w.fold for w in named)]
    return longest[0] if len(longest) == 1 else None


def _uploads(call: Call, faults: list[Fault]) -> list[Upload]:
    """Return the photos that came with the form."""
    files = call.request.FILES
    boxes = [name for name in files if name in _BOXES or name.startswith("file_")]
    found = [file for name in boxes for file in files.getlist(name)]
    if len(found) > MOST_PER_ROLE:
        faults.append(Fault("media", _("nhiều nhất 6 ảnh")))
        return []
    return found


def _stored(call: Call, uploads: list[Upload], by: Actor) -> list[Attachment]:
    """Keep the photos privately. Refuses with Faulty, naming each that is no good."""
    stored, faults = [], []
    for number, upload in enumerate(uploads, start=1):
        try:
            file = cast("BinaryIO", upload.file)
            name = upload.name or ""
            stored.append(attachments.store_photo(file, name=name, commune=call.commune, by=by))
        except Refusal as refusal:
            faults.append(Fault(f"media[{number}]", refusal.sentence))
    if faults:
        raise Faulty(*faults)
    return stored


def _fingerprint(form: dict[str, list[str]], uploads: list[Upload]) -> str:
    """Return the digest of everything that was sent but the key."""
    said: dict[str, object] = {name: form[name] for name in form if name != "api_key"}
    said["\0files"] = [_digest(upload) for upload in uploads]
    return wire.content_hash(said)


def _digest(upload: Upload) -> str:
    seen = hashlib.sha256()
    for chunk in upload.chunks():
        seen.update(chunk)
    upload.seek(0)
    return seen.hexdigest()


def _passed(call: Call, actor: Actor, sent: Sent, extra: dict[str, list[str]]) -> actions.Passed:
    """Return what the report has no place for, and by what a retry is known (if not by all)."""
    own = extra.get(_FOREVER, [""])[-1].strip()
    header = call.request.headers.get(_HEADER, "").strip()
    named = f"{_FOREVER}:{own}" if own else f"{_HEADER}:{header}" if header else ""
    kept: dict[str, object] = {
        "attributes": extra,
        "address_string": sent.address,
        "address_id": sent.address_id,
        "account_id": sent.account_id,
    }
    return actions.Passed(
        key=int(actor.id),
        digest=hashlib.sha256(named.encode()).hexdigest() if named else "",
        is_forever=bool(own),
        extra={name: value for name, value in kept.items() if value},
        media_urls=sent.media_urls,
        fetches=identity.may(actor, "open311.fetch_media"),
    )


def _device(call: Call, sent: Sent) -> str:
    if not sent.device_id:
        return ""
    return blind(sent.device_id, context=f"reports.partner_device.{call.commune.id}")


def _receipt(report: Report) -> dict[str, object]:
    return {
        "service_request_id": report.code,
        "service_notice": open311.notice(report),
        "account_id": None,
    }
