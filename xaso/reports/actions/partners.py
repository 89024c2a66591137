"""What partners' programs pass on: a report, something said about one, a photo at an address.

The report itself goes through `receive`, like that of every other channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid5

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.reports import history
from xaso.reports.actions import asking, photographs, rejecting, steps
from xaso.reports.actions.given import NewReport
from xaso.reports.actions.receiving import OtherContent, Receipt, receive
from xaso.reports.adapters import strangers
from xaso.reports.ground import Ground
from xaso.reports.history import Said
from xaso.reports.models import (
    PartnerMedia,
    PartnerReport,
    PartnerWord,
    Photo,
    Report,
    ReportEvent,
    State,
)
from xaso.reports.models.photos import MOST_PER_ROLE

REOPEN = "REOPEN"
_AGAIN = timedelta(hours=24)  # the same content within this time is a retry
_SPACE = UUID("5b0f4a0e-5f0c-5d0b-9b43-0d6a3c1f3111")


class NotPassedOn(Refusal):
    """Only the program that passed a report on speaks for its sender."""

    sentence = _("chỉ mở lại được phản ánh do chính khóa này gửi")
    status = 403


@dataclass(frozen=True)
class Passed:
    """What a partner sends beside a report.

    `digest` tells a retry; `is_forever` when the partner named the report itself.
    """

    key: int
    digest: str
    is_forever: bool = False
    extra: dict[str, object] = field(default_factory=dict)
    media_urls: Sequence[str] = ()
    fetches: bool = False


@dataclass(frozen=True)
class Word:
    """Something a partner passes on about a report."""

    key: int
    update_id: str
    text: str
    status: str = ""
    media_urls: Sequence[str] = ()
    fetches: bool = False


@transaction.atomic(savepoint=False)
def receive_passed(
    new: NewReport, passed: Passed, *, by: Actor, commune: Commune, on: Ground | None = None
) -> Receipt:
    """Receive a report a partner passes on; the same again gets the first receipt.

    Refuses as `receive` does, and with OtherContent when an own key of the partner comes again
    with other words.
    """
    rows = PartnerReport.objects.filter(
        commune=commune.id, api_key=passed.key, digest=passed.digest
    )
    earlier = rows.select_related("report").order_by("-id").first()
    if earlier is not None and _is_again(earlier, passed):
        if not passed.is_forever and earlier.report.content_hash != new.content_hash:
            raise OtherContent(earlier.report)
        return Receipt(earlier.report, is_new=False)
    # Two at the same moment draw the same key, and `receive` lets one of them in.
    place = f"{commune.id}/{passed.key}/{passed.digest}/{earlier.pk if earlier else 0}"
    new = replace(new, uuid=uuid5(_SPACE, place), beside=[_row(passed, commune)])
    try:
        receipt = receive(new, by=by, commune=commune, on=on)
    except OtherContent as refusal:
        if not passed.is_forever:
            raise
        return Receipt(refusal.report, is_new=False)
    if receipt.is_new:
        _keep_addresses(receipt.report, passed.media_urls, fetches=passed.fetches)
    return receipt


@transaction.atomic
def add_word(report: Report, word: Word, *, by: Actor) -> tuple[PartnerWord, bool]:
    """Add what a resident said elsewhere; return its row and whether it is new.

    An answer to the commune's question is one; REOPEN asks to reopen under the usual rules. No
    other status from outside changes ours. Refuses as `reopen` does.
    """
    current = steps.locked(report)
    values = {"commune_id": current.commune_id, "api_key_id": word.key, "update_id": word.update_id}
    known, is_new = PartnerWord.objects.get_or_create(
        **values, defaults={"report": current, "created_at": clock.now()}
    )
    if not is_new:
        return known, False
    text = clean_text(word.text)[:4_000]
    is_own = _is_own(current, word.key)
    if word.status == REOPEN and not is_own:
        raise NotPassedOn
    if word.status == REOPEN:
        rejecting.reopen(current, text, by=by)
    elif current.state == State.WAITING_INFO and is_own:
        asking.give_info(current, asking.Reply(text), by=by)
    else:
        _write(current, "word", Said(internal=text), by)
    _keep_addresses(current, word.media_urls, fetches=word.fetches)
    return known, True


def fetch_media(
    commune: UUID, media: int, fetcher: strangers.Fetcher | None = None
) -> PartnerMedia | None:
    """Fetch a photo a partner named, once; a failure is a line in the report's history."""
    row = PartnerMedia.objects.filter(commune=commune, pk=media).select_related("report").first()
    if row is None or row.state != PartnerMedia.State.WAITING:
        return row
    try:
        body = (fetcher or strangers.Fetcher()).fetch(row.url)
        with transaction.atomic():
            _take_in(row.report, body)
    except strangers.NotFetched as error:
        return _failed(row, error.reason)
    except Refusal as refusal:
        return _failed(row, refusal.code)
    row.state = PartnerMedia.State.FETCHED
    row.save(update_fields=["state"])
    return row


def _is_again(earlier: PartnerReport, passed: Passed) -> bool:
    return passed.is_forever or earlier.created_at > clock.now() - _AGAIN


def _is_own(report: Report, key: int) -> bool:
    return PartnerReport.objects.filter(report=report, api_key=key).exists()


def _row(passed: Passed, commune: Commune) -> PartnerReport:
    return PartnerReport(
        commune_id=commune.id,
        api_key_id=passed.key,
        digest=passed.digest,
        extra=msgspec.json.encode(passed.extra).decode() if passed.extra else "",
        created_at=clock.now(),
    )


def _keep_addresses(report: Report, urls: Sequence[str], *, fetches: bool) -> None:
    """Keep the addresses as text; have them fetched after the commit if the key says so."""
    if not urls:
        return
    state = PartnerMedia.State.WAITING if fetches else PartnerMedia.State.KEPT
    values = {"commune_id": report.commune_id, "report": report, "created_at": clock.now()}
    rows = [PartnerMedia(url=url, state=state, **values) for url in urls]
    for row in PartnerMedia.objects.bulk_create(rows):
        if fetches:
            jobs.later(
                "reports.fetch_media",
                commune=report.commune_id,
                key=str(row.pk),
                args={"media": row.pk},
            )


def _take_in(report: Report, body: bytes) -> None:
    """Tie a fetched photo to its report, as one nobody looked at yet."""
    current = steps.locked(report)
    count = Photo.objects.filter(report=current, role=Photo.Role.EVIDENCE).count()
    if count >= MOST_PER_ROLE:
        raise photographs.NotAnnounced
    stored = attachments.store_photo(BytesIO(body), name="", commune=current.commune_id, by=SYSTEM)
    photographs.keep(current, [stored], Photo.Role.EVIDENCE)
    steps.announce(current)


@transaction.atomic
def _failed(row: PartnerMedia, reason: str) -> PartnerMedia:
    row.state, row.reason = PartnerMedia.State.FAILED, reason[:40]
    row.save(update_fields=["state", "reason"])
    current = steps.locked(row.report)
    _write(current, "media_failed", Said(facts={"reason": row.reason}), SYSTEM)
    return row


def _write(current: Report, kind: str, said: Said, by: Actor) -> ReportEvent:
    """Write a line of history that changes no state."""
    current.touched_at = clock.now()
    line = history.event(current, kind, current.state, said, by)
    line.save(force_insert=True)
    current.save(force_update=True)
    steps.record(current, kind, by=by, came_from=current.state)
    steps.announce(current)
    return line
