"""What the rules of retention erase, rule by rule: what is due, and how a batch of it goes.

Each step finds by itself what is left to do, so that it may be cut off at any moment, run twice or
beside itself. Rows somebody works on are passed over until the next night.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as stored
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Consent
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications.models import Message
from xaso.reports import retention
from xaso.reports.actions import boxing, erasing, rights, wiping
from xaso.reports.models import (
    Alarm,
    DataRequest,
    Feedback,
    Follower,
    Help,
    Hold,
    Outcome,
    PaperSheet,
    PartnerMedia,
    PartnerReport,
    Report,
    SealedContent,
    State,
    Visibility,
    VoiceNote,
)
from xaso.reports.rulebook import Rules

Keys = Sequence[Any]  # of rows: numbers, or UUIDs of messages
SPAM = ("spam", "test", "abusive", "unlawful_content")
_DONE = (State.CLOSED, State.REJECTED)


@dataclass(frozen=True)
class When:
    """A commune at a moment, with its rules."""

    commune: UUID
    rules: Rules
    now: datetime

    def before(self, key: str) -> datetime:
        """Return the moment before which a rule lets something begin no more."""
        return retention.cutoff(self.rules, key, self.now)


@dataclass(frozen=True)
class Step:
    """One thing that is erased: its key (a rule, and what of it), how it is called, what is due."""

    key: str
    name: str
    due: Callable[[When], QuerySet[Model]]
    erase: Callable[[When, Keys], int]

    @property
    def rule(self) -> str:
        """Return the rule of the book."""
        return self.key.partition("/")[0]


def over(before: datetime, path: str = "") -> Q:
    """Return what makes a report one that was over before a moment; a duplicate follows its parent.

    `path` leads to the report, as `report__`.
    """

    def own(way: str) -> Q:
        closed = Q(**{f"{way}closed_at__lt": before})
        silent = Q(**{f"{way}closed_at__isnull": True, f"{way}state_since__lt": before})
        return Q(**{f"{way}state__in": _DONE}) & (closed | silent)

    joined = Q(**{f"{path}state": State.DUPLICATE})
    return own(path) | (joined & own(f"{path}parent__"))


def _free(when: When) -> QuerySet[Report]:
    """Return the reports that nothing holds back: no evidence, no alarm that runs, not sealed."""
    today = retention.today()
    holds = Hold.objects.filter(ended_at__isnull=True, until__gte=today)
    ringing = Alarm.objects.filter(report=OuterRef("pk"), ended_at__isnull=True)
    rows = Report.objects.filter(commune=when.commune).exclude(visibility=Visibility.SEALED)
    held = holds.filter(Q(report=OuterRef("pk")) | Q(report__parent=OuterRef("pk")))
    return rows.exclude(Exists(held)).exclude(Exists(ringing))


def _devices(when: When) -> QuerySet[Report]:
    """Return what still tells a device; of false alarms it is needed to call their sender back."""
    days = timedelta(days=when.rules.amount("hazard.false_days"))
    falsely = Alarm.objects.filter(
        report=OuterRef("pk"), is_false=True, raised_at__gt=when.now - days
    )
    rows = _free(when).filter(received_at__lt=when.before("retain.device"))
    return rows.exclude(device_hash="", ip_prefix_hash="").exclude(Exists(falsely))


def _forget_devices(_when: When, keys: Keys) -> int:
    return Report.objects.filter(pk__in=keys).update(device_hash="", ip_prefix_hash="")


def _followers_devices(when: When) -> QuerySet[Follower]:
    rows = Follower.objects.filter(commune=when.commune).exclude(device_hash="")
    return rows.filter(over(when.before("retain.device"), "report__"))


def _forget_followers_devices(_when: When, keys: Keys) -> int:
    return Follower.objects.filter(pk__in=keys).update(device_hash="")


def _positions(when: When) -> QuerySet[Attachment]:
    return attachments.noted(when.commune, when.before("retain.position"))


def _forget_positions(_when: When, keys: Keys) -> int:
    return Attachment.objects.filter(pk__in=keys).update(position="", taken_at="")


def _contacts(when: When) -> QuerySet[Report]:
    return _free(when).filter(over(when.before("retain.contact")), reporter__isnull=False)


def _forget_contacts(when: When, keys: Keys) -> int:
    rows = Report.objects.filter(pk__in=keys)
    people = set(rows.values_list("reporter", flat=True))
    changed = rows.update(reporter=None)
    Help.objects.filter(report__in=keys).update(may_follow_until=None)
    notifications.forget_addresses(Report, keys, commune=when.commune, recipients="reporter:")
    wiping.forget_unnamed(when.commune, people)
    return changed


def _followers_contacts(when: When) -> QuerySet[Follower]:
    rows = Follower.objects.filter(commune=when.commune, reporter__isnull=False)
    today = retention.today()
    held = Hold.objects.filter(report=OuterRef("report"), ended_at__isnull=True, until__gte=today)
    rows = rows.filter(over(when.before("retain.contact"), "report__"))
    return rows.exclude(Exists(held))


def _forget_followers_contacts(when: When, keys: Keys) -> int:
    rows = Follower.objects.filter(pk__in=keys)
    people = set(rows.values_list("reporter", flat=True))
    reports = set(rows.values_list("report", flat=True))
    changed = rows.update(reporter=None, check_hash="", check_until=None)
    notifications.forget_addresses(Report, reports, commune=when.commune, recipients="follower:")
    wiping.forget_unnamed(when.commune, people)
    return changed


def _voices(when: When) -> QuerySet[Report]:
    voices = VoiceNote.objects.filter(report=OuterRef("pk"))
    said = Feedback.objects.filter(report=OuterRef("pk"), voice__isnull=False)
    rows = _free(when).filter(over(when.before("retain.voice")))
    return rows.filter(Exists(voices) | Exists(said))


def _drop_voices(_when: When, keys: Keys) -> int:
    for report in Report.objects.filter(pk__in=keys):
        wiping.drop_voices(report, by=SYSTEM)
    return len(keys)


def _proofs(when: When) -> QuerySet[Report]:
    files = Attachment.objects.filter(commune=when.commune, sha256=OuterRef("evidence"))
    given = Consent.objects.filter(commune=when.commune).exclude(evidence="")
    kept = given.filter(Exists(files)).values("pk")
    return _free(when).filter(over(when.before("retain.consent")), consent_id__in=kept)


def _drop_proofs(_when: When, keys: Keys) -> int:
    return sum(wiping.drop_proof(r, by=SYSTEM) for r in Report.objects.filter(pk__in=keys))


def _sheets(when: When) -> QuerySet[PaperSheet]:
    rows = PaperSheet.objects.filter(commune=when.commune, photo__isnull=False)
    return rows.filter(finished_at__lt=when.before("retain.sheet"))


def _drop_sheets(_when: When, keys: Keys) -> int:
    rows = PaperSheet.objects.filter(pk__in=keys).select_related("photo")
    files = [sheet.photo for sheet in rows if sheet.photo]
    PaperSheet.objects.filter(pk__in=keys).update(photo=None)
    wiping.drop_files(files, by=SYSTEM)
    return len(keys)


def _passed_on(when: When) -> QuerySet[Report]:
    said = PartnerReport.objects.filter(report=OuterRef("pk")).exclude(extra=b"")
    media = PartnerMedia.objects.filter(report=OuterRef("pk"))
    rows = _free(when).filter(over(when.before("retain.partner")))
    return rows.filter(Exists(said) | Exists(media))


def _forget_passed_on(_when: When, keys: Keys) -> int:
    PartnerReport.objects.filter(report__in=keys).update(extra="")
    PartnerMedia.objects.filter(report__in=keys).delete()
    return len(keys)


def _messages(when: When) -> QuerySet[Message]:
    return notifications.told_before(when.commune, when.before("retain.message"))


def _forget_messages(_when: When, keys: Keys) -> int:
    rows = Message.objects.filter(pk__in=keys)
    return rows.update(address="", fallback="", body="", link="")


def _whole(when: When) -> QuerySet[Report]:
    """Return reports that may go whole: no duplicate by itself, and nobody waits for a decision."""
    waiting = DataRequest.objects.filter(report=OuterRef("pk"), state=DataRequest.State.OPEN)
    return _free(when).filter(parent__isnull=True).exclude(Exists(waiting))


def _spam(when: When) -> QuerySet[Report]:
    is_spam = Q(outcome=Outcome.WITHDRAWN) | Q(state=State.REJECTED, reason_code__in=SPAM)
    return _whole(when).filter(over(when.before("retain.spam"))).filter(is_spam)


def _closed(when: When) -> QuerySet[Report]:
    return _whole(when).filter(over(when.before("retain.closed")))


def _entomb(rule: str) -> Callable[[When, Keys], int]:
    def erase(_when: When, keys: Keys) -> int:
        return erasing.erase_all(keys, rule=rule, by=SYSTEM)

    return erase


def _sealed(when: When) -> QuerySet[Report]:
    holds = Hold.objects.filter(ended_at__isnull=True, until__gte=retention.today())
    kept = SealedContent.objects.filter(report=OuterRef("pk"))
    rows = Report.objects.filter(commune=when.commune, visibility=Visibility.SEALED)
    rows = rows.filter(over(when.before("retain.sealed"))).filter(Exists(kept))
    return rows.exclude(pk__in=holds.values("report"))


def _erase_sealed(_when: When, keys: Keys) -> int:
    for report in Report.objects.filter(pk__in=keys):
        boxing.erase(report)
    return len(keys)


def _orphans(when: When) -> QuerySet[Attachment]:
    proofs = Consent.objects.filter(commune=when.commune).exclude(evidence="").values("evidence")
    rows = stored.orphans(when.commune, when.before("retain.orphan"))
    return rows.exclude(sha256__in=proofs)


def _drop_orphans(_when: When, keys: Keys) -> int:
    return wiping.drop_files(Attachment.objects.filter(pk__in=keys), by=SYSTEM)


def _stopped(when: When) -> QuerySet[DataRequest]:
    return rights.to_stop(when.commune, when.now)


def _stop(when: When, _keys: Keys) -> int:
    return rights.stop_what_is_over(when.commune, when.now)


STEPS: tuple[Step, ...] = (
    Step("privacy.stop", _("Người rút đồng ý mà chưa ai trả lời: thôi dùng"), _stopped, _stop),
    Step("retain.device", _("Dấu máy, địa chỉ mạng của đơn"), _devices, _forget_devices),
    Step(
        "retain.device/followers",
        _("Dấu máy của người cùng gặp"),
        _followers_devices,
        _forget_followers_devices,
    ),
    Step("retain.position", _("Vị trí máy ảnh ghi trong ảnh"), _positions, _forget_positions),
    Step("retain.contact", _("Tên, số của người gửi"), _contacts, _forget_contacts),
    Step(
        "retain.contact/followers",
        _("Tên, số của người cùng gặp"),
        _followers_contacts,
        _forget_followers_contacts,
    ),
    Step("retain.voice", _("Tiếng nói"), _voices, _drop_voices),
    Step("retain.consent", _("Giấy, tiếng nói đồng ý nhờ gửi hộ"), _proofs, _drop_proofs),
    Step("retain.sheet", _("Ảnh chụp tờ phiếu giấy"), _sheets, _drop_sheets),
    Step("retain.partner", _("Phần hệ thống khác gửi kèm"), _passed_on, _forget_passed_on),
    Step("retain.message", _("Lời và địa chỉ của tin đã gửi"), _messages, _forget_messages),
    Step("retain.spam", _("Đơn đã rút, tin rác: xóa cả"), _spam, _entomb("retain.spam")),
    Step("retain.closed", _("Đơn đã xong từ lâu: xóa cả"), _closed, _entomb("retain.closed")),
    Step("retain.sealed", _("Đơn giữ kín đã chuyển hồ sơ giấy"), _sealed, _erase_sealed),
    Step("retain.orphan", _("Tệp không còn đơn nào dùng"), _orphans, _drop_orphans),
)
BY_KEY = {step.key: step for step in STEPS}
