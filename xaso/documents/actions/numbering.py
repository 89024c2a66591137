"""Give numbers without gaps, keep them for ever, give them up with a reason.

Nothing slow (paper, signature, network) happens while a book is locked.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xaso.documents import numbers
from xaso.documents.models import Book, Counter, Number
from xaso.documents.refusals import (
    AlreadyVoid,
    BookClosed,
    EarlierDate,
    FutureDate,
    KeyTaken,
    NumberTaken,
)
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock

# Books every commune has; others are opened by `open_book`.
USUAL: dict[str, tuple[str, Book.Kind]] = {
    "di": ("Sổ đăng ký văn bản đi", Book.Kind.OUTGOING),
    "den": ("Sổ đăng ký văn bản đến", Book.Kind.INCOMING),
    "sao": ("Sổ bản sao", Book.Kind.COPIES),
    "ket-qua": ("Sổ kết quả giải quyết thủ tục", Book.Kind.OWN),
    "mot-cua": ("Sổ phiếu của bộ phận một cửa", Book.Kind.OWN),
}


@dataclass(frozen=True)
class NumberWanted:
    """What a number is for: book, the caller's key (a retry gets the same number), sign, date.

    `on` None is today in Vietnam. `notation` is the sign after the slash, see `numbers.notation`.
    """

    book: str
    key: UUID
    notation: str = ""
    subject: str = ""
    on: date | None = None


@transaction.atomic
def open_book(
    code: str, name: str, *, commune: Commune, by: Actor, kind: Book.Kind = Book.Kind.OWN
) -> Book:
    """Open a series of its own (an advisory board, a kind of result); the same code is the same."""
    book, is_new = Book.objects.get_or_create(
        commune=commune, code=code, defaults={"name": clean_line(name)[:120], "kind": kind}
    )
    if is_new:
        audit.record("documents.book_opened", book, by=by, commune=commune.id)
    return book


@transaction.atomic
def take_number(wanted: NumberWanted, *, commune: Commune, by: Actor) -> Number:
    """Give the next number of a book, in the caller's transaction; a known key gives its number.

    The row of the book is the lock: whoever comes second waits for the first to commit or to give
    up. Refuses with BookClosed, EarlierDate (than the newest in the book), FutureDate, KeyTaken
    (the key got a number elsewhere), NumberTaken, Invalid (no such sign).
    """
    book = _locked(wanted.book, commune=commune, by=by)
    known = Number.objects.filter(commune=commune, key=wanted.key).first()
    if known is not None:
        if known.book_id != book.pk:
            raise KeyTaken
        return known
    on = wanted.on or dates.local(clock.now()).date()
    _check(book, on, wanted.notation)
    counter, _new = Counter.objects.get_or_create(commune=commune, book=book, year=on.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    book.last_on = on
    book.save(update_fields=["last_on"])
    number = _kept(wanted, book, on, counter.last, by=by)
    changes = {"book": book.code, "number": number.shown, "on": on.isoformat()}
    audit.record("documents.number_taken", number, by=by, commune=commune.id, changes=changes)
    return number


@transaction.atomic
def void_number(number: Number, reason: str, *, by: Actor) -> Number:
    """Give a number up: it stays in the book as "Huỷ số" with the reason, and is never used again.

    Refuses with AlreadyVoid and Invalid (no reason).
    """
    number = Number.objects.select_for_update().get(pk=number.pk)
    if number.state == Number.State.VOID:
        raise AlreadyVoid
    reason = clean_line(reason)[:300]
    if not reason:
        raise Invalid(errors={"reason": [_("Bác ghi lý do huỷ số.")]})
    number.state, number.reason = Number.State.VOID, reason
    number.save(update_fields=["state", "reason"])
    audit.record("documents.number_void", number, by=by, commune=number.commune_id)
    return number


def _locked(code: str, *, commune: Commune, by: Actor) -> Book:
    """Return the book, locked until this transaction ends; usual books are opened when needed."""
    rows = Book.objects.select_for_update(no_key=True)
    book = rows.filter(commune=commune, code=code).first()
    if book is None:
        if code not in USUAL:
            raise NotFound
        name, kind = USUAL[code]
        open_book(code, name, commune=commune, by=by, kind=kind)
        book = rows.get(commune=commune, code=code)
    if not book.is_open:
        raise BookClosed
    return book


def _check(book: Book, on: date, notation: str) -> None:
    today = dates.local(clock.now()).date()
    if not numbers.is_notation(notation):
        raise Invalid(errors={"notation": [_("Ký hiệu chỉ gồm chữ, số và dấu gạch nối.")]})
    if book.last_on and on < book.last_on:
        raise EarlierDate(last=f"{book.last_on:%d/%m/%Y}")
    if on > today:
        raise FutureDate(day=f"{on:%d/%m/%Y}")


def _kept(wanted: NumberWanted, book: Book, on: date, number: int, *, by: Actor) -> Number:
    try:
        with transaction.atomic():
            return Number.objects.create(
                commune_id=book.commune_id,
                book=book,
                year=on.year,
                number=number,
                notation=wanted.notation,
                on=on,
                key=wanted.key,
                subject=clean_line(wanted.subject)[:500],
                taken_by=by.id,
                taken_at=clock.now(),
            )
    except IntegrityError as error:
        if "number_once_per_key" in str(error):
            raise KeyTaken from error
        if "number_and_sign_once_a_year" in str(error):
            raise NumberTaken(shown=f"{number:02}/{wanted.notation}") from error
        raise
