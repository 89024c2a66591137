"""Lists go out and come in under the national names; messages leave once; days are compared."""

import json
import time
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from xaso.dossiers import actions
from xaso.dossiers.actions import mirroring, outbox, reconciling
from xaso.dossiers.exchange import reading, writing
from xaso.dossiers.models import (
    Difference,
    Dossier,
    DossierEvent,
    OutMessage,
    ProcedureVersion,
    State,
    Sync,
    SyncState,
    System,
)
from xaso.dossiers.queries import comparisons
from xaso.dossiers.tests.conftest import MONDAY, POLICE, SINCE, person
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.text.dates import local

pytestmark = pytest.mark.django_db
HOME = "/binh-lu/can-bo/trao-doi-ho-so/"
THEIRS = "H35.50.05.13-261123-000777"


@pytest.fixture
def police(office):
    version = ProcedureVersion.objects.get(procedure__code=POLICE)
    return actions.publish(version, SINCE, by=SYSTEM)


def line(**more) -> dict:
    return {
        "MaHoSo": THEIRS, "MaTTHC": POLICE, "ChuHoSo": "Sùng A Chu", "TrangThaiHoSo": 4,
        "NgayTiepNhan": "20261123083000", "NgayHenTra": "2026-12-03T17:00:00", "SoLa": "x",
    } | more  # fmt: skip


def read(*rows: dict) -> tuple[reading.Line, ...]:
    found = reading.read(json.dumps({"data": rows}).encode(), "a.json")
    assert found.faults == ()
    return found.lines


def test_a_dossier_leaves_with_every_national_field(office, working) -> None:
    told = writing.dossier(Dossier.objects.get(pk=working.pk), office.commune)
    assert set(writing.FLAT) <= told.keys()
    assert told["MaHoSo"] == working.code
    assert told["TrangThaiHoSo"] == 4
    assert told["NgayHenTra"] == "2026-11-27T09:00:00+07:00"
    assert told["TaiLieuNop"][0]["DuocSoHoa"] == 1
    back = reading.read(json.dumps([told]).encode(), "x.json").lines[0]
    assert back.promise_at == working.promise_at


def test_a_copy_follows_the_other_system_and_ours_never_do(office, police, working) -> None:
    ours = line(MaHoSo=working.code, TrangThaiHoSo=10)
    strange = line(MaHoSo="H35.50.05.13-261123-000888", MaTTHC="9.999999")
    went = mirroring.take_in(
        read(line(), ours, strange), "POLICE", by=office.clerk, commune=office.commune
    )
    assert (list(went.made), list(went.ours), len(went.unknown)) == (
        [THEIRS], [working.code], 1,
    )  # fmt: skip
    assert Dossier.objects.get(pk=working.pk).state == State.IN_PROGRESS
    copy = Dossier.objects.get(code=THEIRS)
    assert copy.is_mirror
    assert (copy.state, copy.extra) == (State.IN_PROGRESS, {"SoLa": "x"})
    assert local(copy.accepted_at).hour == 8
    again = mirroring.take_in(read(line()), "POLICE", by=office.clerk, commune=office.commune)
    assert list(again.same) == [THEIRS]
    done = line(TrangThaiHoSo=9, NgayKetThucXuLy="20261201100000")
    mirroring.take_in(read(done), "POLICE", by=office.clerk, commune=office.commune)
    copy.refresh_from_db()
    assert (copy.state, copy.on_time_kpi) == (State.RESOLVED, True)
    assert DossierEvent.objects.filter(dossier=copy, action=mirroring.FOLLOW).count() == 2


def test_what_cannot_be_read_says_which_row(office) -> None:
    found = reading.read(
        json.dumps(
            [line(), line(TrangThaiHoSo=11), line(MaHoSo="?"), line(NgayTra="mai")]
        ).encode(),
        "a.json",
    )
    assert [row for row, _why in found.faults] == [2, 3, 4]
    for raw, name in (
        (b"{", "a.json"),
        (b"[1]", "a.json"),
        (b"PK\x03", "a.xlsx"),
        (b"3", "b.json"),
    ):
        with pytest.raises(reading.NotAList):
            reading.read(raw, name)


