"""A dossier's person is a row of the register: through merges, and against what would delete it."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from xaso.dossiers import actions, queries
from xaso.dossiers.models import Dossier
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import NotFound
from xaso.population import actions as population
from xaso.population import births
from xaso.population import queries as people
from xaso.population.models import Person

pytestmark = pytest.mark.django_db
BY = Actor("official", "7", "desk", frozenset({"officer"}))
SAID = population.Said("self_declared")


def _person(commune, name: str, born: str) -> Person:
    new = population.NewPerson(name, "female", births.parse(born, today=people.people.today()))
    return population.register_person(new, SAID, commune=commune, by=BY)


def _opened(new_dossier, clerk, centre, key) -> Dossier:
    who = actions.Applicant("Lò Thị Mẩy", phone="0912345678", person=key)
    return actions.receive(new_dossier(applicant=who), by=clerk, commune=centre).dossier


def test_a_dossier_of_nobody_is_refused(centre, clerk, new_dossier) -> None:
    with pytest.raises(NotFound):
        _opened(new_dossier, clerk, centre, uuid4())
    assert not Dossier.objects.exists()


def test_a_dossier_stays_with_its_person_through_merging_and_apart(
    centre, clerk, new_dossier
) -> None:
    one, two = _person(centre, "Lò Thị Mẩy", "1990"), _person(centre, "Lò Thị Mảy", "1990")
    early = _opened(new_dossier, clerk, centre, two.pk)
    merging = population.Merging(one.pk, two.pk, {}, "gõ hai lần")
    merge = population.merge_persons(merging, by=BY)
    late = _opened(new_dossier, clerk, centre, two.pk)  # by the old key still in somebody's hand
    assert (early.person, late.person) == (two.pk, one.pk)
    assert _codes(centre, one) == {early.code, late.code}
    population.undo_merge(merge, by=BY)
    assert _codes(centre, two) == {early.code}


def _codes(centre, person: Person) -> set[str]:
    keys = [person.pk, *people.former_ids(person)]
    return {str(each["code"]) for each in queries.of_person(centre, keys)}


def test_nobody_deletes_a_person_a_dossier_is_about(centre, clerk, new_dossier) -> None:
    someone = _person(centre, "Lò Thị Mẩy", "1990")
    _opened(new_dossier, clerk, centre, someone.pk)
    with pytest.raises(IntegrityError):
        _delete(someone)


def _delete(person: Person) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        Person.objects.filter(pk=person.pk).delete()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
