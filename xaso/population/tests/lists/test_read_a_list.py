"""A file is read as it came, or refused with a reason; nothing in it is guessed."""

import contextlib
import io
import unicodedata
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from xaso.population.lists import cleaning, csvs, files, heading, reading, sheets, tcvn3, workbooks
from xaso.population.lists.reading import Wishes
from xaso.population.lists.verdicts import No
from xaso.population.tests.lists.lists_of_people import (
    FAMILY,
    HEAD,
    saved,
    text,
    with_part,
    workbook,
)

TODAY = date(2026, 11, 23)


def read(body: bytes, sheet: int | None = None):
    return workbooks.read(body, sheet)


def cleaned(rows, head=HEAD, **facts):
    mapping = heading.propose(head)
    setting = cleaning.Setting(
        mapping, (), {"nadon": 1, "bannadon": 1}, TODAY, facts.get("is_1904", False)
    )
    return [cleaning.clean(n, list(cells), setting) for n, cells in enumerate(rows, start=2)]


def one(**cells):
    """Return a row understood, of cells by the name of their column."""
    names = {"ten": "Họ và tên", "ngay": "Ngày sinh", "phai": "Giới tính", "so": "Số CCCD",
             "cm": "Số CMND", "toc": "Dân tộc", "ho": "Mã hộ", "qh": "Quan hệ với chủ hộ",
             "ban": "Thôn/bản", "sdt": "Số điện thoại", "ct": "Loại cư trú"}  # fmt: skip
    full = {"ten": "Giàng A Páo"} | cells
    return cleaned([list(full.values())], head=tuple(names[name] for name in full))[0]


# Files that are refused, each with its own reason.


def test_a_workbook_is_read_by_a_process_of_its_own():
    found = reading.read("ds.xlsx", workbook(FAMILY), Wishes())
    assert [number for number, _cells in found.rows()] == [1, 2, 3, 4, 5, 6]
    assert found.facts["sheets"] == [{"name": "Sheet", "is_hidden": False}]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("ds.xlsm", b"PK", "macros"),
        ("ds.xls", b"\xd0\xcf\x11\xe0", "old_excel"),
        ("ds.pdf", b"%PDF", "unknown_kind"),
        ("ds.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "locked"),  # encrypted: a compound file
        ("ds.xlsx", b"no zip at all", "not_a_workbook"),
        ("ds.xlsx", with_part(workbook(FAMILY), "xl/vbaProject.bin", b"x"), "macros"),
        (
            "ds.xlsx",
            with_part(workbook(FAMILY), "xl/externalLinks/externalLink1.xml", b"<x/>"),
            "outside_links",
        ),
        ("ds.xlsx", with_part(workbook(FAMILY), "xl/media/a.bin", b"\0" * 9_000_000), "dangerous"),
        ("ds.csv", b"\0\1\2\3,\4", "not_text"),
    ],
)
def test_what_is_no_plain_list_is_refused(name, body, code):
    with pytest.raises(No) as refused:
        reading.read(name, body, Wishes())
    assert refused.value.code == code


def test_a_sheet_too_wide_or_too_long_is_refused(monkeypatch):
    with pytest.raises(No, match="too_many_columns"):
        read(workbook([[1] * 201]))
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    with pytest.raises(No, match="too_many_rows"):
        read(workbook(FAMILY))
    monkeypatch.setattr(csvs, "MOST_ROWS", 3)
    with pytest.raises(No, match="too_many_rows"):
        csvs.read(text(FAMILY).encode(), "")


