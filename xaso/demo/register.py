"""The register of a demo commune: households and people, many rows at once, the same for a seed.

Nobody here exists. Numbers carry the place of the province and a serial from 000001, phones a
range that is nobody's, and every row says that it was invented. On purpose there are people
without a number, years without a day, addresses of before 2025, households without a head, records
typed twice, a phone that a whole neighbourhood shares, and somebody of 104.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from xaso.demo import kin, towns
from xaso.demo.dice import dice
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.sealing import rows as sealing
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates, fold
from xaso.population import actions, naming
from xaso.population.actions import saying
from xaso.population.models import (
    Dwelling,
    FieldEvidence,
    Household,
    Membership,
    Person,
    PersonContact,
    PersonIdentifier,
    Register,
    ResidenceEvent,
    VillageTask,
)

HOUSEHOLDS = {
    "tiny": dict.fromkeys(("binh-lu", "ban-bo", "tan-phong"), 80),
    "small": dict.fromkeys(("binh-lu", "ban-bo", "tan-phong"), 800),
    "full": {"binh-lu": 3_600, "ban-bo": 2_300, "tan-phong": 9_700},
}
SINCE = date(2025, 7, 1)
_AT_ONCE = 4_000
_VARIANTS = (("Giàng", "Dàng"), ("Sùng", "Xùng"), ("Lý", "Lí"), ("Nù", "Lù"), ("Mỷ", "Mỉ"))


@dataclass
class Batch:
    """Rows that wait to be stored, by table, in the order they must be stored in."""

    commune: Commune
    at: datetime
    rows: dict[type[Model], list[Any]] = field(default_factory=dict)
    serial: int = 0  # of the last number

    def add(self, row: Any) -> Any:  # noqa: ANN401  (a row of any table)
        """Keep a row for later and return it."""
        self.rows.setdefault(type(row), []).append(row)
        return row

    def store(self) -> None:
        """Store everything."""
        for model in _ORDER:
            model.objects.bulk_create(self.rows.pop(model, []), batch_size=_AT_ONCE)


_ORDER: tuple[Any, ...] = (
    Dwelling, Household, Person, Membership, PersonIdentifier, PersonContact, ResidenceEvent,
    VillageTask, FieldEvidence,
)  # fmt: skip


def settle(town: towns.Town, *, size: str, seed: int, until: datetime) -> int:
    """Fill the register of a commune; return how many people it has."""
    slug, today = town.commune.slug, dates.local(until).date()
    chance = dice(seed, slug, "register")
    people = 0
    with tenancy.inside(town.id):
        batch = Batch(town.commune, datetime.combine(today, time(8), dates.ZONE))
        prefix = "".join(word[0] for word in fold(town.commune.name).upper().split())
        count = HOUSEHOLDS[size][slug]
        Register.objects.create(commune=town.commune, prefix=prefix, next_household=count + 1)
        homes = _homes(town, seed)
        for number in range(1, count + 1):
            village, main = chance.choices(homes, weights=[w for _, _, w in homes])[0][:2]
            people += _household(
                batch, chance, _Place(village, main, f"{prefix}-{number:06d}"), today
            )
            if len(batch.rows.get(Person, ())) > _AT_ONCE:
                batch.store()
        _oldest(batch, today)
        batch.store()
        actions.look_for_duplicates(town.commune, by=towns.BY)
    return people


@dataclass
class _Place:
    village: Village
    main: str  # the people most of the village belongs to
    code: str


def _homes(town: towns.Town, seed: int) -> list[tuple[Village, str, float]]:
    """Return the villages with the people most live of, and how large each is."""
    codes, shares = kin.peoples(town.commune.slug)
    found = []
    for village in town.villages:
        chance = dice(seed, town.commune.slug, village.code, "people")
        main = chance.choices(codes[:6], weights=shares[:6])[0]
        found.append((village, main, chance.uniform(0.5, 2.0)))
    return found


def _household(batch: Batch, chance: Random, at: _Place, today: date) -> int:
    codes, shares = kin.peoples(batch.commune.slug)
    ethnic = at.main if chance.random() < 0.78 else chance.choices(codes, weights=shares)[0]
    people = kin.household(chance, ethnic, today)
    home = batch.add(
        Dwelling(
            id=_key(batch, at.code, "dwelling"), commune=batch.commune, village=at.village,
            address=f"Nhà số {chance.randrange(1, 200)}, {at.village.full_name}",
            old_address="Xã Sơn Bình, huyện Tam Đường" if chance.random() < 0.02 else "",
        )
    )  # fmt: skip
    house = batch.add(
        Household(
            id=_key(batch, at.code), commune=batch.commune, code=at.code, dwelling=home,
            village=at.village, opened=SINCE, state="normal", created_at=batch.at,
            updated_at=batch.at,
        )
    )  # fmt: skip
    rows = [_person(batch, chance, house, n, each, today) for n, each in enumerate(people)]
    for row, each in zip(rows, people, strict=True):
        row.mother = rows[each.mother] if each.mother is not None else None
        row.father = rows[each.father] if each.father is not None else None
    if chance.random() < 0.012 and len(rows) > 1:
        _lose_head(batch, house, rows[0], today - timedelta(days=chance.randrange(3, 60)))
    if chance.random() < 0.02:
        _twice(batch, chance, house, rows[-1], people[-1])
        return len(rows) + 1
    return len(rows)


def _person(  # noqa: PLR0913, PLR0917
    batch: Batch, chance: Random, house: Household, n: int, told: kin.Kin, today: date
) -> Person:
    only_year = chance.random() < 0.05
    born = date(told.born.year, 1, 1) if only_year else told.born
    person = batch.add(
        Person(
            id=_key(batch, house.code, n), commune=batch.commune, sex=told.sex,
            birth_date=born, birth_year=born.year,
            birth_precision="year" if only_year else "day", ethnic_code=told.ethnic,
            spoken_languages=[told.language] if told.language else [],
            needs_interpreter=bool(told.language) and told.age(today) > 70, village=house.village,
            is_invented=True, created_at=batch.at, updated_at=batch.at,
            **naming.written(told.name).for_person(),
        )
    )  # fmt: skip
    first = max(SINCE, told.born)
    away = told.role in ("child", "head") and 18 < told.age(today) < 36 and chance.random() < 0.12
    batch.add(
        Membership(
            id=_key(batch, house.code, n, "in"), commune=batch.commune, person=person,
            household=house, role=told.role, period=DateRange(first, None),
            residence_kind="permanent" if chance.random() < 0.95 or told.role == "head"
            else "temporary",
            source="police_export", created_at=batch.at,
        )
    )  # fmt: skip
    if told.born > SINCE:
        _event(batch, person, "birth", told.born, house)
    if away:
        _event(batch, person, "absence_declared", today - timedelta(days=chance.randrange(30, 300)))
    if told.age(today) > 0 and chance.random() > 0.03:
        _number(batch, chance, person, told)
    _evidence(batch, chance, person, today)
    return person  # type: ignore[no-any-return]


def _number(batch: Batch, chance: Random, person: Person, told: kin.Kin) -> None:
    batch.serial += 1
    serial = batch.serial
    century = (told.born.year - 1900) // 100 * 2 + (told.sex == "female")
    if chance.random() < 0.004:
        century ^= 1  # typed wrong once: a number to ask about
    text = f"012{century}{told.born.year % 100:02d}{serial:06d}"
    key = _key(batch, person.pk, "number")
    is_odd = century % 2 != (told.sex == "female")
    batch.add(
        PersonIdentifier(
            id=key, commune=batch.commune, person=person, kind="national_id",
            cipher=sealing.seal(text, context="population_personidentifier.cipher", row=key),
            blind_index=sealing.index(text, purpose="national_id"), tail3=text[-3:],
            source="police_export", verified_at=SINCE if chance.random() < 0.6 else None,
            warnings=["sex_differs"] if is_odd else [], created_at=batch.at,
        )
    )  # fmt: skip
    if serial <= 10 or chance.random() < 0.2:
        phone = "+84000000010" if serial <= 10 else f"+84000{serial:06d}"
        key = _key(batch, person.pk, "phone")
        batch.add(
            PersonContact(
                id=key, commune=batch.commune, person=person, kind="phone",
                cipher=sealing.seal(phone, context="population_personcontact.cipher", row=key),
                blind_index=sealing.index(phone, purpose="phone"), source="digital_team",
                shared_with_household=serial <= 10, created_at=batch.at,
            )
        )  # fmt: skip


def _evidence(batch: Batch, chance: Random, person: Person, today: date) -> None:
    seen = today - timedelta(days=chance.randrange(5, 400)) if chance.random() < 0.6 else None
    for name, value in (("name", person.display_name), ("birth", str(person.birth_date))):
        batch.add(
            FieldEvidence(
                commune=batch.commune, subject_kind="person", subject=person.pk, field=name,
                value_digest=saying.digest(name, value),
                source="police_export" if seen else "digital_team", verified_at=seen, at=batch.at,
            )
        )  # fmt: skip


def _event(
    batch: Batch, person: Person, kind: str, on: date, house: Household | None = None
) -> None:
    batch.add(
        ResidenceEvent(
            id=_key(batch, person.pk, kind), commune=batch.commune, person=person, kind=kind,
            on=on, household=house, source="digital_team", recorded_by="demo",
            recorded_at=batch.at,
        )
    )  # fmt: skip


def _lose_head(batch: Batch, house: Household, head: Person, on: date) -> None:
    """Let a head have died without a new one named."""
    head.status, head.death_date, head.death_precision, head.village = "deceased", on, "day", None
    row = next(m for m in reversed(batch.rows[Membership]) if m.person is head)
    row.period = DateRange(row.period.lower, on)
    house.state, house.headless_since = "without_head", on
    _event(batch, head, "death", on)
    batch.add(
        VillageTask(
            id=_key(batch, house.code, "task"), commune=batch.commune, village=house.village,
            household=house, kind="head_missing", opened_at=batch.at,
            due_on=batch.at.date() + timedelta(days=15),
        )
    )  # fmt: skip


def _twice(batch: Batch, chance: Random, house: Household, person: Person, told: kin.Kin) -> None:
    """Type somebody a second time, in another spelling and with the year alone."""
    name = person.display_name
    for right, wrong in _VARIANTS:
        name = name.replace(right, wrong)
    if name == person.display_name:
        name = name.upper() if chance.random() < 0.5 else name.replace("Thị", "Thi")
    again = batch.add(
        Person(
            id=_key(batch, person.pk, "again"), commune=batch.commune, sex=told.sex,
            birth_date=date(told.born.year, 1, 1), birth_year=told.born.year,
            birth_precision="year", village=house.village, is_invented=True,
            created_at=batch.at, updated_at=batch.at, **naming.written(name).for_person(),
        )
    )  # fmt: skip
    batch.add(
        Membership(
            id=_key(batch, again.pk, "in"), commune=batch.commune, person=again, household=house,
            role="other", residence_kind="living_only",
            period=DateRange(max(SINCE, told.born), None), source="digital_team",
            created_at=batch.at,
        )
    )  # fmt: skip


def _oldest(batch: Batch, today: date) -> None:
    """Let the last person registered be 104."""
    oldest = batch.rows[Person][-1]
    oldest.birth_date, oldest.birth_year = date(today.year - 104, 1, 1), today.year - 104
    oldest.birth_precision = "year"


def _key(batch: Batch, *words: object) -> UUID:
    return uuid5(batch.commune.id, "/".join(map(str, words)))
