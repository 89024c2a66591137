"""VietQR: the text behind the square that banking programs read.

Objects are two digits of id, two of length (characters), the value; ids ascend and the check sum
is the last. Nothing is cut to fit: what does not fit is refused, because a shortened account or
purpose sends money astray.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xaso.kernel.payments.refusals import BadTransfer, NotVietQR
from xaso.kernel.text import fold

ACCOUNT, CARD = "QRIBFTTA", "QRIBFTTC"
MOST_PURPOSE = 25
MOST_AMOUNT = 9_999_999_999_999  # thirteen digits, what the field holds
_GUID = "A000000727"
_BIN = re.compile(r"\d{6}", re.ASCII)
_HOLDER = re.compile(r"[0-9A-Za-z]{1,19}")
_AMOUNT = re.compile(r"[1-9]\d{0,12}", re.ASCII)
_PURPOSE = re.compile(r"[0-9A-Za-z ]*")
_PRINTED = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Transfer:
    """Whom to pay how much: bank, account or card number, whole đồng, purpose.

    `amount` None is a static code for a stall's sign; `bill` is a reference of up to 25 characters.
    """

    bin: str
    account: str
    amount: int | None = None
    purpose: str = ""
    bill: str = ""
    service: str = ACCOUNT


def purpose(*words: str) -> str:
    """Return words as the purpose of a transfer: no marks, letters, digits and single blanks.

    Refuses with BadTransfer when they are more than 25 characters, never cuts.
    """
    said = " ".join(word for text in words if (word := _plain(text)))
    if len(said) > MOST_PURPOSE:
        raise BadTransfer(errors={"purpose": [f"{len(said)} > {MOST_PURPOSE}"]})
    return said


def _plain(text: str) -> str:
    """Return one word or phrase without marks, its capitals kept."""
    parts = re.split(r"(\s+)", text.strip())
    return "".join(" " if part.isspace() else _letters(part) for part in parts)


def _letters(word: str) -> str:
    kept = (fold(letter) if not letter.isascii() else letter for letter in word)
    same = (b.upper() if a.isupper() else b for a, b in zip(word, kept, strict=True))
    return re.sub(r"[^0-9A-Za-z]", "", "".join(same))


def built(transfer: Transfer) -> str:
    """Return the text of a transfer's QR.

    Refuses with BadTransfer, whose errors name each field: a BIN is 6 digits, an account 1 to 19
    letters and digits, an amount 1 to 13 digits without fraction, a purpose up to 25 plain letters.
    """
    _check(transfer)
    to = _put("00", transfer.bin) + _put("01", transfer.account)
    account = _put("00", _GUID) + _put("01", to) + _put("02", transfer.service)
    more = (_put("01", transfer.bill) if transfer.bill else "") + (
        _put("08", transfer.purpose) if transfer.purpose else ""
    )
    objects = [
        _put("00", "01"),
        _put("01", "11" if transfer.amount is None else "12"),
        _put("38", account),
        _put("53", "704"),
        _put("54", str(transfer.amount)) if transfer.amount is not None else "",
        _put("58", "VN"),
        _put("62", more) if more else "",
    ]
    text = "".join(objects) + "6304"
    return text + crc(text)


def read(text: str) -> Transfer:
    """Return what a VietQR says. Refuses with NotVietQR: every character and rule is checked."""
    objects = dict(_ascending(text))
    _check_envelope(text, objects)
    account = dict(_ascending(objects.get("38", "")))
    if account.get("00") != _GUID:
        raise NotVietQR(reason="GUID")
    to = dict(_ascending(account.get("01", "")))
    more = dict(_ascending(objects.get("62", "")))
    amount = objects.get("54")
    if amount is not None and not _AMOUNT.fullmatch(amount):
        raise NotVietQR(reason="54")
    found = Transfer(
        bin=to.get("00", ""),
        account=to.get("01", ""),
        amount=int(amount) if amount else None,
        purpose=more.get("08", ""),
        bill=more.get("01", ""),
        service=account.get("02", ""),
    )
    if _faults_of_payee(found):
        raise NotVietQR(reason="38")
    return found


def crc(text: str) -> str:
    """Return the check sum CRC-16/CCITT-FALSE of an ASCII text, four capital hex digits."""
    value = 0xFFFF
    for byte in text.encode("ascii"):
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
        value &= 0xFFFF
    return f"{value:04X}"


def _check(transfer: Transfer) -> None:
    faults = _faults_of_payee(transfer)
    amount = transfer.amount
    if amount is not None and (type(amount) is not int or not 0 < amount <= MOST_AMOUNT):
        faults["amount"] = ["1 … 9.999.999.999.999"]
    if not _PURPOSE.fullmatch(transfer.purpose) or len(transfer.purpose) > MOST_PURPOSE:
        faults["purpose"] = ["[A-Za-z0-9 ] ≤ 25"]
    if not _PRINTED.fullmatch(transfer.bill) or len(transfer.bill) > MOST_PURPOSE:
        faults["bill"] = ["≤ 25"]
    if faults:
        raise BadTransfer(errors=faults)


def _faults_of_payee(transfer: Transfer) -> dict[str, list[str]]:
    faults = {}
    if not _BIN.fullmatch(transfer.bin):
        faults["bin"] = ["6"]
    if not _HOLDER.fullmatch(transfer.account):
        faults["account"] = ["1 … 19"]
    if transfer.service not in (ACCOUNT, CARD):
        faults["service"] = [f"{ACCOUNT}, {CARD}"]
    return faults


def _put(number: str, value: str) -> str:
    if not 0 < len(value) <= 99:
        raise BadTransfer(errors={number: ["1 … 99"]})
    return f"{number}{len(value):02}{value}"


def _check_envelope(text: str, objects: Mapping[str, str]) -> None:
    """Refuse what is true of every VietQR and not of this text."""
    wanted = {"00": "01", "53": "704", "58": "VN"}
    if objects.get("63") != crc(text[:-4]) or not text[:-4].endswith("6304"):
        raise NotVietQR(reason="CRC")
    for number, value in wanted.items():
        if objects.get(number) != value:
            raise NotVietQR(reason=number)
    if objects.get("01") not in {"11", "12"} or (objects["01"] == "12") != ("54" in objects):
        raise NotVietQR(reason="01")


def _ascending(text: str) -> Iterator[tuple[str, str]]:
    """Yield the objects of a text, which stand in ascending order and fill it exactly."""
    if not text.isascii():
        raise NotVietQR(reason="ASCII")
    at, before = 0, ""
    while at < len(text):
        number, length = text[at : at + 2], text[at + 2 : at + 4]
        if len(length) < 2 or not (number + length).isdigit() or number <= before:
            raise NotVietQR(reason="TLV")
        end = at + 4 + int(length)
        if end > len(text):
            raise NotVietQR(reason="TLV")
        yield number, text[at + 4 : end]
        at, before = end, number
