"""A phone adds to what it sent: one more line of the same report; and learns what is alike."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.reports import actions, queries
from xaso.reports.models import Addition, Photo, Report, ReportEvent
from xaso.reports.tests.conftest import RESIDENT
from xaso.reports.tests.test_work_on_a_report import answering

pytestmark = pytest.mark.django_db
ROOT = "/binh-lu/api/v1/reports"
SHA = "a" * 64
Put = Callable[..., Any]


@pytest.fixture
def sent(town: Commune, new_report: Callable[..., actions.NewReport]) -> Report:
    return actions.receive(new_report(), by=RESIDENT, commune=town).report


@pytest.fixture
def add(client: Client) -> Put:
    def put(report: Report | UUID, text: str = "Thêm: cột đã đổ.", **more: Any) -> Any:
        key = report if isinstance(report, UUID) else report.uuid
        other = more.pop("key", UUID(int=7))
        body = {"v": 1, "text": text, "photos": [], **more}
        return client.put(
            f"{ROOT}/{key}/additions/{other}",
            json.dumps(body),
            content_type="application/json",
            headers={"X-Xaso-Outbox": "1"},
        )

    return put


def test_it_is_a_line_of_the_same_report_and_comes_once(sent: Report, add: Put) -> None:
    first = add(sent)
    assert (first.status_code, first.json()["code"]) == (201, sent.code)
    assert add(sent).status_code == 200
    line = ReportEvent.objects.get(report=sent, kind="add_info")
    assert line.internal_text == "Thêm: cột đã đổ."
    assert (Report.objects.count(), Addition.objects.count()) == (1, 1)
    other = add(sent, "Khác hẳn.")
    assert (other.status_code, other.json()["receipt"]["code"]) == (409, sent.code)
    public = queries.public_view(Report.objects.get())
    assert "cột đã đổ" not in json.dumps([s.note for s in public.steps])
    assert "Bà con gửi thêm" in [s.title for s in public.steps]


def test_its_photos_follow_and_the_inbox_says_so(
    town: Commune, sent: Report, add: Put, clerk_actor: Actor
) -> None:
    said = add(sent, photos=[{"sha256": SHA, "bytes": 10}]).json()
    assert said["missing"] == [{"sha": SHA, "have": 0}]
    photo = Photo.objects.get(sha256=SHA)
    assert photo.role == Photo.Role.REPLY
    (job,) = queries.inbox(town, queries.InboxFilter(), by=clerk_actor).jobs
    assert "ảnh đang tới 0/1" in job.about
    Photo.objects.update(state=Photo.State.RECEIVED)
    (job,) = queries.inbox(town, queries.InboxFilter(), by=clerk_actor).jobs
    assert "ảnh" not in job.about


def test_a_photo_named_twice_is_one_photo(sent: Report, add: Put) -> None:
    said = add(sent, photos=[{"sha256": SHA, "bytes": 10}] * 2)
    assert (said.status_code, len(said.json()["missing"])) == (201, 1)
    sent.refresh_from_db()
    assert (Photo.objects.filter(report=sent, sha256=SHA).count(), sent.photo_count) == (1, 1)


def test_while_the_commune_waits_it_is_the_answer(
    sent: Report, add: Put, unit: Unit, clerk_actor: Actor
) -> None:
    report = actions.accept(sent, actions.Accepting(unit.pk), by=clerk_actor)
    actions.ask_info(report, "Cột ấy ở bản nào, bà con chỉ giúp xã ạ?", by=clerk_actor)
    assert add(sent).status_code == 201
    sent.refresh_from_db()
    assert sent.state == "in_progress"
    assert ReportEvent.objects.filter(report=sent, kind="give_info").count() == 1


def test_what_is_over_or_unknown_takes_nothing_more(
    sent: Report, add: Put, unit: Unit, clerk_actor: Actor, head_actor: Actor
) -> None:
    assert add(uuid4()).status_code == 404
    assert add(sent, "").status_code == 422 or not Addition.objects.exists()
    assert add(sent, odd=1).status_code == 422
    assert add(sent, "x" * 4_001).status_code == 422
    report = actions.accept(sent, actions.Accepting(unit.pk), by=clerk_actor)
    actions.answer(report, answering(), by=head_actor)
    refused = add(sent)
    assert refused.status_code == 409
    assert "receipt" not in refused.json()  # the phone keeps it and shows the sentence
    assert refused.json()["detail"]
    assert not Addition.objects.exists()


def test_a_withdrawn_one_is_gone(sent: Report, add: Put) -> None:
    actions.withdraw(sent, by=RESIDENT)
    assert add(sent).status_code == 410


def test_after_sending_the_phone_learns_what_is_alike(
    town: Commune,
    client: Client,
    new_report: Callable[..., actions.NewReport],
    unit: Unit,
    clerk_actor: Actor,
) -> None:
    first = actions.receive(new_report(device_hash="b" * 64), by=RESIDENT, commune=town).report
    mine = actions.receive(replace(new_report(), uuid=uuid4()), by=RESIDENT, commune=town).report
    assert client.get(f"{ROOT}/{mine.uuid}/alike").json() == {"items": []}  # not published
    report = actions.accept(first, actions.Accepting(unit.pk), by=clerk_actor)
    actions.publish(report, report.text, by=clerk_actor)
    (found,) = client.get(f"{ROOT}/{mine.uuid}/alike").json()["items"]
    assert (found["code"], found["url"].endswith(f"/{first.code}/cung-gap/")) == (first.code, True)
    assert client.get(f"{ROOT}/{first.uuid}/alike").json() == {"items": []}
    assert client.get(f"{ROOT}/{uuid4()}/alike").status_code == 404
