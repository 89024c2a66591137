"""A commune sees its own rows and nothing else."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Place, Village
from xaso.kernel.tenancy import actions, queries

NA_DON = places.NewVillage("BL-01", "bản", "Nà Đon", 22.35, 103.67)


@pytest.fixture
def village(binh_lu) -> Village:
    with actions.inside(binh_lu.id):
        return places.add_village(binh_lu, NA_DON, by=SYSTEM)


def test_without_a_commune_there_is_nothing(village: Village) -> None:
    assert not Village.objects.exists()


def test_the_neighbour_sees_nothing(village: Village, ban_bo) -> None:
    with actions.inside(ban_bo.id):
        assert not Village.objects.exists()


def test_nobody_writes_into_a_foreign_commune(village: Village, ban_bo, binh_lu) -> None:
    with actions.inside(ban_bo.id), pytest.raises(DatabaseError), transaction.atomic():
        Place.objects.create(commune=binh_lu, text="x", fold="x", lat=1, lon=1, precision="exact")


def test_a_child_cannot_hang_on_a_parent_of_another_commune(village: Village, ban_bo) -> None:
    with actions.inside(ban_bo.id), transaction.atomic(), connection.cursor() as cursor:
        row = {"village_id": village.pk, "text": "x", "fold": "x", "lat": 1, "lon": 1}
        Place.objects.create(commune=ban_bo, precision="exact", **row)
        with pytest.raises(DatabaseError):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def test_leaving_a_commune_goes_back_to_where_we_were(binh_lu, ban_bo) -> None:
    with actions.inside(binh_lu.id):
        with actions.inside(ban_bo.id):
            assert queries.current() == ban_bo.id
        assert queries.current() == binh_lu.id


def test_a_commune_is_never_entered_outside_a_transaction(committed: str, binh_lu) -> None:
    with pytest.raises(actions.NotInTransaction):
        actions.enter(binh_lu.id)


def test_the_province_reads_its_communes_and_writes_nothing(
    village: Village, binh_lu, ban_bo
) -> None:
    with actions.province([ban_bo.id]):
        assert not Village.objects.exists()
    with actions.province([ban_bo.id, binh_lu.id]):
        assert Village.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Village.objects.update(name="x")
    assert not Village.objects.exists()


def test_a_superuser_is_refused(connect_as) -> None:
    connect_as("postgres")
    with pytest.raises(ImproperlyConfigured, match="superuser"):
        queries.refuse_wrong_role()
    connect_as("xaso_owner")
    with pytest.raises(ImproperlyConfigured, match="owns"):
        queries.refuse_wrong_role()
