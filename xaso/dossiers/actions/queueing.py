"""The waiting room: give a number, call the next, call again, pass on, finish.

One turn for those with a reason to go first after at most so many ordinary turns, and back: nobody
waits for ever on either side. Numbers begin at 1 every local day and are never given twice.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.dossiers.models import CounterDesk, ServiceGroup, Ticket
from xaso.kernel.audit.actors import Actor
from xaso.kernel.measures import actions as measures
from xaso.kernel.measures.cells import Cell
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

WAITED, SERVED, ABSENT = "dossiers.waited", "dossiers.served_in", "dossiers.absent"
BUCKETS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 240)  # minutes, upper edges
NORMAL_IN_A_ROW = 2  # after so many ordinary turns one with a reason goes first
LAST_NUMBER = 999
_NEXT_NUMBER = """
INSERT INTO dossiers_ticketcounter AS c (commune_id, letter, day, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (commune_id, letter, day) DO UPDATE SET last = c.last + 1 RETURNING last
"""


class NobodyWaits(Refusal):
    """No number waits for this counter."""

    sentence = gettext_lazy("Chưa có ai chờ ở quầy này.")


class NotSitting(Refusal):
    """The official sits at no counter."""

    sentence = gettext_lazy("Bác chưa ngồi quầy nào. Bác chọn quầy trước.")


class OnBreak(Refusal):
    """The counter pauses."""

    sentence = gettext_lazy("Quầy đang tạm nghỉ. Bác bấm “Làm tiếp” rồi gọi số.")


class CounterTaken(Refusal):
    """Somebody else sits there."""

    sentence = gettext_lazy("Quầy này đang có người ngồi. Bác chọn quầy khác.")


class NothingCalled(Refusal):
    """No number is being served at the counter."""

    sentence = gettext_lazy("Quầy chưa gọi số nào.")


class GroupClosed(Refusal):
    """The group gives no numbers now."""

    sentence = gettext_lazy("Nhóm việc này đang không nhận. Bác chọn nhóm khác.")


class TooManyToday(Refusal):
    """The day's numbers are used up."""

    sentence = gettext_lazy("Hôm nay đã hết số của nhóm này. Mời bà con đến ngày làm việc sau.")


@dataclass(frozen=True)
class NewTicket:
    """A number that is asked for; `uuid` is made by the machine, so that a retry gets the same."""

    uuid: UUID
    letter: str
    channel: str = Ticket.Channel.KIOSK
    priority: str = ""
    queued_at: datetime | None = None


@transaction.atomic
def issue(new: NewTicket, *, commune: Commune, by: Actor) -> Ticket:
    """Give the next number of a group; a retry gets the first one again.

    `by` is who or what asked; a number names nobody, so nothing of it goes into the log book.
    Refuses with GroupClosed, TooManyToday and Invalid (an unknown reason to go first).
    """
    if new.priority not in Ticket.Priority.values:
        raise Invalid(errors={"priority": [_("Bác chọn lý do ưu tiên trong danh sách.")]})
    group = ServiceGroup.objects.filter(commune=commune, letter=new.letter, is_open=True).first()
    if group is None:
        raise GroupClosed
    known = Ticket.objects.filter(commune=commune, uuid=new.uuid).first()
    if known is not None:
        return known
    now = clock.now()
    day = dates.local(now).date()
    with connection.cursor() as cursor:  # the row lock also orders two same retries
        cursor.execute(_NEXT_NUMBER, [commune.id, group.letter, day])
        number = cursor.fetchone()[0]
    if number > LAST_NUMBER:
        raise TooManyToday
    ticket, _is_new = Ticket.objects.get_or_create(
        commune=commune,
        uuid=new.uuid,
        defaults={
            "day": day,
            "letter": group.letter,
            "first_letter": group.letter,
            "number": number,
            "channel": new.channel,
            "priority": new.priority,
            "issued_at": now,
            "queued_at": new.queued_at or now,
        },
    )
    return ticket


@transaction.atomic
def sit(counter_id: int, *, commune: Commune, by: Actor) -> CounterDesk:
    """Sit down at a counter, leaving another. Refuses with NotFound and CounterTaken."""
    counter = _locked(commune).filter(pk=counter_id, is_open=True).first()
    if counter is None:
        raise NotFound
    if counter.official_id is not None and str(counter.official_id) != by.id:
        raise CounterTaken
    others = _locked(commune).filter(official_id=int(by.id)).exclude(pk=counter.pk)
    for other in others:
        _leave(other)
    counter.official_id = int(by.id)
    counter.sat_at, counter.break_since = clock.now(), None
    counter.save(update_fields=["official", "sat_at", "break_since"])
    return counter


@transaction.atomic
def stand_up(*, commune: Commune, by: Actor) -> CounterDesk:
    """Leave one's counter; who was being served is done. Refuses with NotSitting."""
    counter = _mine(commune, by)
    _leave(counter)
    return counter


@transaction.atomic
def pause(*, commune: Commune, by: Actor) -> CounterDesk:
    """Take a break, or end it. Refuses with NotSitting."""
    counter = _mine(commune, by)
    counter.break_since = None if counter.break_since else clock.now()
    counter.save(update_fields=["break_since"])
    return counter


@transaction.atomic
def call_next(*, commune: Commune, by: Actor) -> Ticket:
    """Call whoever is next for one's counter; who was being served there is done.

    Refuses with NotSitting, OnBreak, NobodyWaits.
    """
    counter = _mine(commune, by)
    if counter.break_since is not None:
        raise OnBreak
    now = clock.now()
    ticket = _choose(counter, dates.local(now).date(), now)
    if ticket is None:
        raise NobodyWaits  # whoever is at the counter stays there
    _finish_current(counter, Ticket.State.SERVED, now)
    counter.normal_in_a_row = 0 if ticket.priority else counter.normal_in_a_row + 1
    counter.save(update_fields=["normal_in_a_row"])
    ticket.state, ticket.counter = Ticket.State.CALLED, counter
    ticket.called_at = ticket.last_call_at = now
    ticket.calls = 1
    ticket.save(update_fields=["state", "counter", "called_at", "last_call_at", "calls"])
    _count(WAITED, ticket, (now - ticket.issued_at).total_seconds() / 60, now)
    return ticket


@transaction.atomic
def call_again(*, commune: Commune, by: Actor) -> Ticket:
    """Call the number at one's counter once more. Refuses with NotSitting, NothingCalled."""
    ticket = _current(_mine(commune, by))
    ticket.calls += 1
    ticket.last_call_at = clock.now()
    ticket.save(update_fields=["calls", "last_call_at"])
    return ticket


@transaction.atomic
def skip(*, commune: Commune, by: Actor) -> Ticket:
    """Note that who was called did not come. Refuses with NotSitting, NothingCalled."""
    counter = _mine(commune, by)
    ticket = _current(counter)
    _finish_current(counter, Ticket.State.ABSENT, clock.now())
    ticket.refresh_from_db()
    return ticket


@transaction.atomic
def call_back(ticket_id: int, *, commune: Commune, by: Actor) -> Ticket:
    """Put somebody who did not come back into the row, at its head. Refuses with NotFound."""
    _mine(commune, by)
    rows = Ticket.objects.select_for_update()
    ticket = rows.filter(commune=commune, pk=ticket_id, state=Ticket.State.ABSENT).first()
    if ticket is None or ticket.day != dates.local(clock.now()).date():
        raise NotFound
    ticket.state, ticket.counter, ticket.finished_at = Ticket.State.WAITING, None, None
    ticket.save(update_fields=["state", "counter", "finished_at"])
    return ticket


@transaction.atomic
def pass_on(letter: str, *, commune: Commune, by: Actor) -> Ticket:
    """Send who is being served to another group, before those who wait there.

    Refuses with NotSitting, NothingCalled, GroupClosed.
    """
    counter = _mine(commune, by)
    ticket = _current(counter)
    if not ServiceGroup.objects.filter(commune=commune, letter=letter, is_open=True).exists():
        raise GroupClosed
    ticket.state, ticket.counter, ticket.letter = Ticket.State.WAITING, None, letter
    ticket.queued_at = ticket.issued_at
    ticket.save(update_fields=["state", "counter", "letter", "queued_at"])
    return ticket


@transaction.atomic
def finish(*, commune: Commune, by: Actor, dossier_id: int | None = None) -> Ticket:
    """Note that who is at one's counter has been served. Refuses with NotSitting, NothingCalled."""
    counter = _mine(commune, by)
    ticket = _current(counter)
    if dossier_id is not None:
        ticket.dossier_id = dossier_id
        ticket.save(update_fields=["dossier"])
    _finish_current(counter, Ticket.State.SERVED, clock.now())
    ticket.refresh_from_db()
    return ticket


def _locked(commune: Commune) -> QuerySet[CounterDesk]:
    return CounterDesk.objects.select_for_update().filter(commune=commune)


def _mine(commune: Commune, by: Actor) -> CounterDesk:
    counter = _locked(commune).filter(official_id=int(by.id)).first()
    if counter is None:
        raise NotSitting
    return counter


def _leave(counter: CounterDesk) -> None:
    _finish_current(counter, Ticket.State.SERVED, clock.now())
    counter.official, counter.sat_at, counter.break_since = None, None, None
    counter.save(update_fields=["official", "sat_at", "break_since"])


def _current(counter: CounterDesk) -> Ticket:
    rows = Ticket.objects.select_for_update()
    ticket = rows.filter(counter=counter, state=Ticket.State.CALLED).first()
    if ticket is None:
        raise NothingCalled
    return ticket


def _finish_current(counter: CounterDesk, state: str, now: datetime) -> None:
    rows = Ticket.objects.select_for_update()
    ticket = rows.filter(counter=counter, state=Ticket.State.CALLED).first()
    if ticket is None:
        return
    ticket.state, ticket.finished_at = state, now
    ticket.save(update_fields=["state", "finished_at"])
    if state == Ticket.State.SERVED and ticket.called_at is not None:
        _count(SERVED, ticket, (now - ticket.called_at).total_seconds() / 60, now)
    if state == Ticket.State.ABSENT:
        day = dates.local(now).date()
        measures.count(ABSENT, commune=ticket.commune_id, day=day, dims={"group": ticket.letter})


def _choose(counter: CounterDesk, day: date, now: datetime) -> Ticket | None:
    """Return the next one, locked; rows another counter is just calling are passed over."""
    rows = Ticket.objects.select_for_update(skip_locked=True).filter(
        commune=counter.commune_id,
        day=day,
        letter__in=counter.letters,
        state=Ticket.State.WAITING,
        queued_at__lte=now,
    )
    first = rows.exclude(priority="").first()
    ordinary = rows.filter(priority="").first()
    if first is None or ordinary is None:
        return first or ordinary
    return first if counter.normal_in_a_row >= NORMAL_IN_A_ROW else _of_both(first, ordinary)


def _of_both(first: Ticket, ordinary: Ticket) -> Ticket:
    """Between turns the earlier one goes, so that a reason never makes anybody wait longer."""
    return first if first.queued_at <= ordinary.queued_at else ordinary


def _count(metric: str, ticket: Ticket, minutes: float, now: datetime) -> None:
    edge = next((str(edge) for edge in BUCKETS if minutes <= edge), "inf")
    dims = {"group": ticket.letter, "to": edge}
    cell = Cell(metric, dates.local(now).date(), dims, 1)
    measures.count_all([cell], commune=ticket.commune_id)
