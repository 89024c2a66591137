"""Nobody without the permission reads a sealed word, at whatever address they ask."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official, Role, RoleAssignment, Unit
from xaso.kernel.places.models import Commune
from xaso.reports import actions, slips
from xaso.reports.models import ReceptionSlot, Report
from xaso.reports.tests.conftest import MONDAY, RESIDENT

pytestmark = pytest.mark.django_db
WORDS = ("Nguyễn Bịa Đặt", "Lý A Thử", "0987 610 243", "+84987610243")
WORDS += ("Qua cầu treo", "Đã hỏi bà Thử")
TEXT = "Ông Nguyễn Bịa Đặt ở kho đòi tiền bà con."
ROOT = "/binh-lu"


@pytest.fixture
def sealed(
    town: Commune, new_report: Callable[..., actions.NewReport], clerk_actor: Actor
) -> Report:
    contact = actions.Contact(name="Lý A Thử", phone="0987610243")
    report = actions.receive(
        new_report(text=TEXT, contact=contact, device_hash="e" * 64), by=RESIDENT, commune=town
    ).report
    report = actions.note(report, "Đã hỏi bà Thử ở đầu bản.", by=clerk_actor)
    return actions.restream(report, "denunciation", by=clerk_actor)


def _routes(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def _asked(report: Report) -> list[str]:
    """Return every address of a commune with this report's keys, and searches for its words."""
    values = {
        "code": report.code, "uuid": str(report.uuid), "key": str(report.uuid),
        "sha256": "0" * 64, "number": "0", "verb": "ghi-chu", "what": "hen",
    }  # fmt: skip
    found = []
    for route in _routes(get_resolver().url_patterns):
        plain = re.sub(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)", r"<\1>", route)
        plain = plain.replace("^", "").replace("$", "").replace("\\", "")
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values.get(m.group(1), "1"), plain)
        found.append(f"{ROOT}/{filled}")
    for words in ("nguyen+bia+dat", "Chu+Va", report.code):
        found += [f"{ROOT}/can-bo/phan-anh/?tim={words}", f"{ROOT}/phan-anh/?tim={words}"]
        found += [f"{ROOT}/api/v1/reports?q={words}"]
    return [*found, f"/t/{report.code}", f"{ROOT}/can-bo/phan-anh/?trang_thai=forwarded"]


def _body(browser: Client, address: str) -> str:
    answer = browser.get(address)
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode("utf-8", "replace")


def _with(role: str, town: Commune) -> Client:
    person = Official.objects.create(username=f"vai.{role}", full_name="Người Thử")
    RoleAssignment.objects.create(commune=town, official=person, role=role, valid_from=MONDAY)
    return _in(person)


def _in(person: Official) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.mark.parametrize(
    "role", ["", *(r for r in Role.values if r not in ("leader", "province_viewer"))]
)
def test_no_address_tells_a_sealed_word(role: str, sealed: Report, town: Commune) -> None:
    browser = _with(role, town) if role else Client(raise_request_exception=False)
    asked = _asked(sealed)
    assert len(asked) > 80
    for address in asked:
        body = _body(browser, address)
        told = [word for word in WORDS if word in body]
        assert not told, f"{role or 'nobody'}: {address} tells {told}"


def test_the_same_walk_finds_the_words_while_they_are_open(
    town: Commune, new_report: Callable[..., actions.NewReport]
) -> None:
    """The walk itself can fail."""
    report = actions.receive(new_report(text=TEXT), by=RESIDENT, commune=town).report
    browser = _with("officer", town)
    assert any(WORDS[0] in _body(browser, a) for a in _asked(report))


def test_the_code_shows_two_lines_and_any_factor_the_same(client: Client, sealed: Report) -> None:
    page = client.get(f"{ROOT}/phan-anh/{sealed.code}/")
    text = page.content.decode()
    assert "Đã nhận" in text
    assert "Đã chuyển bộ phận tiếp công dân" in text
    assert "tố cáo" not in text.lower().split("<footer")[0]
    for factor in ("0000", slips.secret(sealed.code), "0243"):
        answer = client.post(f"{ROOT}/phan-anh/{sealed.code}/cua-toi/", {"factor": factor})
        assert answer.status_code == 200
        assert "Đã chuyển bộ phận tiếp công dân" in answer.content.decode()
        assert len(answer.content) == len(page.content)


