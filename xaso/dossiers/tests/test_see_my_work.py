"""What waits for one official: counted in the same few statements for one dossier and for many."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.dossiers import actions, queries
from xaso.dossiers.models import Dossier
from xaso.dossiers.tests.conftest import MONDAY

HOME = "/binh-lu/can-bo/"
LIST = f"{HOME}ho-so/"


@pytest.fixture
def held(centre, office, new_dossier):
    """Four dossiers in the officer's hands: one late, one due today, two later."""
    rows = []
    for _n in range(4):
        row = actions.receive(new_dossier(uuid=uuid4()), by=office.clerk, commune=centre).dossier
        to = actions.Handing(receiver_id=office.officer.pk)
        rows.append(actions.hand_over(row, to, by=office.clerk))
    for row, hours in ((rows[0], -1), (rows[1], 2)):
        due = MONDAY + timedelta(hours=hours)
        Dossier.objects.filter(pk=row.pk).update(promise_at=due)
    return rows


def test_the_officer_sees_what_is_held_late_and_due_today(centre, office, held) -> None:
    work = queries.my_work(centre, office.officer_actor, MONDAY)
    assert (work.counts["held"], work.counts["late"], work.counts["today"]) == (4, 1, 1)
    assert [line.uuid for line in work.lines][:2] == [held[0].uuid, held[1].uuid]
    assert work.all == 4 + work.counts["unit"] + work.counts["asked"]


def test_each_role_waits_for_its_own(centre, office, held, new_dossier, unit) -> None:
    actions.submit_new(new_dossier(uuid=uuid4()), by=office.clerk, commune=centre)
    clerk = queries.my_work(centre, office.clerk, MONDAY)
    assert (clerk.counts["held"], clerk.counts["new"], clerk.counts["ready"]) == (0, 1, 0)
    assert "approve" not in clerk.counts
    slip = actions.Slip([{"name": "Giấy"}], "Thiếu giấy xác nhận của bản", "NĐ 118/2025")
    actions.propose_supplement(held[2], slip, by=office.officer_actor)
    leader = queries.my_work(centre, office.leader_actor, MONDAY)
    assert (leader.counts["approve"], leader.counts["withdrawing"]) == (1, 0)
    asked = actions.Asked("Tư pháp", "Có ý kiến gì?", MONDAY + timedelta(days=2), unit.pk)
    actions.ask_opinion(held[3], asked, by=office.officer_actor)
    assert queries.my_work(centre, office.officer_actor, MONDAY).counts["asked"] == 1


def test_few_statements_however_many_there_are(centre, office, held) -> None:
    with CaptureQueriesContext(connection) as few:
        queries.my_work(centre, office.officer_actor, MONDAY)
    Dossier.objects.filter(pk__in=[row.pk for row in held[1:]]).update(holder=None)
    with CaptureQueriesContext(connection) as fewer:
        queries.my_work(centre, office.officer_actor, MONDAY)
    assert len(few) == len(fewer) <= 3


def test_the_desk_shows_it_and_leads_to_the_lists(centre, office, held, client_of) -> None:
    desk = client_of(office.officer)
    page = desk.get(HOME).content.decode()
    assert "Hồ sơ một cửa chờ tôi" in page
    assert held[0].code in page
    assert f"{LIST}?cua_toi=1&amp;nhom=late" in page
    late = desk.get(LIST, {"cua_toi": "1", "nhom": "late"}).content.decode()
    assert held[0].code in late
    assert held[1].code not in late
    for group in ("unit", "asked", "approve"):
        assert desk.get(LIST, {"nhom": group}).status_code == 200
