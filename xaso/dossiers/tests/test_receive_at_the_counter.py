"""A clerk takes a dossier in: papers scanned or reused, money reckoned, the receipt printed."""

import io
import re
from datetime import date
from uuid import uuid4

import msgspec
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xaso.dossiers import actions, catalogue, printing, slips
from xaso.dossiers.content import shape
from xaso.dossiers.content.shape import Exemption, FeeRule
from xaso.dossiers.models import CounterDesk, Dossier, Finance, State, Ticket
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.refusals import NotFound

PAGE = "/binh-lu/can-bo/tiep-nhan/"
CODE = "1.004837"
TODAY = date(2026, 11, 23)


def scan(name: str = "to-khai.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


@pytest.fixture
def desk(centre, official, client_of):
    return client_of(official("one_stop_clerk", centre, full_name="Vàng Thị Dở"))


@pytest.fixture
def papers(centre):
    content = catalogue.held(centre.id, CODE, TODAY).content
    return [each.code for each in content.components]


def filled(papers, **changes):
    said = {
        "key": str(uuid4()), "name": "Lò Thị Mẩy", "kind": "CD", "phone": "0912 345 678",
        "id_number": "012187345901", "channel": "1", "sets": "1",
    }  # fmt: skip
    return said | {f"file_{code}": scan(f"{code}.png") for code in papers} | changes


def kind_of(desk) -> str:
    page = desk.get(f"{PAGE}{CODE}/").content.decode()
    return page.partition('name="kind"')[2].partition('value="')[2].partition('"')[0]


def test_what_can_be_taken_in_is_listed_and_found(desk) -> None:
    page = desk.get(PAGE).content.decode()
    assert f"{PAGE}{CODE}/" in page
    assert "giám hộ" in page
    few = desk.get(PAGE, {"tim": "ket hon"}).content.decode()
    assert "kết hôn" in few
    assert "giám hộ" not in few


def test_a_dossier_is_received_with_its_receipt(desk, papers, centre) -> None:
    said = filled(papers, kind=kind_of(desk))
    answer = desk.post(f"{PAGE}{CODE}/", said, follow=True)
    page = answer.content.decode()
    row = Dossier.objects.get()
    assert row.state == State.ACCEPTED
    assert row.code in page
    assert all(each.is_digitised and each.attachment_id for each in row.components.all())
    again = filled(papers, kind=said["kind"], key=said["key"])
    assert desk.post(f"{PAGE}{CODE}/", again, follow=True).status_code == 200
    assert Dossier.objects.count() == 1
    made = desk.get(f"{PAGE}{row.pk}/mau-01.pdf")
    assert (made.status_code, made.content[:5]) == (200, b"%PDF-")
    assert desk.get(f"{PAGE}{row.pk}/mau-04.pdf").status_code == 404
    assert desk.get(f"{PAGE}{row.pk + 1}/mau-01.pdf").status_code == 404


def track(client, code, digits):
    asked = {"code": code, "factor": digits}
    return client.post("/binh-lu/ho-so/", asked, follow=True)


def test_who_has_no_phone_follows_the_dossier_by_the_digits_of_the_receipt(
    desk, papers, client, centre
) -> None:
    said = filled(papers, kind=kind_of(desk), phone="")
    page = desk.post(f"{PAGE}{CODE}/", said, follow=True).content.decode()
    row = Dossier.objects.get()
    digits = slips.of(row)
    assert re.fullmatch(r"\d{4}", digits)
    assert f'reception-slip">{digits}<' in page
    assert digits in printed_text(row, centre)
    other = f"{(int(digits) + 1) % 10_000:04}"
    assert track(client, row.code, other).status_code == 422
    opened = track(client, row.code, digits)
    assert opened.redirect_chain
    assert row.code in opened.content.decode()


def printed_text(row, commune) -> str:
    """What both papers of the receipt say: A4 and roll."""
    made = [printing.printed(row, "01", each, commune=commune) for each in ("pdf", "pdf80")]
    texts = [text_of(each.content) for each in made]
    assert all(slips.of(row) in each for each in texts)
    return "".join(texts)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_who_gave_a_phone_has_no_digits_on_the_receipt(desk, papers, client) -> None:
    desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk)))
    row = Dossier.objects.get()
    assert slips.of(row) == ""
    assert track(client, row.code, slips.made(row.uuid)).status_code == 422
    assert track(client, row.code, "5678").redirect_chain


