"""Who looked at somebody's personal data, as that person reads it: unit, role, time and why.

No officer is named (a person asks the desk's phone); the log book keeps who it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.queries import Line
from xaso.kernel.identity.models import Role, Unit
from xaso.kernel.notifications.models import Message
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates
from xaso.reports.actions import looking
from xaso.reports.models import Follower, Photo, Report, Reporter

MOST = 500
_WHY: dict[str, Sentence] = {
    looking.OPENED: gettext_lazy("Mở phản ánh để xử lý"),
    looking.CONTACT: gettext_lazy("Xem tên, số điện thoại"),
    "reports.sealed": gettext_lazy("Đọc đơn giữ kín"),
    "reports.sealed_photo": gettext_lazy("Xem ảnh của đơn giữ kín"),
    "attachments.original": gettext_lazy("Xem ảnh gốc giữ làm chứng cứ"),
    "notifications.call": gettext_lazy("Lấy số để gọi báo tin"),
    looking.REQUEST: gettext_lazy("Xem để trả lời đề nghị về dữ liệu"),
}


@dataclass(frozen=True)
class Seen:
    """That somebody looked, once or several times on a day, for one reason."""

    who: str
    why: str
    times: int
    last: datetime


@dataclass(frozen=True)
class Day:
    """Who looked on one day, the last first."""

    on: date
    seen: Sequence[Seen]


def viewers(report: Report, follower: Follower | None = None) -> Sequence[Day]:
    """Return who looked at a sender's (or follower's) data, by day, newest first.

    Four statements, however often it was looked at.
    """
    lines = audit.viewers_of(_subjects(report, follower), commune=report.commune_id, limit=MOST)
    units = dict(Unit.objects.filter(commune=report.commune_id).values_list("pk", "name"))
    days: dict[date, dict[tuple[str, str], Seen]] = {}
    for line in lines:
        key = (_who(line, units), str(_WHY.get(line.purpose, _("Xem dữ liệu"))))
        found = days.setdefault(dates.local(line.at).date(), {})
        known = found.get(key)
        times, last = (known.times + 1, known.last) if known else (1, line.at)
        found[key] = Seen(*key, times, last)
    return [Day(on, list(seen.values())) for on, seen in days.items()]


def _subjects(report: Report, follower: Follower | None) -> Iterable[tuple[type, Iterable[object]]]:
    reporter = follower.reporter_id if follower else report.reporter_id
    told = Message.objects.filter(
        commune=report.commune_id,
        subject_type=report._meta.label,
        subject_id=str(report.pk),
        recipient=f"follower:{follower.pk}" if follower else f"reporter:{reporter}",
    )
    photos = Photo.objects.filter(report=report, follower=follower, attachment__isnull=False)
    yield Report, [] if follower else [report.pk]
    yield Reporter, [reporter] if reporter else []
    yield Message, told.values_list("pk", flat=True)
    yield Attachment, photos.values_list("attachment", flat=True)


def _who(line: Line, units: dict[int, str]) -> str:
    if line.actor_kind == "machine":
        return _("Hệ thống có khóa của xã")
    if line.actor_kind != "official":
        return _("Người gửi")
    role = next((str(Role(role).label) for role in line.roles if role in Role.values), _("Cán bộ"))
    unit = units.get(line.unit_id or 0, "")
    return f"{unit}, {role.lower()}" if unit else role
