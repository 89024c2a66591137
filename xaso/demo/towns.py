"""The communes of the demo before anybody reports anything: land, villages, people, calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from django.contrib.auth.hashers import make_password

from xaso.demo import names, people, shapes
from xaso.demo.matters import MATTERS
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity import queries as identity_queries
from xaso.kernel.identity.models import Official, Role, Unit, UnitKind
from xaso.kernel.places import actions as places
from xaso.kernel.places import queries as places_queries
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import actions as working_time
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports.models import Body

BY = Actor("system", "demo", "demo")
COMMUNES = (  # slug, national code, address, hours, phone
    ("binh-lu", "03390", "Bản Thống Nhất, xã Bình Lư, tỉnh Lai Châu", "+84 000 390 135"),
    ("ban-bo", "03424", "Bản Nà Ly, xã Bản Bo, tỉnh Lai Châu", "+84 000 424 135"),
    ("tan-phong", "03408", "Tổ dân phố số 1, phường Tân Phong, tỉnh Lai Châu", "+84 000 408 135"),
)
HOURS = "thứ Hai – thứ Sáu, 7:30–11:30 và 13:00–17:00"
_WORKERS = {
    "ROAD-DAMAGE": "giaothong",
    "ROAD-BLOCKED": "giaothong",
    "LIGHT": "diennuoc",
    "POWER": "diennuoc",
}
_PAPER = "DL-MAU/2025"  # the number of a document that does not exist
_BEFORE = timedelta(days=200)  # officials took office before the first report


@dataclass
class Town:
    """A commune of the demo with everyone who works there, by the names stories use."""

    commune: Commune
    villages: Sequence[Village]
    units: Mapping[str, Unit]
    people: Mapping[str, people.Person]  # by account without the commune
    officials: Mapping[str, Official]

    @property
    def id(self) -> UUID:
        """Return the commune's key."""
        return self.commune.id

    def actor(self, account: str) -> Actor:
        """Return an official as who acts, with the role and unit they were given."""
        who = self.people[account]
        unit = self.units[who.unit].pk if who.unit else None
        return Actor(
            "official", str(self.officials[account].pk), "desk", frozenset({who.role}), unit
        )

    def head(self, unit: str) -> str:
        """Return the account of the head of a unit."""
        return next(a for a, p in self.people.items() if p.unit == unit and p.is_head)

    def worker(self, unit: str, category: str) -> str:
        """Return the account of who does the work: a colleague of the head where there is one."""
        if unit == "kinh-te":
            return _WORKERS.get(category, self.head(unit))
        return self.head(unit)


def found(slug: str, code: str, address: str, phone: str, *, seed: int) -> Town:
    """Open a commune with its villages, units, officials, calendar and categories."""
    naming = names.NAMINGS[slug]
    drawn = shapes.draw(slug, naming.count, seed)
    commune = places.open_commune(
        code,
        slug,
        by=BY,
        on=date(2025, 7, 1),
        address=address,
        hours=HOURS,
        phone=phone,
        boundary=drawn.boundary,
        is_demo=True,
    )
    with tenancy.inside(commune.id), clock.at(clock.now() - _BEFORE):
        villages = _villages(commune, drawn, seed)
        town = _staffed(commune, villages, seed)
        _calendar(commune.id)
        _categories(town)
    return town


def _villages(commune: Commune, drawn: shapes.Map, seed: int) -> list[Village]:
    named = names.villages(commune.slug, seed)
    return [
        places.add_village(
            commune,
            places.NewVillage(v.code, v.kind, v.name, cell.lat, cell.lon, cell.polygon),
            by=BY,
            is_demo=True,
        )
        for v, cell in zip(named, drawn.cells, strict=True)
    ]


def _staffed(commune: Commune, villages: list[Village], seed: int) -> Town:
    """Open units and accounts, and give everyone their role."""
    units = {
        code: identity.add_unit(commune, code, name, kind=UnitKind(kind), by=BY)
        for code, name, kind in people.UNITS
    }
    by_code = {village.code: village for village in villages}
    persons = people.officials(commune.slug, list(by_code), seed)
    officials: dict[str, Official] = {}
    for person in persons:
        short = person.account.partition(".")[2]
        official = _account(person, commune)
        role = identity.NewRole(
            Role(person.role), units.get(person.unit), by_code.get(person.village)
        )
        identity.give_role(official, role, commune=commune, by=BY)
        if person.is_head:
            identity.set_head(units[person.unit], official, by=BY)
        officials[short] = official
    known = {person.account.partition(".")[2]: person for person in persons}
    return Town(commune, villages, units, known, officials)


def _account(person: people.Person, commune: Commune) -> Official:
    """Open an account; all share one slow hash of the one password everybody is told."""
    official = Official.objects.create(
        username=person.account,
        full_name=person.full_name,
        position=person.position,
        home=commune,
        password=_hashed(),
    )
    audit.record("identity.official_added", official, by=BY, commune=commune.id)
    return official


def province(slugs: Sequence[str]) -> people.Person:
    """Let a reader of the province look at the communes; a second call changes nothing."""
    reader = people.PROVINCE
    official = Official.objects.filter(username=reader.account).first()
    if official is None:
        official = Official.objects.create(
            username=reader.account,
            full_name=reader.full_name,
            position=reader.position,
            password=_hashed(),
        )
        audit.record("identity.official_added", official, by=BY, commune=None)
    for slug in slugs:
        commune = places_queries.commune_by_slug(slug)
        if commune is not None:
            identity.grant_province_view(official, commune, by=BY)
    return reader


@cache
def _hashed() -> str:
    return make_password(people.PASSWORD)


def _calendar(commune: UUID) -> None:
    """Publish a calendar for the years of the stories and the deadlines after them."""
    first = dates.local(clock.now()).date()
    for year in range(first.year, first.year + 3):
        working_time.draft_year(commune, year, by=BY)
    working_time.publish(commune, _PAPER, by=BY, valid_from=date(first.year, 1, 1))


def _categories(town: Town) -> None:
    """Set up categories with their usual units, and phones that nobody has."""
    units = {matter.code: town.units[matter.unit] for matter in MATTERS}
    day = dates.local(clock.now()).date()
    reports.set_up(town.commune, by=BY, on=day, units=units)
    for number, body in enumerate(Body.objects.filter(commune=town.commune).order_by("id")):
        body.phone = f"+84 000 900 {101 + number}"
        body.save(update_fields=["phone"])


def reopen(commune: Commune, seed: int) -> Town:
    """Return a commune that was founded before, with the same people."""
    with tenancy.inside(commune.id):
        villages = list(Village.objects.filter(commune=commune).order_by("code"))
        units = {unit.code: unit for unit in identity_queries.units(commune)}
        persons = people.officials(commune.slug, [v.code for v in villages], seed)
        accounts = {p.account: p for p in persons}
        rows = Official.objects.filter(username__in=accounts)
        known = {p.account.partition(".")[2]: p for p in persons}
        officials = {o.username.partition(".")[2]: o for o in rows}
    return Town(commune, villages, units, known, officials)


def first_day(until: datetime) -> date:
    """Return the local day on which everybody took office."""
    return dates.local(until - _BEFORE).date()
