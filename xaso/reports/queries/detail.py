"""Everything an official sees of one report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.attachments import parts
from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates, so
from xaso.kernel.working_time import telling
from xaso.reports import deadlines, guards, hints, ledger, rulebook, timeline
from xaso.reports.models import Photo, Report, ReportEvent, State
from xaso.reports.models.words import VillageSource
from xaso.reports.open311 import attributes
from xaso.reports.queries import board, forwards, looking, recordings
from xaso.reports.queries.finding import kinds_of
from xaso.reports.queries.recordings import Heard
from xaso.reports.routing import wording

_OFFICE: dict[str, tuple[str, Sentence]] = {
    "transcribe": ("mic", gettext_lazy("Chép lời từ tiếng nói")),
    "note": ("pencil", gettext_lazy("Ghi chú")),
    "publish": ("eye", gettext_lazy("Đăng công khai")),
    "decide": ("images", gettext_lazy("Duyệt ảnh")),
    "hide": ("eye-off", gettext_lazy("Thôi đăng")),
    "recategorise": ("layers", gettext_lazy("Đổi loại việc")),
    "restream": ("route", gettext_lazy("Đổi cách xử lý")),
    "seal": ("lock", gettext_lazy("Giữ kín")),
    "ask_extend": ("calendar-clock", gettext_lazy("Xin hẹn lại")),
    "ask_reject": ("ban", gettext_lazy("Xin không xử lý")),
    "ask_give_up": ("ban", gettext_lazy("Xin dừng chờ")),
    "decline": ("x", gettext_lazy("Không duyệt đề nghị")),
    "moved": ("copy", gettext_lazy("Chuyển theo phản ánh gốc")),
    "word": ("message-square", gettext_lazy("Bà con viết thêm")),
    "media_failed": ("images", gettext_lazy("Không tải được ảnh theo địa chỉ gửi kèm")),
}
_NAMES_SECONDS = 60.0
_known: dict[str, tuple[str, float]] = {}


@dataclass(frozen=True)
class Shown:
    """One photo on the officials' page."""

    id: int
    picture: Picture
    role: str
    moderation: str
    is_public: bool


@dataclass(frozen=True)
class Event:
    """One line of the officials' history."""

    icon: str
    title: str
    time: str
    iso: str
    who: str
    note: str
    is_sealed: bool


@dataclass(frozen=True)
class Why:
    """Why a report is due when it is, as `web/parts/_why_deadline.html` shows it."""

    lead: str
    rows: Sequence[telling.Told]
    law: str


@dataclass(frozen=True)
class File:
    """One report, for officials."""

    report: Report
    title: str
    category: str
    icon: str
    text: str
    hint: str
    photos: Sequence[Shown]
    missing: str
    voices: Sequence[Heard]
    agreed: Heard | None
    rated: Sequence[Heard]
    events: Sequence[Event]
    why: Why | None
    left: str
    paused_at: datetime | None
    done_at: datetime | None
    now: datetime
    facts: Sequence[tuple[str, str]]
    route: wording.Told | None = None  # read with `with_route`
    place_flags: Sequence[str] = ()
    clock: Sequence[ledger.Line] = ()
    passed: forwards.Passed | None = None


def file(report: Report, *, by: Actor, now: datetime) -> File:
    """Return a report read by `by_code` with all that officials may see."""
    kinds = kinds_of(report)
    kind = kinds.by_id[report.category_id]
    report.term = next((t for t in kind.terms if t.pk == report.term_id), None) or report.term
    events = list(ReportEvent.objects.filter(report=report).order_by("seq"))
    rows = Photo.objects.filter(report=report).select_related("attachment")
    photos = list(rows.order_by("role", "order", "id"))
    text = "" if report.is_sealed else (report.text or "")
    rules = rulebook.stamped(report.commune_id, kinds.stamp)
    village = report.village.full_name if report.village else ""
    is_running = report.is_open and not report.is_paused
    return File(
        report=report,
        title=board.title(text, kind.name, village),
        category=kind.name,
        icon=kind.icon,
        text=text,
        hint="" if report.is_stream_chosen else hints.of(text, rules),
        photos=[_photo(p) for p in photos if p.attachment is not None],
        missing=_missing(photos, now),
        voices=recordings.heard(report, is_lent=False),
        agreed=recordings.agreed(report),
        rated=recordings.rated(report),
        events=_events(report, events),
        why=_why(report),
        left=_left(report, now),
        paused_at=report.state_since if report.is_paused else None,
        done_at=None if is_running or report.is_paused else report.answered_at or report.closed_at,
        now=now,
        facts=_facts(report),
        route=_route(report),
        place_flags=_place_flags(report),
        clock=ledger.lines(report, now),
        passed=forwards.last(report, now),
    )


def _missing(photos: Sequence[Photo], now: datetime) -> str:
    """Return what to say of photos that a phone announced and has not sent, or nothing."""
    waiting = [p for p in photos if p.state == Photo.State.EXPECTED]
    if not waiting:
        return ""
    late = sum(p.created_at < now - parts.KEPT for p in waiting)
    if late == len(waiting):
        return _("%(n)s ảnh không tới. Máy của bà con báo có ảnh nhưng quá 48 giờ chưa gửi.") % {
            "n": late
        }
    announced = [p for p in photos if p.role == Photo.Role.EVIDENCE]
    said = {"have": len(announced) - len(waiting), "all": len(announced)}
    return _("Ảnh đang tới %(have)s/%(all)s. Bác cứ nhận việc, ảnh tới sau.") % said


