"""What one person may see of one report. Nothing else may draw a report for the public."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports import ledger, states, timeline
from xaso.reports.models import OPEN, Feedback, Photo, Report, ReportEvent, State, Visibility
from xaso.reports.queries import board
from xaso.reports.queries.finding import kinds_of


class Viewer(StrEnum):
    """Who looks: anybody with the code, or the sender with a second factor or their device."""

    ANYBODY = "anybody"
    SENDER = "sender"


@dataclass(frozen=True)
class Reply:
    """The public answer."""

    text: str
    kind: str
    unit: str
    done_by: str
    answered_at: datetime
    planned_on: object = None
    contact: str = ""


@dataclass(frozen=True)
class PublicView:
    """A report as one viewer sees it: plain values, nothing personal."""

    code: str
    title: str
    category: str
    icon: str
    place: str
    text: str
    state: str
    state_text: str
    chip_tone: str
    is_public: bool
    is_sealed: bool
    is_overdue: bool
    received_at: datetime
    due_at: datetime | None  # None: sealed
    first_due_at: datetime | None
    answered_at: datetime | None
    is_paused: bool
    unit: str
    lat: float | None
    lon: float | None
    precision_m: int | None
    follower_count: int
    reply: Reply | None
    before: Sequence[Picture]
    after: Sequence[Picture]
    after_at: datetime | None
    steps: Sequence[timeline.Step]
    clock: Sequence[ledger.Line] = ()
    question: str = ""
    reason: str = ""
    parent_code: str = ""
    score: int | None = None
    actions: frozenset[str] = field(default_factory=frozenset)
    version: int = 0
    objection_until: datetime | None = None

    @property
    def chip_icon(self) -> str:
        """Return the icon of the state's chip."""
        icons = {"do": "circle-alert", "xanh": "check", "cam": "circle-pause"}
        return icons.get(self.chip_tone, "clock" if self.is_open else "info")

    @property
    def is_open(self) -> bool:
        """Return whether the commune still owes an answer."""
        return self.state in OPEN

    @property
    def may_be_followed(self) -> bool:
        """Return whether others may still join: it is open, or its answer is not settled yet."""
        return self.is_open or self.state == State.ANSWERED

    @property
    def pair(self) -> tuple[Picture | None, Picture | None]:
        """Return the first photo before and the first after, as far as they can be shown."""
        before = next((p for p in self.before if p.is_ready), None)
        return before, next((p for p in self.after if p.is_ready), None)

    @property
    def is_settled(self) -> bool:
        """Return whether every photo that shows is ready: the view may then be kept."""
        return all(p.is_ready for p in (*self.before, *self.after))


def public_view(
    report: Report, viewer: Viewer | str = Viewer.ANYBODY, *, now: datetime | None = None
) -> PublicView:
    """Return what a viewer may see of a report read by `by_code`.

    Two statements, history and photos; three for the sender, whose rating is read too.
    """
    now = now or clock.now()
    if report.is_sealed:
        return _sealed(report)
    is_sender = viewer == Viewer.SENDER
    kind = kinds_of(report).by_id[report.category_id]
    events = list(ReportEvent.objects.filter(report=report).order_by("seq"))
    village = report.village.full_name if report.village else ""
    words = words_of(report, is_sender=is_sender)
    heading = board.title(words, kind.name, village)
    before, after = _pictures(report, heading, is_sender=is_sender)
    is_public = report.visibility == Visibility.PUBLIC
    return PublicView(
        title=heading,
        category=kind.name,
        icon=kind.icon,
        place=place_of(report, village, is_public=is_public or is_sender),
        text=words,
        state_text=state_words(report),
        chip_tone=_tone(report, now),
        is_public=is_public,
        is_overdue=report.is_overdue(now),
        unit=report.unit.name if report.unit else "",
        lat=report.public_lat,
        lon=report.public_lon,
        precision_m=report.public_precision_m,
        reply=reply_of(report),
        before=before,
        after=after,
        after_at=report.answered_at if after else None,
        steps=timeline.steps(report, events, now=now),
        clock=() if report.is_sealed else ledger.lines(report, now),
        question=timeline.question(events) if is_sender and report.is_paused else "",
        reason=timeline.reason(events) if report.state == State.REJECTED else "",
        parent_code=_parent_code(report),
        score=_score(report) if is_sender and report.answer_id else None,
        actions=_actions(report, now) if is_sender else frozenset(),
        **{name: getattr(report, name) for name in _AS_THEY_ARE},
    )


def _parent_code(report: Report) -> str:
    """Return the code of what a duplicate belongs to; `by_code` has read it already."""
    if not report.parent_id:
        return ""
    return getattr(report, "parent_code", None) or (report.parent.code if report.parent else "")


