"""Every address × every role × a foreign commune, and every tenant table by raw SQL.

Generated from the address book and the database catalogue: a new page or table is walked without
anybody having to think of it. A new kind of key in an address needs a sample in `SAMPLES`, or the
test says so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from xaso.dossiers.models import Dossier, Procedure, ProcedureVersion, Round
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.identity.models import Official, Role, RoleAssignment, Unit
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.population.models import (
    Breach,
    DuplicateCase,
    Household,
    Person,
    PersonContact,
    PersonIdentifier,
    ResidenceEvent,
)
from xaso.reports.models import (
    Approval,
    Body,
    Category,
    CategoryQuestion,
    DutyShift,
    Report,
    RoutingRule,
)

HERE, THERE = "binh-lu", "ban-bo"
ROLES = [role for role in Role.values if role != Role.PROVINCE]
# Signing in and out concerns a person, not a commune's data.
PERSONAL = re.compile(r"^(dang-|tai-khoan/|quen-mat-khau/|accounts/)")


@dataclass(frozen=True)
class Address:
    """One address with its keys, as the address book writes it."""

    route: str
    keys: tuple[str, ...]
    name: str

    def fill(self, values: dict[str, str]) -> str:
        """Return the path with a value in place of each key."""
        path = self.route
        for key in self.keys:
            path = re.sub(rf"<(\w+:)?{key}>", values[key], path)
        return f"/{path}"


def _addresses(patterns: list, prefix: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            plain = re.sub(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)", r"<\1>", route)
            plain = plain.replace("^", "").replace("$", "").replace("\\", "")
            keys = tuple(k for _, k in re.findall(r"<(\w+:)?(\w+)>", plain))
            yield Address(plain, keys, pattern.name or plain)


ADDRESSES = list(_addresses(get_resolver().url_patterns))


@pytest.fixture(scope="module")
def two_communes(
    postgres_server, prepared_demo, django_db_setup, django_db_blocker, tmp_path_factory
):
    """The invented communes, with rows in as many tables as possible."""
    from django.db import connections

    from xaso.testing import _connect

    before = dict(connections["default"].settings_dict)
    name = f"xaso_matrix_{uuid4().hex[:8]}"
    home = tmp_path_factory.mktemp("two-communes")
    prepared_demo.copy(name, home)
    _connect(prepared_demo.server.url(name))
    with django_db_blocker.unblock(), override_settings(XASO_HOME=home):
        yield {c.slug: c for c in Commune.objects.all()}
        connections.close_all()
    connections["default"].settings_dict.update(before)
    prepared_demo.server.drop(name)


def _pictures(commune: Commune) -> list[str]:
    with tenancy.inside(commune.id):
        return sorted(Attachment.objects.values_list("sha256", flat=True))


def _of(commune: Commune, others: list[str]) -> dict[str, str]:
    """Return real keys of a commune's records, by the name they have in addresses.

    A picture the other commune has too (the same bytes, drawn twice) would rightly be found there.
    """
    own = [sha256 for sha256 in _pictures(commune) if sha256 not in others]
    with tenancy.inside(commune.id):
        report = Report.objects.filter(visibility="public").first()
        official = RoleAssignment.objects.filter(commune=commune).first()
        unit = Unit.objects.filter(commune=commune).first()
        message = Message.objects.filter(commune=commune).first()
        return {
            "code": report.code,
            "uuid": str(report.uuid),
            "sha256": own[0] if own else "0" * 64,
            "official": str(official.official_id),
            "assignment": str(official.pk),
            "unit": str(unit.pk) if unit else "1",
            "phone": "1",
            "message": str(message.pk),
            "category": str(Category.objects.filter(code="ROAD-BLOCKED").get().pk),
            "question": str(CategoryQuestion.objects.filter(code="PASSABLE").get().pk),
            "rule": str(
                RoutingRule.objects.filter(commune=commune).values_list("key", flat=True)[0]
            ),
            "approval": str(
                Approval.objects.filter(commune=commune).values_list("pk", flat=True)[0]
            ),
            "dossier": str(
                Dossier.objects.filter(commune=commune).values_list("uuid", flat=True)[0]
            ),
            "visit": str(Round.objects.filter(commune=commune).values_list("uuid", flat=True)[0]),
            "procedure": str(
                Procedure.objects.filter(commune=commune).values_list("pk", flat=True)[0]
            ),
            "version": str(
                ProcedureVersion.objects.filter(commune=commune).values_list("pk", flat=True)[0]
            ),
            "body": str(Body.objects.filter(commune=commune).values_list("pk", flat=True)[0]),
            **_register(commune),
            "shift": str(DutyShift.objects.filter(commune=commune).values_list("pk", flat=True)[0]),
        }


def _register(commune: Commune) -> dict[str, str]:
    """Return real keys of the register of persons and households."""
    person = Person.objects.filter(commune=commune, identifiers__isnull=False)[0]
    first = {
        "paper": PersonIdentifier,
        "contact": PersonContact,
        "event": ResidenceEvent,
        "case": DuplicateCase,
        "breach": Breach,
    }
    return {
        "person": str(person.pk),
        "village": str(person.village_id),
        "household": Household.objects.filter(commune=commune)[0].code,
        **{key: str(model.objects.filter(commune=commune)[0].pk) for key, model in first.items()},
    }


# Keys that name nothing of a commune: any value will do.
NEUTRAL = {
    "number": "2026",
    "on": "2026-11-23",
    "width": "320",
    "extension": "webp",
    "ext": "webp",
    "form": "mau-01",
    "mau": "01",
    "line": "999999",
    "dang": "pdf",
    "baseline": "999999",
    "name": "a.pdf",
    "verb": "note",
    "part": "time",
    "reconciliation": "999999",
    "reception": "999999",
    "kid": "aaaaaaaa",
    "row": "999999",
    "consent": str(UUID(int=2)),
    "asking": str(UUID(int=3)),
    "alert": str(UUID(int=4)),
    "erasure": str(UUID(int=5)),
    "hold": "999999",
    "look": "999999",
    "output": "pdf",
    "procedure_code": "1.001193",
    "token": "a" * 43,
    "secret": "a" * 43,
    "task": "999999",
    "template": "999999",
    "board": "tong-quan",
    "merge": str(UUID(int=1)),
    "asked": str(UUID(int=1)),
    "uidb36": "a",
    "key": "1",
    "pk": "1",
    "api_key": "1",
    "device": "1",
    "step": "320",
    "what": "phien",
    "channel": "sms",
    "id": "1",
}


def _values(address: Address, own: dict[str, str]) -> dict[str, str]:
    known = NEUTRAL | own
    missing = [key for key in address.keys if key not in known]
    assert not missing, f"{address.route}: add a sample for {missing}"
    return {key: known[key] for key in address.keys}


def _client(official: Official) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(official, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def _official(commune: Commune, role: str) -> Official:
    with tenancy.inside(commune.id):
        held = RoleAssignment.objects.filter(role=role, valid_to__isnull=True).first()
        assert held, f"the demo has nobody who is {role} in {commune}"
        return held.official


@pytest.fixture(scope="module")
def samples(two_communes) -> dict[str, dict[str, str]]:
    pictures = {slug: _pictures(two_communes[slug]) for slug in (HERE, THERE)}
    return {
        slug: _of(two_communes[slug], pictures[other])
        for slug, other in ((HERE, THERE), (THERE, HERE))
    }


def _desk() -> list[Address]:
    return [a for a in ADDRESSES if a.route.startswith("can-bo/")]


@pytest.mark.parametrize("role", ROLES)
def test_an_official_of_one_commune_finds_nothing_at_the_desk_of_another(
    two_communes, samples, role
) -> None:
    browser = _client(_official(two_communes[HERE], role))
    for address in _desk():
        path = f"/{THERE}" + address.fill(_values(address, samples[THERE]))
        for answer in (browser.get(path), browser.post(path, {"text": "x"})):
            assert answer.status_code in (404, 405), f"{role}: {path} → {answer.status_code}"


@pytest.mark.parametrize("role", ROLES)
def test_a_foreign_record_looks_like_one_that_never_was(two_communes, samples, role) -> None:
    browser = _client(_official(two_communes[HERE], role))
    nowhere = {
        "code": "482915709",
        "uuid": str(uuid4()),
        "sha256": "f" * 64,
        "official": "999999",
        "assignment": "999999",
        "unit": "999999",
        "message": str(uuid4()),
        "category": "999999",
        "question": "999999",
        "rule": str(uuid4()),
        "shift": "999999",
        "approval": "999999",
        "body": "999999",
        "household": "ZZ-999999",
        "village": "999999",
        **{key: str(uuid4()) for key in ("person", "paper", "contact", "event", "case", "breach")},
    }
    for address in ADDRESSES:
        if PERSONAL.match(address.route) or not set(address.keys) & set(nowhere):
            continue
        theirs = f"/{HERE}" + address.fill(_values(address, samples[THERE]))
        nobodys = f"/{HERE}" + address.fill(_values(address, nowhere))
        for ask in (browser.get, browser.post):
            foreign, missing = ask(theirs), ask(nobodys)
            assert foreign.status_code == missing.status_code, address.route
            assert foreign.status_code in (302, 401, 403, 404, 405, 409, 422), address.route


def test_without_signing_in_no_desk_opens(two_communes, samples) -> None:
    browser = Client(raise_request_exception=False)
    for address in _desk():
        answer = browser.get(f"/{HERE}" + address.fill(_values(address, samples[HERE])))
        assert answer.status_code in (302, 404, 405), f"{address.route} → {answer.status_code}"
        if answer.status_code == 302:
            assert "/dang-nhap/" in answer["Location"], address.route


def test_there_are_addresses_to_walk() -> None:
    assert len(_desk()) > 15
    assert len(ADDRESSES) > 40


def _tenant_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relrowsecurity ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def _refused(sql: str, values: list) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


def test_no_table_shows_or_takes_a_row_of_another_commune(two_communes) -> None:
    here, there = (str(two_communes[slug].id) for slug in (HERE, THERE))
    filled = 0
    for table in _tenant_tables():
        with tenancy.inside(two_communes[THERE].id), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE commune_id = %s", [there])
            filled += cursor.fetchone()[0] > 0
        with tenancy.inside(two_communes[HERE].id), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE commune_id <> %s", [here])
            assert cursor.fetchone()[0] == 0, f"{table} shows rows of another commune"
            for sql in (
                f"UPDATE {table} SET commune_id = %s WHERE commune_id = '{there}'",
                f"DELETE FROM {table} WHERE commune_id = %s",
            ):
                assert _refused(sql, [here if "UPDATE" in sql else there]), f"{table}: {sql}"
            copy = (
                f"INSERT INTO {table} SELECT (jsonb_populate_record(r, jsonb_build_object("
                f"'commune_id', %s::text))).* FROM {table} r LIMIT 1"
            )
            assert _refused(copy, [there]), f"{table} takes a row of another commune"
    assert filled > 15, "the demo fills too few tables for this test to say much"


def test_without_a_commune_every_tenant_table_is_empty(two_communes) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        tenancy.leave()
        for table in _tenant_tables():
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == 0, table


def test_the_walk_itself_can_fail(two_communes, samples) -> None:
    """An officer of the commune does open the desk that the foreign one does not."""
    browser: Client = _client(_official(two_communes[THERE], Role.OFFICER))
    opened: Callable = browser.get
    assert opened(f"/{THERE}/can-bo/phan-anh/").status_code == 200
    assert opened(f"/{THERE}/can-bo/phan-anh/{samples[THERE]['code']}/").status_code == 200
