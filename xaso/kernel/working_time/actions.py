"""Everything that changes a working calendar: always through a draft or as the next version."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock, library, queries
from xaso.kernel.working_time.calendar import BadCalendar, Season, Slots, Special, check_slots
from xaso.kernel.working_time.models import CalendarDay, CalendarSeason, WorkCalendar

MOST_CLOSED = 31  # days one decision may close; more is a typing mistake


class NoDraft(Refusal):
    """Nobody is preparing a calendar."""

    sentence = _("Chưa có bản lịch nào đang soạn. Xin chọn năm để soạn trước.")


class NeedsDocument(Refusal):
    """A calendar is published on the strength of a document."""

    sentence = _("Công bố lịch cần số văn bản, ví dụ 12729/VPCP-KGVX.")


class BadClosure(Refusal):
    """The closure names no day, too many days, or no reason."""

    sentence = _("Đóng cửa cần ngày, lý do và số văn bản; mỗi lần nhiều nhất %(most)s ngày.")

    def __init__(self) -> None:
        """Say how many days are the most."""
        super().__init__(most=MOST_CLOSED)


class BadHours(Invalid):
    """The hours overlap, run backwards or leave the day."""

    sentence = _("Giờ làm việc chưa đúng: giờ bắt đầu phải trước giờ kết thúc và không chồng nhau.")


@dataclass(frozen=True, slots=True)
class DayOff:
    """One exception as an administrator enters it."""

    on: date
    kind: str
    name: str
    slots: Slots = ()
    moved: date | None = None
    document_no: str = ""


@transaction.atomic
def draft_year(commune: UUID, year: int, *, by: Actor) -> WorkCalendar:
    """Fill a year of the draft from the library and the known gaps; opens the draft if needed.

    What people entered for that year stays; only rows of the library are laid out anew.
    """
    draft = _open_draft(commune)
    entered = set(
        draft.days.filter(date__year=year)
        .exclude(source=CalendarDay.Source.LIBRARY)
        .values_list("date", flat=True)
    )
    draft.days.filter(date__year=year, source=CalendarDay.Source.LIBRARY).delete()
    fresh = [special for special in library.days([year]) if special.day not in entered]
    CalendarDay.objects.bulk_create(_row(draft, special) for special in fresh)
    draft.years = sorted({*draft.years, year})
    draft.save(update_fields=["years"])
    _log("drafted", draft, by=by, year=year)
    return draft


@transaction.atomic
def set_day(commune: UUID, day: DayOff, *, by: Actor) -> WorkCalendar:
    """Enter one exception into the draft, in place of what stood on that day.

    Refuses with NoDraft, BadHours.
    """
    draft = _draft(commune)
    _check(day.slots)
    draft.days.filter(date=day.on).delete()
    has_paper = bool(day.document_no)
    CalendarDay.objects.create(
        commune_id=commune,
        calendar=draft,
        date=day.on,
        kind=day.kind,
        name=clean_line(day.name),
        slots=list(day.slots),
        moved=day.moved,
        document_no=clean_line(day.document_no),
        source=CalendarDay.Source.PROVINCE if has_paper else CalendarDay.Source.COMMUNE,
    )
    _log("day_set", draft, by=by, on=day.on.isoformat(), kind=str(day.kind))
    return draft


@transaction.atomic
def clear_day(commune: UUID, day: date, *, by: Actor) -> WorkCalendar:
    """Take every exception of a day out of the draft. Refuses with NoDraft."""
    draft = _draft(commune)
    draft.days.filter(date=day).delete()
    _log("day_cleared", draft, by=by, date=day.isoformat())
    return draft


@transaction.atomic
def set_hours(commune: UUID, seasons: Iterable[Season], *, by: Actor) -> WorkCalendar:
    """Replace the weekly hours of the draft, opening one if needed. Refuses with BadHours."""
    draft = _open_draft(commune)
    draft.seasons.all().delete()
    CalendarSeason.objects.bulk_create(_season_rows(draft, seasons))
    _log("hours_set", draft, by=by)
    return draft


@transaction.atomic
def publish(
    commune: UUID, document_no: str, *, by: Actor, valid_from: date | None = None
) -> WorkCalendar:
    """Publish the draft as the next version; from now on deadlines follow it.

    Promises already given never become earlier: rooms compare their open matters with the newest
    version (`queries.moved`). Refuses with NoDraft, NeedsDocument.
    """
    draft = _draft(commune)
    if not clean_line(document_no):
        raise NeedsDocument
    return _publish(draft, clean_line(document_no), by=by, valid_from=valid_from)


@transaction.atomic
def add_closure(  # noqa: PLR0913 - the boxes of one decision, all by name
    commune: UUID,
    days: Sequence[date],
    *,
    reason: str,
    document_no: str,
    by: Actor,
    open_slots: Slots = (),
) -> WorkCalendar:
    """Close the office on some days at once (storm, landslide), as the next version.

    `open_slots` stay open on each of the days. An open draft learns of the closure too.
    Refuses with BadClosure, BadHours.
    """
    said, paper = clean_line(reason), clean_line(document_no)
    if not (said and paper and 0 < len(set(days)) <= MOST_CLOSED):
        raise BadClosure
    _check(open_slots)
    _lock(commune)
    version = _copy_of_newest(commune, WorkCalendar.State.STAGED)
    for calendar in filter(None, (version, queries.draft(commune))):
        calendar.days.filter(date__in=days, kind=CalendarDay.Kind.CLOSURE).delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(
                commune_id=commune,
                calendar=calendar,
                date=day,
                kind=CalendarDay.Kind.CLOSURE,
                name=said,
                slots=list(open_slots),
                document_no=paper,
                source=CalendarDay.Source.COMMUNE,
            )
            for day in sorted(set(days))
        )
    return _publish(version, paper, by=by)


# --- inside ---------------------------------------------------------------------------------------
def _draft(commune: UUID) -> WorkCalendar:
    """Return the commune's draft, locked; refuses with NoDraft."""
    draft = (
        WorkCalendar.objects.select_for_update()
        .filter(commune_id=commune, state=WorkCalendar.State.DRAFT)
        .first()
    )
    if draft is None:
        raise NoDraft
    return draft


