"""A dossier is opened, handed in and accepted: once, however often it is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from xaso.dossiers import catalogue, clocks, codes, hats, history, states
from xaso.dossiers.actions import accepting, drawing, steps, syncing, telling
from xaso.dossiers.actions.keeping import ErasedBefore
from xaso.dossiers.catalogue import Held
from xaso.dossiers.content import answers
from xaso.dossiers.given import NewDossier
from xaso.dossiers.history import Said
from xaso.dossiers.models import (
    CentreSettings,
    ClockLine,
    Component,
    Dossier,
    DossierCode,
    DossierEvent,
    DossierFee,
    DossierStone,
    Finance,
)
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Consent
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.tenancy.inserting import insert_once
from xaso.kernel.text import dates
from xaso.kernel.workflow.table import START
from xaso.kernel.working_time import clock
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.calendar import Calendar

_OLDEST_OFFLINE = timedelta(days=30)


class OtherContent(Refusal):
    """The same key came before with other words; `dossier` is the first one."""

    sentence = _("Hồ sơ này đã ghi từ trước, nội dung khác. Mở hồ sơ đã ghi rồi sửa ở đó.")

    def __init__(self, dossier: Dossier) -> None:
        """Keep the dossier that holds the key."""
        super().__init__()
        self.dossier = dossier


@dataclass(frozen=True)
class Receipt:
    """The answer to a caller; `is_new` is false when the same dossier had come before."""

    dossier: Dossier
    is_new: bool


@dataclass
class Opening:
    """A new dossier under way: what hangs on it, and the steps it takes at once."""

    dossier: Dossier
    held: Held
    commune: Commune
    settings: CentreSettings
    calendar: Calendar
    by: Actor
    now: datetime
    components: list[Component]
    fees: list[DossierFee]
    has_consent: bool
    events: list[DossierEvent]
    lines: list[ClockLine]
    codes: list[DossierCode]


class _Twin(Exception):
    """The same dossier came at this very moment, and won."""


def open_draft(new: NewDossier, *, by: Actor, commune: Commune) -> Receipt:
    """Keep a draft (NHAP); a retry gets the first answer again.

    Refuses with Invalid (errors by field), OtherContent, NotFound, NoVersionToday.
    """
    return _run(new, ("lap",), by=by, commune=commune)


def submit_new(new: NewDossier, *, by: Actor, commune: Commune) -> Receipt:
    """Open a dossier and hand it in at once (CHO_TIEP_NHAN)."""
    return _run(new, ("lap", "nop"), by=by, commune=commune)


def receive(new: NewDossier, *, by: Actor, commune: Commune) -> Receipt:
    """Open, hand in and accept a dossier in one act at the counter (DA_TIEP_NHAN).

    The official number is taken in the same transaction, so that a rollback gives it back. What
    came from a machine (`device_id`) may lack mandatory answers: the clerk already gave a slip for
    it, so they are asked before the first hand-over.
    Refuses as `open_draft` does, and with GuardRefused where something is missing.
    """
    return _run(new, ("lap", "nop", "tiep_nhan"), by=by, commune=commune)


def _run(new: NewDossier, path: tuple[str, ...], *, by: Actor, commune: Commune) -> Receipt:
    first, settings, calendar_id, has_consent = _known(new, commune)
    if first is not None:
        return _again(first, new, commune)
    now = _moment(new)
    held = catalogue.held(commune.id, new.procedure, dates.local(now).date())
    dossier = drawing.draft(new, held, commune, now)
    opening = Opening(
        dossier, held, commune, settings, clocks.kept(calendar_id), by, now,
        drawing.components(dossier, held.content, new.papers, by.id, now),
        drawing.fees(dossier, new.fees or (), now) if new.fees is not None else [],
        has_consent, [], [], [],
    )  # fmt: skip
    if new.fees is None:
        dossier.finance = Finance.NOT_DUE
    for name in path:
        _step(opening, name, new)
    try:
        with transaction.atomic():
            _store(opening, new)
    except _Twin:
        return _again(_known(new, commune)[0], new, commune)
    return Receipt(dossier, is_new=True)


def _known(
    new: NewDossier, commune: Commune
) -> tuple[int | None, CentreSettings, int | None, bool]:
    """Return, in one statement, what has to be known before anything is drawn."""
    same = Dossier.objects.filter(commune=commune.id, uuid=new.uuid).values("pk")[:1]
    stones = DossierStone.objects.filter(commune=commune.id, uuid=new.uuid)
    consents = Consent.objects.filter(
        commune=commune.id,
        pk=new.consent_id or 0,
        withdrawn_at__isnull=True,
        given_at__gte=clock.now() - accepting.CONSENT_HOLDS,
    )
    row = (
        Commune.objects.filter(pk=commune.id)
        .annotate(
            seen=Subquery(same),
            calendar=working_time.newest(commune.id),
            prefix=_setting("code_prefix"),
            by_leader=_setting("is_refusal_by_leader"),
            consented=models.Exists(consents),
            erased=models.Exists(stones),
        )
        .values("seen", "calendar", "prefix", "by_leader", "consented", "erased")
        .get()
    )
    if row["erased"]:
        raise ErasedBefore
    settings = CentreSettings(
        commune_id=commune.id,
        code_prefix=row["prefix"] or "",
        is_refusal_by_leader=bool(row["by_leader"]),
    )
    return row["seen"], settings, row["calendar"], row["consented"]


def _setting(name: str) -> Subquery:
    return Subquery(CentreSettings.objects.filter(commune=OuterRef("pk")).values(name)[:1])


def _moment(new: NewDossier) -> datetime:
    """Return when it was accepted: on a checked device's clock, else now."""
    now = clock.now()
    if new.accepted_at is None:
        return now
    if not now - _OLDEST_OFFLINE <= new.accepted_at <= now + timedelta(minutes=5):
        raise Invalid(errors={"accepted_at": [str(_("Giờ nhận trên máy không đúng."))]})
    return min(new.accepted_at, now)