def _photo(photo: Photo) -> Shown:
    assert photo.attachment is not None  # noqa: S101  (the caller left the others out)
    role = str(Photo.Role(photo.role).label)
    return Shown(
        id=photo.pk,
        picture=attachments.picture(photo.attachment, role),
        role=role,
        moderation=str(Photo.Moderation(photo.moderation).label),
        is_public=photo.is_public,
    )


def _events(report: Report, events: Sequence[ReportEvent]) -> list[Event]:
    names = _names(events)
    lines = audit.history(report, commune=report.commune_id)
    sealed = {line.changes.get("version"): line.sealed for line in lines}
    return [_event(report, event, names, sealed) for event in reversed(events)]


def _event(
    report: Report, event: ReportEvent, names: dict[str, str], sealed: dict[object, bool]
) -> Event:
    icon, title = timeline.heading(event.kind) or _OFFICE.get(event.kind, ("info", event.kind))
    said = (
        timeline.note(report, event),
        looking.told(event.payload),
        event.public_text,
        event.internal_text,
    )
    notes = [text for number, text in enumerate(said) if text and text not in said[:number]]
    return Event(
        icon=icon,
        title=str(title),
        time=dates.moment(event.server_time),
        iso=dates.local(event.server_time).isoformat(timespec="minutes"),
        who=_who(event, names),
        note="\n".join(notes),
        is_sealed=sealed.get(event.seq, False),
    )


def _names(events: Sequence[ReportEvent]) -> dict[str, str]:
    """Return the names of the officials of a history; names change rarely and are kept a minute."""
    keys = {e.actor_id for e in events if e.actor_kind == "official" and e.actor_id.isdigit()}
    now = monotonic()
    wanted = [key for key in keys if _known.get(key, ("", 0.0))[1] < now]
    if wanted:
        for person in Official.objects.filter(pk__in=wanted):
            _known[str(person.pk)] = (str(person), now + _NAMES_SECONDS)
    return {key: _known[key][0] for key in keys if key in _known}


def _who(event: ReportEvent, names: dict[str, str]) -> str:
    if event.actor_kind == "official":
        return names.get(event.actor_id, _("Cán bộ"))
    said = {"resident": _("Bà con"), "system": _("Máy"), "helper": _("Người giúp")}
    said["machine"] = _("Hệ thống khác gửi giúp")
    return said.get(event.actor_kind, event.actor_kind)


def _route(report: Report) -> wording.Told | None:
    """Return why it came here, in words; nothing when it was not read with the report."""
    trace = getattr(report, "route", None)
    if not trace:
        return None
    kinds = kinds_of(report).by_id.values()
    return wording.told(trace, wording.Names({kind.code: kind.name for kind in kinds}))


def _place_flags(report: Report) -> list[str]:
    """Return what an official should know about a place before sending anybody there."""
    found = []
    if report.village_source == VillageSource.GUESS and report.village:
        found.append(
            _("Máy đoán là %(village)s vì gần nhất; bác xem lại khi tiếp nhận.")
            % {"village": report.village.full_name}
        )
    if report.outside_m and not report.neighbour:
        far = {"m": so(report.outside_m)}
        found.append(_("Chỗ này ở ngoài ranh giới xã khoảng %(m)s mét.") % far)
    elif report.outside_m:
        far = {"km": so(report.outside_m / 1_000, 1), "name": report.neighbour}
        found.append(
            _("Chỗ này ở ngoài xã khoảng %(km)s km, có thể thuộc %(name)s. Bác gọi hỏi bên đó.")
            % far
        )
    return found


def _why(report: Report) -> Why | None:
    found = deadlines.explain(report) if report.is_open else None
    if found is None:
        return None
    return Why(telling.lead(found), telling.rows(found), telling.law(found))


def _left(report: Report, now: datetime) -> str:
    """Return the working time left, or nothing once it is late or answered."""
    if not report.is_open:
        return ""
    minutes = deadlines.minutes_left(report, now, deadlines.frozen(report))
    if minutes <= 0:
        return ""
    return _("Còn %(time)s") % {"time": telling.working_days(minutes)}


def _facts(report: Report) -> list[tuple[str, str]]:
    sent = dates.moment(report.received_at)
    if report.captured_at and report.captured_at != report.received_at:
        sent += " · " + _("chụp lúc %(at)s") % {"at": dates.moment(report.captured_at)}
    rows = [
        (_("Nhận lúc"), sent),
        (_("Chỗ"), report.where()),
        (_("Vị trí"), _position(report)),
        (_("Cách gửi"), str(report.get_channel_display())),
        (_("Đơn vị"), report.unit.name if report.unit else _("Chưa giao")),
        (_("Người làm"), str(report.assignee) if report.assignee else _("Chưa giao")),
        (_("Đăng công khai"), str(report.get_visibility_display())),
    ]
    kind = kinds_of(report).by_id[report.category_id]
    rows += [] if report.is_sealed else list(attributes.told(report, kind.questions))
    if report.follower_count:
        rows.append((_("Cùng báo"), _("%(n)s người") % {"n": report.follower_count}))
    if report.first_due_at != report.due_at:
        rows.append((_("Hẹn lần đầu"), dates.moment(report.first_due_at)))
    if report.state == State.REJECTED:
        rows.append((_("Lý do"), str(guards.REJECT_REASONS.get(report.reason_code, ""))))
    return rows


def _position(report: Report) -> str:
    if report.lat is None or report.lon is None:
        return _("Chưa có, chỉ biết theo bản")
    said = f"{so(round(report.lat, 5))}; {so(round(report.lon, 5))}"
    if report.accuracy_m is not None:
        said += " · " + _("sai số %(m)s mét") % {"m": so(report.accuracy_m)}
    return said
