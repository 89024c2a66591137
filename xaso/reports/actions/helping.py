"""A report brought by a helper: for a resident who agreed, or as what the helper saw."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import Consent
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, TooMany
from xaso.kernel.working_time import clock
from xaso.reports import turns
from xaso.reports.actions import telling
from xaso.reports.actions.given import Contact, NewReport
from xaso.reports.actions.receiving import Receipt, receive
from xaso.reports.models import Help

PURPOSE = "reports.on_behalf"
# What is read aloud before somebody sends for another. A changed wording gets a new version; the
# consent record keeps which one was heard (law 91/2025/QH15 on personal data, consent).
TEXT_VERSION = "2026-11"
TEXT = _(
    "Tôi nhờ người này gửi phản ánh giúp. Xã giữ lời tôi nói, ảnh và số điện thoại tôi cho, chỉ để "
    "xử lý và trả lời việc này. Xã không đăng tên và số của tôi. Tôi đổi ý thì báo xã, xã sẽ xóa."
)
FOLLOW = timedelta(days=90)


@dataclass(frozen=True)
class Agreement:
    """How a resident agreed: the method, the language it was read in, and what proves it."""

    method: Consent.Method
    lang: str = "vie"  # ISO 639-3
    evidence: Attachment | None = None  # signed paper, or a recording


@dataclass(frozen=True)
class Helped:
    """For whom a helper sends; without an agreement it is the helper's own observation."""

    agreement: Agreement | None = None
    reach: str = Help.Reach.SLIP
    may_follow: bool = False


class NeedsAgreement(Invalid):
    """A resident's name or number came without their agreement."""

    sentence = _(
        "Muốn ghi tên, số điện thoại của bà con thì bà con phải đồng ý đã. Bác đọc câu đồng ý cho "
        "bà con nghe rồi đánh dấu, hoặc gửi như việc bác tự thấy."
    )


@transaction.atomic
def receive_for(new: NewReport, helped: Helped, *, by: Actor, commune: Commune) -> Receipt:
    """Receive a report from a helper, once however often it is sent.

    With an agreement it is the resident's: a consent record is written beside it. Without one it
    is what the helper saw, and nothing of a resident may be in it. Refuses with NeedsAgreement,
    TooMany (a danger never), and as `receive` does.
    """
    is_last = _counted(new, by, commune)
    receipt = _received(new, helped, by, commune)
    if is_last and receipt.is_new:
        telling.tell_leaders(receipt.report, "many_sent")
    return receipt


def _counted(new: NewReport, by: Actor, commune: Commune) -> bool:
    """Count the helper's sending; return whether it was the last that fits into today."""
    try:
        return turns.take_of_staff(int(by.id), commune.id)
    except TooMany:
        if new.category.startswith("HAZARD"):
            return False
        raise


def _received(new: NewReport, helped: Helped, by: Actor, commune: Commune) -> Receipt:
    agreement = helped.agreement
    if agreement is None:
        if new.contact != Contact():
            raise NeedsAgreement
        return receive(replace(new, helper_id=int(by.id)), by=by, commune=commune)
    for_whom = Actor("resident", f"report-{new.uuid}", by.channel)
    consent = identity.give_consent(commune, for_whom, _agreed(agreement), by=by)
    filled = replace(
        new,
        helper_id=int(by.id),
        is_on_behalf=True,
        consent_id=consent.pk,
        contact=_contact(new.contact, helped.reach),
    )
    receipt = receive(filled, by=replace(by, on_behalf_of=for_whom.id), commune=commune)
    if receipt.is_new:
        now = clock.now()
        Help.objects.create(
            commune=commune,
            report=receipt.report,
            helper_id=int(by.id),
            reach=helped.reach,
            may_follow_until=now + FOLLOW if helped.may_follow else None,
            created_at=now,
        )
    return receipt


def _agreed(agreement: Agreement) -> identity.Agreed:
    evidence = agreement.evidence.sha256 if agreement.evidence else ""
    version = f"{TEXT_VERSION}/{agreement.lang}"
    return identity.Agreed(PURPOSE, version, agreement.method, evidence)


def _contact(contact: Contact, reach: str) -> Contact:
    """Return how the resident is told: nobody calls a number they did not mean to be called on."""
    if reach in (Help.Reach.HELPER, Help.Reach.SLIP):
        return replace(contact, phone="", email="", preferred="none")
    return replace(contact, preferred=contact.preferred or "call")