def test_digits_are_guessed_five_times_an_hour(desk, papers, client) -> None:
    desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk), phone=""))
    row = Dossier.objects.get()
    wrong = f"{(int(slips.of(row)) + 1) % 10_000:04}"
    for _try in range(5):
        assert track(client, row.code, wrong).status_code == 422
    assert track(client, row.code, slips.of(row)).status_code == 429


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("012330000001", "Năm sinh trong số định danh chưa tới"),
        ("01208700123", "Số giấy tờ chưa đúng"),
    ],
)
def test_a_number_that_cannot_be_is_said_beside_its_box(desk, papers, typed, said) -> None:
    answer = desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk), id_number=typed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'value="{typed}"' in page


def kept(page: str, code: str) -> str:
    """Return the signed word for a file that came before."""
    return page.partition(f'name="kept_{code}" value="')[2].partition('"')[0]


@pytest.mark.parametrize("looks", [True, False], ids=["looking people up", "a missing name"])
def test_photos_are_kept_when_the_form_is_shown_again(desk, papers, looks) -> None:
    said = filled(papers, kind=kind_of(desk)) | ({"tim": "1"} if looks else {"name": ""})
    page = desk.post(f"{PAGE}{CODE}/", said).content.decode()
    assert f"Đã có tệp: {papers[0]}.png" in page
    again = {key: value for key, value in said.items() if key[:5] != "file_" and key != "tim"}
    again |= {f"kept_{code}": kept(page, code) for code in papers} | {"name": "Lò Thị Mẩy"}
    assert desk.post(f"{PAGE}{CODE}/", again).status_code == 302
    row = Dossier.objects.get()
    assert all(each.is_digitised and each.attachment_id for each in row.components.all())


def test_a_word_for_a_file_is_of_one_clerk_and_one_dossier(
    desk, papers, centre, official, client_of
) -> None:
    said = filled(papers, kind=kind_of(desk), tim="1")
    page = desk.post(f"{PAGE}{CODE}/", said).content.decode()
    words = {f"kept_{code}": kept(page, code) for code in papers}
    other = client_of(official("one_stop_clerk", centre))
    again = {key: value for key, value in said.items() if key[:5] != "file_" and key != "tim"}
    assert other.post(f"{PAGE}{CODE}/", again | words).status_code == 422
    forged = {key: f"{word}x" for key, word in words.items()}
    assert desk.post(f"{PAGE}{CODE}/", again | forged).status_code == 422
    elsewhere = again | words | {"key": str(uuid4())}  # of another dossier
    assert desk.post(f"{PAGE}{CODE}/", elsewhere).status_code == 422
    assert desk.post(f"{PAGE}{CODE}/", again | words | {"key": "x"}).status_code == 422
    assert not Dossier.objects.exists()
    assert desk.post(f"{PAGE}{CODE}/", again | words).status_code == 302


def test_nothing_typed_is_lost_when_a_paper_is_missing(desk, papers) -> None:
    said = filled(papers[1:], kind=kind_of(desk), note="Bác nói sẽ mang sau")
    answer = desk.post(f"{PAGE}{CODE}/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Còn thiếu giấy tờ" in page
    assert "Lò Thị Mẩy" in page
    assert "Bác nói sẽ mang sau" in page
    waived = filled(papers[1:], kind=said["kind"], **{f"waive_{papers[0]}": "Đã có trong CSDL"})
    assert desk.post(f"{PAGE}{CODE}/", waived, follow=True).status_code == 200
    assert Dossier.objects.get().state == State.ACCEPTED


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Bác ghi họ và tên"),
        ({"id_number": "000000000000"}, "định danh"),
        ({"phone": "12"}, "điện thoại"),
        ({"sets": "0"}, ""),
        ({"channel": "9"}, ""),
    ],
)
def test_bad_input_gets_a_sentence(desk, papers, wrong, sentence) -> None:
    answer = desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk)) | wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Dossier.objects.exists()


def test_a_file_that_is_no_scan_is_refused_beside_its_paper(desk, papers) -> None:
    bad = SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>")
    answer = desk.post(
        f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk)) | {f"file_{papers[0]}": bad}
    )
    assert answer.status_code == 422
    assert not Dossier.objects.exists()


def test_what_was_given_once_is_not_asked_again(desk, papers) -> None:
    kind = kind_of(desk)
    desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind))
    asked = {"tim": "1", "id_number": "012187345901", "key": str(uuid4())}
    page = desk.post(f"{PAGE}{CODE}/", asked).content.decode()
    assert "Xã đã có thông tin của người này" in page
    assert "Dùng lại bản ngày" in page
    assert "Lò Thị Mẩy" in page
    first = Dossier.objects.get()
    reused = {f"reuse_{each.code}": str(each.pk) for each in first.components.all()}
    desk.post(f"{PAGE}{CODE}/", filled([], kind=kind) | reused)
    second = Dossier.objects.order_by("-pk").first()
    assert second is not None
    assert second.pk != first.pk
    assert all(each.is_reused for each in second.components.all())
    unknown = desk.post(f"{PAGE}{CODE}/", asked | {"id_number": "012187345902"}).content.decode()
    assert "Chưa có giấy tờ nào của người này" in unknown


