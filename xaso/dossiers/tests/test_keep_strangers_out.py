"""Who knows a key, a digest or half a code gets nothing by it; bad luck leaves nothing halfway."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import Workbook
from PIL import Image

from xaso.dossiers import actions, agreements
from xaso.dossiers.actions import mirroring, reconciling
from xaso.dossiers.exchange import reading
from xaso.dossiers.models import (
    Component,
    Dossier,
    DossierFee,
    FilingConsent,
    Finance,
    OfflineReception,
    Result,
    State,
)
from xaso.dossiers.tests.conftest import MONDAY, person
from xaso.dossiers.tests.test_exchange_with_others import THEIRS, line
from xaso.dossiers.tests.test_exchange_with_others import police as police  # noqa: PLC0414
from xaso.dossiers.tests.test_help_with_a_dossier import WHO
from xaso.dossiers.tests.test_help_with_a_dossier import by as by  # noqa: PLC0414
from xaso.dossiers.tests.test_help_with_a_dossier import helper as helper  # noqa: PLC0414
from xaso.dossiers.tests.test_help_with_a_dossier import said as said  # noqa: PLC0414
from xaso.dossiers.tests.test_help_with_a_dossier import village as village  # noqa: PLC0414
from xaso.dossiers.tests.test_receive_without_a_network import DOOR, Machine, send
from xaso.dossiers.tests.test_wait_for_a_turn import furnish
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.tests import honest
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Official
from xaso.kernel.refusals import NotFound
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
URL = "/binh-lu/can-bo/nop-ho/"


def photo(commune, shade: int):
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (shade, 90, 60)).save(file, "JPEG")
    file.seek(0)
    kept = attachments.store_photo(file, name="giay.jpg", commune=commune, by=SYSTEM)
    return attachments.process(kept)


def with_paper(dossier: Dossier, shade: int = 70):
    """Put a photographed paper into a dossier; return the file."""
    file = photo(dossier.commune, shade)
    Component.objects.filter(dossier=dossier).update(attachment=file, sha256=file.sha256)
    return file


def path_of(file, step: int = 320) -> str:
    return f"/binh-lu/tep/{file.sha256}/{step}.jpg"


# --- papers ---------------------------------------------------------------------------------------
def test_a_paper_opens_for_who_reads_dossiers_and_the_look_is_logged(
    office, dossier, helper, client_of
) -> None:
    file = with_paper(dossier)
    looks = Entry.objects.filter(kind="view", purpose="dossiers.paper")
    desk = client_of(office.officer)
    assert desk.get(path_of(file, 160)).status_code == 200
    assert looks.count() == 0  # a thumbnail among others
    assert desk.get(path_of(file)).status_code == 200
    assert looks.count() == 1
    strangers = [helper, person(office.commune, "truong-ban", "village_head")]
    strangers.append(person(office.commune, "quan-tri-2", "administrator"))
    for stranger in strangers:
        assert client_of(stranger).get(path_of(file)).status_code == 404
    assert Client().get(path_of(file)).status_code == 404
    assert looks.count() == 1


def test_a_part_of_a_paper_is_a_look_too(office, dossier, client_of) -> None:
    body = io.BytesIO(honest.pdf())
    file = attachments.store_document(body, name="giay.pdf", commune=dossier.commune, by=SYSTEM)
    Component.objects.filter(dossier=dossier).update(attachment=file, sha256=file.sha256)
    path = f"/binh-lu/tep/{file.sha256}/giay.pdf"
    part = client_of(office.officer).get(path, headers={"Range": "bytes=1-"})
    assert part.status_code in {200, 206}
    assert Entry.objects.filter(kind="view", purpose="dossiers.paper").count() == 1


def test_a_helper_opens_the_papers_of_their_own_draft_while_it_is_one(  # noqa: PLR0917
    centre, by, said, helper, clerk, client_of
) -> None:
    agreed = actions.agree_to_help(said, by=by, commune=centre)
    made = actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre).dossier
    file = with_paper(made)
    page, url = client_of(helper), f"{URL}{agreed.uuid}/giay-to/"
    assert file.sha256 in page.get(url).content.decode()
    assert page.get(path_of(file)).status_code == 200
    other = person(centre, "to-khac", "community_team")
    assert client_of(other).get(path_of(file)).status_code == 404
    with clock.at(MONDAY + timedelta(days=31)):
        assert page.get(path_of(file)).status_code == 404
    actions.submit(made, by=clerk)
    assert page.get(path_of(file)).status_code == 404
    shown = page.get(url).content.decode()
    assert file.sha256 not in shown
    assert "đã có" in shown


def test_the_proof_of_an_agreement_opens_by_its_own_page_alone(
    centre, by, said, clerk, client_of
) -> None:
    agreed = actions.agree_to_help(said, by=by, commune=centre)
    actions.file_for(agreed, actions.Filled(WHO), by=by, commune=centre)
    file = photo(centre, 33)
    actions.keep_evidence(agreed, file, by=by)
    assert client_of(Official.objects.get(pk=clerk.id)).get(path_of(file)).status_code == 404


# --- agreements -----------------------------------------------------------------------------------
def test_an_agreement_under_a_foreign_key_opens_nothing(  # noqa: PLR0917
    centre, by, said, helper, dossier, client_of
) -> None:
    with pytest.raises(NotFound):
        actions.agree_to_help(replace(said, uuid=dossier.uuid), by=by, commune=centre)
    # written before the dossier was there: the key of a draft can be reckoned beforehand
    planted = actions.agree_to_help(
        replace(said, uuid=uuid4(), scopes=("receive",)), by=by, commune=centre
    )
    FilingConsent.objects.filter(pk=planted.pk).update(uuid=dossier.uuid)
    file = with_paper(dossier)
    planted.refresh_from_db()
    assert agreements.of(dossier) is None
    with pytest.raises(NotFound):
        actions.add_papers(planted, [], by=by)
    page = client_of(helper)
    assert page.get(f"{URL}{dossier.uuid}/giay-to/").status_code == 404
    Dossier.objects.filter(pk=dossier.pk).update(state=State.DRAFT)
    assert page.get(path_of(file)).status_code == 404


# --- codes and times ------------------------------------------------------------------------------
def test_a_home_with_many_addresses_is_one_who_guesses(dossier) -> None:
    def guess(n: int):
        phone = Client(REMOTE_ADDR=f"2001:db8:0:7::{n:x}", raise_request_exception=False)
        said = {"code": f"H35.50.05.13-261123-{n:04}", "factor": "0000"}
        return phone.post("/binh-lu/ho-so/", said).status_code

    seen = [guess(n) for n in range(1, 62)]
    assert set(seen[:60]) == {422}
    assert seen[60] == 429


@pytest.fixture
def booked(centre):
    furnish(centre)

    def book(phone: Client) -> str:
        page = phone.get("/binh-lu/dat-lich/?nhom=A").content.decode()
        at = page.partition('name="luc"')[2].partition('value="')[2].partition('"')[0]
        said = {"key": str(uuid4()), "nhom": "A", "luc": at}
        return phone.post("/binh-lu/dat-lich/?nhom=A", said).get("Location", "")

    return book


def test_nobody_tries_codes_of_bookings(booked) -> None:
    phone = Client(raise_request_exception=False)
    address = booked(phone)
    right = address.rstrip("/").rpartition("/")[2]
    wrong = [f"{n:06}" for n in range(62) if f"{n:06}" != right]
    thief = Client(REMOTE_ADDR="203.0.113.9", raise_request_exception=False)
    seen = [thief.post(f"/binh-lu/dat-lich/{code}/").status_code for code in wrong]
    assert set(seen[:60]) == {404}
    assert seen[60] == 429
    assert thief.post(f"/binh-lu/dat-lich/{right}/").status_code == 429  # nor the one that is right
    assert phone.get(f"/binh-lu/dat-lich/{right}/").status_code == 200


def test_one_address_does_not_book_every_time(booked) -> None:
    thief = Client(REMOTE_ADDR="203.0.113.9", raise_request_exception=False)
    taken = [bool(booked(thief)) for _ in range(31)]
    assert taken[:30] == [True] * 30
    assert not taken[30]
    assert booked(Client(REMOTE_ADDR="203.0.113.10", raise_request_exception=False))


# --- money, steps ---------------------------------------------------------------------------------
def test_money_is_taken_once_and_only_where_there_is_some(dossier, clerk, client_of) -> None:
    url = f"/binh-lu/can-bo/tiep-nhan/xong/{dossier.pk}/nop-tien/"
    desk = client_of(Official.objects.get(pk=clerk.id))
    was = dossier.finance
    desk.post(url, {"cach": "cash"})
    dossier.refresh_from_db()
    assert dossier.finance == was  # nothing to pay is not "paid"
    line = DossierFee.objects.create(
        commune_id=dossier.commune_id, dossier=dossier, code="LP", name="Lệ phí", kind="le_phi",
        quantity=1, full_amount=8_000, amount=8_000, collect_at=1, created_at=MONDAY,
    )  # fmt: skip
    with pytest.raises(actions.NotProven):
        actions.settle_fees(dossier, actions.Paid("vietqr", " "), by=clerk)
    actions.settle_fees(dossier, actions.Paid("cash", ""), by=clerk)
    paid = Entry.objects.filter(action="dossier.paid")
    with pytest.raises(actions.NothingToPay):
        actions.settle_fees(dossier, actions.Paid("cash", ""), by=clerk)
    assert paid.count() == 1
    DossierFee.objects.filter(pk=line.pk).update(paid_at=None, receipt_no="")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.STOPPED, finance=Finance.REFUNDED)
    with pytest.raises(actions.NothingToPay):
        actions.settle_fees(dossier, actions.Paid("cash", ""), by=clerk)


def test_a_key_used_for_another_dossier_is_said(office, working, new_dossier) -> None:
    other = actions.receive(
        new_dossier(uuid=uuid4()), by=office.clerk, commune=office.commune
    ).dossier
    seen = actions.Seen(key=uuid4())
    actions.note(working, "Gọi cho bà con", by=office.officer_actor, seen=seen)
    with pytest.raises(actions.Stale):
        actions.note(other, "Gọi cho bà con", by=office.clerk, seen=seen)


def test_a_result_is_not_taken_by_asking_for_its_head(office, dossier) -> None:
    file = attachments.store_document(
        honest.pdf(), name="ket-qua.pdf", commune=office.commune, by=SYSTEM
    )
    Result.objects.create(
        commune=office.commune, dossier=dossier, name="Trích lục", register="ket-qua", year=2026,
        number="1", signed_on=MONDAY.date(), signer=office.leader, attachment=file,
        is_electronic=True, created_at=MONDAY,
    )  # fmt: skip
    Dossier.objects.filter(pk=dossier.pk).update(state=State.RESOLVED, resolved_at=MONDAY)
    phone = Client(raise_request_exception=False)
    phone.post("/binh-lu/ho-so/", {"code": dossier.code, "factor": "5678"})
    for ask, state in ((phone.head, State.RESOLVED), (phone.get, State.RETURNED)):
        assert ask("/binh-lu/ho-so/ket-qua/").status_code == 200
        assert Dossier.objects.get().state == state


def test_what_an_earlier_dossier_tells_is_written_down(dossier, clerk, client_of) -> None:
    desk = client_of(Official.objects.get(pk=clerk.id))
    said = {"tim": "1", "id_number": "012187345901", "key": str(uuid4())}
    page = desk.post("/binh-lu/can-bo/tiep-nhan/1.004837/", said).content.decode()
    assert "Lò Thị Mẩy" in page
    looks = Entry.objects.filter(kind="view", purpose="dossiers.earlier")
    assert [(each.actor_id, each.subject_id) for each in looks] == [(clerk.id, str(dossier.pk))]


# --- lists of other systems -----------------------------------------------------------------------
def test_a_hostile_list_is_a_list_with_faults(office, police) -> None:
    rows = [
        line(NgayHenTra="0001-01-01T00:00:00"),  # how .NET writes "no date"
        line(NgayHenTra="9999-12-31T23:59:59"),
        line(DanhSachLePhi=[{"Gia": [1]}]),
        line(DanhSachLePhi=[{"Gia": float("inf")}]),
        line(La="a\0b\ud800", Sau=[float("nan"), {"x\0": "\0"}], Dai="x" * 100_000),
        line(MaHoSo="H35.50.05.13-261123-000888", ChuHoSo="A"),
    ]
    found = reading.read(json.dumps(rows).encode(), "a.json")
    assert [row for row, _why in found.faults] == [2, 3, 4]
    assert found.lines[0].promise_at is None
    went = mirroring.take_in(found.lines, "POLICE", by=office.clerk, commune=office.commune)
    assert len(went.made) == 2
    kept = Dossier.objects.get(code=THEIRS)
    assert kept.extra["La"] == "ab"
    assert "Dai" not in kept.extra


def _book(rows: int = 1) -> bytes:
    book, out = Workbook(), BytesIO()
    book.active.append(["MaHoSo", "TrangThaiHoSo"])
    for _ in range(rows):
        book.active.append([THEIRS, 4])
    book.save(out)
    return out.getvalue()


def _changed(raw: bytes, name: str, body: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for each in old.namelist():
            new.writestr(each, body if each == name else old.read(each))
    return out.getvalue()


def test_a_workbook_that_is_a_bomb_or_broken_is_no_list() -> None:
    fine = _book()
    assert reading.read(fine, "a.xlsx").lines
    sheet = "xl/worksheets/sheet1.xml"
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    for body in (b" " * 40_000_000, b"<worksheet><sheetData><row><c", entity):
        with pytest.raises(reading.NotAList):
            reading.read(_changed(fine, sheet, body), "a.xlsx")


def test_a_list_with_a_wrong_number_is_a_page(office, client_of) -> None:
    desk = client_of(Official.objects.get(pk=office.clerk.id))
    made = reconciling.compare(
        json.dumps([line()]).encode(), "a.json", target="POLICE", day=MONDAY.date(),
        by=office.clerk, commune=office.commune,
    )  # fmt: skip
    url = f"/binh-lu/can-bo/trao-doi-ho-so/doi-soat/{made.pk}/"
    for key in ("²", "9" * 5_000, "x", ""):
        assert desk.post(url, {"difference": key, "note": "đã xem"}).status_code == 404


# --- without a network ----------------------------------------------------------------------------
def test_a_village_that_is_gone_keeps_no_reception_out(centre, official, client_of) -> None:
    machine = Machine(centre)
    desk = client_of(official("one_stop_clerk", centre))
    words = machine.words()
    words["applicant"] |= {"village": 987_654_321}
    answer = send(desk, machine.sealed(words))
    assert answer.json()["official"], OfflineReception.objects.get().detail
    assert Dossier.objects.get(is_offline=True).village_id is None
    odd = machine.words()
    odd["applicant"] |= {"kind": "QQQ"}
    assert send(desk, machine.sealed(odd)).json()["state"] == OfflineReception.State.CONFLICT
    for wrong in ({"procedure": "a\0"}, {"note": "\0"}):
        assert send(desk, machine.sealed(machine.words(**wrong))).status_code == 422
    assert desk.get(f"{DOOR}goi.json").status_code == 200
