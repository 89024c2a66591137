"""What somebody learns who checks a slip: plain values and sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from xaso.documents import codes
from xaso.documents.models import CheckKey
from xaso.documents.refusals import BadCode, UnknownDevice, WrongSignature
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates, moment

_AHEAD = timedelta(minutes=10)  # clocks of phones


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on one code; `rows` are (label, value) for the page."""

    title: Sentence
    text: Sentence
    is_genuine: bool = False
    rows: tuple[tuple[str, str], ...] = ()


def keys(commune: Commune) -> Sequence[CheckKey]:
    """Return every key ever used for slips, the newest first."""
    return list(CheckKey.objects.filter(commune=commune).order_by("-valid_from", "kid"))


def published(commune: Commune) -> list[dict[str, object]]:
    """Return the public halves as the checking page keeps them."""
    return [
        {
            "kid": key.kid,
            "kind": key.kind,
            "name": key.name,
            "from": key.valid_from.isoformat(timespec="seconds"),
            "to": key.valid_to.isoformat(timespec="seconds") if key.valid_to else None,
            "lost": key.is_lost,
            "jwk": {"kty": "EC", "crv": "P-256", "x": key.x, "y": key.y},
        }
        for key in keys(commune)
    ]


def devices(commune: Commune) -> Sequence[CheckKey]:
    """Return the counter machines ever registered, the newest first."""
    return [key for key in keys(commune) if key.kind == CheckKey.Kind.DEVICE]


def device(kid: str, *, commune: Commune) -> CheckKey:
    """Return a counter machine of this commune, retired or not. Refuses with UnknownDevice."""
    rows = CheckKey.objects.filter(commune=commune, kid=kid, kind=CheckKey.Kind.DEVICE)
    row = rows.first()
    if row is None:
        raise UnknownDevice
    return row


def signed_by(row: CheckKey, message: str, signature: str) -> None:
    """Refuse with WrongSignature what this machine did not sign word for word."""
    if not codes.is_signed(message.encode(), signature, codes.from_jwk(_jwk(row))):
        raise WrongSignature


def address(text: str) -> str:
    """Return the path that checks a signed text; what follows # never reaches the server."""
    return f"{reverse('documents:check')}#{text}"


def checked(text: str, *, commune: Commune) -> Checked:
    """Return the verdict on a code of this commune; what cannot be read is not ours."""
    try:
        code = codes.taken_apart(text)
    except BadCode as refusal:
        return Checked(_("Không đọc được mã"), refusal.sentence)
    row = CheckKey.objects.filter(commune=commune, kid=code.key).first()
    if row is None or not codes.is_genuine(code, codes.from_jwk(_jwk(row))):
        return Checked(*_not_ours())
    if fault := _fault(row, code.body.made_at):
        return Checked(_("Chưa tin được mã này"), fault, rows=_rows(code.body, row))
    said = _("Mã do %(who)s ký, chưa bị sửa.") % {"who": row.name}
    return Checked(_("Giấy thật"), said, is_genuine=True, rows=_rows(code.body, row))


def _not_ours() -> tuple[str, str]:
    return (
        _("Không phải giấy của xã này"),
        _("Mã không do xã này ký, hoặc đã bị sửa. Bác gọi cho xã để hỏi lại."),
    )


def _jwk(row: CheckKey) -> dict[str, str]:
    return {"kty": "EC", "crv": "P-256", "x": row.x, "y": row.y}


def _fault(row: CheckKey, made_at: datetime) -> str:
    if row.is_lost:
        return _("Máy ký giấy này đã bị mất hoặc lộ khoá. Bác mang giấy đến quầy để kiểm tra.")
    is_late = row.valid_to is not None and made_at > row.valid_to + _AHEAD
    if is_late or made_at < row.valid_from - _AHEAD:
        return _(
            "Mã được ký ngoài thời gian máy này được dùng. Bác mang giấy đến quầy để kiểm tra."
        )
    return ""


def _rows(body: codes.Body, row: CheckKey) -> tuple[tuple[str, str], ...]:
    labels = {
        "due": _("Hẹn trả"),
        "received": _("Nhận lúc"),
        "number": _("Số, ký hiệu"),
        "dated": _("Ngày trên giấy"),
        "copies": _("Số bản"),
        "total": _("Số tiền"),
        "expires": _("Có giá trị đến"),
        "offline": _("Mã tạm"),
    }
    facts = [(labels[name], _value(value)) for name, value in body.facts.items()]
    return (
        (_("Mã số"), body.code),
        *facts,
        (_("Ký lúc"), moment(body.made_at, year=True)),
        (_("Nơi ký"), row.name),
    )


def _value(value: str) -> str:
    """Return a fact as people read it: a moment where it is one, else as it stands."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    if len(value) <= len("2026-11-23"):
        return dates.ngay(at.date(), year=True)
    return moment(at, year=True) if at.utcoffset() is not None else value