def test_a_sheet_reads_like_json() -> None:
    book, out = Workbook(), BytesIO()
    book.active.append(["MaHoSo", "TrangThaiHoSo", "NgayTiepNhan"])
    book.active.append([THEIRS, 4, MONDAY.replace(tzinfo=None)])
    book.save(out)
    found = reading.read(out.getvalue(), "ds.xlsx").lines[0]
    assert (found.code, found.state, found.accepted_at) == (THEIRS, 4, MONDAY)


def test_messages_leave_once_and_answers_settle_them(office, working) -> None:
    first = outbox.hand_out("DVCQG", by=office.clerk, commune=office.commune)
    assert [each["Loai"] for each in first] == ["dossier", "progress"]
    assert outbox.hand_out("DVCQG", by=office.clerk, commune=office.commune) == []
    state = SyncState.objects.get(dossier=working)
    assert state.state == Sync.SENT
    keys = [UUID(each["MaThongDiep"]) for each in first]
    said = {keys[0]: "ok", keys[1]: "unknown", uuid4(): "ok"}
    went = outbox.take_answers(said, "DVCQG", by=office.clerk, commune=office.commune)
    assert (went["da_xac_nhan"], went["can_doi_soat"], went["strange"]) == (1, 1, 1)
    state.refresh_from_db()
    assert state.state == Sync.TO_RECONCILE
    assert outbox.hand_out("DVCQG", by=office.clerk, commune=office.commune) == []  # not blindly
    outbox.take_answers(dict.fromkeys(keys, "ok"), "DVCQG", by=office.clerk, commune=office.commune)
    state.refresh_from_db()
    assert state.state == Sync.CONFIRMED
    ids = OutMessage.objects.values_list("message_id", flat=True)
    assert len(set(ids)) == len(ids)


def test_a_day_is_compared_by_any_code_and_explained(office, working, new_dossier) -> None:
    alone = actions.receive(new_dossier(), by=office.clerk, commune=office.commune).dossier
    later = (working.promise_at + timedelta(hours=3)).isoformat()
    rows = [
        line(MaHoSo=working.code, MaTTHC="1.004837", NgayTiepNhan=MONDAY.isoformat(),
             NgayHenTra=later, DanhSachLePhi=[{"Gia": 8000}]),
        line(MaTTHC="1.004837", ChuHoSo="Lò Thị Mẩy", NgayTiepNhan=MONDAY.isoformat()),
        line(MaTTHC="1.004837"),
    ]  # fmt: skip
    raw = json.dumps(rows).encode()
    ask = {
        "target": "DVCQG",
        "day": date(2026, 11, 23),
        "by": office.clerk,
        "commune": office.commune,
    }
    made = reconciling.compare(raw, "a.json", **ask)
    assert reconciling.compare(raw, "a.json", **ask).pk == made.pk
    found = {(d.code, d.verdict) for d in made.differences.all()}
    assert found == {
        (working.code, "date_differs"), (working.code, "fee_differs"), (alone.code, "only_ours"),
        (THEIRS, "only_theirs"), (THEIRS, "duplicate"),
    }  # fmt: skip
    with pytest.raises(reconciling.StillOpen):
        reconciling.close_month(date(2026, 11, 1), "DVCQG", by=office.clerk, commune=office.commune)
    name = str(System.DVCQG.label)
    month = date(2026, 11, 1)
    assert comparisons.months(office.commune) == [(month, "DVCQG", name, 5, False)]
    for each in made.differences.all():
        reconciling.explain(each, "Đã gọi hỏi, bên kia sửa", by=office.clerk)
    assert Difference.objects.filter(resolved_at__isnull=True).count() == 0
    closed = reconciling.close_month(
        date(2026, 11, 1), "DVCQG", by=office.clerk, commune=office.commune
    )
    assert closed == 1
    assert comparisons.months(office.commune) == [(month, "DVCQG", name, 0, True)]


