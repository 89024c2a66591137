"""The pages of lists: send, choose columns, look, decide, write, undo, take files along."""

import io
import json
import time
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Role
from xaso.kernel.jobs import actions as jobs
from xaso.population.actions import importing
from xaso.population.lists import tcvn3
from xaso.population.models import (
    ImportBatch,
    ImportBlock,
    ImportFile,
    ImportRow,
    Person,
    ViewLog,
)
from xaso.population.tests.conftest import BY, TODAY
from xaso.population.tests.lists.lists_of_people import FAMILY, text, workbook

pytestmark = pytest.mark.django_db
EARLIER = date(2026, 10, 1)


@pytest.fixture
def desk(town, official, client_of) -> Client:
    client = client_of(official(Role.OFFICER, town))
    client.raise_request_exception = True
    session = client.session  # the password was typed a moment ago
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


@pytest.fixture
def at(town):
    return f"/{town.slug}/can-bo/dan-cu/nhap-danh-sach/"


def uploaded(name: str, body: bytes):
    return {
        "file": SimpleUploadedFile(name, body), "sender": "Công an xã", "source": "police_export",
        "as_of": TODAY.isoformat(),
    }  # fmt: skip


def test_a_list_goes_through_the_pages(town, desk, at):
    sent = desk.post(at, uploaded("ds.xlsx", workbook(FAMILY)))
    page = sent["Location"]
    assert "Đang đọc tệp" in desk.get(page).content.decode()
    assert 'hx-trigger="every 2s"' in desk.get(f"{page}tien-do/").content.decode()
    jobs.do_now()
    assert desk.get(f"{page}tien-do/")["HX-Refresh"] == "true"
    shown = desk.get(page).content.decode()
    assert "Mỗi cột là gì?" in shown
    assert "Giàng A Páo" in shown
    batch = ImportBatch.objects.get()
    chosen = {f"c{column}": name for column, name in batch.mapping.items()}
    assert desk.post(f"{page}cot/", {**chosen, "has_titles": "on"}).status_code == 302
    jobs.do_now()
    shown = desk.get(page).content.decode()
    assert "Nhận cả 5 người mới" in shown
    assert "012087001234" not in shown  # a number is shown by its end only
    desk.post(f"{page}loai/", {"kind": "new", "decision": "take"})
    desk.post(f"{page}duyet/")
    jobs.do_now()
    shown = desk.get(page).content.decode()
    assert "Đã ghi vào sổ" in shown
    assert "Xem trước khi hoàn tác" in shown
    assert Person.objects.count() == 5
    asked = desk.get(f"{page}hoan-tac/").content.decode()
    assert "<strong>5</strong> trong 5 dòng đã ghi" in asked
    assert "Không thấy dòng nào phải giữ lại" in asked
    someone = Person.objects.get(fold="lo thi in")
    desk.get(f"/{town.slug}/can-bo/dan-cu/nguoi/{someone.pk}/")
    asked = desk.get(f"{page}hoan-tac/").content.decode()
    assert "<strong>4</strong> trong 5 dòng đã ghi" in asked
    assert "<strong>1</strong> dòng giữ nguyên" in asked
    assert "đã có người xem hoặc dùng" in asked
    assert "Lò Thị In" not in asked  # to count is not to look
    assert desk.post(f"{page}hoan-tac/").status_code == 302
    assert ImportBatch.objects.get().state == "undoing"
    assert desk.get(f"{page}hoan-tac/").status_code == 302  # no longer to be asked


def test_a_step_that_was_given_up_is_said_and_tried_again(desk, at):
    page = desk.post(at, uploaded("ds.xlsx", workbook(FAMILY)))["Location"]
    assert "Bước này bị dừng" not in desk.get(page).content.decode()
    assert desk.post(f"{page}thu-lai/").status_code == 302  # nothing stands still: nothing happens
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 4")
    assert desk.get(f"{page}tien-do/").headers["HX-Refresh"] == "true"
    shown = desk.get(page).content.decode()
    assert "Bước này bị dừng" in shown
    assert "hx-trigger" not in shown
    other = desk.post(at, uploaded("ds2.xlsx", workbook(FAMILY[:3])))["Location"]
    assert "Bước này bị dừng" not in desk.get(other).content.decode()
    assert desk.post(f"{page}thu-lai/").status_code == 302
    assert Entry.objects.filter(action="population.list_tried_again").count() == 1
    assert "Bước này bị dừng" not in desk.get(page).content.decode()
    jobs.do_now()
    assert ImportBatch.objects.get(file_name="ds.xlsx").state == "parsed"


