"""The keys: made once, closed to others, never made anew beside data they open."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from xaso.cli import keys


@pytest.fixture(autouse=True)
def no_keys_given(monkeypatch):
    for name in (*keys.NAMES, keys.PUSH):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def test_the_first_start_makes_four_different_keys(tmp_path):
    made = keys.prepare(tmp_path, has_data=False)
    assert [file.stat().st_mode & 0o777 for file in made] == [0o600] * 4
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert len({file.read_text() for file in made}) == 4
    assert all(len(file.read_text().strip()) >= 64 for file in made if "push" not in file.name)


def test_an_installation_of_before_gets_the_key_of_messages_beside_its_data(tmp_path):
    keys.prepare(tmp_path, has_data=False)
    keys.file_of(tmp_path, keys.PUSH).unlink()
    (made,) = keys.prepare(tmp_path, has_data=True)
    key = made.read_text().strip()
    raw = base64.urlsafe_b64decode(key + "=")
    assert ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())


def test_the_second_start_keeps_them(tmp_path):
    before = [file.read_text() for file in keys.prepare(tmp_path, has_data=False)]
    assert keys.prepare(tmp_path, has_data=True) == []
    assert [keys.file_of(tmp_path, name).read_text() for name in (*keys.NAMES, keys.PUSH)] == before


def test_a_key_from_the_environment_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("XASO_FIELD_KEY_FILE", "/somewhere/field")
    monkeypatch.setenv("XASO_INDEX_KEY", "given")
    made = keys.prepare(tmp_path, has_data=True)
    assert [file.name for file in made] == ["xaso_secret_key", "xaso_push_key"]


def test_a_lost_field_key_is_not_replaced(tmp_path):
    keys.prepare(tmp_path, has_data=False)
    keys.file_of(tmp_path, "XASO_FIELD_KEY").unlink()
    with pytest.raises(keys.KeyLost, match=r"xaso_field_key"):
        keys.prepare(tmp_path, has_data=True)
    assert not keys.file_of(tmp_path, "XASO_FIELD_KEY").exists()


def test_keys_open_to_others_are_found(tmp_path):
    keys.prepare(tmp_path, has_data=False)
    assert keys.open_to_others(tmp_path) == []
    file = keys.file_of(tmp_path, "XASO_SECRET_KEY")
    file.chmod(0o644)
    assert keys.open_to_others(tmp_path) == [file]