def _sealed(report: Report) -> PublicView:
    """Return the two lines everybody may read of a sealed report, whatever they know of it."""
    return PublicView(
        code=report.code,
        title=_("Đơn giữ kín"),
        category="",
        icon="lock",
        place="",
        text="",
        state=State.FORWARDED,
        state_text=_("Đã chuyển bộ phận tiếp công dân"),
        chip_tone="cham",
        is_public=False,
        is_sealed=True,
        is_overdue=False,
        received_at=report.received_at,
        due_at=None,
        first_due_at=None,
        answered_at=None,
        is_paused=False,
        unit="",
        lat=None,
        lon=None,
        precision_m=None,
        follower_count=0,
        reply=None,
        before=(),
        after=(),
        after_at=None,
        steps=(),
    )


# What a view takes over from the report as it stands.
_AS_THEY_ARE = (
    "code", "state", "is_sealed", "received_at", "due_at", "first_due_at", "answered_at",
    "is_paused", "follower_count", "version", "objection_until",
)  # fmt: skip


def words_of(report: Report, *, is_sender: bool) -> str:
    """Return the published words; the sender reads their own."""
    if is_sender:
        return report.text or ""
    return report.public_text if report.visibility == Visibility.PUBLIC else ""


def _pictures(
    report: Report, heading: str, *, is_sender: bool
) -> tuple[list[Picture], list[Picture]]:
    """Return the photos before and after that this viewer may see."""
    photos = _photos(report)
    is_open = report.visibility == Visibility.PUBLIC
    after = [p for p in photos if p.role == Photo.Role.AFTER and p.is_public]
    before = [
        p for p in photos if p.role != Photo.Role.AFTER and (is_sender or (is_open and p.is_public))
    ]
    sent, done = _("Ảnh bà con gửi"), _("Ảnh sau khi làm")
    return (
        [_picture(p, f"{sent}: {heading}", is_sender=is_sender) for p in before],
        [_picture(p, f"{done}: {heading}") for p in after],
    )


def _photos(report: Report) -> list[Photo]:
    rows = Photo.objects.filter(report=report, state=Photo.State.RECEIVED)
    return list(rows.select_related("attachment", "public_file").order_by("order", "id"))


def _picture(photo: Photo, alt: str, *, is_sender: bool = False) -> Picture:
    """Return what everybody is shown of a photo; its sender sees it as it was, for some minutes."""
    file = photo.attachment if is_sender else photo.public_file
    assert file is not None  # noqa: S101  (received photos have their file, shown ones both)
    return attachments.picture(file, alt, is_lent=is_sender and not file.is_public)


def place_of(report: Report, village: str, *, is_public: bool) -> str:
    """Return the place in words; a landmark is the sender's own wording, shown once published."""
    parts = (report.landmark, report.km_post, village) if is_public else (village,)
    return ", ".join(filter(None, parts))


def state_words(report: Report) -> str:
    """Return where it stands, in the words residents read."""
    said = str(states.PUBLIC[State(report.state)])
    if report.outcome == "withdrawn":
        return _("Bà con đã rút lại")
    if report.state == State.ACCEPTED and report.unit:
        return _("Đã tiếp nhận, giao cho %(unit)s") % {"unit": report.unit.name}
    if report.state == State.IN_PROGRESS:
        return _("Đang xử lý, hẹn trả lời %(day)s") % {"day": dates.ngay(report.due_at)}
    return said


def _tone(report: Report, now: datetime) -> str:
    if report.is_overdue(now):
        return "do"
    if report.state in (State.ANSWERED, State.CLOSED):
        return "xanh"
    return "cam" if report.is_paused else "cham"


def reply_of(report: Report) -> Reply | None:
    """Return the answer that stands; none while a reopened report is worked on again."""
    answer = report.answer
    if answer is None or report.state not in (State.ANSWERED, State.CLOSED):
        return None
    unit = report.unit.name if report.unit else ""
    return Reply(
        answer.text,
        answer.kind,
        unit,
        answer.done_by,
        answer.answered_at,
        answer.planned_on,
        answer.contact,
    )


def _score(report: Report) -> int | None:
    rows = Feedback.objects.filter(answer=report.answer_id, person="sender")
    return rows.values_list("score", flat=True).first()


def _actions(report: Report, now: datetime) -> frozenset[str]:
    """Return what the sender may do now, from the transition table."""
    rows = states.TABLE.from_state(report.state)
    mine = {row.action for row in rows if "resident" in row.who}
    is_open_window = report.objection_until is None or now <= report.objection_until
    if report.outcome == "withdrawn":
        return frozenset()
    if not is_open_window:
        mine -= {"reopen", "object", "close"}
    return frozenset(mine)