def test_a_step_that_fails_for_good_is_finished_by_trying_again(desk, at):
    page = desk.post(at, uploaded("ds.xlsx", workbook(FAMILY)))["Location"]
    file = ImportFile.objects.get()
    whole, file.body = file.body, b"torn"
    file.save()
    with pytest.raises(ValueError, match="sealed value"):
        jobs.do_now()
    with connection.cursor() as cursor:  # its last try, and the worker went down with it
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 3")
    jobs.give_back_stalled(0)
    assert "Bước này bị dừng" in desk.get(page).content.decode()
    file.body = whole
    file.save()
    desk.post(f"{page}thu-lai/")
    jobs.do_now()
    assert "Mỗi cột là gì?" in desk.get(page).content.decode()


def test_a_step_given_up_earlier_does_not_stop_a_later_one(desk, at):
    page = desk.post(at, uploaded("ds.xlsx", workbook(FAMILY)))["Location"]
    jobs.do_now()
    with connection.cursor() as cursor:  # counted as dead, though its worker had finished it
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    batch = ImportBatch.objects.get()
    plan = importing.Plan({int(c): f for c, f in batch.mapping.items()})
    importing.map_columns(batch, plan, by=BY)
    assert "Bước này bị dừng" not in desk.get(page).content.decode()


