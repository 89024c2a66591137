"""The three keys: made once, closed to others, never made anew beside data."""

import pytest

from xaso.cli import keys


@pytest.fixture(autouse=True)
def no_keys_given(monkeypatch):
    for name in keys.NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def test_the_first_start_makes_three_different_keys(tmp_path):
    made = keys.prepare(tmp_path, has_data=False)
    assert [file.stat().st_mode & 0o777 for file in made] == [0o600] * 3
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert len({file.read_text() for file in made}) == 3
    assert all(len(file.read_text().strip()) >= 64 for file in made)


def test_the_second_start_keeps_them(tmp_path):
    before = [file.read_text() for file in keys.prepare(tmp_path, has_data=False)]
    assert keys.prepare(tmp_path, has_data=True) == []
    assert [keys.file_of(tmp_path, name).read_text() for name in keys.NAMES] == before


def test_a_key_from_the_environment_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("XASO_FIELD_KEY_FILE", "/somewhere/field")
    monkeypatch.setenv("XASO_INDEX_KEY", "given")
    made = keys.prepare(tmp_path, has_data=True)
    assert [file.name for file in made] == ["xaso_secret_key"]


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
