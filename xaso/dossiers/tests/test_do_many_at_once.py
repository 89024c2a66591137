"""Many dossiers in one act: each checked and recorded by itself, what refuses takes none along."""

from uuid import uuid4

import pytest

from xaso.dossiers import actions
from xaso.dossiers.models import Delivery, Dossier, State

URL = "/binh-lu/can-bo/ho-so/nhieu/"


@pytest.fixture
def three(centre, clerk, new_dossier):
    return [
        actions.receive(new_dossier(uuid=uuid4()), by=clerk, commune=centre).dossier
        for _n in range(3)
    ]


@pytest.fixture
def desk(centre, official, client_of):
    return client_of(official("one_stop_clerk", centre, full_name="Vàng Thị Dở"))


def ticks(rows) -> list[str]:
    return [f"{row.uuid}:{row.version}" for row in rows]


def test_many_are_handed_over_and_one_that_moved_says_so(desk, three, office, clerk) -> None:
    page = desk.get(f"{URL}chuyen/").content.decode()
    assert all(row.code in page for row in three)
    assert page.count(" checked") == 0
    assert desk.get(f"{URL}chuyen/?tat-ca=1").content.decode().count("checked") >= 3
    actions.note(three[1], "Bác gọi lại buổi chiều", by=clerk)
    batch = str(uuid4())
    said = {"batch": batch, "chon": ticks(three), "receiver": office.officer.pk}
    page = desk.post(f"{URL}chuyen/", said).content.decode()
    assert "2 trên 3 hồ sơ đã làm được" in page
    assert "Có người vừa làm một bước" in page
    held = dict(Dossier.objects.values_list("pk", "holder"))
    assert [held[row.pk] for row in three] == [office.officer.pk, None, office.officer.pk]
    again = desk.post(f"{URL}chuyen/", said).content.decode()
    assert "2 trên 3" in again
    for row in (three[0], three[2]):
        assert row.events.filter(action="chuyen").count() == 1
        assert row.hand_overs.count() == 1


def test_nothing_ticked_or_nobody_named_changes_nothing(desk, three, office) -> None:
    said = {"batch": str(uuid4()), "receiver": office.officer.pk}
    answer = desk.post(f"{URL}chuyen/", said)
    assert answer.status_code == 422
    assert "đánh dấu ít nhất một" in answer.content.decode()
    strange = {"batch": str(uuid4()), "chon": [f"{uuid4()}:1", "x:y", ""]}
    assert desk.post(f"{URL}chuyen/", strange).status_code == 422
    nobody = {"batch": str(uuid4()), "chon": ticks(three)}
    assert "0 trên 3" in desk.post(f"{URL}chuyen/", nobody).content.decode()
    assert not Dossier.objects.exclude(state=State.ACCEPTED).exists()


def test_many_results_are_given_each_with_its_own_proof(desk, three, official, centre) -> None:
    for row in three[:2]:
        Dossier.objects.filter(pk=row.pk).update(state=State.RESOLVED, resolved_at=row.accepted_at)
    page = desk.get(f"{URL}tra/").content.decode()
    assert three[0].code in page
    assert three[2].code not in page
    own = {f"proof_{three[0].uuid}": "Lò Thị Mẩy ký"}
    said = {"batch": str(uuid4()), "chon": ticks(three), "way": Delivery.IN_PERSON.value,
            "proof": "ký sổ"} | own  # fmt: skip
    assert "2 trên 3" in desk.post(f"{URL}tra/", said).content.decode()
    proofs = [row.events.get(action="tra").payload["proof"] for row in three[:2]]
    assert proofs == ["Lò Thị Mẩy ký", "ký sổ"]
    three[2].refresh_from_db()
    assert three[2].state == State.ACCEPTED


@pytest.mark.parametrize("role", ["village_head", "administrator"])
def test_only_who_works_on_dossiers_does_many(centre, official, client_of, role) -> None:
    other = client_of(official(role, centre))
    for name in ("chuyen", "tra", "ky"):
        assert other.get(f"{URL}{name}/").status_code == 403


def test_a_leader_signs_the_papers_of_many_results(centre, official, client_of) -> None:
    leader = client_of(official("leader", centre))
    page = leader.get(f"{URL}ky/").content.decode()
    assert "Không có hồ sơ nào chờ việc này" in page
