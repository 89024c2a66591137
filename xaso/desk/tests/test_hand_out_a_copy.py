"""A resident gets a copy of everything the commune holds: the register and the dossiers."""

import json
import time
from io import BytesIO

import pikepdf
import pytest
from django.apps import apps
from django.test import Client

from xaso.desk import copying
from xaso.dossiers import queries as dossiers
from xaso.kernel.audit.actors import Actor
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.actions import tries
from xaso.kernel.identity.models import Role
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.population import actions, births
from xaso.population.actions import rights
from xaso.population.models import Person, RequestKind, ViewLog
from xaso.population.queries import copying as register
from xaso.population.queries import people

pytestmark = pytest.mark.django_db
BY = Actor("official", "7", "desk", frozenset({"officer"}))
SAID = actions.Said("self_declared")


@pytest.fixture
def town(binh_lu: Commune):
    tries.forget_all()
    with tenancy.inside(binh_lu.id):
        yield binh_lu


@pytest.fixture
def pao(town) -> Person:
    new = actions.NewPerson("Giàng A Páo", "male", births.parse("5/1/1987", today=people.today()))
    someone = actions.register_person(new, SAID, commune=town, by=BY)
    actions.add_number(someone, actions.Number("national_id", "012087001234"), SAID, by=BY)
    actions.add_contact(someone, actions.Reach("phone", "0912345678"), SAID, by=BY)
    return someone


def _address(person: Person, form: str) -> str:
    return f"/binh-lu/can-bo/ban-sao/{person.pk}/{form}/"


@pytest.fixture
def desk(town, official, client_of) -> Client:
    client = client_of(official(Role.OFFICER, town))
    session = client.session  # the password was typed a moment ago
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def test_only_who_asked_gets_it_and_it_is_written_down(pao, desk) -> None:
    assert desk.post(_address(pao, "json")).status_code == 409
    asked = rights.ask(pao, rights.NewRequest(RequestKind.COPY), by=BY)
    given = desk.post(_address(pao, "json"))
    held = json.loads(given.content)
    assert given["Content-Disposition"].startswith("attachment")
    assert held["person"]["name"] == "Giàng A Páo"
    assert held["numbers"][0]["number"] == "012087001234"
    assert held["contacts"][0]["value"].endswith("912345678")
    assert held["request"] == str(asked.pk)
    look = ViewLog.objects.get(ref=str(asked.pk))
    assert set(look.groups) == {"basic", "contact", "number", "sensitive"}
    log = "".join(Entry.objects.values_list("payload", flat=True))
    assert "population.copy_issued" in set(Entry.objects.values_list("action", flat=True))
    assert "012087001234" not in log
    assert desk.post(_address(pao, "xml")).status_code == 404
    assert desk.get(_address(pao, "json")).status_code == 405


def test_so_many_an_hour_and_no_more(pao, desk) -> None:
    rights.ask(pao, rights.NewRequest(RequestKind.VIEW), by=BY)
    codes = [desk.post(_address(pao, "json")).status_code for _n in range(6)]
    assert codes == [200] * 5 + [429]


def test_no_table_about_a_person_is_forgotten(pao, town) -> None:
    held = register.copy_of(pao)
    links = {
        model.__name__
        for model in apps.get_models()
        for field in model._meta.fields
        if field.related_model is Person and model is not Person
    }
    told = {
        "PersonName": "names", "PersonIdentifier": "numbers", "PersonContact": "contacts",
        "PersonFlag": "flags", "Membership": "households", "ResidenceEvent": "events",
        "ConsentRecord": "consents", "SubjectRequest": "requests", "ResidentKey": "codes",
        "Restriction": "set_apart", "ViewLog": "looks",
    }  # fmt: skip
    # what the commune works with: pairs, merges, aliases, tasks and lists say nothing of their own
    inner = {"DuplicateCase", "Merge", "PersonAlias", "VillageTask", "ImportRow", "StaffPerson"}
    assert links == set(told) | inner
    assert set(told.values()) | {"person", "sources"} == set(held)
    together = copying.put_together(town, pao.pk, held, dossiers.of_person(town, [pao.pk]))
    assert set(copying._TITLES) <= set(together)


def test_the_paper_holds_the_same(pao, desk) -> None:
    rights.ask(pao, rights.NewRequest(RequestKind.COPY), by=BY)
    given = desk.post(_address(pao, "pdf"))
    assert given["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(given.content)) as paper:
        assert len(paper.pages) >= 1
    assert len(given.content) > 5_000


def test_nobody_else_hands_it_out(pao, town, official, client_of) -> None:
    rights.ask(pao, rights.NewRequest(RequestKind.COPY), by=BY)
    for role in (Role.LEADER, Role.ADMINISTRATOR, Role.CLERK, Role.VILLAGE_HEAD):
        browser = client_of(official(role, town))
        assert browser.post(_address(pao, "json")).status_code == 403
