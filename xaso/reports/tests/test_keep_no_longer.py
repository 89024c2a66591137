"""What is kept too long goes at night; figures, log book and the code's own page stay true."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as files
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit_actions
from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.measures.models import Counter
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text.dates import ZONE
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions, slips
from xaso.reports.actions import forgetting
from xaso.reports.actions.retaining import STEPS
from xaso.reports.models import (
    Alarm,
    DataRequest,
    ErasureRun,
    Follower,
    Photo,
    Report,
    Reporter,
    ReportEvent,
    Tombstone,
)
from xaso.reports.queries import exporting, scorecards
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import answering
from xaso.reports.views import citizen

pytestmark = pytest.mark.django_db
Filled = Callable[..., actions.NewReport]
LATER = datetime(2032, 6, 1, 3, 0, tzinfo=ZONE)
ROOT = "/binh-lu/phan-anh"


@pytest.fixture(autouse=True)
def _forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    citizen._kept.clear()
    yield
    directory.forget()


@pytest.fixture
def send(town: Commune, new_report: Filled) -> Callable[..., Report]:
    def sent(**facts: object) -> Report:
        usual: dict[str, Any] = {
            "uuid": uuid4(), "device_hash": "d" * 64, "ip_prefix_hash": "e" * 64,
            "contact": actions.Contact(name="Giàng Thị Mỷ", phone="0912000135"),
        }  # fmt: skip
        new = new_report(**usual | facts)
        return actions.receive(new, by=RESIDENT, commune=town).report

    return sent


@pytest.fixture
def finish(
    send: Callable[..., Report], unit: Unit, clerk_actor: Actor, head_actor: Actor
) -> Callable[..., Report]:
    def finished(**facts: object) -> Report:
        report = actions.publish(send(**facts), "Đường sạt", by=clerk_actor)
        report = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
        report = actions.answer(report, answering(), by=head_actor)
        return actions.rate(report, actions.Rating(2), by=RESIDENT)

    return finished


def photo(colour: str, town: Commune) -> Attachment:
    drawn = BytesIO()
    Image.new("RGB", (64, 48), colour).save(drawn, "JPEG")
    stored = attachments.store_photo(drawn.getvalue(), name="a.jpg", commune=town, by=SYSTEM)
    return attachments.process(stored)


def at(**after: int) -> datetime:
    return MONDAY + timedelta(**after)


def night(town: Commune, moment: datetime, size: int = 200) -> dict[str, int]:
    with clock.at(moment):
        done = forgetting.forget_now(town.id, size=size)
    connection.check_constraints()  # what a commit would say of the rows that are left
    return {key: n for key, n in done.items() if n}


def test_device_and_address_go_after_seven_whole_days(
    send: Callable[..., Report], town: Commune
) -> None:
    report = send()
    assert night(town, at(days=7, hours=9)) == {}
    assert night(town, at(days=8)) == {"retain.device": 1}
    report.refresh_from_db()
    assert (report.device_hash, report.ip_prefix_hash) == ("", "")
    assert report.reporter is not None
    assert night(town, at(days=9)) == {}  # nothing is left to do


def test_the_own_page_still_opens_when_the_device_is_forgotten(
    send: Callable[..., Report], town: Commune, client: Client
) -> None:
    report = send()
    night(town, at(days=8))
    own = f"{ROOT}/{report.code}/cua-toi/"
    assert "Xe máy" not in client.get(own).content.decode()
    assert client.post(own, {"factor": slips.secret(report.code)}).status_code == 302
    assert "Xe máy không qua được" in client.get(own).content.decode()


def test_push_still_finds_the_browser_when_the_device_is_forgotten(
    send: Callable[..., Report], town: Commune, settings: Any
) -> None:
    from xaso.kernel.notifications.models import Subscription
    from xaso.reports.actions import reaching

    settings.XASO_CHANNELS = {"push": "xaso.kernel.notifications.adapters.demo"}
    report = send()
    actions.prefer(report, actions.Wish("push"), by=RESIDENT)
    Subscription.objects.create(
        commune=town,
        device="d" * 64,
        digest="x",
        endpoint="https://vi-du.vn/",
        p256dh="p",
        auth="a",
    )
    night(town, at(days=8))
    report = Report.objects.select_related("reporter").get(pk=report.pk)
    assert report.reporter is not None
    (way,) = reaching.ways(report.reporter, "reporter:1", report.device_hash)
    assert (way.channel, way.address) == ("push", "d" * 64)


def test_contact_goes_a_year_after_closing_and_the_code_still_works(
    finish: Callable[..., Report], town: Commune, client: Client
) -> None:
    report = finish()
    assert "retain.contact" not in night(town, at(days=360))
    assert night(town, at(days=370))["retain.contact"] == 1
    assert Reporter.objects.count() == 0
    page = client.get(f"{ROOT}/{report.code}/").content.decode()
    assert "Đường sạt" in page
    tried = client.post(f"{ROOT}/{report.code}/cua-toi/", {"factor": "0135"})
    assert tried.status_code in {302, 422}
    assert (
        client.post(
            f"{ROOT}/{report.code}/cua-toi/", {"factor": slips.secret(report.code)}
        ).status_code
        == 302
    )


def test_an_open_report_keeps_its_contact_however_old(
    send: Callable[..., Report], town: Commune
) -> None:
    report = send()
    night(town, LATER)
    report.refresh_from_db()
    assert report.reporter is not None
    assert report.text


def test_a_joined_report_follows_its_parent(
    send: Callable[..., Report], finish: Callable[..., Report], town: Commune, clerk_actor: Actor
) -> None:
    parent = send()
    child = send(contact=actions.Contact(phone="0912000777"))
    actions.mark_duplicate(child, parent, by=clerk_actor)
    assert "retain.contact" not in night(town, LATER)  # its parent is still worked on
    done, more = finish(), send(contact=actions.Contact(phone="0912000778"))
    actions.mark_duplicate(more, done, by=clerk_actor)
    assert night(town, LATER)["retain.closed"] == 1
    assert set(Tombstone.objects.values_list("code", flat=True)) == {done.code, more.code}


def test_an_alarm_of_another_report_outlives_the_one_it_joined(
    finish: Callable[..., Report], send: Callable[..., Report], town: Commune
) -> None:
    over, other = finish(), send()
    first = Alarm.objects.create(commune=town, report=over, raised_at=MONDAY, ended_at=MONDAY)
    Alarm.objects.create(commune=town, report=other, raised_at=MONDAY, joined=first)
    assert night(town, LATER)["retain.closed"] == 1
    assert Alarm.objects.get().joined is None


def test_withdrawn_and_spam_leave_a_tombstone_after_a_year(
    send: Callable[..., Report], town: Commune
) -> None:
    report = actions.withdraw(send(), by=RESIDENT)
    assert "retain.spam" not in night(town, at(days=364))
    assert night(town, at(days=367))["retain.spam"] == 1
    stone = Tombstone.objects.get()
    assert (stone.code, stone.uuid, stone.outcome) == (report.code, report.uuid, "withdrawn")
    assert (stone.rule, stone.events) == ("retain.spam", 2)
    assert not ReportEvent.objects.filter(report=report.pk).exists()


def test_a_file_another_report_still_has_survives(
    send: Callable[..., Report], town: Commune
) -> None:
    both, alone = photo("green", town), photo("red", town)
    first = send(photos=(both, alone))
    second = send(photos=(both,))
    actions.withdraw(first, by=RESIDENT)
    night(town, at(days=367))
    assert Tombstone.objects.count() == 1
    assert not Attachment.objects.filter(pk=alone.pk).exists()
    (kept,) = Photo.objects.filter(report=second)
    assert kept.attachment == both
    made = both.renditions.first()
    assert made is not None
    assert files.clean_content(made)


def test_files_nobody_names_go_and_proofs_of_consent_stay(
    town: Commune, send: Callable[..., Report]
) -> None:
    from xaso.kernel.identity.models import Consent

    lost, proof = photo("blue", town), photo("white", town)
    with clock.at(MONDAY):
        Consent.objects.create(
            commune=town, subject_kind="resident", subject="x", purpose="p", text_version="1",
            method="paper", evidence=proof.sha256,
        )  # fmt: skip
    named = photo("black", town)
    send(photos=(named,))
    assert night(town, at(days=9))["retain.orphan"] == 1
    assert not Attachment.objects.filter(pk=lost.pk).exists()
    assert Attachment.objects.filter(pk__in=(proof.pk, named.pk)).count() == 2


def test_figures_stay_the_same_when_the_reports_are_gone(
    finish: Callable[..., Report], send: Callable[..., Report], town: Commune
) -> None:
    finish()
    actions.withdraw(send(), by=RESIDENT)
    year = exporting.Between(date(2026, 1, 1), date(2026, 12, 31))
    month = (date(2026, 11, 1), date(2026, 12, 1))

    def told() -> tuple[object, ...]:
        rows = list(exporting.open_rows(town, year))
        sums = [
            sorted((r["category_code"], r["village"], r["status"], r["on_time"]) for r in rows),
            sum(r["followers"] for r in rows), sum(r["reopened"] for r in rows),
        ]  # fmt: skip
        card = scorecards.read(town, *month)
        return (*sums, card.received, card.whole, list(Counter.objects.order_by("pk").values()))

    before = told()
    assert night(town, LATER)["retain.closed"] == 1
    assert Report.objects.count() == 0
    after = told()
    assert after == before


def test_the_log_book_still_verifies_after_a_run(
    finish: Callable[..., Report], town: Commune
) -> None:
    finish()
    audit_actions.seal()
    night(town, LATER)
    audit_actions.seal()
    assert audit.verify(town.id) == []
    assert audit.waiting() == 0


def test_batches_are_small_and_what_a_cut_left_is_done_the_next_time(
    send: Callable[..., Report], town: Commune
) -> None:
    for _ in range(5):
        send()
    with clock.at(at(days=8)):
        assert forgetting.forget_batch(town.id, "retain.device", size=2) == 2
        run = ErasureRun.objects.get(rule="retain.device")
        assert (run.rows, run.batches, run.ended_at) == (2, 1, None)
        jobs.do_now()  # the rest, from the queue
        run.refresh_from_db()
        assert (run.rows, run.ended_at is None) == (5, False)
        assert forgetting.forget_batch(town.id, "retain.device", size=2) == 0


def test_the_night_job_does_every_step(finish: Callable[..., Report], town: Commune) -> None:
    finish()
    with clock.at(LATER):
        forgetting.forget_everywhere()
        jobs.do_now()
        assert set(ErasureRun.objects.values_list("rule", flat=True)) == {s.key for s in STEPS}
    assert Tombstone.objects.count() == 1


def test_evidence_is_kept_until_its_day(
    finish: Callable[..., Report], town: Commune, leader_actor: Actor
) -> None:
    report = finish()
    with clock.at(LATER - timedelta(days=30)):
        new = forgetting.NewHold(report.code, "Tòa án yêu cầu giữ", LATER.date())
        row = forgetting.hold(town.id, new, by=leader_actor)
    assert "retain.closed" not in night(town, LATER)
    assert Report.objects.get().reporter is not None
    with clock.at(LATER):
        forgetting.end_hold(town.id, row.pk, by=leader_actor)
    assert night(town, LATER)["retain.closed"] == 1


def test_a_hold_says_why_and_until_when(
    send: Callable[..., Report], town: Commune, leader_actor: Actor
) -> None:
    with pytest.raises(Invalid) as refused:
        forgetting.hold(
            town.id, forgetting.NewHold("000000000", "x", MONDAY.date()), by=leader_actor
        )
    assert set(refused.value.errors) == {"code", "reason", "until"}


def test_who_waits_for_a_decision_is_not_overtaken(
    send: Callable[..., Report], town: Commune
) -> None:
    from xaso.reports.people import Person

    report = actions.withdraw(send(), by=RESIDENT)
    actions.ask_about_data(Person(report), actions.Asked(uuid4(), "copy"), by=RESIDENT)
    assert "retain.spam" not in night(town, at(days=400))
    assert DataRequest.objects.count() == 1


def test_messages_lose_address_and_words_and_keep_that_they_were_sent(
    send: Callable[..., Report], town: Commune
) -> None:
    report = send()
    Message.objects.create(
        commune=town, event="reports.received", subject_type="reports.Report",
        subject_id=str(report.pk), key="x", recipient="reporter:1", channel="sms", body="Da nhan",
        address="+84912000135", title="Phản ánh", status="sent", created_at=MONDAY, next_at=MONDAY,
    )  # fmt: skip
    assert "retain.message" not in night(town, at(days=89))
    assert night(town, at(days=92))["retain.message"] == 1
    message = Message.objects.get(key="x")
    assert (message.address, message.body, message.status) == ("", "", "sent")


def test_followers_devices_go_when_it_is_over(
    send: Callable[..., Report], town: Commune, clerk_actor: Actor, leader_actor: Actor
) -> None:
    public = actions.publish(send(), "Đường sạt", by=clerk_actor)
    given = actions.Following(device_hash="f" * 64, contact=actions.Contact(phone="0912000777"))
    follower, _new = actions.follow(public, given, by=RESIDENT)
    night(town, at(days=30))
    assert Follower.objects.get().device_hash  # still needed: nobody is counted twice
    actions.reject(
        public,
        "not_public_matter",
        "Việc riêng giữa hai nhà, tổ hòa giải sẽ giúp.",
        by=leader_actor,
    )
    done = night(town, at(days=500))
    assert done["retain.device/followers"] == done["retain.contact/followers"] == 1
    follower = Follower.objects.get(pk=follower.pk)
    assert (follower.device_hash, follower.reporter) == ("", None)


def test_the_photo_of_a_paper_sheet_goes_a_year_after_it_was_typed_in(town: Commune) -> None:
    from xaso.reports.models import PaperSheet

    sheet = photo("grey", town)
    PaperSheet.objects.create(
        commune=town, number=1, photo=sheet, printed_at=MONDAY, finished_at=MONDAY
    )
    assert "retain.sheet" not in night(town, at(days=360))
    assert night(town, at(days=370))["retain.sheet"] == 1
    assert PaperSheet.objects.get().photo is None
    assert not Attachment.objects.filter(pk=sheet.pk).exists()


def test_history_names_a_device_by_another_mark_every_day(town: Commune) -> None:
    from django.test import RequestFactory

    from xaso.reports.views import senders

    def mark(moment: datetime) -> str:
        request = RequestFactory().get("/")
        request.commune = town  # type: ignore[attr-defined]
        request.get_signed_cookie = lambda *_a, **_k: "a token"  # type: ignore[method-assign]
        with clock.at(moment):
            return senders.resident(request).id  # type: ignore[arg-type]

    assert mark(at(hours=1)) == mark(at(hours=2)) != ""
    assert mark(at(hours=1)) != mark(at(days=1))
