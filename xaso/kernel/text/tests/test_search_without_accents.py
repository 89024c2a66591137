"""People find things without typing accents."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.text import clean_line, clean_text, fold, fold_tight, nfc, similarity, trigrams

ANY = st.text(max_size=60)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Bản Sin Câu, cổng trường", "ban sin cau cong truong"),
        ("Đường ĐÈO  Hoàng-Liên", "duong deo hoang lien"),
        ("Đu\u031bo\u031b\u0300ng", "duong"),  # marks typed apart
        ("Ðộc lập", "doc lap"),  # Icelandic letter that fonts show as Đ
        ("ＸÃ số １２", "xa so 12"),
        ("Ƀuôn Ƶ", "buon"),
        ("ꪹꪙ  ꪀꪱ", "ꪹꪙ ꪀꪱ"),
        ("平坝社", "平坝社"),
        ("?! ...", ""),
        ("", ""),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_apostrophes_do_not_part_a_people() -> None:
    assert {fold_tight(name) for name in ("H’Mông", "H'Mông", "HMông")} == {"hmong"}


@given(ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_twice_changes_nothing_in_twenty_thousand_texts() -> None:
    chance = Random(20261122)  # noqa: S311 - a repeatable walk, nothing secret
    for _ in range(20_000):
        text = "".join(chr(chance.randrange(0x11000)) for _ in range(chance.randrange(1, 12)))
        assert fold(fold(text)) == fold(text), ascii(text)


@given(ANY)
def test_capitals_and_form_do_not_matter(text: str) -> None:
    assert fold(nfc(text)) == fold(text)


def test_shared_fold_vectors(shared_data) -> None:
    for row in shared_data("report_vectors.json")["fold"]:
        assert fold(row["text"]) == row["folded"]
    for row in shared_data("population_vectors.json")["fold"]:
        assert (fold(row["in"]), fold_tight(row["in"])) == (row["fold"], row["tight"])


def test_trigrams_are_padded_word_by_word() -> None:
    assert trigrams("Bã, ở") == {"  b", " ba", "ba ", "  o", " o "}
    assert trigrams("...") == set()


def test_alike() -> None:
    assert similarity("Giàng A Páo", "Giàng A Pháo") == pytest.approx(0.67, abs=0.005)
    assert similarity("Vàng A Súa", "Vàng A Xúa") == pytest.approx(0.57, abs=0.005)
    assert similarity("Sạt lở", "SAT LO") == 1
    assert similarity("đèn", "nước") == 0
    assert similarity("", "") == 0


@given(ANY, ANY)
def test_alikeness_is_mutual_and_bounded(a: str, b: str) -> None:
    assert similarity(a, b) == similarity(b, a)
    assert 0 <= similarity(a, b) <= 1


def test_shared_trigram_vectors(shared_data) -> None:
    for row in shared_data("report_vectors.json")["trigram"]:
        a, b = trigrams(row["a"]), trigrams(row["b"])
        assert (len(a & b), len(a | b)) == (row["shared"], row["union"])
        assert round(similarity(row["a"], row["b"]), 4) == row["similarity"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Đèn \t hỏng\n ở chợ ", "Đèn hỏng ở chợ"),
        ("mã\u202eđộc\u2066", "mãđộc"),
        ("a\x00b\x1bc", "abc"),
        ("x\ud800y", "xy"),
        ("nghỉ\u200bphép\ufeff", "nghỉphép"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("ho\u0300a", "hòa"),
    ],
)
def test_one_clean_line(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


def test_clean_text_keeps_line_breaks() -> None:
    typed = "  Thưa xã,\r\n\r\n\r\n\r\nĐèn\thỏng\x00  \u2028Cảm ơn\r"
    assert clean_text(typed) == "Thưa xã,\n\nĐèn hỏng\nCảm ơn"


@given(st.text(alphabet=st.characters(), max_size=40))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert "\n" not in clean_line(text)
    clean_text(text).encode()  # whatever was typed can be stored
