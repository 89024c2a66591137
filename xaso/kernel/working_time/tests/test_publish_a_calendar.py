"""An administrator drafts a year, publishes it; a storm closes the office for two days."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from xaso.kernel.audit.actors import Actor
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import actions, clock, comparing, queries, rows, telling
from xaso.kernel.working_time.calendar import BadCalendar, Kind, Season, every_weekday
from xaso.kernel.working_time.engine import BadTerm, Pause, Unit
from xaso.kernel.working_time.models import CalendarDay, CalendarSeason, WorkCalendar

pytestmark = pytest.mark.django_db
CHIEF = Actor("official", "11", "desk", frozenset({"administrator"}))
PAPER = "12729/VPCP-KGVX"
TODAY = datetime(2026, 8, 3, 2, tzinfo=UTC)
ACCEPTED = datetime(2026, 8, 5, 8, tzinfo=UTC)  # 15:00, Wednesday
STORM = [date(2026, 8, 6), date(2026, 8, 7)]


@pytest.fixture(autouse=True)
def _today():
    with clock.at(TODAY):
        yield


@pytest.fixture
def commune(inside_binh_lu):
    return inside_binh_lu.id


@pytest.fixture
def published(commune) -> WorkCalendar:
    actions.draft_year(commune, 2026, by=CHIEF)
    return actions.publish(commune, PAPER, by=CHIEF)


def close_for_the_storm(commune, **rest) -> WorkCalendar:
    return actions.add_closure(
        commune, STORM, reason="Sạt lở đường", document_no="45/QĐ-UBND", by=CHIEF, **rest
    )


def save_at_once(row: CalendarDay) -> None:
    with transaction.atomic():
        row.save()
        connection.check_constraints()


def local(t: datetime) -> str:
    return queries.naive(t).strftime("%d/%m %H:%M")


def test_before_anything_is_published_the_built_in_calendar_serves(commune) -> None:
    due = queries.due("NGAY_LV", 2, ACCEPTED, commune)
    assert (due.calendar_id, due.version, due.is_provisional) == (None, 0, False)
    assert local(due.promise) == "07/08 15:00"
    assert queries.frozen(None) is queries.builtin_calendar()


def test_a_year_is_drafted_with_the_swap_the_library_misses(commune) -> None:
    draft = actions.draft_year(commune, 2026, by=CHIEF)
    days = {row.date: row for row in draft.days.all()}
    assert days[date(2026, 1, 2)].document_no == PAPER
    assert days[date(2026, 1, 10)].kind == CalendarDay.Kind.MAKE_UP
    assert queries.published(commune) is None


def test_publishing_numbers_and_freezes(commune, published) -> None:
    assert (published.version, published.published_by, published.document_no) == (1, "11", PAPER)
    due = queries.due("GIO", 8, ACCEPTED, commune)
    assert (due.calendar_id, due.version) == (published.pk, 1)
    assert queries.frozen(due.calendar_id) is queries.calendar(commune)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: WorkCalendar.objects.filter(pk=c.pk).update(document_no="khác"),
        lambda c: WorkCalendar.objects.filter(pk=c.pk)._raw_delete("default"),
        lambda c: CalendarDay.objects.filter(calendar=c).update(name="khác"),
        lambda c: CalendarDay.objects.filter(calendar=c)._raw_delete("default"),
        lambda c: CalendarSeason.objects.filter(calendar=c).update(slots=[]),
        lambda c: CalendarDay.objects.create(
            commune_id=c.commune_id,
            calendar=c,
            date=date(2026, 12, 24),
            kind="off",
            name="thêm",
            source="commune",
        ),
    ],
)
def test_a_published_calendar_never_changes(published, change) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        change(published)
    published.refresh_from_db()


def test_an_emptied_table_is_refused_too(published) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE working_time_calendarday")


def test_a_storm_closes_two_days_at_once(commune, published) -> None:
    before = queries.due("NGAY_LV", 2, ACCEPTED, commune)
    version = close_for_the_storm(commune)
    assert (version.version, version.document_no) == (2, "45/QĐ-UBND")
    after = queries.moved(before, commune)
    assert (local(before.promise), local(after.due.promise)) == ("07/08 15:00", "11/08 15:00")
    assert (after.is_later, after.due.version) == (True, 2)
    changes = comparing.changes(
        queries.frozen(published.pk), queries.read(version), date(2026, 1, 1), date(2027, 1, 1)
    )
    assert [(each.day, each.after) for each in changes] == [(day, ()) for day in STORM]


def test_half_a_day_can_stay_open(commune, published) -> None:
    close_for_the_storm(commune, open_slots=((450, 690),))
    assert queries.calendar(commune).minutes(STORM[0]) == 240


def test_a_withdrawn_closure_shortens_no_promise(commune, published) -> None:
    close_for_the_storm(commune)
    given = queries.due("NGAY_LV", 2, ACCEPTED, commune)
    actions.draft_year(commune, 2026, by=CHIEF)
    for day in STORM:
        actions.clear_day(commune, day, by=CHIEF)
    actions.publish(commune, "46/QĐ-UBND", by=CHIEF)
    after = queries.moved(given, commune)
    assert (after.due.promise, after.is_later, after.due.version) == (given.promise, False, 3)


def test_an_open_draft_learns_of_a_closure(commune, published) -> None:
    actions.draft_year(commune, 2027, by=CHIEF)
    close_for_the_storm(commune)
    version = actions.publish(commune, "1/QĐ", by=CHIEF)
    assert queries.calendar(commune).special(STORM[0]).kind is Kind.CLOSURE
    assert (version.version, version.years[-1]) == (3, 2027)


def test_drafting_again_keeps_what_people_entered(commune) -> None:
    actions.draft_year(commune, 2027, by=CHIEF)
    tet = actions.DayOff(date(2027, 2, 11), "off", " Mùng sáu\u202e Tết ", document_no="9/CV")
    actions.set_day(commune, tet, by=CHIEF)
    draft = actions.draft_year(commune, 2027, by=CHIEF)
    row = draft.days.get(date=date(2027, 2, 11))
    assert (row.name, row.source) == ("Mùng sáu Tết", CalendarDay.Source.PROVINCE)
    actions.set_day(commune, actions.DayOff(date(2027, 2, 11), "off", "Nghỉ"), by=CHIEF)
    assert draft.days.get(date=date(2027, 2, 11)).source == CalendarDay.Source.COMMUNE


def test_winter_hours(commune) -> None:
    winter = every_weekday(((480, 720), (810, 1050)))
    with_saturday = winter | {6: ((480, 660),)}
    seasons = [
        Season((11, 1), (3, 31), winter, with_saturday),
        Season((4, 1), (10, 31), every_weekday(((450, 690), (780, 1020)))),
    ]
    actions.set_hours(commune, seasons, by=CHIEF)
    actions.publish(commune, "2/QĐ", by=CHIEF)
    got = queries.calendar(commune)
    assert got.slots(date(2026, 12, 1)) == winter[1]
    assert got.slots(date(2026, 12, 5)) == ()
    assert got.reception(date(2026, 12, 5)) == ((480, 660),)
    assert got.reception(date(2026, 6, 1)) == ((450, 690), (780, 1020))


def test_a_term_into_an_undecided_year_is_provisional(commune, published) -> None:
    near = queries.due("NGAY_LV", 5, datetime(2026, 12, 28, 2, tzinfo=UTC), commune)
    assert near.is_provisional
    assert local(near.promise) == "05/01 09:00"
    assert "tạm tính" in telling.law(queries.explain(near))
    assert queries.next_year_is_missing(commune, date(2026, 11, 2))
    assert not queries.next_year_is_missing(commune, date(2026, 8, 2))


def test_refusals_say_what_is_missing(commune) -> None:
    with pytest.raises(actions.NoDraft, match="soạn"):
        actions.publish(commune, PAPER, by=CHIEF)
    with pytest.raises(actions.NoDraft):
        actions.clear_day(commune, date(2026, 1, 1), by=CHIEF)
    actions.draft_year(commune, 2026, by=CHIEF)
    with pytest.raises(actions.NeedsDocument):
        actions.publish(commune, " \u200b ", by=CHIEF)
    with pytest.raises(actions.BadClosure, match="31"):
        actions.add_closure(commune, [], reason="bão", document_no="1", by=CHIEF)
    with pytest.raises(actions.BadClosure):
        actions.add_closure(commune, STORM, reason=" ", document_no="1", by=CHIEF)
    with pytest.raises(actions.BadHours):
        close_for_the_storm(commune, open_slots=((690, 450),))
    with pytest.raises(queries.TooFar):
        queries.due("THANG", 500, ACCEPTED, commune)


def test_everyday_questions_are_aware(commune, published) -> None:
    matter = queries.due(Unit.WORKING_DAYS, 3, datetime(2026, 5, 4, 2, tzinfo=UTC), commune)
    assert local(queries.add(matter.accepted_at, 480, commune)) == "05/05 09:00"
    assert queries.between(matter.accepted_at, matter.promise, commune) == 1440
    assert [local(t) for t in queries.warn_instants(matter, commune)] == [
        "05/05 14:30",
        "06/05 13:42",
        "07/05 09:00",
    ]
    left = queries.left(matter, datetime(2026, 5, 7, 9, tzinfo=UTC), commune)
    assert (left.minutes_left, left.is_overdue, left.is_legally_overdue) == (-330, True, False)
    pause = Pause(datetime(2026, 5, 5, 3, tzinfo=UTC), datetime(2026, 5, 7, 7, tzinfo=UTC))
    after = queries.resume(matter, [pause], commune)
    assert (local(after.promise), local(after.legal)) == ("11/05 11:30", "12/05 17:00")
    assert queries.resume(matter, [], commune) == matter
    kept = queries.moved(after, commune, [pause])
    assert (kept.due.promise, kept.is_later) == (after.promise, False)
    why = queries.explain(after, pauses=[pause], first_promise=matter.promise)
    assert sum(row.minutes for row in why.rows) == 1440
    said = "\n".join(telling.lines(why))
    assert "Đồng hồ dừng chờ bổ sung từ 10:00 thứ Ba 5/5/2026 đến 14:00 thứ Năm 7/5/2026." in said
    assert "Hẹn lần đầu: 9:00 thứ Năm 7/5/2026." in said
    assert "đồng hồ tạm dừng" in telling.rows(why)[1].what
    new = datetime(2026, 5, 16, 3, tzinfo=UTC)  # a Saturday
    assert local(queries.extend(after.promise, new, commune)) == "18/05 17:00"
    with pytest.raises(BadTerm):
        queries.extend(after.promise, matter.promise, commune)


def test_an_old_due_is_explained_by_its_own_calendar(commune, published) -> None:
    given = queries.due("NGAY_LV", 2, ACCEPTED, commune)
    close_for_the_storm(commune)
    assert len(queries.explain(given).rows) == 3
    assert queries.explain(given).calendar_version == 1


def test_a_version_holds_from_its_day(commune, published) -> None:
    actions.draft_year(commune, 2027, by=CHIEF)
    actions.publish(commune, "3/QĐ", by=CHIEF, valid_from=date(2027, 1, 1))
    assert queries.calendar(commune).version == 2
    assert queries.calendar(commune, date(2026, 12, 31)).version == 1


@pytest.mark.parametrize("slots", [{"a": 1}, [[450]], [["bảy giờ", 690]], [450, 690]])
def test_rows_that_make_no_hours_are_refused(slots) -> None:
    with pytest.raises(BadCalendar):
        rows.slots(slots)


def test_memory_of_calendars_is_bounded(commune, published, monkeypatch) -> None:
    monkeypatch.setattr(queries, "MOST_KEPT", 1)
    first = queries.calendar(commune)
    close_for_the_storm(commune)
    assert queries.calendar(commune).version == 2
    assert queries.frozen(published.pk).specials() == first.specials()
    assert len(queries._KEPT) == 1


def test_a_neighbour_keeps_its_own_calendar(commune, published, ban_bo) -> None:
    with tenancy.inside(ban_bo.id):
        assert queries.published(ban_bo.id) is None
        assert queries.published(commune) is None
        ours = CalendarDay(
            commune=ban_bo, calendar=published, date=date(2026, 1, 1), kind="off", source="commune"
        )
        with pytest.raises(DatabaseError, match="same_commune"):
            save_at_once(ours)


def test_a_due_costs_one_query(commune, published, django_assert_num_queries) -> None:
    queries.due("GIO", 8, ACCEPTED, commune)
    with django_assert_num_queries(1):
        queries.due("GIO", 8, ACCEPTED, commune)
    actions.draft_year(commune, 2027, by=CHIEF)
    assert queries.read(queries.draft(commune)).confirmed >= {2026, 2027}