def _open_draft(commune: UUID) -> WorkCalendar:
    """Return the commune's draft, opened as a copy of the newest version when there is none."""
    _lock(commune)
    return queries.draft(commune) or _copy_of_newest(commune, WorkCalendar.State.DRAFT)


def _lock(commune: UUID) -> None:
    """Let one person at a time make versions of a commune's calendar."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"working_time:{commune}"]
        )


def _copy_of_newest(commune: UUID, state: str) -> WorkCalendar:
    """Return a new version with the newest one's rows, or with the usual hours and this year."""
    newest = queries.published(commune)
    copy = WorkCalendar.objects.create(
        commune_id=commune,
        state=state,
        years=newest.years if newest else [],
        created_at=clock.now(),
    )
    if newest is None:
        CalendarSeason.objects.bulk_create(_season_rows(copy, [library.default_season()]))
        known = queries.builtin_calendar()
        fresh = [_row(copy, each) for each in known.specials() if each.day.year in known.confirmed]
        copy.years = sorted(known.confirmed)
        copy.save(update_fields=["years"])
        CalendarDay.objects.bulk_create(fresh)
        return copy
    seasons, days = list(newest.seasons.all()), list(newest.days.all())
    for season in seasons:
        season.pk, season.calendar = None, copy
    for day in days:
        day.pk, day.calendar = None, copy
    CalendarSeason.objects.bulk_create(seasons)
    CalendarDay.objects.bulk_create(days)
    return copy


def _publish(
    version: WorkCalendar, document_no: str, *, by: Actor, valid_from: date | None = None
) -> WorkCalendar:
    """Freeze a draft or staged version under the next number."""
    commune = version.commune_id
    _lock(commune)
    newest = queries.published(commune)
    version.state = WorkCalendar.State.PUBLISHED
    version.version = (newest.version or 0) + 1 if newest else 1
    version.published_at = clock.now()
    version.published_by = by.id
    version.valid_from = valid_from or dates.local(clock.now()).date()
    version.document_no = document_no
    version.save()
    _log("published", version, by=by, number=version.version, document_no=document_no)
    return version


def _row(version: WorkCalendar, special: Special) -> CalendarDay:
    """Return what the library knows of a day as a row of a version."""
    return CalendarDay(
        commune_id=version.commune_id,
        calendar=version,
        date=special.day,
        kind=special.kind.value,
        name=special.name,
        slots=[list(slot) for slot in special.open],
        document_no=special.document_no,
        source=CalendarDay.Source.LIBRARY,
    )


def _season_rows(version: WorkCalendar, seasons: Iterable[Season]) -> list[CalendarSeason]:
    """Return weekly hours as one row per weekday; two where counters keep other hours."""
    rows = []
    for season in seasons:
        for weekday in range(1, 8):
            counted = season.clock.get(weekday, ())
            received = season.reception.get(weekday) or counted
            parts = [(counted, True, received == counted)]
            if received != counted:
                parts.append((received, False, True))
            rows += [
                CalendarSeason(
                    commune_id=version.commune_id,
                    calendar=version,
                    from_md="{:02}-{:02}".format(*season.from_md),
                    to_md="{:02}-{:02}".format(*season.to_md),
                    weekday=weekday,
                    slots=[list(slot) for slot in slots],
                    clock=in_clock,
                    reception=in_reception,
                )
                for slots, in_clock, in_reception in parts
                if slots
            ]
    return rows


def _check(slots: Slots) -> None:
    try:
        check_slots(slots)
    except BadCalendar as error:
        raise BadHours from error


def _log(what: str, version: WorkCalendar, *, by: Actor, **changes: object) -> None:
    audit.record(
        f"working_time.{what}", version, by=by, commune=version.commune_id, changes=changes
    )