def test_a_month_is_closed_on_its_page(office, working, client_of) -> None:
    from xaso.kernel.identity.models import Official

    desk = client_of(Official.objects.get(pk=office.clerk.id))
    page = "/binh-lu/can-bo/trao-doi-ho-so/"
    raw = json.dumps([line(MaHoSo=working.code, MaTTHC="1.004837")]).encode()
    made = reconciling.compare(
        raw, "a.json", target="DVCQG", day=date(2026, 11, 23), by=office.clerk,
        commune=office.commune,
    )  # fmt: skip
    said = {"thang": "2026-11-01 DVCQG"}
    if made.differences.exists():
        refused = desk.post(f"{page}chot-thang/", said, follow=True).content.decode()
        assert "chưa giải thích" in refused
        for each in made.differences.all():
            reconciling.explain(each, "Đã gọi hỏi, bên kia sửa", by=office.clerk)
    assert 'value="2026-11-01 DVCQG"' in desk.get(page).content.decode()
    done = desk.post(f"{page}chot-thang/", said, follow=True).content.decode()
    assert "Đã chốt tháng 11/2026" in done
    assert "Đã chốt" in done
    made.refresh_from_db()
    assert made.closed_at is not None
    assert desk.post(f"{page}chot-thang/", {"thang": "hôm nay"}).status_code == 404


def test_the_pages_of_the_exchange(office, working, client_of) -> None:
    from xaso.kernel.identity.models import Official

    page = client_of(Official.objects.get(pk=office.clerk.id))
    assert page.get(HOME).status_code == 200
    for ask in (page.get, page.post):  # the password once more, before names leave the house
        asked = ask(f"{HOME}{'tai-ve' if ask == page.get else 'thong-diep'}/")
        assert asked["Location"].startswith("/binh-lu/tai-khoan/hoi-lai/")
    session = page.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    span = {"since": "2026-11-23", "until": "2026-11-23"}
    told = page.get(f"{HOME}tai-ve/", span | {"kind": "json"}).json()["data"]
    assert [each["MaHoSo"] for each in told] == [working.code]
    sheet = page.get(f"{HOME}tai-ve/", span | {"kind": "xlsx"})
    rows = list(load_workbook(BytesIO(sheet.content)).active.iter_rows(values_only=True))
    assert rows[0] == writing.FLAT
    file = SimpleUploadedFile("a.json", json.dumps([line()]).encode())
    form = {"target": "DVCQG", "day": "2026-11-23", "file": file}
    made = page.post(f"{HOME}doi-soat/", form)
    shown = page.get(made.url).content.decode()
    assert THEIRS in shown
    difference = Difference.objects.filter(code=THEIRS).get()
    done = page.post(
        made.url, {"difference": difference.pk, "note": "Bên kia nhập thừa"}, follow=True
    )
    assert "Đã ghi lời giải thích" in done.content.decode()
    assert page.post(f"{HOME}thong-diep/").json()["ThongDiep"]
    wrong = page.post(f"{HOME}tra-loi/", {"file": SimpleUploadedFile("b.json", b"{")}, follow=True)
    assert "Tệp trả lời chưa đúng" in wrong.content.decode()


def test_who_reads_no_dossier_takes_none_along(office, working, client_of) -> None:
    page = client_of(person(office.commune, "quan-tri", "administrator"))
    assert "Xuất hồ sơ của xã" not in page.get(HOME).content.decode()
    assert page.get(f"{HOME}tai-ve/").status_code == 403
    assert page.post(f"{HOME}thong-diep/").status_code == 403
    assert page.get("/binh-lu/can-bo/tiep-nhan/so.pdf").status_code == 403