def test_a_broken_package_is_an_answer_and_no_crash():
    body = workbook(FAMILY)
    with pytest.raises(No):
        reading.read("ds.xlsx", body[: len(body) // 2], Wishes())


def test_a_dangerous_formula_is_refused():
    body = workbook([(1, "H1", "=cmd|'/c calc'!A0", "1987")])
    with pytest.raises(No, match="dangerous"):
        read(body)


# Sheets as they are.


def test_titles_merged_heads_numbering_and_totals_are_no_people():
    book = Workbook()
    sheet = book.active
    for row in (
        ["CÔNG AN XÃ BÌNH LƯ"],
        ["DANH SÁCH NHÂN KHẨU THƯỜNG TRÚ"],
        [],
        ["STT", "Mã hộ", "Họ và tên", "Năm sinh", None, "Quan hệ với chủ hộ", "Nơi ở", None],
        [None, None, None, "Nam", "Nữ", None, "Bản", "Địa chỉ"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
        [1, "H1", "GIÀNG A PÁO", 1987, None, "Chủ hộ", "Nà Đon", "Số 1"],
        [2, None, "VÀNG THỊ DỢ", None, 1990, "Vợ", None, None],
        ["STT", "Mã hộ", "Họ và tên", "Nam", "Nữ", "Quan hệ với chủ hộ", "Bản", "Địa chỉ"],
        [3, "H2", "LÒ VĂN Á", 1975, None, "Chủ hộ", "Nà Đon", None],
        ["Tổng cộng", None, 3],
        [None, None, "Người lập biểu"],
    ):
        sheet.append(row)
    for area in ("A1:H1", "A2:H2", "D4:E4", "G4:H4", "B7:B8", "G7:G8"):
        sheet.merge_cells(area)
    _facts, rows = read(saved(book))
    head = heading.find(rows)
    assert head.last == 6
    mapping = heading.propose(head.texts)
    assert mapping == {1: "household", 2: "name", 3: "birth_male", 4: "birth_female", 5: "role",
                       6: "village", 7: "address"}  # fmt: skip
    setting = cleaning.Setting(mapping, ("hovaten",), {"nadon": 1}, TODAY)
    lines = [cleaning.clean(n, cells, setting) for n, cells in rows if n > head.last]
    assert [line.skipped for line in lines] == ["", "", "head_again", "", "total", "foot"]
    wife = lines[1].said
    assert (wife["name"], wife["sex"], wife["birth"]) == (
        "Vàng Thị Dợ", "female", ["1990-01-01", "year"],
    )  # fmt: skip
    assert (wife["household"], wife["village"]) == ("H1", 1)  # the merged cells above


def test_the_longest_visible_sheet_is_read_and_another_when_asked():
    def more(book):
        other = book.create_sheet("Cũ")
        for number in range(30):
            other.append([number, "x"])
        other.sheet_state = "hidden"
        book.create_sheet("Ghi chú").append(["một dòng"])

    facts, rows = read(workbook(FAMILY, change=more))
    assert (facts["sheet"], len(rows)) == (0, 6)
    assert [s["is_hidden"] for s in facts["sheets"]] == [False, True, False]
    assert len(read(workbook(FAMILY, change=more), 1)[1]) == 30


def test_a_formula_without_a_result_is_an_error_and_not_silence():
    _facts, rows = read(workbook([(1, "H1", "Giàng A Páo", "=1986+1", "Nam")]))
    assert rows[1][1][3] == {"e": "formula"}
    line = cleaned([rows[1][1]])[0]
    assert line.errors == [("birth", "formula")]


def test_a_sheet_that_lies_about_its_size_is_read_to_its_end():
    body = workbook(FAMILY)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                part = part.replace(b'<dimension ref="A1:K6"', b'<dimension ref="A1:B2"')
            new.writestr(info.filename, part)
    assert len(read(buffer.getvalue())[1]) == 6


# Texts.


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_read_whatever_cuts_its_cells(sign, encoding):
    facts, rows = csvs.read(text(FAMILY, sign).encode(encoding), "")
    assert facts["delimiter"] == sign
    assert rows[1][1][2] == "Giàng A Páo"


def test_old_writings_are_shown_and_never_guessed():
    body = tcvn3.encoded(text(FAMILY[:3]))
    facts, rows = csvs.read(body, "")
    assert (rows, set(facts["previews"])) == ([], {"cp1258", "tcvn3"})
    assert "Giàng A Páo" in "".join(facts["previews"]["tcvn3"])
    assert "Giàng A Páo" not in "".join(facts["previews"]["cp1258"])
    _facts, rows = csvs.read(body, "tcvn3")
    assert rows[1][1][2] == "Giàng A Páo"
    windows = "Họ và tên,Năm sinh\r\nĐèo Văn Ấn,1987\r\n"
    body = "".join(_cp1258(c) for c in windows).encode("cp1258")
    _facts, rows = csvs.read(body, "cp1258")
    assert rows[1][1][0] == "Đèo Văn Ấn"
    with pytest.raises(No, match="wrong_encoding"):
        csvs.read(b"\x81\x8d\xff", "tcvn3")


def _cp1258(letter: str) -> str:
    """Return a letter as Windows-1258 writes it: the base with its hat, the tone behind."""
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tones = "\u0300\u0301\u0303\u0309\u0323"
        base = "".join(p for p in parts if p not in tones)
        return unicodedata.normalize("NFC", base) + "".join(p for p in parts if p in tones)
    return letter


# Cells.


@pytest.mark.parametrize(
    ("value", "day", "precision", "rules"),
    [
        ("1/5/1987", "1987-05-01", "day", []),
        ("01-05-1987", "1987-05-01", "day", []),
        ("1987-05-01 00:00:00", "1987-05-01", "day", []),
        ({"d": "1987-05-01"}, "1987-05-01", "day", []),
        (1987, "1987-01-01", "year", []),
        (1987.0, "1987-01-01", "year", []),
        ("05/1987", "1987-05-01", "month", []),
        ("00/00/1987", "1987-01-01", "year", ["day_zero"]),
        ("00/05/1987", "1987-05-01", "month", ["day_zero"]),
        (31898, "1987-05-01", "day", ["excel_serial"]),
        ("31898", "1987-05-01", "day", ["excel_serial"]),
    ],
)
def test_days_in_many_ways(value, day, precision, rules):
    line = one(ngay=value)
    assert line.said["birth"] == [day, precision]
    assert [rule for _field, rule in line.rules] == rules


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("5/25/1987", "day_impossible"),  # never turned round into 25 May
        ("31/2/1990", "day_impossible"),
        ("1/5/87", "year_two_digits"),
        ("5/87", "year_two_digits"),
        ("1/1/2030", "day_to_come"),
        (60, "serial_60"),
        ({"d": "1900-02-28"}, "serial_60"),
        (3, "day_unreadable"),
        ("khoảng năm Thìn", "day_unreadable"),
        ("1٩87", "day_unreadable"),
    ],
)
def test_days_that_are_none(value, code):
    assert one(ngay=value).errors == [("birth", code)]


def test_a_workbook_of_1904_counts_from_there():
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Họ và tên", "Ngày sinh", "Giới tính"])
    book.active.append(["Giàng A Páo", date(1987, 5, 1), "Nam"])
    facts, rows = read(saved(book))
    assert facts["is_1904"] is True
    assert rows[1][1][1] == {"d": "1987-05-01"}
    line = cleaned([["Giàng A Páo", 30436]], head=("Họ và tên", "Ngày sinh"), is_1904=True)[0]
    assert line.said["birth"] == ["1987-05-01", "day"]


@pytest.mark.parametrize(
    ("value", "number", "rules"),
    [
        ("012087001234", "012087001234", []),
        ("012 087.001-234", "012087001234", []),
        ("'012087001234", "012087001234", []),
        (12087001234, "012087001234", ["number_from_excel", "lead_zero_restored"]),
        (12087001234.0, "012087001234", ["number_from_excel", "lead_zero_restored"]),
        ("1.2087001234E+10", "012087001234", ["number_from_excel", "lead_zero_restored"]),
        ("12087001234", "012087001234", ["lead_zero_restored"]),
        (1087001234, "001087001234", ["number_from_excel", "lead_zero_restored"]),
    ],
)
def test_numbers_that_excel_spoiled(value, number, rules):
    line = one(ngay="1987", phai="Nam", so=value)
    assert line.said["number"] == number
    assert [rule for field, rule in line.rules if field == "national_id"] == rules


@pytest.mark.parametrize(
    ("value", "birth", "code"),
    [
        ("12087001234", "1988", "number_short"),  # the year does not agree
        ("12087001234", None, "number_short"),
        ("99987001234", "1987", "number_short"),  # no such province
        ("1.20870E+10", "1987", "number_rounded"),  # Excel lost digits for good
        ("0120870٠1234", "1987", "number_wrong"),
        ("01208700", "1987", "number_wrong"),
        ("012327000001", "1987", "number_year_to_come"),
    ],
)
def test_numbers_that_cannot_be_mended(value, birth, code):
    line = one(ngay=birth, so=value)
    assert ("national_id", code) in line.errors


@pytest.mark.parametrize("value", ["0", 0, "000000000000", "123456789012", "không", "-", "Chưa có"])
def test_made_up_numbers_are_no_numbers(value):
    line = one(ngay="1987", so=value)
    assert "number" not in line.said
    assert not line.errors


def test_nine_digits_are_the_former_card():
    assert one(ngay="1987", so="045123678").said["cmnd"] == "045123678"
    assert one(ngay="1987", cm="12087001234").said["number"] == "012087001234"


def test_what_looks_wrong_is_kept_as_a_question():
    line = one(ngay="1988", phai="Nữ", so="012087001234")
    assert line.said["number_warnings"] == ["year_differs", "sex_differs"]


@pytest.mark.parametrize(
    ("value", "code", "rule"),
    [
        ("Mông", "08", None),
        ("dân tộc H’Mông", "08", "ethnic_alias"),
        ("Mèo", "08", "ethnic_alias"),
        ("Thổ", "24", "ethnic_official"),
    ],
)
def test_peoples_by_any_name(value, code, rule):
    line = one(ngay="1987", toc=value)
    assert line.said["ethnic"] == code
    assert ([("ethnic", rule)] if rule else []) == line.rules


@pytest.mark.parametrize(
    ("value", "code"),
    [("Xá", "ethnic_several"), ("Xá Khao", "ethnic_several"), ("Tiên", "ethnic_unknown")],
)
def test_peoples_to_be_asked_about(value, code):
    assert one(ngay="1987", toc=value).errors == [("ethnic", code)]


def test_households_roles_and_places():
    line = one(ngay="1987", ho=12.0, qh="Con đẻ", ban="bản Nà Đon", ct="Tạm trú", sdt=912345678)
    assert line.said["household"] == "12"
    assert (line.said["role"], line.said["village"]) == ("child", 1)
    assert (line.said["residence"], line.said["phone"]) == ("temporary", "+84912345678")
    assert "household" not in one(ngay="1987", ho="0").said
    assert one(ngay="1987", ban="Bản Không Có").errors == [("village", "village_unknown")]
    assert one(ngay="1987", qh="bạn bố").said["role"] == "other"


def test_names():
    assert one(ten="GIÀNG A PÁO", ngay="1987").said["name"] == "Giàng A Páo"
    assert one(ten="Giàng\u202eA", ngay="1987").said["name"] == "GiàngA"
    assert one(ten="<script>", ngay="1987").errors == [("name", "name_signs")]
    assert one(ten=12, ngay="1987").errors == [("name", "name_not_text")]
    assert one(ten=None, ngay="1987").errors == [("name", "name_missing")]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(),
            st.fixed_dictionaries({"e": st.text(max_size=8)}),
        ),
        max_size=14,
    )
)  # fmt: skip
def test_no_cell_breaks_the_reading(cells):
    line = cleaned([cells])[0]
    assert line.skipped or line.errors or "name" in line.said


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading_of_texts(body):
    with contextlib.suppress(No):
        csvs.read(body, "")


