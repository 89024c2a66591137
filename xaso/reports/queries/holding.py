"""What the commune holds about the sender of a report, or about somebody who follows it.

Each line says what, why, until when, and under which dated rule with its source. Nothing here is
about anybody else: no officer's name, no other follower's words.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.identity.models import Consent
from xaso.kernel.notifications import channels
from xaso.kernel.notifications import queries as notifications
from xaso.kernel.notifications.models import Message
from xaso.kernel.text import dates, phone, so, spoken_code
from xaso.reports import retention, rulebook, timeline
from xaso.reports.actions.closing import SENDER
from xaso.reports.models import (
    Feedback,
    Follower,
    FollowKind,
    Forward,
    Hold,
    PartnerReport,
    Photo,
    Report,
    ReportEvent,
    Sureness,
    VoiceNote,
)
from xaso.reports.people import Person
from xaso.reports.queries import following
from xaso.reports.queries.finding import kinds_of


@dataclass(frozen=True)
class Term:
    """How long something is kept: a rule of the book, with its source, and the day it ends."""

    key: str
    text: str
    source: str
    sureness: str
    until: date | None


@dataclass(frozen=True)
class Item:
    """One thing the commune holds."""

    key: str  # stable, for machines
    name: str
    icon: str
    values: Sequence[tuple[str, str]]
    why: str
    term: Term
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True)
class Told:
    """One message to this person: what about, how, when, and whether it came."""

    title: str
    channel: str
    at: datetime
    status: str


@dataclass(frozen=True)
class Holding:
    """Everything about one person."""

    code: str
    items: Sequence[Item]
    told: Sequence[Told]
    shared: Sequence[tuple[str, str]]
    held_until: date | None  # kept as evidence until then, whatever the terms say
    as_json: dict[str, object] = field(default_factory=dict)

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


def holding(of: Person) -> Holding:
    """Return everything the commune holds about somebody, for that person alone."""
    terms = _Terms(of.report)
    items = [item for item in _items(of, terms) if item.values or item.pictures]
    told = _told(of)
    shared = list(_shared(of))
    hold = Hold.objects.filter(report=of.report, ended_at__isnull=True).first()
    return Holding(
        code=of.code,
        items=items,
        told=told,
        shared=shared,
        held_until=hold.until if hold else None,
        as_json=_json(of, items, told, shared),
    )


class _Terms:
    """The rules of retention, for one report."""

    def __init__(self, report: Report) -> None:
        self.rules = rulebook.of(report.commune_id)
        self.report = report
        self.over = retention.over_since(report)

    def of(self, key: str, begins: datetime | None = None, *, is_after: bool = True) -> Term:
        """Return a term: after the matter is over, or from a moment on."""
        held = self.rules.held(key)
        begins = self.over if is_after else begins
        until = retention.ends(self.rules, key, begins) if begins else None
        amount = f"{so(held.amount or 0)} {_(_UNITS[held.known.unit])}"
        if until:
            text = _("đến hết %(day)s") % {"day": dates.ngay(until, year=True)}
        elif is_after:
            text = _("%(amount)s sau khi việc này xong") % {"amount": amount}
        else:
            text = amount
        sureness = str(Sureness(held.sureness).label)
        return Term(key, text, held.source, sureness, until)


_UNITS = {"day": "ngày", "month": "tháng", "year": "năm"}


def _items(of: Person, terms: _Terms) -> Iterator[Item]:
    yield _contact(of, terms)
    if of.follower is None:
        yield _words(of.report, terms)
        yield _place(of.report, terms)
        yield _recordings(of.report, terms)
        yield _helped(of.report, terms)
        yield _passed_on(of.report, terms)
    else:
        yield _following(of.follower, terms)
    yield _photos(of, terms)
    yield _rating(of, terms)
    yield _device(of, terms)


def _contact(of: Person, terms: _Terms) -> Item:
    who = of.reporter
    values: list[tuple[str, str]] = []
    if who is not None:
        number = phone.grouped(who.phone) if who.phone else ""
        rows = (
            (_("Tên"), who.name),
            (_("Số điện thoại"), number),
            (_("Thư điện tử"), who.email),
            ("Zalo", who.zalo_user),
            (_("Máy nhận thông báo"), _("Có một máy") if who.browser else ""),
            (_("Xã báo bằng"), str(_WAYS.get(who.preferred, who.preferred))),
            (_("Giấu với cán bộ"), _("Có, cán bộ chỉ thấy “ẩn danh”") if who.is_anonymous else ""),
        )
        has_any = any(text for _name, text in rows[:5])
        values = [(name, text) for name, text in rows if text] if has_any else []
    why = _("Để báo cho bác xã làm đến đâu, và hỏi lại khi chưa rõ.")
    return Item("contact", _("Cách liên lạc"), "phone", values, why, terms.of("retain.contact"))


_WAYS = {"sms": "SMS", "zalo": "Zalo", "push": "push", "call": "gọi điện", "email": "e-mail"}


def _words(report: Report, terms: _Terms) -> Item:
    values = [(_("Lời bác viết"), report.text or "")]
    questions = {q.code: q.text for q in kinds_of(report).by_id[report.category_id].questions}
    for name, said in report.answers.items():
        values.append((questions.get(name, name), str(said)))
    lines = ReportEvent.objects.filter(report=report, actor_kind="resident").exclude(public_text="")
    for line in lines.order_by("seq"):
        heading = timeline.heading(line.kind)
        title = str(heading[1]) if heading else _("Bác viết thêm")
        values.append((f"{title}, {dates.moment(line.server_time)}", line.public_text))
    why = _("Để xã hiểu và làm việc bác báo. Lời chỉ đăng sau khi cán bộ đọc và che tên, số.")
    kept = [(name, said) for name, said in values if said]
    return Item("words", _("Lời"), "message-square", kept, why, terms.of("retain.closed"))


def _place(report: Report, terms: _Terms) -> Item:
    values = [
        (_("Bản"), report.village.full_name if report.village else ""),
        (_("Chỗ cụ thể"), ", ".join(filter(None, (report.landmark, report.km_post)))),
    ]
    if report.lat is not None and report.lon is not None:
        point = f"{so(round(report.lat, 5))}; {so(round(report.lon, 5))}"
        values.append((_("Vị trí chính xác, chỉ cán bộ thấy"), point))
    kept = [(name, said) for name, said in values if said]
    why = _("Để cán bộ tìm đúng chỗ. Bà con khác chỉ thấy vị trí làm tròn khoảng 100 mét.")
    return Item("place", _("Chỗ"), "map-pin", kept, why, terms.of("retain.closed"))


def _photos(of: Person, terms: _Terms) -> Item:
    rows = Photo.objects.filter(report=of.report, follower=of.follower, attachment__isnull=False)
    photos = list(rows.exclude(role=Photo.Role.AFTER).select_related("attachment"))
    noted = [p for p in photos if p.attachment and (p.attachment.position or p.attachment.taken_at)]
    values = [(_("Số ảnh"), so(len(photos)))] if photos else []
    if noted:
        first = min(p.attachment.received_at for p in noted if p.attachment)
        kept = terms.of("retain.position", first, is_after=False)
        values.append((_("Vị trí, giờ máy ảnh ghi trong ảnh"), f"{so(len(noted))}, {kept.text}"))
    shown = [
        attachments.picture(p.attachment, _("Ảnh bác gửi"), step=160, is_lent=True)
        for p in photos
        if p.attachment
    ]
    why = _("Để thấy việc bác báo. Ảnh chỉ đăng sau khi cán bộ xem từng ảnh.")
    return Item(
        "photos", _("Ảnh"), "images", values, why, terms.of("retain.closed"),
        [picture for picture in shown if picture.is_ready],
    )  # fmt: skip


def _recordings(report: Report, terms: _Terms) -> Item:
    values = []
    for row in VoiceNote.objects.filter(report=report, attachment__isnull=False):
        said = row.transcript or _("chưa chép lời")
        values.append((_("Tiếng nói, %(n)s giây") % {"n": so(row.seconds)}, said))
    why = _("Để nghe đúng lời bác. Tiếng nói không bao giờ đăng.")
    return Item("voice", _("Tiếng nói"), "mic", values, why, terms.of("retain.voice"))


def _helped(report: Report, terms: _Terms) -> Item:
    values: list[tuple[str, str]] = []
    if report.is_on_behalf or report.helper_id:
        values.append((_("Người gửi hộ"), _("Cán bộ, trưởng bản hoặc tổ công nghệ số")))
    given = Consent.objects.filter(pk=report.consent_id or 0, commune=report.commune_id).first()
    if given is not None:
        how = str(Consent.Method(given.method).label)
        values.append((_("Bác đồng ý bằng cách"), how))
        values.append((_("Lúc"), dates.moment(given.given_at, year=True)))
        values.append((_("Bản lời đọc cho bác nghe"), given.text_version))
        if given.withdrawn_at:
            values.append((_("Bác rút lại lúc"), dates.moment(given.withdrawn_at, year=True)))
    why = _("Để chứng minh bác đã nhờ gửi hộ.")
    return Item("consent", _("Gửi hộ"), "users", values, why, terms.of("retain.consent"))


def _passed_on(report: Report, terms: _Terms) -> Item:
    row = PartnerReport.objects.filter(report=report).select_related("api_key").first()
    values: list[tuple[str, str]] = []
    if row is not None:
        values.append((_("Gửi qua hệ thống"), row.api_key.name))
        extra = json.loads(row.extra) if row.extra else {}
        values += [(str(name), str(said)) for name, said in extra.items() if said]
    why = _("Hệ thống bác dùng gửi kèm những dòng này.")
    return Item(
        "partner", _("Hệ thống khác gửi kèm"), "link", values, why, terms.of("retain.partner")
    )


def _following(follower: Follower, terms: _Terms) -> Item:
    values = [
        (_("Bác"), str(FollowKind(follower.kind).label)),
        (_("Từ lúc"), dates.moment(follower.created_at, year=True)),
    ]
    if follower.ended_at:
        values.append((_("Thôi theo dõi lúc"), dates.moment(follower.ended_at, year=True)))
    why = _("Để đếm có bao nhiêu người cùng gặp, và báo tin cho bác.")
    return Item("following", _("Theo dõi"), "bell", values, why, terms.of("retain.closed"))


def _rating(of: Person, terms: _Terms) -> Item:
    whose = following.person(of.follower) if of.follower else SENDER
    rows = Feedback.objects.filter(report=of.report, person=whose).order_by("at")
    faces = {2: _("Hài lòng"), 1: _("Tạm được"), 0: _("Chưa hài lòng")}
    values = [
        (dates.moment(row.at), ". ".join(filter(None, (faces[row.score], row.text, _spoken(row)))))
        for row in rows
    ]
    why = _("Để biết câu trả lời đã được chưa.")
    return Item("rating", _("Bác đánh giá"), "smile", values, why, terms.of("retain.closed"))


def _spoken(row: Feedback) -> str:
    if row.voice_id is None:
        return ""
    said = row.transcript or _("chưa chép lời")
    return _("Tiếng nói %(n)s giây: %(said)s") % {"n": so(row.voice_seconds), "said": said}


def _device(of: Person, terms: _Terms) -> Item:
    whose = of.follower or of.report
    values = []
    if whose.device_hash:
        values.append((_("Dấu của máy đã gửi"), _("một dãy số, không đọc ra máy nào")))
    if of.follower is None and of.report.ip_prefix_hash:
        values.append((_("Dấu của địa chỉ mạng"), _("một dãy số, không đọc ra địa chỉ")))
    begins = of.report.received_at
    term = terms.of("retain.device", begins, is_after=of.follower is not None)
    why = _("Để máy của bác mở được trang của bác, và để không ai gửi dồn dập.")
    return Item("device", _("Máy và mạng"), "fingerprint", values, why, term)


def _told(of: Person) -> list[Told]:
    rows = notifications.about(of.report, commune=of.report.commune_id)
    return [
        Told(
            row.title,
            str(channels.KINDS[row.channel].label)
            if row.channel in channels.KINDS
            else row.channel,
            row.sent_at or row.created_at,
            str(Message.Status(row.status).label),
        )
        for row in rows
        if row.recipient == of.key
    ]


def _shared(of: Person) -> Iterator[tuple[str, str]]:
    """Say who else was given something, and what of it."""
    report = of.report
    if of.follower is not None:
        return
    if report.visibility == "public":
        yield (
            _("Mọi người, trên trang của xã"),
            _("lời đã che tên, số; ảnh đã duyệt; vị trí làm tròn"),
        )
    rows = Forward.objects.filter(report=report).select_related("body").order_by("id")
    for row in rows:
        said = _("việc xã nhờ làm, chỗ, ảnh đã duyệt; không có tên và số của bác (%(day)s)")
        yield row.body.name, said % {"day": dates.ngay(row.forwarded_at, year=True)}
    partner = PartnerReport.objects.filter(report=report).select_related("api_key").first()
    if partner is not None:
        yield partner.api_key.name, _("hệ thống bác đã gửi qua: tình hình xử lý")


def _json(
    of: Person, items: Sequence[Item], told: Sequence[Told], shared: Sequence[tuple[str, str]]
) -> dict[str, object]:
    """Return the same for a program: stable keys, ISO dates."""
    return {
        "code": of.code,
        "received_at": of.report.received_at.isoformat(),
        "items": [
            {
                "key": item.key,
                "name": item.name,
                "values": [{"name": name, "value": value} for name, value in item.values],
                "why": item.why,
                "kept": {
                    "rule": item.term.key,
                    "until": item.term.until.isoformat() if item.term.until else None,
                    "text": item.term.text,
                    "source": item.term.source,
                    "sureness": item.term.sureness,
                },
            }
            for item in items
        ],
        "messages": [
            {"title": t.title, "channel": t.channel, "at": t.at.isoformat(), "status": t.status}
            for t in told
        ],
        "shared_with": [{"who": who, "what": what} for who, what in shared],
    }