def _step(opening: Opening, name: str, new: NewDossier) -> None:
    """Take one row of the table, and write what it changes into the rows to be stored."""
    dossier = opening.dossier
    came_from = START if name == "lap" else str(dossier.state)
    left = answers.unanswered(opening.held.content, dossier.form)
    facts = {
        "dossier": dossier,
        "content": opening.held.content,
        "now": opening.now,
        "hats": hats.worn(dossier, opening.by),
        "has_consent": opening.has_consent,
        "components": opening.components,
        "fees_decided": new.fees is not None,
        "unanswered": [] if new.device_id else left,
    }
    row = states.TABLE.step(came_from, name, opening.by, to=None, **facts)
    steps.move(dossier, row.lands(came_from), opening.now)
    said = Said(device_id=new.device_id, device_time=new.device_time)
    if name == "nop":
        dossier.submitted_at = opening.now
        dossier.response_due_at = clocks.response_due(
            opening.held.content, opening.now, opening.calendar
        )
    if name == "tiep_nhan":
        dossier.unanswered = len(left)  # what a machine did not ask is asked before it goes on
        opening.lines.append(
            accepting.start(dossier, opening.held.content, opening.calendar, opening.by)
        )
        said = Said(
            facts=accepting.facts_of(dossier, opening.held.version.number),
            device_id=new.device_id,
            device_time=new.device_time,
        )
    line = history.event(dossier, name, came_from=came_from, said=said, by=opening.by)
    opening.events.append(line)


def _store(opening: Opening, new: NewDossier) -> None:
    """Write everything in as few statements as can be; raises _Twin when the key is known."""
    dossier = opening.dossier
    if new.offline_code:
        code = codes.check(new.offline_code)
        dossier.code = code
        is_alone = dossier.accepted_at is None
        opening.codes.append(
            codes.row(
                dossier.commune_id, DossierCode.OFFLINE, code, opening.now, is_primary=is_alone
            )
        )
    if dossier.accepted_at is not None:
        accepting.number(dossier, codes.prefix(opening.settings, opening.commune))
        opening.codes.append(accepting.code_row(dossier, opening.now))
    rows: list[models.Model] = [
        *opening.events,
        *opening.components,
        *opening.fees,
        *opening.lines,
        *opening.codes,
    ]
    last = opening.events[-1]
    if dossier.accepted_at is not None:
        rows += [*syncing.messages(dossier, last), syncing.first_state(dossier, last)]
    if not insert_once(dossier, rows, link="dossier_id"):
        raise _Twin
    steps.after(dossier, opening.events, by=opening.by)
    for line in opening.events:
        telling.tell(dossier, line)


def _again(first: int | None, new: NewDossier, commune: Commune) -> Receipt:
    """Answer a retry with the first dossier, or refuse when the words differ."""
    found = Dossier.objects.select_related("unit", "procedure").get(
        commune=commune.id, pk=first or 0
    )
    if found.content_hash != drawing.fingerprint(new):
        raise OtherContent(found)
    return Receipt(found, is_new=False)
