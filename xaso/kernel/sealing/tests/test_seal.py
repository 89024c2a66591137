"""A sealed value opens only in its place and under its key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.sealing.boxes import CannotOpen, blind, seal, unseal


@given(st.text())
def test_what_was_sealed_opens_again(plain: str) -> None:
    assert unseal(seal(plain, context="a.b"), context="a.b") == plain


def test_two_seals_of_one_text_differ() -> None:
    assert seal("Lò Thị Mai", context="a.b") != seal("Lò Thị Mai", context="a.b")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        unseal(seal("x", context="a.b"), context="a.c")


def test_a_changed_byte_does_not_open() -> None:
    data = bytearray(seal("x", context="a.b"))
    data[-1] ^= 1
    with pytest.raises(CannotOpen):
        unseal(bytes(data), context="a.b")


def test_an_old_key_opens_while_keys_rotate(settings) -> None:
    data = seal("x", context="a.b")
    settings.XASO_FIELD_KEY_OLD, settings.XASO_FIELD_KEY = settings.XASO_FIELD_KEY, "new key"
    assert unseal(data, context="a.b") == "x"


def test_blind_index_finds_equal_values_and_depends_on_its_place() -> None:
    assert blind("+84912345678", context="p") == blind("+84912345678", context="p")
    assert blind("+84912345678", context="p") != blind("+84912345678", context="q")
