"""Register a person, correct what is known, add other names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock
from xaso.population import births, naming, rulebook
from xaso.population.actions.cases import look_at
from xaso.population.actions.saying import PERSON, Said, Subject, digest, keep
from xaso.population.births import Partial
from xaso.population.models import FieldEvidence, Person, PersonName, Precision, Sex, Status
from xaso.population.refusals import Absorbed, ChangedMeanwhile, ToldBefore

# What an official may correct by hand; the rest follows from events and memberships.
EDITABLE = frozenset(
    {
        "name",
        "sex",
        "birth",
        "birth_note",
        "ethnic_code",
        "local_group",
        "spoken_languages",
        "needs_interpreter",
        "mother",
        "father",
    }
)


@dataclass(frozen=True)
class OtherName:
    """Another name and what it is."""

    name: str
    kind: str = "alias"


@dataclass(frozen=True)
class NewPerson:
    """What is known of somebody who is registered; `id` is made by the client that may retry."""

    name: str
    sex: str = Sex.UNKNOWN
    birth: Partial = field(default_factory=Partial)
    id: UUID | None = None
    birth_note: str = ""
    ethnic_code: str = ""
    local_group: str = ""
    spoken_languages: tuple[str, ...] = ()
    needs_interpreter: bool = False
    mother: Person | None = None
    father: Person | None = None
    other_names: Sequence[OtherName] = ()
    is_unnamed: bool = False
    is_invented: bool = False


@transaction.atomic
def register_person(new: NewPerson, said: Said, *, commune: Commune, by: Actor) -> Person:
    """Add a person. The second time with the same `id` gives the first answer.

    Refuses with NoName, NotAName, NameTooLong, and with ToldBefore when the same `id` came with
    another name.
    """
    known = Person.objects.filter(commune=commune, pk=new.id).first() if new.id else None
    if known is not None:
        refuse_another(known, new.name)
        return known
    now = clock.now()
    person = Person(
        id=new.id or uuid4(),
        commune=commune,
        is_unnamed=new.is_unnamed,
        is_invented=new.is_invented,
        created_at=now,
        updated_at=now,
        **naming.written(new.name, rulebook.classes(commune.id)).for_person(),
        **_plain(new),
    )
    person.save(force_insert=True)
    _add_names(person, new.other_names)
    keep(_subject(person), _given(new), said, by=by)
    look_at(person)
    audit.record("population.person_registered", person, by=by, commune=commune.id)
    return person


@transaction.atomic
def change_person(
    person: Person,
    changes: Mapping[str, object],
    said: Said,
    *,
    by: Actor,
    version: int | None = None,
) -> Person:
    """Correct what is known of a person; each change keeps its source.

    `changes` names fields of `EDITABLE`; `birth` takes a Partial. Refuses with ChangedMeanwhile,
    Absorbed, and what a name refuses.
    """
    row = locked(person)
    if version is not None and version != row.version:
        raise ChangedMeanwhile
    unknown = set(changes) - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    changed = {name: value for name, value in changes.items() if _set(row, name, value)}
    if not changed and said.verified_at is None:
        return row
    row.version, row.updated_at = row.version + 1, clock.now()
    row.save()
    keep(_subject(row), changed or dict(changes), said, by=by)
    look_at(row)
    audit.record(
        "population.person_changed", row, by=by, commune=row.commune_id,
        changes={"fields": sorted(changed), "source": said.source},
    )  # fmt: skip
    return row


@transaction.atomic
def add_name(person: Person, other: OtherName, said: Said, *, by: Actor) -> Person:
    """Add another name; one that is there already stays as it is."""
    row = locked(person)
    _add_names(row, [other])
    touch(row)
    keep(_subject(row), {f"other_name.{other.kind}": clean_line(other.name)}, said, by=by)
    audit.record("population.name_added", row, by=by, commune=row.commune_id)
    return row


def refuse_another(known: Person, name: str) -> None:
    """Refuse with ToldBefore when a name was never stated for somebody who is registered.

    A name that was corrected since is still known from its evidence: a late second try is one.
    """
    stated = FieldEvidence.objects.filter(
        commune=known.commune_id, subject=known.pk, field="name",
        value_digest=digest("name", clean_line(name)),
    )  # fmt: skip
    if not stated.exists():
        raise ToldBefore


def locked(person: Person | UUID) -> Person:
    """Return the row, locked. Refuses with NotFound, or with Absorbed for a merged record."""
    key = person.pk if isinstance(person, Person) else person
    row = Person.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise NotFound
    if row.status == Status.DUPLICATE:
        raise Absorbed
    return row


def touch(*people: Person) -> None:
    """Count one more change of people, so that what was read before it is known to be old."""
    now = clock.now()
    Person.objects.filter(pk__in=[p.pk for p in people]).update(
        version=F("version") + 1, updated_at=now
    )
    for person in people:
        person.version, person.updated_at = person.version + 1, now


def _plain(new: NewPerson) -> dict[str, object]:
    born = new.birth
    return {
        "sex": new.sex,
        "birth_date": born.day,
        "birth_precision": born.precision,
        "birth_year": born.day.year if born.day else None,
        "birth_note": clean_line(new.birth_note)[:200],
        "ethnic_code": new.ethnic_code,
        "local_group": clean_line(new.local_group)[:60],
        "spoken_languages": list(new.spoken_languages),
        "needs_interpreter": new.needs_interpreter,
        "mother": new.mother,
        "father": new.father,
    }


def _given(new: NewPerson) -> dict[str, object]:
    """Return what was stated at all: silence is no evidence."""
    values: dict[str, object] = {"name": clean_line(new.name)}
    if new.sex != Sex.UNKNOWN:
        values["sex"] = new.sex
    if new.birth.precision != Precision.UNKNOWN:
        values["birth"] = births.shown(new.birth.day, new.birth.precision)
    for name in ("ethnic_code", "local_group", "birth_note"):
        if getattr(new, name):
            values[name] = getattr(new, name)
    for name in ("mother", "father"):
        if getattr(new, name):
            values[name] = getattr(new, name).pk
    return values


def _set(row: Person, name: str, value: object) -> bool:
    """Set one field; return whether it is another value now."""
    before = {f: getattr(row, f) for f in _COLUMNS.get(name, (name,))}
    if name == "name":
        classes = rulebook.classes(row.commune_id)
        for column, text in naming.written(str(value), classes).for_person().items():
            setattr(row, column, text)
        row.is_unnamed = False
    elif name == "birth" and isinstance(value, Partial):
        row.birth_date, row.birth_precision = value.day, value.precision
        row.birth_year = value.day.year if value.day else None
    else:
        setattr(row, name, clean_line(value) if isinstance(value, str) else value)
    return any(getattr(row, f) != was for f, was in before.items())


_COLUMNS = {
    "name": ("display_name",),
    "birth": ("birth_date", "birth_precision"),
    "mother": ("mother_id",),
    "father": ("father_id",),
}


def _add_names(person: Person, names: Sequence[OtherName]) -> None:
    classes = rulebook.classes(person.commune_id) if names else ()
    for other in names:
        written = naming.written(other.name, classes).for_other()
        kept = {"kind": other.kind} | {k: v for k, v in written.items() if k != "name"}
        PersonName.objects.get_or_create(
            commune_id=person.commune_id, person=person, name=written["name"], defaults=kept
        )


def _subject(person: Person) -> Subject:
    return Subject(PERSON, person.pk, person.commune_id)
