"""Another program follows reports: what happened, and what a resident says elsewhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from xaso.kernel.audit.actors import Actor
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import PartnerMedia, Report, ReportEvent
from xaso.reports.tests.conftest import MONDAY
from xaso.reports.tests.open311_stories import *  # noqa: F403  (fixtures)
from xaso.reports.tests.open311_stories import SCOPES, Ask, Office
from xaso.reports.tests.test_work_on_a_report import answering

pytestmark = pytest.mark.django_db
DAYS = {"start_date": "2026-11-20T00:00:00Z", "end_date": "2027-01-20T00:00:00Z"}


@pytest.fixture
def sent(post: Ask) -> Report:
    """A report that came with our partner's key."""
    assert post().status_code == 200
    return Report.objects.get()


@pytest.fixture
def say(client: Any, key: str) -> Ask:
    """Return a function that passes a word on; None leaves a field out."""

    def said(report: Report, **changes: Any) -> Any:
        usual = {
            "api_key": key,
            "service_request_id": report.code,
            "update_id": "77",
            "updated_datetime": "2026-11-23T14:10:00+07:00",
            "status": "OPEN",
            "description": "Tối nay trời lại mưa",
        }
        values = {k: v for k, v in (usual | changes).items() if v is not None}
        return client.post("/binh-lu/open311/v2/servicerequestupdates.json", values)

    return said


def test_updates_tell_every_public_step_once_and_in_order(
    get: Ask, key: str, make_key: Callable[..., str], sent: Report, office: Office
) -> None:
    office.accept(sent)
    actions.note(sent, "Ghi chú nội bộ", by=office.clerk)
    actions.start(sent, by=office.head)
    with clock.at(MONDAY + timedelta(minutes=35)):
        actions.answer(sent, answering(), by=office.head)
    rows = get("servicerequestupdates.json", api_key=key, **DAYS).json()
    times = [row["updated_datetime"] for row in rows]
    assert times == sorted(set(times))
    assert times[:2] == ["2026-11-23T14:00:00+07:00", "2026-11-23T14:00:01+07:00"]
    assert [row["update_id"] for row in rows] == [f"{sent.code}-{n}" for n in (2, 4, 5)]
    assert rows[0] == {
        "update_id": f"{sent.code}-2",
        "service_request_id": sent.code,
        "status": "open",
        "updated_datetime": times[0],
        "description": rows[0]["description"],
        "media_url": None,
    }
    assert rows[0]["description"].startswith("Xã tiếp nhận. Phòng Kinh tế")
    assert rows[2]["description"] == Report.objects.get().answer.text
    assert "nội bộ" not in str(rows)
    finer = make_key(*SCOPES, "open311.extended_statuses")
    assert get("servicerequestupdates.json", api_key=finer, **DAYS).json() == []
    actions.publish(sent, "Lời đã duyệt", by=office.clerk)
    rows = get("servicerequestupdates.json", api_key=finer, **DAYS).json()
    assert [row["status"] for row in rows] == ["investigating", "in_progress", "fixed"]


def test_the_period_of_updates_has_both_ends_or_none(get: Ask, key: str, sent: Report) -> None:
    path = "servicerequestupdates.json"
    assert get(path, api_key=key).status_code == 200
    one = get(path, api_key=key, start_date=DAYS["start_date"])
    assert one.status_code == 400
    late = {"end_date": "2027-05-20T00:00:00Z"}
    assert get(path, api_key=key, **(DAYS | late)).status_code == 400
    assert get(path).status_code == 403


def test_updates_need_their_own_scope(get: Ask, make_key: Callable[..., str]) -> None:
    reading = make_key("open311.read", "open311.write")
    assert get("servicerequestupdates.xml", api_key=reading).status_code == 403


def test_a_word_is_added_once_and_changes_no_state(say: Ask, sent: Report) -> None:
    first = say(sent, media_url="http://photos.example.org/a.jpg")
    assert first.status_code == 200, first.content.decode()
    assert first.json() == [{"update_id": "77"}]
    assert say(sent, description="Lời khác").json() == first.json()
    assert say(sent, update_id="78", status="CLOSED").status_code == 200
    lines = ReportEvent.objects.filter(report=sent, kind="word").order_by("seq")
    assert [line.internal_text for line in lines] == ["Tối nay trời lại mưa"] * 2
    assert not any(line.public_text for line in lines)
    assert Report.objects.get().state == "new"
    assert PartnerMedia.objects.get().state == "kept"


def test_a_word_answers_the_communes_question(say: Ask, sent: Report, clerk_actor: Actor) -> None:
    actions.ask_info(sent, "Bà con cho biết xe tải qua được không?", by=clerk_actor)
    assert say(sent).status_code == 200
    assert Report.objects.get().state == "in_progress"


def test_reopening_follows_the_usual_rules(
    say: Ask, make_key: Callable[..., str], sent: Report, office: Office
) -> None:
    assert say(sent, status="REOPEN").status_code == 400
    office.accept(sent)
    actions.answer(sent, answering(), by=office.head)
    actions.publish(sent, "Lời đã duyệt", by=office.clerk)
    stranger = say(sent, status="REOPEN", api_key=make_key(), update_id="9")
    assert stranger.status_code == 403
    assert Report.objects.get().state == "answered"
    assert say(sent, status="reopen", update_id="79").status_code == 200
    assert Report.objects.get().state == "in_progress"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"api_key": None}, 403, ["api_key"]),
        ({"service_request_id": "482915709"}, 404, ["service_request_id"]),
        ({"service_request_id": "\x00"}, 404, ["service_request_id"]),
        ({"service_request_id": None, "update_id": None}, 400, ["service_request_id", "update_id"]),
        ({"updated_datetime": "now"}, 400, ["updated_datetime"]),
        ({"updated_datetime": None}, 400, ["updated_datetime"]),
        ({"description": ""}, 400, ["description"]),
        ({"description": "x" * 4_001}, 400, ["description"]),
        ({"update_id": "9" * 201}, 400, ["update_id"]),
    ],
)
def test_what_is_wrong_with_a_word_is_named(
    say: Ask, sent: Report, changes: dict[str, Any], status: int, words: list[str]
) -> None:
    answer = say(sent, **changes)
    assert answer.status_code == status
    assert [e["description"].partition(": ")[0] for e in answer.json()] == words
    assert not ReportEvent.objects.filter(kind="word").exists()


def test_a_stranger_adds_nothing_to_what_is_not_public(
    say: Ask, make_key: Callable[..., str], sent: Report
) -> None:
    assert say(sent, api_key=make_key()).status_code == 404


def test_the_office_reads_the_word(
    client_of: Callable[..., Any], say: Ask, sent: Report, official: Callable[..., Any]
) -> None:
    say(sent)
    officer = official("one_stop_clerk", sent.commune)
    page = client_of(officer).get(f"/binh-lu/can-bo/phan-anh/{sent.code}/").content.decode()
    assert "Tối nay trời lại mưa" in page
    assert "Hệ thống khác gửi giúp" in page
