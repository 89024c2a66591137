"""Numbers of papers and ways to reach somebody: sealed, revealed for a purpose."""

from dataclasses import dataclass
from datetime import date
from typing import NoReturn
from uuid import uuid4

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import NotFound
from xaso.kernel.sealing import rows
from xaso.kernel.text import clean_line, dates, phone
from xaso.kernel.working_time import clock
from xaso.population import national_id
from xaso.population.actions.cases import look_at
from xaso.population.actions.persons import locked, touch
from xaso.population.actions.saying import PERSON, Said, Subject, keep
from xaso.population.actions.viewing import Purpose, saw
from xaso.population.models import (
    ContactKind,
    FieldGroup,
    NumberKind,
    Person,
    PersonContact,
    PersonIdentifier,
)
from xaso.population.queries.copying import CONTACT, NUMBER
from xaso.population.refusals import NotANumber, worded

MOST = 40  # characters of a passport or certificate number


@dataclass(frozen=True)
class Number:
    """A number as it was typed, of one kind of paper."""

    kind: str
    text: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Reach:
    """A phone number or an e-mail address as it was typed; a phone may be the whole house's."""

    kind: str
    text: str
    is_shared: bool = False


@transaction.atomic
def add_number(person: Person, number: Number, said: Said, *, by: Actor) -> PersonIdentifier:
    """Add a number of a paper; what looks wrong is kept as a warning for an official to answer.

    Refuses with NotANumber (twelve digits of 0 to 9, a year to come, a number made up for nobody)
    and SameNumber. The same number at another person is a duplicate case, not a refusal.
    """
    row = locked(person)
    text, warnings = _checked(row, number)
    key, blind = uuid4(), rows.index(text, purpose=number.kind)
    if (
        PersonIdentifier.objects.filter(commune=row.commune_id, kind=number.kind, blind_index=blind)
        .exclude(person=row)
        .exists()
    ):
        warnings = (*warnings, "same_number")
    kept = PersonIdentifier(
        id=key,
        commune_id=row.commune_id,
        person=row,
        kind=number.kind,
        cipher=rows.seal(text, context=NUMBER, row=key),
        blind_index=blind,
        tail3=text[-3:],
        period=_period(number),
        source=said.source,
        verified_at=said.verified_at,
        warnings=list(warnings),
        created_at=clock.now(),
    )
    with worded():
        kept.save(force_insert=True)
    touch(row)
    look_at(row)
    keep(Subject(PERSON, row.pk, row.commune_id), {f"number.{number.kind}": text}, said, by=by)
    audit.record(
        "population.number_added", row, by=by, commune=row.commune_id,
        changes={"kind": number.kind, "warnings": list(warnings)},
    )  # fmt: skip
    return kept


@transaction.atomic
def answer_number(number: PersonIdentifier, answer: str, *, by: Actor) -> PersonIdentifier:
    """Say who is right where a number and the statement differ; it leaves the repair list."""
    row = PersonIdentifier.objects.select_for_update().filter(pk=number.pk).first()
    if row is None or answer not in PersonIdentifier.Answer.values:
        raise NotFound
    row.answer = answer
    row.save(update_fields=["answer"])
    audit.record(
        "population.number_answered", row, by=by, commune=row.commune_id, changes={"answer": answer}
    )
    return row


@transaction.atomic
def reveal(number: PersonIdentifier, purpose: Purpose, *, by: Actor) -> str:
    """Return a number in full; who saw it and what for is written down first."""
    saw(number.person, [FieldGroup.NUMBER], purpose, by=by)
    audit.view(number.person, by=by, commune=number.commune_id, purpose=purpose.code)
    return rows.unseal(number.cipher, context=NUMBER, row=number.pk)


@transaction.atomic
def add_contact(person: Person, reach: Reach, said: Said, *, by: Actor) -> PersonContact:
    """Add a phone or e-mail address. Refuses with NotANumber; one that is there stays."""
    row = locked(person)
    value = _contact(reach.kind, reach.text)
    blind = rows.index(value, purpose=reach.kind)
    known = PersonContact.objects.filter(person=row, kind=reach.kind, blind_index=blind).first()
    if known is not None:
        return known
    key = uuid4()
    kept = PersonContact.objects.create(
        id=key,
        commune_id=row.commune_id,
        person=row,
        kind=reach.kind,
        cipher=rows.seal(value, context=CONTACT, row=key),
        blind_index=blind,
        shared_with_household=reach.is_shared,
        source=said.source,
        created_at=clock.now(),
    )
    touch(row)
    audit.record("population.contact_added", row, by=by, commune=row.commune_id)
    return kept


@transaction.atomic
def reveal_contact(contact: PersonContact, purpose: Purpose, *, by: Actor) -> str:
    """Return a way to reach somebody; written down like a number."""
    saw(contact.person, [FieldGroup.CONTACT], purpose, by=by)
    return rows.unseal(contact.cipher, context=CONTACT, row=contact.pk)


def _checked(person: Person, number: Number) -> tuple[str, tuple[str, ...]]:
    """Return the number as it is kept and what to ask about it."""
    if number.kind == NumberKind.NATIONAL:
        today = dates.local(clock.now()).date()
        read = national_id.read(
            number.text, today=today, year=person.birth_year, sex=str(person.sex)
        )
        if read.normalised is None:
            _wrong(_("Số định danh có đúng 12 chữ số, từ 0 đến 9. Bác đếm lại giúp."))
        if read.errors:
            _wrong(_("Năm sinh trong số định danh chưa tới. Bác xem lại giấy giúp."))
        text, warnings = read.normalised or "", read.warnings
    else:
        text, warnings = _other(number), ()
    if national_id.is_made_up(text):
        _wrong(_("Đây không phải số thật. Người chưa có giấy thì để trống, không ghi số nào cả."))
    return text, warnings


def _other(number: Number) -> str:
    if number.kind == NumberKind.CMND:
        if not national_id.is_cmnd(number.text):
            _wrong(_("Số chứng minh nhân dân cũ có đúng 9 chữ số. Bác đếm lại giúp."))
        return national_id.normalised(number.text)
    text = clean_line(number.text).upper()
    if not 3 <= len(text) <= MOST:
        _wrong(_("Bác ghi số giấy, từ 3 đến 40 chữ."))
    return text


def _contact(kind: str, text: str) -> str:
    if kind == ContactKind.PHONE:
        try:
            return phone.normalise(text)
        except ValueError:
            _wrong(_("Số điện thoại chưa đúng. Ví dụ 0912 345 678."), "contact")
    value = clean_line(text).lower()
    if "@" not in value or len(value) > 200:
        _wrong(_("Thư điện tử chưa đúng. Ví dụ an@vidu.vn."), "contact")
    return value


def _wrong(sentence: str, field: str = "number") -> NoReturn:
    raise NotANumber(sentence, errors={field: [sentence]})


def _period(number: Number) -> DateRange | None:
    if number.valid_from is None and number.valid_to is None:
        return None
    return DateRange(number.valid_from, number.valid_to)
