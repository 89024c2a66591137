"""A sealed number opens in its own row and nowhere else."""

from uuid import UUID, uuid4

import pytest

from xaso.kernel.sealing import rows
from xaso.kernel.sealing.boxes import CannotOpen

HERE = "person.national_id"


def test_a_number_comes_back_in_its_own_row_alone() -> None:
    row, other = uuid4(), uuid4()
    kept = rows.seal("012087001234", context=HERE, row=row)
    assert len(kept) == 42
    assert rows.unseal(kept, context=HERE, row=row) == "012087001234"
    for context, where in ((HERE, other), ("person.phone", row)):
        with pytest.raises(CannotOpen):
            rows.unseal(kept, context=context, row=where)
    with pytest.raises(CannotOpen):
        rows.unseal(kept[:-1] + bytes([kept[-1] ^ 1]), context=HERE, row=row)


def test_the_same_value_is_found_by_its_index_and_only_for_the_same_purpose() -> None:
    one = rows.index("012087001234", purpose="national_id")
    assert one == rows.index("012087001234", purpose="national_id")
    assert one != rows.index("012087001234", purpose="phone")
    assert len(one) == 32


def test_an_old_key_still_opens(settings) -> None:
    row = uuid4()
    kept = rows.seal("1", context=HERE, row=row)
    settings.XASO_FIELD_KEY_OLD, settings.XASO_FIELD_KEY = settings.XASO_FIELD_KEY, "another"
    assert rows.unseal(kept, context=HERE, row=row) == "1"
    settings.XASO_FIELD_KEY_OLD = ""
    with pytest.raises(CannotOpen):
        rows.unseal(kept, context=HERE, row=row)


def test_shared_vectors(shared_data) -> None:
    book = shared_data("population_vectors.json")
    said = book["blind_index"]
    number = said["message"].rpartition(":")[2]
    assert rows.mac(number, bytes.fromhex(said["key_hex"]), "national_id").hex() == said["mac_hex"]
    said = book["aes_gcm"]
    context, _, row = said["aad"].partition("|")
    bound = rows.aad(context, UUID(row))
    key, nonce = bytes.fromhex(said["key_hex"]), bytes.fromhex(said["nonce_hex"])
    stored = rows.sealed(said["plaintext"], key, 1, nonce, bound)
    assert stored.hex() == said["stored_hex"]
    assert rows.opened(stored, key, bound) == said["plaintext"]
