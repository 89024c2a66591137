"""Forms from data: what is on the paper, that it can be read back, that text stays text."""

import io
import unicodedata
import zipfile
from datetime import date, datetime

import pikepdf
import pypdfium2
import pytest
import segno
from docx import Document

from xaso.documents import actions, builtin, queries
from xaso.documents.refusals import BadTemplate, MissingData, NoSuchLayout, NoTemplate, PressFailed
from xaso.documents.rendering import filling, press, sheets
from xaso.documents.tests.conftest import CLERK
from xaso.kernel.text.dates import ZONE

FORMS = [f"mau-0{n}" for n in range(1, 8)]
DAY = date(2026, 11, 23)
VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
LETTERS = VOWELS + "bcdđghklmnpqrstvxfjwz"


def read(pdf):
    """Return the text of a PDF, line ends as blanks."""
    with pypdfium2.PdfDocument(pdf) as opened:
        text = "\n".join(page.get_textpage().get_text_range() for page in opened)
    return " ".join(text.split())


def sample(code):
    return builtin.sheets()[code].sample


@pytest.mark.parametrize("code", FORMS)
def test_every_form_says_all_it_was_given(town, code):
    """Golden by text: each value of the sample stands on the page, whole, in Vietnamese."""
    paper = filling.filled(builtin.sheets()[code], sample(code))
    made = press.made(paper, output="pdf", at=datetime(2026, 11, 23, tzinfo=ZONE))
    text = read(made.content)
    assert made.pages == 1
    for expected in said(paper["blocks"]):
        assert " ".join(expected.split()) in text, expected
    assert text == unicodedata.normalize("NFC", text)


def said(blocks):
    """Yield short texts of the blocks that stand on one line each."""
    for block in blocks:
        if block["kind"] == "facts":
            yield from (row["value"] for row in block["rows"] if len(row["value"]) < 40)
        if block["kind"] == "table":
            yield from (cell for row in block["rows"] for cell in row if 0 < len(cell) < 10)
        if block["kind"] == "title":
            yield block["text"].upper()


def test_the_sentence_of_the_apology_is_whole(town):
    text = read(actions.render("mau-04", sample("mau-04"), DAY).content)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "Số: 05/UBND-TTPVHCC" in text
    assert "Bình Lư, ngày 23 tháng 11 năm 2026" in text
    assert "hẹn trả kết quả lúc 11 giờ 30 phút, ngày 27 tháng 11 năm 2026." in text
    assert "Mong được thông cảm./." in text
    assert "- Lưu: VT, TTPVHCC." in text
    assert "THỬ NGHIỆM" in text  # the commune is a demo


def test_days_and_the_first_months_take_a_zero():
    assert filling.shown(date(2026, 1, 5), "long_day") == "ngày 05 tháng 01 năm 2026"
    assert filling.shown(date(2026, 6, 29), "long_day") == "ngày 29 tháng 6 năm 2026"
    midnight = datetime(2026, 12, 31, 17, 5, tzinfo=ZONE).astimezone(ZONE)
    assert filling.shown(midnight, "long_moment") == "17 giờ 05 phút, ngày 31 tháng 12 năm 2026"
    assert filling.shown(1250000, "money") == "1.250.000 đồng"


@pytest.mark.parametrize("output", ["pdf", "pdf80"])
def test_every_vietnamese_letter_is_embedded_and_comes_back(town, output):
    letters = LETTERS + LETTERS.upper()
    name = " ".join(letters[at : at + 12] for at in range(0, len(letters), 12))
    data = {**sample("mau-01"), "receiver": {"name": name}}
    made = actions.render("mau-01", data, DAY, output)
    assert not set(letters) - set(read(made.content))
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        fonts = [f for page in pdf.pages for f in page.Resources.Font.values()]
        below = [f.DescendantFonts[0].FontDescriptor for f in fonts]
        assert all("Liberation" in str(d.FontName) for d in below)
        assert all("/FontFile2" in d or "/FontFile3" in d for d in below)
        assert all("/ToUnicode" in f for f in fonts)


def test_the_page_is_a4_with_the_margins_of_the_decree(town):
    made = actions.render("mau-04", sample("mau-04"), DAY)
    with pypdfium2.PdfDocument(made.content) as pdf:
        page = pdf[0]
        assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 297]
        pixels = dark(page)
    columns, rows = pixels.any(axis=0).nonzero()[0], pixels.any(axis=1).nonzero()[0]
    left, right = columns[0] / 72 * 25.4, 210 - columns[-1] / 72 * 25.4
    assert 29.5 <= left <= 35.5
    assert 14.5 <= right <= 27  # lines may end before the margin
    assert 19.5 <= rows[0] / 72 * 25.4 <= 26


