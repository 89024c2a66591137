"""Three faces under an answer: for the sender, for followers, and by the link in a notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.refusals import NotFound, Refusal, Sentence
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page, needs
from xaso.kernel.working_time import clock
from xaso.reports import actions, invitations, queries
from xaso.reports.actions.closing import NOT_CONTENT, REASONS, SENDER
from xaso.reports.guards import MOST_REOPENINGS
from xaso.reports.models import Feedback, Report, State
from xaso.reports.queries import following
from xaso.reports.views import senders, uploads


@dataclass(frozen=True)
class Card:
    """What the faces need: what was said before, and what may still be asked."""

    faces: Sequence[tuple[int, str, str]]
    reasons: Sequence[tuple[str, Sentence]]
    score: int | None
    reason: str
    text: str
    may_reopen: bool
    has_spoken: bool
    is_talk_next: bool  # reopened as often as it may be: a leader meets or calls
    wants_reopening: bool
    until: datetime | None

    @property
    def is_unhappy(self) -> bool:
        """Return whether the second question is asked: why."""
        return self.score == NOT_CONTENT


def card(report: Report, person: str) -> Card | None:
    """Return the faces for one person, or None while there is no answer to rate."""
    until = report.objection_until
    is_over = until is not None and clock.now() > until
    if report.answer_id is None or report.state not in (State.ANSWERED, State.CLOSED) or is_over:
        return None
    said = Feedback.objects.filter(answer=report.answer_id, person=person).first()
    return Card(
        faces=[
            (2, "smile", _("Hài lòng")),
            (1, "meh", _("Tạm được")),
            (0, "frown", _("Chưa được")),
        ],
        reasons=list(REASONS.items()),
        score=said.score if said else None,
        reason=said.reason_code if said else "",
        text=said.text if said else "",
        has_spoken=bool(said and said.voice_id),
        may_reopen=report.outcome != "withdrawn",
        is_talk_next=report.reopen_count >= MOST_REOPENINGS,
        wants_reopening=said.wants_reopening if said else False,
        until=until,
    )


def take(request: CommuneRequest, report: Report, person: str) -> str:
    """Keep what a form with the faces says; return the sentence to show."""
    said = request.POST
    gathered = uploads.Gathered()
    uploads.gather_voice(request, gathered, senders.resident(request))
    if gathered.voice_faults:
        raise Refusal(" ".join(gathered.voice_faults))
    reason = said.get("reason", "")
    wants = bool(said.get("reopen"))
    score = said.get("score") or ("0" if reason or wants or "noi_them" in said else "")
    if score not in ("0", "1", "2"):
        raise Refusal(_("Bà con chọn một khuôn mặt."))
    given = actions.Rating(
        score=int(score),
        reason=reason if reason in REASONS else "",
        text=said.get("text", "")[:1_000],
        person=person,
        wants_reopening=wants,
        photo=_photo(request),
        voice=gathered.voices[0] if gathered.voices else None,
    )
    changed = actions.rate(report, given, by=senders.resident(request))
    return _thanks(report, changed, given)


@needs("camera", "microphone")
@citizen_page
@caching.personal
def by_link(request: CommuneRequest, code: str, token: str) -> HttpResponse:
    """Show the faces to whoever holds the link of a notice; opening it alone rates nothing."""
    report, person = _of_link(request, code, token)
    if request.method == "POST":
        try:
            messages.success(request, take(request, report, person))
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
        return redirect(request.path)
    context = {
        "view": queries.public_view(report),
        "rating": card(report, person),
        "code": code,
        "action": request.path,
    }
    return render(request, "reports/quality/by_link.html", context)


def _of_link(request: CommuneRequest, code: str, token: str) -> tuple[Report, str]:
    """Return the answered report behind somebody's own code, and who they are. Refuses NotFound."""
    code = queries.check_code(code)
    follower = following.by_code(request.commune, code)
    person = following.person(follower) if follower else SENDER
    report = follower.report if follower else queries.by_code(request.commune, code)
    if report.is_sealed or not invitations.opens(code, report.answer_id, token):
        raise NotFound
    return report, person


def _photo(request: CommuneRequest) -> Attachment | None:
    gathered = uploads.gather(request, senders.resident(request))
    if gathered.faults:
        raise Refusal(" ".join(gathered.faults))
    return gathered.photos[0] if gathered.photos else None


def _thanks(before: Report, after: Report, given: actions.Rating) -> str:
    if given.voice is not None and not given.reason and not given.wants_reopening:
        return _("Xã đã nhận lời nói của bà con. Chỉ cán bộ xã nghe.")
    if after.reopen_count > before.reopen_count:
        return _("Xã đã mở lại phản ánh, vẫn giữ mã cũ. Lãnh đạo khác sẽ xem lại.")
    if given.wants_reopening:
        return _("Phản ánh đã mở lại hai lần. Lãnh đạo xã sẽ hẹn gặp hoặc gọi điện cho bà con.")
    if given.score == NOT_CONTENT and not given.reason:
        return _("Xã đã ghi. Bà con chạm thêm một cái để xã biết vì sao.")
    if given.score == NOT_CONTENT:
        return _("Xã đã ghi. Một lãnh đạo khác sẽ xem lại câu trả lời này.")
    return _("Cảm ơn bà con đã đánh giá.")
