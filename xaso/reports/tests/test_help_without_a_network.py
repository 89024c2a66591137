"""A helper's phone brings what was written without a network: once, and only while it may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from xaso.kernel.audit import queries as audit
from xaso.kernel.identity.models import Consent, Official, RoleAssignment
from xaso.kernel.identity.queries import DEVICE_COOKIE
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.reports.models import Help, HelperPhone, Report

pytestmark = pytest.mark.django_db
PHONES = "/binh-lu/can-bo/phan-anh/gui-ho/may/"
EVERY = "/binh-lu/can-bo/quan-tri/may-gui-ho/"
Join = Callable[..., tuple[Client, str]]


@pytest.fixture
def head_of_village(town: Commune, official: Callable[..., Official]) -> Official:
    return official("village_head", town)


@pytest.fixture(autouse=True)
def _proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever joins a phone has just given their password."""
    monkeypatch.setattr("xaso.kernel.identity.asking.is_fresh", lambda _request: True)


@pytest.fixture
def join(head_of_village: Official, client_of: Callable[..., Client]) -> Join:
    """Join a phone as its helper does; return a browser without sign-in, and the token."""

    def joined(name: str = "Máy của tôi") -> tuple[Client, str]:
        signed_in = client_of(head_of_village)
        page = signed_in.post(PHONES, {"ten": name})
        assert page.status_code == 200, page.content.decode()
        assert page["Cache-Control"] == "no-store"
        phone = Client(enforce_csrf_checks=True)
        phone.cookies[DEVICE_COOKIE] = signed_in.cookies[DEVICE_COOKIE].value
        return phone, page.context["given"]["token"]

    return joined


def body(**more: Any) -> dict[str, Any]:
    helped = {"whose": "other", "has_agreed": True, "agreed_in": "mww", "reach": "own"}
    return {
        "v": 1,
        "category": "ROAD-DAMAGE",
        "text": "Đất sạt lấp đường vào bản.",
        "place": {"village": "BL-02", "source": "village"},
        "contact": {"name": "Giàng Thị Sung", "phone": "0912 000 135"},
        "helped": helped | more.pop("helped", {}),
    } | more


def put(phone: Client, token: str, key: UUID, said: dict[str, Any]) -> Any:
    headers = {"X-Xaso-Outbox": "1", "Sec-Fetch-Site": "same-origin", "X-Xaso-Helper": token}
    address = f"/binh-lu/api/v1/reports/{key}/helped"
    return phone.put(address, said, content_type="application/json", headers=headers)


def test_it_arrives_once_with_consent_and_helper(join: Join, head_of_village: Official) -> None:
    phone, token = join()
    key = uuid4()
    first = put(phone, token, key, body())
    again = put(phone, token, key, body(sent_at="2026-11-23T09:00:00+07:00"))
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json()["code"] == again.json()["code"]
    report = Report.objects.get()
    assert (report.uuid, report.channel, report.helper_id) == (key, "helper", head_of_village.pk)
    assert report.is_on_behalf
    assert report.reporter.phone == "+84912000135"
    consent = Consent.objects.get()
    assert (report.consent_id, consent.method) == (consent.pk, "voice")
    assert consent.text_version.endswith("/mww")
    assert Help.objects.get().reach == "own"
    other = put(phone, token, key, body(text="Lời khác"))
    assert (other.status_code, other.json()["receipt"]["code"]) == (409, first.json()["code"])
    assert HelperPhone.objects.get().last_used_at == clock.now()


def test_what_the_helper_saw_needs_no_agreement_and_holds_nobody(join: Join) -> None:
    phone, token = join()
    own = {"whose": "self", "has_agreed": False, "reach": ""}
    refused = put(phone, token, uuid4(), body(helped=own))
    assert refused.status_code == 422
    taken = put(phone, token, uuid4(), body(helped=own, contact={}))
    assert taken.status_code == 201
    assert not Report.objects.get().is_on_behalf
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"helped": {"has_agreed": False}}, "has_agreed"),
        ({"helped": {"reach": ""}}, "reach"),
        ({"contact": {"name": "Sung"}}, "phone"),
        ({"helped": {"whose": "ai"}}, "helped.whose"),
        ({"method": "paper"}, "method"),
    ],
)
def test_what_is_missing_is_said_and_nothing_kept(join: Join, said: dict, field: str) -> None:
    phone, token = join()
    answer = put(phone, token, uuid4(), body(**said))
    assert answer.status_code == 422
    assert any(field in name for name in answer.json()["errors"]), answer.json()
    assert not Report.objects.exists()
    assert not Consent.objects.exists()


