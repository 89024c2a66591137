"""The form of a new request, and of an update: read as plain values, every fault named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from xaso.kernel.text import clean_line, clean_text
from xaso.reports.open311 import moments
from xaso.reports.open311.faults import Fault, Faulty

LONGEST_TEXT = 4_000
LONGEST_URL = 2_000
MOST_URLS = 6
_DEGREES = re.compile(r"[+-]?\d{1,3}(\.\d{1,20})?", re.ASCII)
_EAST_OF = 90  # every place in Viet Nam lies east of 90° and south of 90°
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Sent:
    """What a form says; an empty text is nothing."""

    service_code: str = ""
    lat: float | None = None
    lon: float | None = None
    address: str = ""
    address_id: str = ""
    text: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    account_id: str = ""
    device_id: str = ""
    media_urls: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Update:
    """What somebody adds to a request that exists."""

    code: str
    update_id: str
    moment: datetime
    status: str
    text: str
    media_urls: tuple[str, ...] = ()


def last(form: Form, name: str) -> str:
    """Return the last value of a field, without blanks around it; empty equals absent."""
    values = form.get(name) or [""]
    return values[-1].strip()


def sent(form: Form) -> Sent:
    """Return what a form says, with its faults; attributes are read elsewhere."""
    faults: list[Fault] = []
    lat, lon = _position(form, faults)
    address = clean_line(last(form, "address_string"))[:1_000]
    address_id = clean_line(last(form, "address_id"))[:40]
    if not last(form, "service_code"):
        faults.append(Fault("service_code", _("thiếu mã loại việc")))
    if lat is None and not (address or address_id or faults_about(faults, "lat", "long")):
        sentence = _("cần lat và long, hoặc address_string, hoặc address_id")
        faults.append(Fault("location", sentence))
    words = {name: clean_line(last(form, name))[:120] for name in _NAMES}
    return Sent(
        service_code=last(form, "service_code"),
        lat=lat,
        lon=lon,
        address=address,
        address_id=address_id,
        text=_text(form, faults),
        name=" ".join(filter(None, (words["first_name"], words["last_name"]))),
        email=_email(form, faults),
        phone=clean_line(last(form, "phone"))[:40],
        account_id=words["account_id"],
        device_id=words["device_id"],
        media_urls=_urls(form, faults),
        faults=tuple(faults),
    )


def update(form: Form) -> Update:
    """Return what an update says. Refuses with Faulty."""
    keys = ("service_request_id", "update_id")
    faults = [Fault(name, _("thiếu mã")) for name in keys if not last(form, name)]
    if len(last(form, "update_id")) > 200:
        faults.append(Fault("update_id", _("mã dài quá, nhiều nhất 200 chữ")))
    moment = None
    try:
        moment = moments.read("updated_datetime", last(form, "updated_datetime"))
    except Faulty as error:
        faults.extend(error.faults)
    text = _text(form, faults)
    if not text:
        faults.append(Fault("description", _("thiếu nội dung")))
    urls = _urls(form, faults)
    if faults or moment is None:
        raise Faulty(*faults)
    code, key = last(form, "service_request_id"), clean_line(last(form, "update_id"))
    return Update(code, key, moment, last(form, "status").upper(), text, urls)


def faults_about(faults: Sequence[Fault], *words: str) -> bool:
    """Return whether one of these fields was found faulty already."""
    return any(fault.word in words for fault in faults)


_NAMES = ("first_name", "last_name", "account_id", "device_id")


def _position(form: Form, faults: list[Fault]) -> tuple[float | None, float | None]:
    """Return the pin, or none; each of the four ways to write it wrongly has its sentence."""
    texts = {name: last(form, name) for name in ("lat", "long")}
    if not any(texts.values()):
        return None, None
    for name, text in texts.items():
        if not text:
            faults.append(Fault(name, _("lat và long phải đi cùng nhau")))
        elif not _DEGREES.fullmatch(text):
            said = _("cần số độ với dấu chấm thập phân, ví dụ 22.31704")
            faults.append(Fault(name, said))
    if faults_about(faults, "lat", "long"):
        return None, None
    lat, lon = float(texts["lat"]), float(texts["long"])
    if lat > _EAST_OF or lon < _EAST_OF:
        faults.append(Fault("lat", _("có lẽ lat và long bị đổi chỗ cho nhau")))
    elif lat < -90 or lon > 180:
        faults.append(Fault("lat", _("không có nơi nào như vậy trên Trái Đất")))
    else:
        return lat, lon
    return None, None


def _text(form: Form, faults: list[Fault]) -> str:
    text = clean_text(last(form, "description"))
    if len(text) > LONGEST_TEXT:
        said = _("dài quá, nhiều nhất %(most)d chữ cái") % {"most": LONGEST_TEXT}
        faults.append(Fault("description", said))
    return text


def _email(form: Form, faults: list[Fault]) -> str:
    text = last(form, "email")
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        faults.append(Fault("email", _("địa chỉ thư chưa đúng")))
    return text[:200]


def _urls(form: Form, faults: list[Fault]) -> tuple[str, ...]:
    named = [*form.get("media_url", ()), *form.get("media_url[]", ())]
    urls = tuple(dict.fromkeys(filter(None, (clean_line(url) for url in named))))
    if len(urls) > MOST_URLS:
        faults.append(Fault("media_url", _("nhiều nhất 6 ảnh")))
    if any(len(url) > LONGEST_URL for url in urls):
        faults.append(Fault("media_url", _("địa chỉ dài quá, nhiều nhất 2.000 chữ")))
    if not all(url.lower().startswith(("http://", "https://")) for url in urls):
        faults.append(Fault("media_url", _("địa chỉ phải bắt đầu bằng http:// hoặc https://")))
    return urls