def test_money_is_reckoned_shown_and_paid(desk, centre) -> None:
    row = catalogue.held(centre.id, "1.001022", TODAY)
    actions.retire(row.version, TODAY, by=SYSTEM)
    draft = actions.open_version(row.procedure, by=SYSTEM)
    content = msgspec.structs.replace(
        shape.read(draft.content),
        fees=[FeeRule(code="LP", name="Lệ phí hộ tịch", amount=8_000)],
        exemptions=[Exemption(code="ngheo", group="Hộ nghèo", percent=50, law="LHT điều 11")],
        components=[],
    )
    draft = actions.save_version(draft, shape.write(content), by=SYSTEM)
    actions.publish(draft, TODAY, by=SYSTEM)
    kind = kind_of(desk)
    said = filled([], kind=kind) | {"fee_LP": "on", "free_ngheo": "on"}
    page = desk.post(f"{PAGE}1.001022/", said, follow=True).content.decode()
    assert "Còn phải nộp: 4.000 đồng" in page
    assert "Hộ nghèo" in page
    row = Dossier.objects.get()
    assert row.finance == Finance.DUE
    paid = f"{PAGE}xong/{row.pk}/nop-tien/"
    assert "chọn cách nộp" in desk.post(paid, {"cach": "gold"}, follow=True).content.decode()
    desk.post(paid, {"cach": "cash", "bien_lai": "0012"})
    row.refresh_from_db()
    line = row.fees.get()
    assert (row.finance, line.receipt, line.receipt_no) == (Finance.PAID, "0012", "00001/2026")
    page = desk.get(f"{PAGE}xong/{row.pk}/").content.decode()
    assert f"{PAGE}{row.pk}/phieu-thu/{line.pk}.pdf80" in page
    for output in ("pdf", "pdf80"):
        made = desk.get(f"{PAGE}{row.pk}/phieu-thu/{line.pk}.{output}").content
        said = " ".join(text_of(made).split())
        for words in ("00001/2026", "4.000 đồng", "Bốn nghìn đồng", "Hộ nghèo", "Vàng Thị Dở"):
            assert words in said
    assert desk.get(f"{PAGE}{row.pk}/phieu-thu/{line.pk + 1}.pdf").status_code == 404
    desk.post(paid, {"cach": "cash"})
    assert row.fees.get().receipt_no == "00001/2026"


def test_a_dossier_belongs_to_the_turn_at_the_counter(desk, papers, centre, official) -> None:
    actions.set_group(actions.NewGroup("A", "Hộ tịch"), commune=centre, by=SYSTEM)
    actions.set_counter(actions.NewCounter(1, ["A"]), commune=centre, by=SYSTEM)
    ticket = actions.issue(actions.NewTicket(uuid4(), "A"), commune=centre, by=SYSTEM)
    desk.post("/binh-lu/can-bo/quay/ngoi/", {"quay": CounterDesk.objects.get().pk})
    desk.post("/binh-lu/can-bo/quay/goi/")
    assert "Đang phục vụ số A 001" in desk.get(PAGE).content.decode()
    desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind_of(desk)))
    ticket.refresh_from_db()
    assert ticket.state == Ticket.State.SERVED
    assert ticket.dossier_id == Dossier.objects.get().pk


def test_the_book_of_a_month_is_printed(dossier, client_of, official, centre) -> None:
    leader = client_of(official("leader", centre))
    made = leader.get(f"{PAGE}so.pdf")
    assert (made.status_code, made.content[:5]) == (200, b"%PDF-")
    wrong = leader.get(f"{PAGE}so.pdf", {"tu": "2026-11-30", "den": "2026-11-01"})
    assert wrong.status_code == 422


def test_forms_of_a_mirror_come_from_its_own_system(dossier, centre) -> None:
    dossier.is_mirror = True
    with pytest.raises(printing.OtherSystem):
        printing.printed(dossier, "01", "pdf", commune=centre)
    dossier.is_mirror = False
    with pytest.raises(NotFound):
        printing.printed(dossier, "05", "pdf", commune=centre)


@pytest.mark.parametrize("role", ["officer", "village_head", "leader"])
def test_only_clerks_receive(centre, official, client_of, role) -> None:
    other = client_of(official(role, centre))
    assert other.get(PAGE).status_code == 403
    assert other.post(f"{PAGE}{CODE}/").status_code == 403