def test_a_token_without_its_browser_opens_nothing(join: Join) -> None:
    phone, token = join()
    for other, shown in (
        (Client(), token),
        (phone, "x" * 43),
        (phone, ""),
        (phone, "ộ".encode().decode("latin-1")),
    ):
        answer = put(other, shown, uuid4(), body())
        assert (answer.status_code, answer.json()["code"]) == (401, "phone_ended")
        assert "Nối máy này" in answer.json()["detail"]
    assert not Report.objects.exists()


def test_an_ended_token_is_refused_and_a_new_one_sends_the_same(join: Join) -> None:
    phone, token = join()
    key = uuid4()
    with clock.at(clock.now() + timedelta(days=15)):
        assert put(phone, token, key, body()).status_code == 401
        phone, anew = join("Máy của tôi, lại")
        assert put(phone, anew, key, body()).status_code == 201
        assert put(phone, token, uuid4(), body()).status_code == 401


def test_joining_the_same_device_again_ends_the_first_token(
    head_of_village: Official, client_of: Callable[..., Client]
) -> None:
    browser = client_of(head_of_village)
    for name in ("một", "hai"):
        browser.post(PHONES, {"ten": name})
    rows = HelperPhone.objects.order_by("id")
    assert [(each.name, each.ended_at is None) for each in rows] == [("một", False), ("hai", True)]
    assert browser.post(PHONES, {"ten": " "}).status_code == 422


def test_who_lost_the_role_sends_nothing(join: Join, head_of_village: Official) -> None:
    phone, token = join()
    now, minute = clock.now(), timedelta(minutes=1)
    roles = RoleAssignment.objects.filter(official=head_of_village)
    roles.update(valid_from=now - 2 * minute, valid_to=now - minute)
    answer = put(phone, token, uuid4(), body())
    assert (answer.status_code, answer.json()["code"]) == (403, "may_not_help")
    assert "vẫn còn trong máy" in answer.json()["detail"]


def test_the_administrator_revokes_and_it_is_logged(
    join: Join, town: Commune, official: Callable[..., Official], client_of: Callable[..., Client]
) -> None:
    phone, token = join()
    row = HelperPhone.objects.get()
    admin = client_of(official("administrator", town))
    assert "Máy của tôi" in admin.get(EVERY).content.decode()
    assert admin.post(f"{EVERY}{row.pk}/thu-hoi/").status_code == 302
    assert put(phone, token, uuid4(), body()).status_code == 401
    said = [line.action for line in audit.history(row, commune=town.id)]
    assert said == ["reports.phone_ended", "reports.phone_joined"]


def test_a_helper_ends_their_own_phone_and_no_other(
    join: Join, town: Commune, official: Callable[..., Official], client_of: Callable[..., Client]
) -> None:
    join()
    row = HelperPhone.objects.get()
    other = client_of(official("community_team", town))
    assert other.post(f"{PHONES}{row.pk}/thoi/").status_code == 404
    assert other.post(f"{EVERY}{row.pk}/thu-hoi/").status_code == 403
    own = client_of(row.helper)
    assert own.post(f"{PHONES}{row.pk}/thoi/").status_code == 302
    row.refresh_from_db()
    assert row.ended_by == str(row.helper_id)


@pytest.mark.parametrize(("role", "status"), [("leader", 403), ("administrator", 403)])
def test_others_join_no_phone(
    town: Commune, official: Callable[..., Official], client_of: Callable[..., Client], role, status
) -> None:
    assert client_of(official(role, town)).get(PHONES).status_code == status


def test_the_kept_form_is_the_same_for_everybody(
    town: Commune, head_of_village: Official, client_of: Callable[..., Client], client: Client
) -> None:
    pages = [each.get("/binh-lu/phan-anh/gui-ho/") for each in (client, client_of(head_of_village))]
    assert "public" in pages[0]["Cache-Control"]
    assert pages[0].content == pages[1].content
    assert b"csrfmiddlewaretoken" not in pages[0].content
    assert "Bà con đã nghe câu này và đồng ý" in pages[0].content.decode()


def test_tokens_are_kept_as_digests_alone(join: Join) -> None:
    _phone, token = join()
    row = HelperPhone.objects.get()
    assert token not in str(vars(row))
    assert len(row.digest) == len(row.device) == 64