def test_its_size_is_that_of_a_wrong_factor(
    client: Client,
    sealed: Report,
    town: Commune,
    new_report: Callable[..., actions.NewReport],
    django_assert_num_queries: Callable,
) -> None:
    plain = actions.receive(new_report(), by=RESIDENT, commune=town).report
    wrong = client.post(f"{ROOT}/phan-anh/{plain.code}/cua-toi/", {"factor": "0000"})
    assert wrong.status_code == 422
    kept = client.post(f"{ROOT}/phan-anh/{sealed.code}/cua-toi/", {"factor": "0000"})
    shown = client.get(f"{ROOT}/phan-anh/{sealed.code}/")
    sizes = {len(wrong.content), len(kept.content), len(shown.content)}
    assert len(sizes) == 1
    assert "Content-Encoding" not in kept


def test_a_leader_reads_and_the_reading_is_logged(
    sealed: Report, town: Commune, leader_actor: Actor
) -> None:
    browser = _in(Official.objects.get(pk=leader_actor.id))
    address = f"{ROOT}/can-bo/don-kin/{sealed.code}/"
    asked = browser.get(address)
    assert asked.status_code == 302  # who is there, once more
    assert audit.viewers(sealed, commune=town.id) == []
    _prove(browser)
    page = browser.get(address).content.decode()
    assert TEXT in page
    assert "Lý A Thử" in page
    assert "0987 610 243" in page
    (line,) = audit.viewers(sealed, commune=town.id)
    assert (line.actor_id, line.purpose) == (leader_actor.id, "reports.sealed")
    assert browser.get(f"{address}in/").status_code == 200


def test_an_appointment_is_booked_and_printed(
    sealed: Report, town: Commune, leader_actor: Actor
) -> None:
    browser = _in(Official.objects.get(pk=leader_actor.id))
    day = {"on": "2026-11-26", "begins": "08:00", "count": "3", "minutes": "30"}
    day |= {"room": "Phòng tiếp dân", "host": "Chủ tịch"}
    made = browser.post(f"{ROOT}/can-bo/don-kin/lich-tiep-dan/", day)
    assert made.status_code == 302
    slot = ReceptionSlot.objects.order_by("starts_at").first()
    assert slot is not None
    browser.post(f"{ROOT}/can-bo/don-kin/{sealed.code}/hen/", {"slot": str(slot.pk)})
    assert sealed.appointments.get().slot == slot
    _prove(browser)
    paper = browser.get(f"{ROOT}/can-bo/don-kin/{sealed.code}/in/").content.decode()
    assert "Phòng tiếp dân" in paper
    assert TEXT in paper


def test_the_unit_a_rule_names_reads_too(sealed: Report, town: Commune) -> None:
    unit = Unit.objects.create(commune=town, code="tiep-dan", name="Tiếp công dân")
    person = Official.objects.create(username="tiepdan", full_name="Người Tiếp")
    RoleAssignment.objects.create(
        commune=town, official=person, role="officer", unit=unit, valid_from=MONDAY
    )
    browser = _in(person)
    _prove(browser)
    address = f"{ROOT}/can-bo/don-kin/{sealed.code}/"
    assert browser.get(address).status_code == 404
    new = actions.NewRule("denunciation.readers", MONDAY.date(), text="tiep-dan")
    actions.set_rule(town, new, by=SYSTEM)
    assert TEXT in browser.get(address).content.decode()


def test_the_administrator_sees_what_is_unsure_and_adds_a_dated_row(town: Commune) -> None:
    browser = _with("administrator", town)
    page = browser.get(f"{ROOT}/can-bo/quan-tri/quy-tac/").content.decode()
    assert "Chưa kiểm tra, cần đối chiếu văn bản" in page
    address = f"{ROOT}/can-bo/quan-tri/quy-tac/complaint.accept/"
    wrong = browser.post(address, {"amount": "8", "valid_from": "2026-12-01", "sureness": "law"})
    assert wrong.status_code == 422
    assert "văn bản nào" in wrong.content.decode()
    said = {"amount": "8", "valid_from": "2026-12-01", "sureness": "law", "source": "Luật mới"}
    assert browser.post(address, said).status_code == 302
    page = browser.get(address).content.decode()
    assert "8 ngày" in page
    assert "10 ngày" in page  # holds until December
    never = {"text": "moderated", "valid_from": "2026-12-01", "sureness": "commune"}
    answer = browser.post(f"{ROOT}/can-bo/quan-tri/quy-tac/denunciation.publicity/", never)
    assert answer.status_code == 422


def _prove(browser: Client) -> None:
    """Let the official have signed in this very minute."""
    import time

    session = browser.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
