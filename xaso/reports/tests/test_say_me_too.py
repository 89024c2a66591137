"""Several people, one matter: found, joined, merged, separated; nobody is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune, PublicCode, Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.workflow.table import GuardRefused
from xaso.kernel.working_time import clock
from xaso.reports import actions, alike, catalogue
from xaso.reports.models import DuplicateSuggestion, Follower, Report, State
from xaso.reports.tests.conftest import MONDAY, RESIDENT

pytestmark = pytest.mark.django_db
Filled = Callable[..., actions.NewReport]
NEAR = "Sat lo dat lap nua duong len Chu Va 12, xe may khong di duoc"


def pin(village: Village, **facts: object) -> actions.Place:
    usual: dict[str, object] = {
        "village_id": village.pk,
        "lat": 22.3170,
        "lon": 103.6300,
        "accuracy_m": 12,
        "source": "gps",
    }
    return actions.Place(**usual | facts)  # type: ignore[arg-type]


@pytest.fixture
def send(town: Commune, new_report: Filled) -> Callable[..., Report]:
    def sent(**facts: object) -> Report:
        return actions.receive(new_report(**facts), by=RESIDENT, commune=town).report

    return sent


@pytest.fixture
def published(send: Callable[..., Report], village: Village, clerk_actor: Actor) -> Report:
    report = send(place=pin(village), device_hash="the sender")
    return actions.publish(report, report.text or "", by=clerk_actor)


def likely(report: Report) -> list[tuple[str, float]]:
    found = alike.for_officials(report, catalogue.of(report.commune_id))
    return [(other.code, other.likeness.score) for other in found]


def writing(report: Report, **facts: object) -> alike.Seen:
    usual: dict[str, object] = {
        "category_id": report.category_id,
        "at": clock.now() + timedelta(hours=5),
        "village_id": report.village_id,
        "lat": 22.3180,
        "lon": 103.6310,
        "accuracy_m": 30,
        "text": NEAR,
    }
    return alike.Seen(**usual | facts)  # type: ignore[arg-type]


def test_officials_find_what_lies_near_in_one_statement(
    published: Report, send: Callable[..., Report], village: Village
) -> None:
    with clock.at(MONDAY + timedelta(hours=5)):
        again = send(place=pin(village, lat=22.3180, lon=103.6310, accuracy_m=30), text=NEAR)
        send(place=pin(village, lat=22.3230), text=NEAR)
        send(place=pin(village), category="LIGHT", text="Đèn đường hỏng ở ngã ba chợ")
    ((code, score),) = [one for one in likely(again) if one[1] >= 75]
    assert code == published.code
    assert 75 <= score <= 85
    with CaptureQueriesContext(connection) as said:
        alike.candidates(again.commune_id, alike.of_report(again), is_public=False)
    assert len([q for q in said if "reports_report r" in q["sql"]]) == 1


def test_without_a_pin_the_village_and_the_landmark_decide(send: Callable[..., Report]) -> None:
    first, second = send(), send(text=NEAR)
    elsewhere = send(place=actions.Place(landmark="Qua cầu treo 200 m"), text=NEAR)
    assert [code for code, _ in likely(second)] == [first.code]
    assert likely(elsewhere) == []


def test_sealed_old_and_merged_ones_are_no_candidates(
    send: Callable[..., Report], clerk_actor: Actor
) -> None:
    first, second, third = send(), send(), send()
    actions.mark_duplicate(second, first, by=clerk_actor)
    assert [code for code, _ in likely(third)] == [first.code]
    Report.objects.filter(pk=first.pk).update(visibility="sealed", text=None)
    assert likely(third) == []
    assert (
        alike.for_officials(Report.objects.get(pk=first.pk), catalogue.of(first.commune_id)) == ()
    )


def test_the_same_photo_from_the_same_phone_is_the_same_report(
    send: Callable[..., Report], village: Village
) -> None:
    photo = actions.Announced("ab" * 32)
    first = send(device_hash="d", photos=[photo], place=pin(village))
    again = send(device_hash="d", photos=[photo], place=pin(village, lat=22.3210), text="")
    other = send(device_hash="e", photos=[photo], place=pin(village, lat=22.3210), text="")
    assert (first.code, 95.0) in likely(again)
    assert (first.code, 95.0) not in likely(other)


def test_the_same_words_at_the_same_place_within_minutes(send: Callable[..., Report]) -> None:
    first = send()
    with clock.at(MONDAY + timedelta(minutes=9)):
        assert likely(send()) == [(first.code, 95.0)]


def test_residents_are_shown_only_what_is_published(
    published: Report, send: Callable[..., Report], village: Village, clerk_actor: Actor
) -> None:
    send(place=pin(village), text="Chưa ai duyệt tin này, đất sạt lấp đường")
    kinds = catalogue.of(published.commune_id)
    found = alike.for_residents(published.commune_id, writing(published), kinds)
    assert [other.code for other in found] == [published.code]
    assert found[0].distance_m == pytest.approx(151.5, abs=1)  # from the rounded point
    actions.hide(published, by=clerk_actor)
    assert not alike.for_residents(published.commune_id, writing(published), kinds)


def test_a_place_that_is_not_told_cannot_be_measured(
    send: Callable[..., Report], village: Village, clerk_actor: Actor
) -> None:
    report = send(category="NOISE", place=pin(village, lat=22.3190, lon=103.6350))
    actions.publish(report, NEAR, by=clerk_actor)
    kinds = catalogue.of(report.commune_id)
    for lat in (22.3100, 22.3190, 22.3250):
        seen = writing(report, lat=lat, lon=103.6350)
        (found,) = alike.for_residents(report.commune_id, seen, kinds)
        assert found.distance_m is None
        assert found.likeness.factors["distance"] == 0.3


def test_a_device_joins_once_and_gets_its_own_code(published: Report) -> None:
    version = published.version
    given = actions.Following(device_hash="phone")
    follower, is_new = actions.follow(published, given, by=RESIDENT)
    again, is_new_again = actions.follow(published, given, by=RESIDENT)
    assert (is_new, is_new_again, again.pk) == (True, False, follower.pk)
    assert PublicCode.objects.get(pk=follower.code).kind == "follower"
    report = Report.objects.get(pk=published.pk)
    assert (report.follower_count, report.version) == (1, version)


def test_who_only_watches_is_not_counted_as_having_seen_it(published: Report) -> None:
    given = actions.Following(kind="watch", device_hash="phone")
    follower, _ = actions.follow(published, given, by=RESIDENT)
    assert Report.objects.get(pk=published.pk).follower_count == 0
    actions.follow(published, actions.Following(device_hash="phone"), by=RESIDENT)
    assert Report.objects.get(pk=published.pk).follower_count == 1
    actions.unfollow(follower, by=RESIDENT)
    assert Report.objects.get(pk=published.pk).follower_count == 0
    back, is_new = actions.follow(published, actions.Following(device_hash="phone"), by=RESIDENT)
    assert (back.pk, back.ended_at, is_new) == (follower.pk, None, False)


def test_nobody_joins_what_is_not_published_nor_their_own(
    published: Report, send: Callable[..., Report], clerk_actor: Actor
) -> None:
    with pytest.raises(actions.NotPublished):
        actions.follow(send(), actions.Following(device_hash="x"), by=RESIDENT)
    with pytest.raises(actions.IsTheSender):
        actions.follow(published, actions.Following(device_hash="the sender"), by=RESIDENT)
    wrong = actions.Following(device_hash="x", contact=actions.Contact(phone="12"))
    with pytest.raises(Invalid):
        actions.follow(published, wrong, by=RESIDENT)
    Report.objects.filter(pk=published.pk).update(visibility="sealed", text=None)
    with pytest.raises(GuardRefused):
        actions.follow(published, actions.Following(device_hash="x"), by=clerk_actor)


def test_merging_takes_followers_along_and_separating_gives_them_back(
    published: Report, send: Callable[..., Report], clerk_actor: Actor
) -> None:
    child = send(device_hash="second sender")
    actions.publish(child, "Đất sạt", by=clerk_actor)
    both = actions.Following(device_hash="both")
    only, _ = actions.follow(child, actions.Following(device_hash="only"), by=RESIDENT)
    twice, _ = actions.follow(child, both, by=RESIDENT)
    actions.follow(published, both, by=RESIDENT)
    child = actions.mark_duplicate(Report.objects.get(pk=child.pk), published, by=clerk_actor)
    parent = Report.objects.get(pk=published.pk)
    assert parent.follower_count == 3  # the second sender, "only", and "both" once
    assert Follower.objects.filter(report=parent).count() == 4  # nobody is deleted
    sender, is_new = actions.follow(
        parent, actions.Following(device_hash="second sender"), by=RESIDENT
    )
    assert (sender.own_code, is_new) == (child.code, False)
    said = DuplicateSuggestion.objects.get(report=child, other=parent)
    assert (said.decision, said.shown_to) == ("merged", "official")
    assert said.factors["category"] == 1
    child = actions.separate(child, by=clerk_actor)
    assert child.state == State.ACCEPTED
    only.refresh_from_db()
    twice.refresh_from_db()
    assert only.report_id == twice.report_id == child.pk
    assert Report.objects.get(pk=parent.pk).follower_count == 1


def test_an_official_says_it_is_another_matter_and_is_not_asked_again(
    send: Callable[..., Report], clerk_actor: Actor
) -> None:
    first, second = send(), send()
    assert likely(second)
    actions.call_different(second, first, by=clerk_actor)
    assert likely(second) == []
    assert DuplicateSuggestion.objects.get().decision == "different"


def test_what_a_sender_was_shown_is_kept(published: Report, send: Callable[..., Report]) -> None:
    shown = actions.Shown(published.code, 81.9, {"category": 1.0})
    report = send(text=NEAR)
    actions.sent_anyway(report, [shown])
    actions.sent_anyway(report, [shown])
    said = DuplicateSuggestion.objects.get()
    assert (said.report, said.other, float(said.score)) == (report, published, 81.9)
    found = alike.for_officials(report, catalogue.of(report.commune_id))
    assert [other.code for other in found] == [published.code]  # officials still decide