def test_the_slip_is_80_mm_wide_and_as_long_as_it_must(town):
    short = actions.render("mau-01", sample("mau-01"), DAY, "pdf80")
    more = {**sample("mau-01"), "components": sample("mau-01")["components"] * 20}
    long = actions.render("mau-01", more, DAY, "pdf80")

    def size(made):
        with pypdfium2.PdfDocument(made.content) as pdf:
            assert len(pdf) == 1
            return [round(side / 72 * 25.4) for side in pdf[0].get_size()]

    assert size(short)[0] == size(long)[0] == 80
    assert size(long)[1] > size(short)[1] + 100


def test_a_long_table_goes_on_over_pages_with_its_head(town):
    rows = [{**sample("mau-07")["rows"][0], "code": f"H35.10.05-261123-{n:04}"} for n in range(120)]
    made = actions.render("mau-07", {**sample("mau-07"), "rows": rows}, DAY)
    with pypdfium2.PdfDocument(made.content) as pdf:
        assert len(pdf) == made.pages > 3
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert all("Mã hồ sơ" in text for text in texts)
    assert sum(text.count("H35.10.05-261123-") for text in texts) == 120
    assert texts[1].split()[0] == "2"  # numbered in the top margin, the first page not


def dark(page, scale=1):
    """Return which pixels of a page are nearly black (the grey mark across it is not)."""
    pixels = page.render(scale=scale, grayscale=True).to_numpy()
    return pixels.reshape(pixels.shape[:2]) < 90


def test_the_qr_on_paper_is_the_qr_that_was_asked(town):
    """Every module is sampled from the drawn page and compared with the symbol itself."""
    text = "xaso = 'Số 05/QĐ-UBND, 23/11/2026'"
    block = {"kind": "qr", "data": "{qr}", "align": "left", "width": 40, "caption": "", "alt": ""}
    blocks = [filling._qr(block, {"qr": text})]
    paper = {"title": "QR", "look": dict(filling.LOOKS["a4"]), "watermark": "", "blocks": blocks}
    made = press.made(paper, output="pdf", at=datetime(2026, 1, 1, tzinfo=ZONE))
    with pypdfium2.PdfDocument(made.content) as pdf:
        pixels = dark(pdf[0], scale=4)
    rows, columns = pixels.any(axis=1).nonzero()[0], pixels.any(axis=0).nonzero()[0]
    symbol = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    wanted = segno.make(text, error="m", micro=False).matrix
    step = len(symbol) / len(wanted)
    seen = [
        [int(symbol[int((y + 0.5) * step), int((x + 0.5) * step)]) for x in range(len(wanted))]
        for y in range(len(wanted))
    ]
    assert seen == [list(row) for row in wanted]


def test_places_for_two_signatures_are_kept(town):
    fields = {f["name"]: f for f in actions.render("mau-04", sample("mau-04"), DAY).fields}
    assert set(fields) == {"person", "agency"}
    assert all(f["page"] == 1 and f["w"] > 60 and f["h"] > 40 for f in fields.values())


