"""The text behind a VietQR, the accounts of a commune, the pictures."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.payments import actions, banks, pictures, queries, vietqr
from xaso.kernel.payments.refusals import BadTransfer, NotVietQR
from xaso.kernel.refusals import Invalid

# From the tables of the EMVCo specification and the check value of its check sum.
STATIC = (
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
)
ORDER = (
    "00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA"
    "530370454061200005802VN62250821XS482915709 mien dong63045F54"
)


def transfer(said):
    """Return a transfer from the words of a vector."""
    more = said.get("additional", {})
    return vietqr.Transfer(
        said.get("bin", "970403"),
        said.get("account", "0011012345678"),
        said.get("amount"),
        more.get("08", said.get("purpose", "")),
        more.get("01", ""),
        said.get("service", vietqr.ACCOUNT),
    )


def test_two_known_codes():
    assert vietqr.crc("123456789") == "29B1"
    assert vietqr.built(vietqr.Transfer("970403", "0011012345678")) == STATIC
    order = vietqr.Transfer("970436", "0011001234567", 120_000, "XS482915709 mien dong")
    assert vietqr.built(order) == ORDER
    assert vietqr.read(ORDER) == order


def test_every_vector_is_built_and_read_to_the_letter(shared_data):
    vectors = shared_data("market_vectors.json")["vietqr"]
    assert len(vectors["valid"]) >= 10
    for each in vectors["valid"]:
        assert vietqr.built(transfer(each["input"])) == each["payload"], each["name"]
        assert vietqr.read(each["payload"]) == transfer(each["input"]), each["name"]
    for each in vectors["invalid_payloads"]:
        with pytest.raises(NotVietQR):
            vietqr.read(each["payload"])
    for each in vectors["refused_inputs"]:
        with pytest.raises(BadTransfer):
            vietqr.built(transfer({"amount": 1, **each["input"]}))


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": 0},
        {"amount": -5},
        {"amount": 0.9},
        {"amount": True},
        {"amount": 10_000_000_000_000},
        {"account": "1" * 20},
        {"account": ""},
        {"account": "00 11"},
        {"bin": "97041"},
        {"bin": "٩٧٠٤٠٣"},
        {"purpose": "Trả tiền"},
        {"purpose": "x" * 26},
        {"purpose": "a-b"},
        {"bill": "đơn"},
        {"service": "QRPUSH"},
    ],
)
def test_what_does_not_fit_is_refused_not_cut(facts):
    usual = {"bin": "970403", "account": "0011012345678", "amount": 1}
    with pytest.raises(BadTransfer):
        vietqr.built(vietqr.Transfer(**{**usual, **facts}))


def test_a_purpose_loses_its_marks_and_nothing_else():
    assert vietqr.purpose("Trả tiền miến dong") == "Tra tien mien dong"
    assert vietqr.purpose("Đặng Ửng", "H35.10-0007") == "Dang Ung H35100007"
    assert vietqr.purpose("", "  ") == ""
    with pytest.raises(BadTransfer):
        vietqr.purpose("một hai ba bốn năm sáu bảy tám")


@given(st.integers(1, vietqr.MOST_AMOUNT), st.from_regex(r"[0-9A-Za-z ]{0,25}", fullmatch=True))
def test_what_is_built_is_read_back(amount, purpose):
    sent = vietqr.Transfer("970416", "257678859", amount, purpose)
    assert vietqr.read(vietqr.built(sent)) == sent


@given(st.integers(0, len(ORDER) - 1), st.characters(min_codepoint=32, max_codepoint=126))
def test_one_changed_character_is_noticed(at, letter):
    changed = ORDER[:at] + letter + ORDER[at + 1 :]
    if changed != ORDER:
        with pytest.raises(NotVietQR):
            vietqr.read(changed)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(NotVietQR):
        vietqr.read(text)


def test_banks_are_a_dated_list_where_brands_share_a_number():
    assert len({bank.bin for bank in banks.banks()}) < len(banks.banks())
    assert all(len(bank.bin) == 6 and bank.as_of >= "2026" for bank in banks.banks())
    assert "ACB" in banks.named("970416")
    assert banks.named("000000") == ""


def test_pictures_are_large_enough_and_carry_no_script():
    with Image.open(io.BytesIO(pictures.png(ORDER))) as picture:
        assert min(picture.size) >= 600
    svg = pictures.svg(ORDER)
    assert svg.startswith("<svg")
    assert "<script" not in svg


DAY = date(2026, 11, 23)
GOOD = {"bin": "970416", "number": "2576 78859", "holder": "UBND XA BINH LU", "valid_from": DAY}


def test_an_account_is_used_from_its_day_until_the_next(inside_binh_lu):
    commune = inside_binh_lu
    assert queries.account(commune, DAY) is None
    first = actions.name_account(actions.NewAccount(**GOOD), commune=commune, by=SYSTEM)
    later = {**GOOD, "number": "111", "valid_from": date(2027, 1, 1)}
    second = actions.name_account(actions.NewAccount(**later), commune=commune, by=SYSTEM)
    assert queries.account(commune, date(2026, 12, 31)) == first
    assert queries.account(commune, date(2027, 1, 1)) == second
    actions.end_account(second, date(2027, 1, 31), by=SYSTEM)
    assert queries.account(commune, date(2027, 2, 1)) == first
    paid = queries.to_pay(first, 8_000, "Lệ phí khai sinh 0007")
    assert vietqr.read(paid.payload).purpose == "Le phi khai sinh 0007"
    assert (paid.bank, paid.number, paid.holder) == ("ACB", "2576 7885 9", "UBND XA BINH LU")


@pytest.mark.parametrize(
    ("field", "value"),
    [("bin", "000000"), ("number", ""), ("number", "12-3"), ("holder", " "), ("valid_from", DAY)],
)
def test_a_wrong_account_is_refused_at_its_field(inside_binh_lu, field, value):
    actions.name_account(actions.NewAccount(**GOOD), commune=inside_binh_lu, by=SYSTEM)
    wrong = {**GOOD, "valid_from": date(2027, 1, 1), field: value}
    with pytest.raises(Invalid) as refusal:
        actions.name_account(actions.NewAccount(**wrong), commune=inside_binh_lu, by=SYSTEM)
    assert list(refusal.value.errors) == [field]