@given(st.text(max_size=20))
def test_cells_that_leave_are_no_formulas(value):
    assert not files.guarded(value).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert files.guarded("=1+1") == "'=1+1"


@pytest.mark.parametrize("cell", [float("inf"), float("-inf"), float("nan")])
def test_a_number_without_end_is_no_day(cell):
    line = cleaned([("1", "H1", "Giàng A Páo", cell)])[0]
    assert line.skipped or line.errors or "birth" not in line.said


def test_cells_mean_what_openpyxl_says_they_mean():
    """Two readings of one workbook: ours in one pass, and openpyxl's own."""
    book = Workbook()
    sheet = book.active
    rich = CellRichText("Giàng ", TextBlock(InlineFont(b=True), "A Páo"))
    sheet.append(["Họ và tên", "đ <&> ế", 12, 1.5, True, False, None, "  hai bên  "])
    moment = datetime(2020, 2, 29, 7, 5)  # noqa: DTZ001  (a workbook knows no zones)
    sheet.append([moment, date(1987, 5, 1), time(7, 5), timedelta(hours=30)])
    sheet.append([])
    sheet.append([rich, "#REF!", 12_345_678_901, 1e21, "=1+1", "", "x" * 3_000])
    sheet["ZZ9"].number_format = "0"
    sheet["C12"] = "xa"
    for epoch in (CALENDAR_MAC_1904, book.epoch):
        book.epoch = epoch
        body = saved(book)
        theirs = load_workbook(io.BytesIO(body), read_only=True, data_only=True).active
        expected = [
            [number, cells]
            for number, row in enumerate(theirs.iter_rows(values_only=True), start=1)
            if (cells := workbooks._kept(list(row)))
        ]
        _facts, found = read(body)
        formula = next(cells for number, cells in found if number == 4)
        assert formula[4] == {"e": "formula"}
        formula[4] = None
        assert found == expected


def test_texts_inside_the_cells_are_texts():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Họ và tên", "Giàng A Páo", 7, None, "cuối"])
    assert read(saved(book))[1] == [[1, ["Họ và tên", "Giàng A Páo", 7, None, "cuối"]]]


def test_what_is_written_above_a_text_to_be_spoken_is_no_text():
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    part = (
        f'<sst xmlns="{space}"><si><t>Lò</t><rPh sb="0" eb="1"><t>LO</t></rPh></si>'
        f"<si><r><t>Lò </t></r><r><t>Văn</t></r></si></sst>"
    )
    assert sheets.texts(part.encode()) == ["Lò", "Lò Văn"]


def test_a_sheet_that_declares_its_own_words_is_refused():
    part = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    with pytest.raises(No, match="dangerous"):
        sheets.texts(part)
