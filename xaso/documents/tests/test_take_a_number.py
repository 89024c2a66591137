"""Numbers without gaps, in order of date, kept for ever."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction

from xaso.documents import actions, numbers, queries
from xaso.documents.models import Counter, Number
from xaso.documents.refusals import (
    AlreadyVoid,
    BookClosed,
    EarlierDate,
    FutureDate,
    KeyTaken,
    NumberTaken,
)
from xaso.documents.tests.conftest import CLERK
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock


def take(commune, *, book="di", **facts):
    wanted = actions.NumberWanted(book, facts.pop("key", None) or uuid4(), **facts)
    return actions.take_number(wanted, commune=commune, by=CLERK)


def test_numbers_follow_each_other_and_are_written_as_the_decree_says(town):
    first = take(town, notation=numbers.notation("quyet-dinh", "UBND"))
    second = take(town, notation=numbers.notation("cong-van", "UBND", "VX"))
    assert (first.shown, second.shown) == ("01/QĐ-UBND", "02/UBND-VX")
    assert first.on == date(2026, 11, 23)
    assert numbers.notation("quy-dinh", "UBND") == "QyĐ-UBND"  # small letters are meant


def test_the_same_request_again_gets_the_same_number(town):
    key = uuid4()
    assert take(town, key=key).pk == take(town, key=key).pk
    assert take(town).number == 2
    with pytest.raises(KeyTaken):
        take(town, key=key, book="den")


def test_each_book_has_its_own_series(town):
    actions.open_book("hd-nvqs", "Hội đồng nghĩa vụ quân sự", commune=town, by=CLERK)
    assert [take(town).number, take(town, book="hd-nvqs").number, take(town).number] == [1, 1, 2]
    with pytest.raises(NotFound):
        take(town, book="khong-co")


def test_number_and_sign_meet_once_a_year_over_all_books(town):
    take(town, notation="QĐ-UBND")
    with pytest.raises(NumberTaken, match="01/QĐ-UBND"):
        take(town, book="sao", notation="QĐ-UBND")
    assert take(town, book="sao", notation="SY-UBND").number == 1  # the refusal left no gap


def test_dates_never_run_backwards_nor_ahead(town):
    take(town, on=date(2026, 11, 20))
    take(town, on=date(2026, 11, 23))
    with pytest.raises(EarlierDate, match="23/11/2026"):
        take(town, on=date(2026, 11, 22))
    with pytest.raises(FutureDate):
        take(town, on=date(2026, 11, 24))
    assert take(town).number == 3


def test_the_year_changes_at_midnight_here_not_in_greenwich(town):
    def at(*moment):
        return clock.at(datetime(*moment, tzinfo=ZONE))

    with at(2026, 12, 31, 23, 59, 59):
        last = take(town)
    with at(2027, 1, 1, 0, 0, 0):
        first = take(town)
        with pytest.raises(EarlierDate):
            take(town, on=date(2026, 12, 31))
    assert (last.year, last.number, first.year, first.number) == (2026, 1, 2027, 1)
    with at(2026, 12, 31, 23, 0), pytest.raises(EarlierDate):  # a clock that was set back
        take(town)


def test_a_void_number_stays_in_the_book(town):
    number = take(town, notation="QĐ-UBND")
    with pytest.raises(Invalid):
        actions.void_number(number, "  ", by=CLERK)
    void = actions.void_number(number, "Người ký không ký trong ngày", by=CLERK)
    assert void.get_state_display() == "Huỷ số"
    with pytest.raises(AlreadyVoid):
        actions.void_number(number, "lần nữa", by=CLERK)
    assert take(town, notation="QĐ-UBND").number == 2
    assert [n.state for n in queries.numbers_of("di", 2026, commune=town)] == ["void", "taken"]


def test_a_closed_book_gives_nothing(town):
    book = take(town).book
    book.is_open = False
    book.save()
    with pytest.raises(BookClosed):
        take(town)


@pytest.mark.parametrize("sign", ["QĐ/UBND", "QĐ UBND", "QĐ--UBND", "../x", "QĐ-UBND\n"])
def test_a_sign_is_groups_and_hyphens(town, sign):
    with pytest.raises(Invalid):
        take(town, notation=sign)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM documents_number",
        "UPDATE documents_number SET number = 9",
        "UPDATE documents_number SET notation = 'QĐ-HĐND'",
        "UPDATE documents_counter SET last = 0",
        "UPDATE documents_counter SET last = last + 2",
        "DELETE FROM documents_counter",
    ],
)
def test_the_database_itself_keeps_what_was_given(town, sql):
    take(town, notation="QĐ-UBND")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


class GaveUp(Exception):
    pass


class Clerks:
    """Thirty-two clerks: a third of requests comes twice at once, a fifth is undone."""

    def __init__(self, commune):
        self.commune, self.heard, self.lock = commune, [], threading.Lock()

    def work(self, seed):
        dice = random.Random(seed)  # noqa: S311
        for _ in range(8):
            key, gives_up, is_doubled = uuid4(), dice.random() < 0.2, dice.random() < 0.33
            with ThreadPoolExecutor(1) as other:
                twin = other.submit(self.ask, key) if is_doubled else None
                self.ask(key, gives_up=gives_up)
                if twin:
                    twin.result()
        connections.close_all()

    def ask(self, key, *, gives_up=False):
        try:
            with tenancy.inside(self.commune.id):
                number = take(self.commune, key=key).number
                if gives_up:
                    raise GaveUp  # noqa: TRY301
            with self.lock:
                self.heard.append((key, number))
        except GaveUp:
            pass
        finally:
            connections.close_all()


def test_32_clerks_at_once_leave_no_gap_and_no_double(committed, binh_lu):
    clerks = Clerks(binh_lu)
    with ThreadPoolExecutor(32) as office:
        list(office.map(clerks.work, range(32)))
    with tenancy.inside(binh_lu.id):
        given = list(Number.objects.order_by("number").values_list("number", flat=True))
        by_key = dict(Number.objects.values_list("key", "number"))
        assert Counter.objects.get().last == len(given)
    assert given == list(range(1, len(given) + 1))  # no gap, no double
    assert len(given) > 150
    assert all(by_key[key] == number for key, number in clerks.heard)  # a retry heard the same