HOSTILE = [
    '#read("/etc/passwd") #panic() $x$ *b* _i_ `raw` @ref <label> \\u{41} #import "x"',
    "{{applicant.name}} {dossier.code} {% include %} **đậm** ${x}",
    "<w:p/> & < > \" ' ]]> <!-- -->",
    "=cmd|' /C calc'!A0",
    "Lò\u202eThị\u0000\u0007 Mẫu\u200b",
    "e\u0302\u0301 o\u031b\u0300",  # loose marks are put together
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("output", ["pdf", "docx"])
def test_text_of_strangers_is_only_text(town, text, output):
    data = {**sample("mau-03"), "reason": text}
    made = actions.render("mau-03", data, DAY, output)
    shown = words(made.content) if output == "docx" else read(made.content)
    assert " ".join(filling.shown(text).split()) in shown
    assert "root:" not in shown


def words(docx):
    document = Document(io.BytesIO(docx))
    return " ".join(" ".join(line.text for line in document.paragraphs).split())


def test_a_word_wider_than_the_page_is_cut_and_a_flood_ends(town):
    made = actions.render("mau-03", {**sample("mau-03"), "reason": "a" * 5_000}, DAY)
    assert 1 <= made.pages <= 5
    flood = actions.render("mau-03", {**sample("mau-03"), "reason": "đ\n" * 2_000_000}, DAY)
    assert flood.pages < 400


def test_a_press_that_runs_too_long_is_stopped(town, monkeypatch):
    monkeypatch.setattr(press, "_SECONDS", 0.01)
    with pytest.raises(PressFailed):
        actions.render("mau-03", sample("mau-03"), DAY)


def test_the_press_has_no_way_to_other_files():
    evil = {"title": "x", "look": dict(filling.LOOKS["a4"]), "watermark": "", "blocks": []}
    evil["blocks"] = [{"kind": "text"}]  # not what the layout expects
    with pytest.raises(PressFailed):
        press.made(evil, output="pdf", at=datetime(2026, 1, 1, tzinfo=ZONE))


def test_docx_holds_the_same_words_and_names_the_right_face(town):
    made = actions.render("mau-04", sample("mau-04"), DAY, "docx")
    text = words(made.content)
    assert "UBND xã Bình Lư xin lỗi vì sự chậm trễ này" in text
    style = Document(io.BytesIO(made.content)).styles["Normal"].font
    assert style.name == "Times New Roman"
    with zipfile.ZipFile(io.BytesIO(made.content)) as parts:
        assert "Mong được thông cảm./." in parts.read("word/document.xml").decode()
    assert made.content == actions.render("mau-04", sample("mau-04"), DAY, "docx").content


def test_missing_facts_are_named_in_words(town):
    data = {k: v for k, v in sample("mau-04").items() if k not in {"reason", "new_due"}}
    with pytest.raises(MissingData, match="Hạn mới, Lý do chậm"):
        actions.render("mau-04", data, DAY)
    with pytest.raises(NoSuchLayout):
        actions.render("mau-02", sample("mau-02"), DAY, "pdf80")
    with pytest.raises(NoTemplate):
        actions.render("mau-99", {}, DAY)
    with pytest.raises(NoTemplate):
        actions.render("mau-01", sample("mau-01"), date(2025, 9, 14))  # before the circular


def test_a_commune_puts_its_own_version_in_force_from_a_day(town):
    text = builtin.sheets()["mau-03"].text.replace('version = "1"', 'version = "BL-2"')
    text = text.replace("Xin thông báo để bà con", "Rất mong bà con")
    row = actions.upload_template(text, commune=town, by=CLERK)
    assert (
        queries.template("mau-03", DAY, commune=town).version == "xaso-1"
    )  # a draft decides nothing
    actions.publish_template(row, date(2026, 12, 1), by=CLERK)
    before = actions.render("mau-03", sample("mau-03"), DAY)
    after = actions.render("mau-03", sample("mau-03"), date(2026, 12, 1))
    assert (before.version, after.version) == ("xaso-1", "BL-2")
    assert "Rất mong bà con" not in read(before.content)
    assert "Rất mong bà con" in read(after.content)
    found = {f.sheet.code: f.version for f in queries.forms(date(2026, 12, 1), commune=town)}
    assert set(found) >= set(FORMS)
    assert found["mau-03"] == "BL-2"


BAD = {
    "not TOML": "code = ",
    "no paper": 'code = "x"\nname = "X"',
    "unknown block": '[[a4]]\nkind = "script"',
    "unknown word": '[[a4]]\nkind = "text"\ntext = "x"\nfile = "/etc/passwd"',
    "a path that is none": '[[a4]]\nkind = "text"\ntext = "{__class__}"',
    "an unknown filter": '[[a4]]\nkind = "text"\ntext = "{name|system}"',
    "columns without text": '[[a4]]\nkind = "table"\nrows = "x"\ncolumns = [{title = "A"}]',
    "a size out of bounds": '[[a4]]\nkind = "text"\ntext = "x"\nsize = 9999',
    "an alignment that is none": '[[a4]]\nkind = "text"\ntext = "x"\nalign = "up"',
    "facts that are no pairs": '[[a4]]\nkind = "facts"\nrows = [["a"]]',
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_bad_template_is_refused_with_the_place(text):
    with pytest.raises(BadTemplate, match="Tệp mẫu chưa dùng được"):
        sheets.read(text)
