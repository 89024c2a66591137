"""The duty roster: who answers on which days, put in and taken off by the administrator."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates, phone
from xaso.kernel.working_time import clock
from xaso.reports.models import DutyShift

MOST_DAYS = 92  # put in at once; more is a typing mistake
CHANGE_OVER = time(7, 30)


class AlreadyOnDuty(Refusal):
    """The same person stands on the roster for a part of these days."""

    sentence = _("Người này đã có lịch trực trong những ngày đó. Bác xem lại ngày.")


@dataclass(frozen=True)
class NewShifts:
    """One person, one shift for each local day from `first` to `last`.

    A shift lasts from `begins` until `ends`; an `ends` not after `begins` lies on the next day, so
    that 7:30 to 7:30 is a day and a night.
    """

    official_id: int | None
    first: date
    last: date
    begins: time = CHANGE_OVER
    ends: time = CHANGE_OVER
    order: int = 1
    phone: str = ""


@transaction.atomic
def add_shifts(new: NewShifts, *, commune: Commune, by: Actor) -> list[DutyShift]:
    """Put somebody on the roster. Refuses with Invalid (errors by field) or AlreadyOnDuty."""
    number = _checked(new, commune)
    rows = [
        DutyShift(
            commune=commune,
            official_id=new.official_id or 0,
            starts_at=begin,
            ends_at=end,
            order=new.order,
            phone=number,
            made_by=by.id,
            made_at=clock.now(),
        )
        for begin, end in _spans(new)
    ]
    try:
        with transaction.atomic():
            made = DutyShift.objects.bulk_create(rows)
    except IntegrityError as error:
        raise AlreadyOnDuty from error
    changes = {"first": new.first.isoformat(), "last": new.last.isoformat(), "order": new.order}
    for row in made[:1]:
        who = {"official": new.official_id, "shifts": len(made)}
        audit.record("reports.duty_added", row, by=by, commune=commune.id, changes=changes | who)
    return made


@transaction.atomic
def remove_shift(key: int, *, commune: Commune, by: Actor) -> DutyShift:
    """Take a shift off the roster; one under way ends now. Refuses with NotFound."""
    now = clock.now()
    rows = DutyShift.objects.select_for_update().filter(commune=commune, removed_at__isnull=True)
    row = rows.filter(pk=key, ends_at__gt=now).first()
    if row is None:
        raise NotFound
    if row.starts_at < now:
        row.ends_at = now
    else:
        row.removed_at = now
    row.save(update_fields=["ends_at", "removed_at"])
    audit.record("reports.duty_removed", row, by=by, commune=commune.id)
    return row


def _spans(new: NewShifts) -> list[tuple[datetime, datetime]]:
    night = timedelta(days=new.ends <= new.begins)
    days = [new.first + timedelta(days=n) for n in range((new.last - new.first).days + 1)]
    return [
        (
            datetime.combine(day, new.begins, dates.ZONE),
            datetime.combine(day + night, new.ends, dates.ZONE),
        )
        for day in days
    ]


def _checked(new: NewShifts, commune: Commune) -> str:
    """Return the phone as it is stored; refuse with every fault beside its field."""
    errors: dict[str, list[str]] = {}
    people = identity.members(commune, permission="desk.open")
    if new.official_id not in {person.pk for person in people}:
        errors["official"] = [str(_("Bác chọn người đang làm việc ở xã."))]
    if new.last < new.first:
        errors["last"] = [str(_("Ngày cuối phải sau ngày đầu."))]
    elif (new.last - new.first).days >= MOST_DAYS:
        errors["last"] = [str(_("Mỗi lần ghi nhiều nhất 3 tháng."))]
    number = ""
    try:
        number = phone.normalise(new.phone) if new.phone.strip() else ""
    except ValueError:
        errors["phone"] = [str(_("Số điện thoại chưa đúng. Ví dụ: 0912 345 678."))]
    if errors:
        raise Invalid(errors=errors)
    return number