def test_two_columns_of_one_meaning_are_refused_with_a_sentence(desk, at):
    page = desk.post(at, uploaded("ds.xlsx", workbook(FAMILY)))["Location"]
    jobs.do_now()
    answer = desk.post(f"{page}cot/", {"c1": "name", "c2": "name"})
    assert answer.status_code == 422
    assert "Hai cột cùng chọn" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("ds.xlsm", b"PK123", "có chương trình (macro)"),
        ("ds.xls", b"\xd0\xcf\x11\xe0", "Excel đời cũ"),
        ("ds.pdf", b"%PDF-", "Chỉ nhận tệp .xlsx hoặc .csv"),
    ],
)
def test_a_wrong_file_is_refused_at_the_door(desk, at, name, body, sentence):
    answer = desk.post(at, uploaded(name, body))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_file_that_cannot_be_read_says_why(desk, at):
    page = desk.post(at, uploaded("ds.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600))["Location"]
    jobs.do_now()
    assert "khóa bằng mật khẩu" in desk.get(page).content.decode()


def test_an_old_text_is_shown_in_each_writing(desk, at):
    body = tcvn3.encoded(text(FAMILY[:3]))
    page = desk.post(at, uploaded("ds.csv", body))["Location"]
    jobs.do_now()
    shown = desk.get(page).content.decode()
    assert "bảng mã nào" in shown
    assert "Giàng A Páo" in shown
    desk.post(f"{page}doc-lai/", {"encoding": "tcvn3"})
    jobs.do_now()
    assert "Mỗi cột là gì?" in desk.get(page).content.decode()


def test_differences_are_shown_with_both_sources_and_written_down(desk, at, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    rows = [(1, "H1", "Giàng A Pháo", *FAMILY[0][3:]), *FAMILY[1:]]
    batch = compare(workbook(rows))
    shown = desk.get(f"{at}{batch.pk}/").content.decode()
    assert "Danh sách của công an, 01/10/2026" in shown
    assert "Danh sách của công an, 23/11/2026" in shown
    assert ViewLog.objects.filter(purpose="population.import").count() == 1
    row = ImportRow.objects.get(batch=batch, kind="changed")
    desk.post(f"{at}{batch.pk}/dong/{row.pk}/", {"decision": "skip"})
    row.refresh_from_db()
    assert row.decision == "skip"


def test_a_page_costs_the_same_however_many_rows_it_shows(
    desk, at, compare, django_assert_max_num_queries
):
    rows = [
        (n, f"H{n}", "Giàng A Páo", f"{n + 1}/5/1987", "Nam", "Chủ hộ", None, "Mông", "Nà Đon")
        for n in range(25)
    ]
    batch = compare(workbook(rows))
    with django_assert_max_num_queries(26):
        desk.get(f"{at}{batch.pk}/")


def test_the_rows_in_error_come_back_as_they_were_with_the_reason(desk, at, compare):
    rows = [*FAMILY, (6, "H1", "=Giàng", "31/2/1950", "Nam", "Bố", "12", "Mông", "Nà Đon")]
    batch = compare(workbook(rows))
    answer = desk.get(f"{at}{batch.pk}/loi.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    head, *lines = list(sheet.values)
    assert head[-1] == "Lỗi"
    assert len(lines) == 1
    assert "Không có ngày này" in lines[0][-1]
    assert lines[0][6] == "12"
    assert Entry.objects.filter(action="population.list_errors_taken").exists()


def test_a_row_in_error_shows_what_was_typed_escaped_and_short(desk, at, compare):
    wrong = "<b>31/2/1950</b>" + "x" * 200
    batch = compare(workbook([*FAMILY, (6, "H1", "Lò Văn Ổn", wrong, "Nam", "Bố")]))
    row = ImportRow.objects.get(batch=batch, kind="error")
    page = f"{at}{batch.pk}/?loai=error"
    shown = desk.get(page).content.decode()
    assert f"<q>&lt;b&gt;31/2/1950&lt;/b&gt;{'x' * 43}…</q>" in shown
    assert "<b>31/2" not in shown
    assert "31/2/1950" not in str([row.errors, row.reason])  # the row itself keeps no open text
    assert "31/2/1950" not in str(list(Entry.objects.values_list("payload", flat=True)))


def test_a_formula_nobody_computed_is_an_error_without_typed_text(desk, at, compare):
    batch = compare(workbook([*FAMILY, (6, "H1", "Lò Văn Ổn", "=1+1", "Nam", "Bố")]))
    shown = desk.get(f"{at}{batch.pk}/?loai=error").content.decode()
    assert "Ô là công thức chưa tính" in shown
    assert "<q>" not in shown
    assert "{&#x27;e&#x27;" not in shown


def test_what_was_typed_is_for_who_may_import(at, compare, official, client_of, town):
    batch = compare(workbook([(1, "H1", "Lò Văn Ổn", "31/2/1950", "Nam", "Bố")]))
    for role in (Role.CLERK, Role.VILLAGE_HEAD):
        answer = client_of(official(role, town)).get(f"{at}{batch.pk}/?loai=error")
        assert answer.status_code == 403
        assert "31/2/1950" not in answer.content.decode()


def test_what_was_typed_costs_one_statement_however_many_rows_are_wrong(desk, at, compare):
    counts = []
    for many in (2, 25):
        rows = [
            (n, f"H{n}", f"Giàng A Páo {many}", "31/2/1950", "Nam", "Chủ hộ") for n in range(many)
        ]
        batch = compare(workbook(rows))
        page = f"{at}{batch.pk}/?loai=error"
        desk.get(page)
        with CaptureQueriesContext(connection) as seen:
            shown = desk.get(page).content.decode()
        assert shown.count("<q>31/2/1950</q>") == many
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_what_was_typed_is_found_behind_a_thousand_empty_rows(desk, at, compare):
    batch = compare(workbook([*FAMILY, (6, "H1", "Lò Văn Ổn", "31/2/1950", "Nam", "Bố")]))
    ImportRow.objects.filter(batch=batch, kind="error").update(number=1600)
    block = ImportBlock.objects.get(batch=batch)
    rows = json.loads(block.body)
    rows[-1][0] = 1600  # as a sheet with a long gap is kept
    block.body = json.dumps(rows)
    block.save()
    assert "<q>31/2/1950</q>" in desk.get(f"{at}{batch.pk}/?loai=error").content.decode()


def test_who_is_not_in_the_list_can_be_looked_at(desk, at, write, compare):
    write(workbook(FAMILY), as_of=EARLIER)
    batch = compare(workbook(FAMILY[:3]))
    shown = desk.get(f"{at}{batch.pk}/vang/").content.decode()
    assert "Lò Thị Ín" in shown
    assert "Giàng A Páo" not in shown


def test_files_that_leave_hold_no_number_and_no_people(town, desk, at, write):
    rows = [(1, "H1", "Giàng A Páo", *FAMILY[0][3:]), (2, "H1", "-Vàng", "1990", "Nữ", "Vợ")]
    write(workbook(rows))
    for form in ("csv", "xlsx"):
        answer = desk.get(f"/{town.slug}/can-bo/dan-cu/xuat-danh-sach/?dang={form}")
        assert answer.status_code == 200
        body = answer.content
        if form == "xlsx":
            sheet = load_workbook(io.BytesIO(body)).active
            body = "\n".join(",".join(map(str, row)) for row in sheet.values).encode()
        words = body.decode("utf-8-sig")
        assert "Giàng A Páo" in words
        assert "'-Vàng" in words
        assert not [w for w in ("012087001234", "Mông", "Dân tộc", "0912345678") if w in words]
    assert ViewLog.objects.filter(purpose="population.export").count() == 2
    assert Entry.objects.filter(action="population.exported").count() == 2


@pytest.mark.parametrize("role", [Role.VILLAGE_HEAD, Role.TEAM, Role.CLERK, Role.LEADER])
def test_lists_are_for_population_officers(town, official, client_of, at, role):
    assert client_of(official(role, town)).get(at).status_code == 403


def test_another_communes_list_is_not_there(desk, at, town, compare, tan_phong):
    batch = compare(workbook(FAMILY))
    assert (
        desk.get(f"/{tan_phong.slug}/can-bo/dan-cu/nhap-danh-sach/{batch.pk}/").status_code == 404
    )
