"""Money in Vietnamese words, as a receipt says it."""

import pytest

from xaso.kernel.text import in_words

SAID = {
    0: "không", 5: "năm", 10: "mười", 11: "mười một", 15: "mười lăm", 20: "hai mươi",
    21: "hai mươi mốt", 24: "hai mươi bốn", 55: "năm mươi lăm", 100: "một trăm",
    101: "một trăm linh một", 110: "một trăm mười", 115: "một trăm mười lăm",
    1_000: "một nghìn", 1_005: "một nghìn không trăm linh năm", 4_000: "bốn nghìn",
    8_500: "tám nghìn năm trăm", 10_010: "mười nghìn không trăm mười",
    1_000_000: "một triệu", 1_000_001: "một triệu không trăm linh một",
    2_050_000: "hai triệu không trăm năm mươi nghìn",
    1_000_000_000: "một tỷ",
    1_000_005_000: "một tỷ không trăm linh năm nghìn",
    21_105_000_000: "hai mươi mốt tỷ một trăm linh năm triệu",
    -4_000: "âm bốn nghìn",
}  # fmt: skip


@pytest.mark.parametrize(("number", "words"), SAID.items())
def test_a_number_is_said(number: int, words: str) -> None:
    assert in_words.in_words(number) == words


def test_money_begins_with_a_capital() -> None:
    assert in_words.money(12_500) == "Mười hai nghìn năm trăm đồng"
    assert in_words.money(5) == "Năm đồng"


def test_no_two_numbers_are_said_alike() -> None:
    numbers = [*range(3_000), *range(999_000, 1_002_000), *range(999_999_000, 1_000_001_500)]
    assert len({in_words.in_words(n) for n in numbers}) == len(numbers)
