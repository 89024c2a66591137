"""Someone holds a role from one moment to another, in one commune."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions, permissions, queries
from xaso.kernel.identity.models import Role, RoleAssignment, Unit, UnitKind
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def _may(official, commune, permission: str) -> bool:
    with tenancy.inside(commune.id):
        return queries.may(queries.official_actor(official, commune), permission)


def test_a_role_opens_what_the_table_says_and_nothing_more(someone, binh_lu) -> None:
    clerk = someone("lan", binh_lu, Role.CLERK)
    assert _may(clerk, binh_lu, "reports.work")
    assert not _may(clerk, binh_lu, "reports.approve")
    assert not _may(clerk, binh_lu, "identity.manage")


@pytest.mark.parametrize("permission", sorted(permissions.TABLE))
def test_without_a_role_nothing_opens(someone, binh_lu, permission: str) -> None:
    nobody = someone("khach", binh_lu, None)
    assert not _may(nobody, binh_lu, permission)
    assert not queries.may(Actor("resident", "1", "web"), permission)
    assert not queries.may(Actor("helper", "1", "web"), permission)


def test_a_misspelt_permission_is_noticed() -> None:
    with pytest.raises(KeyError):
        queries.may(SYSTEM, "reports.wrok")


def test_a_role_in_one_commune_opens_nothing_in_the_next(someone, binh_lu, ban_bo) -> None:
    leader = someone("hung", binh_lu, Role.LEADER)
    assert _may(leader, binh_lu, "reports.approve")
    assert not _may(leader, ban_bo, "reports.approve")


def test_a_former_officer_loses_access_the_same_minute(someone, binh_lu) -> None:
    officer = someone("mai", binh_lu)
    now = clock.now()
    with tenancy.inside(binh_lu.id):
        held = RoleAssignment.objects.get(official=officer)
        actions.end_role(held, by=SYSTEM, at=now + 10 * MINUTE)
    with clock.at(now + 9 * MINUTE):
        assert _may(officer, binh_lu, "reports.work")
    with clock.at(now + 10 * MINUTE):
        assert not _may(officer, binh_lu, "reports.work")


def test_a_role_given_for_next_month_opens_nothing_today(someone, binh_lu) -> None:
    officer = someone("mai", binh_lu, None)
    start = clock.now() + timedelta(days=30)
    with tenancy.inside(binh_lu.id):
        actions.give_role(
            officer, actions.NewRole(Role.OFFICER, since=start), commune=binh_lu, by=SYSTEM
        )
    assert not _may(officer, binh_lu, "reports.work")
    with clock.at(start):
        assert _may(officer, binh_lu, "reports.work")


def test_the_roles_of_a_request_cost_one_query(
    someone, binh_lu, rf, django_assert_num_queries
) -> None:
    officer = someone("mai", binh_lu)
    request = rf.get("/can-bo/")
    request.user, request.commune = officer, binh_lu
    with tenancy.inside(binh_lu.id), django_assert_num_queries(1):
        assert queries.actor(request).roles == {"officer"}
        assert queries.actor(request).channel == "desk"
        assert queries.held(request)[0].role == "officer"


def test_an_officer_belongs_to_a_unit(someone, binh_lu) -> None:
    officer = someone("mai", binh_lu, None)
    with tenancy.inside(binh_lu.id):
        unit = actions.add_unit(
            binh_lu, "kinh-te", "Phòng Kinh tế", by=SYSTEM, kind=UnitKind.DEPARTMENT
        )
        actions.give_role(
            officer, actions.NewRole(Role.OFFICER, unit=unit), commune=binh_lu, by=SYSTEM
        )
        actions.set_head(unit, officer, by=SYSTEM)
        assert queries.official_actor(officer, binh_lu).unit_id == unit.pk
        assert queries.members(binh_lu, unit=unit) == [officer]
        assert queries.members(binh_lu, permission="reports.work") == [officer]
        assert queries.members(binh_lu, permission="identity.manage") == []
        assert queries.units(binh_lu)[0].head == officer


def test_the_same_role_is_not_held_twice_at_a_time(someone, binh_lu) -> None:
    officer = someone("mai", binh_lu)
    with tenancy.inside(binh_lu.id), pytest.raises(actions.AlreadyHeld):
        actions.give_role(officer, Role.OFFICER, commune=binh_lu, by=SYSTEM)
    with tenancy.inside(binh_lu.id):
        actions.end_role(RoleAssignment.objects.get(official=officer), by=SYSTEM)
        actions.give_role(officer, Role.OFFICER, commune=binh_lu, by=SYSTEM)
        assert RoleAssignment.objects.count() == 2


def test_a_role_ends_after_it_begins(someone, binh_lu) -> None:
    officer = someone("mai", binh_lu)
    now = clock.now()
    with tenancy.inside(binh_lu.id):
        held = RoleAssignment.objects.get(official=officer)
        with pytest.raises(actions.EndsBeforeItBegins):
            actions.end_role(held, by=SYSTEM, at=now - timedelta(days=2))
        with pytest.raises(actions.EndsBeforeItBegins):
            actions.give_role(
                officer,
                actions.NewRole(Role.LEADER, since=now, until=now - MINUTE),
                commune=binh_lu,
                by=SYSTEM,
            )


def test_the_last_administrator_stays(someone, binh_lu) -> None:
    first = someone("nga", binh_lu, Role.ADMINISTRATOR)
    with tenancy.inside(binh_lu.id):
        held = RoleAssignment.objects.get(official=first)
        with pytest.raises(actions.LastAdministrator):
            actions.end_role(held, by=SYSTEM)
        someone("tu", binh_lu, Role.ADMINISTRATOR)
        assert actions.end_role(held, by=SYSTEM).valid_to is not None


def test_the_province_looks_at_the_communes_it_was_given(someone, binh_lu, ban_bo) -> None:
    viewer, _ = actions.add_official(
        actions.NewOfficial("tinh.an", "An"), commune=None, by=SYSTEM, password="ruong bac thang"
    )
    grant = actions.grant_province_view(viewer, binh_lu, by=SYSTEM)
    assert queries.province_communes(viewer) == [binh_lu]
    assert _may(viewer, binh_lu, "reports.read")
    assert not _may(viewer, binh_lu, "reports.work")
    assert not _may(viewer, ban_bo, "reports.read")
    actions.end_province_view(grant, by=SYSTEM)
    assert not _may(viewer, binh_lu, "reports.read")


def test_a_commune_cannot_give_the_province_s_view(someone, binh_lu) -> None:
    officer = someone("mai", binh_lu)
    with tenancy.inside(binh_lu.id), pytest.raises(actions.NotACommuneRole):
        actions.give_role(officer, Role.PROVINCE, commune=binh_lu, by=SYSTEM)
    with tenancy.inside(binh_lu.id), pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(commune=binh_lu, official=officer, role=Role.PROVINCE)


def test_a_role_never_points_at_a_unit_of_another_commune(someone, binh_lu, ban_bo) -> None:
    officer = someone("mai", binh_lu, None)
    with tenancy.inside(ban_bo.id):
        unit = actions.add_unit(ban_bo, "kinh-te", "Phòng", by=SYSTEM, kind=UnitKind.DEPARTMENT)
    with tenancy.inside(binh_lu.id), transaction.atomic(), connection.cursor() as cursor:
        RoleAssignment.objects.create(
            commune=binh_lu, official=officer, role=Role.OFFICER, unit_id=unit.pk
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    with tenancy.inside(binh_lu.id):
        assert not Unit.objects.exists()


def test_the_administrator_sees_people_of_the_commune_only(someone, binh_lu, ban_bo) -> None:
    mai, hoa = someone("mai", binh_lu), someone("hoa", ban_bo)
    with tenancy.inside(binh_lu.id):
        assert [c.official for c in queries.colleagues(binh_lu)] == [mai]
        assert queries.official(hoa.pk, binh_lu) is None
        assert queries.official(mai.pk, binh_lu) == mai
