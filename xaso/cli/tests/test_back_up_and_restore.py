"""A backup comes back whole, or is refused with a sentence."""

import io
import json
import shutil
import tarfile
from datetime import UTC, datetime, timedelta

import psycopg
import pyrage
import pytest

from xaso.cli import main, postgres
from xaso.cli.copies import counting, restoring, writing
from xaso.cli.postgres import binaries, layout
from xaso.cli.tests.conftest import PLACE, sweep
from xaso.cli.words import Trouble

pytestmark = pytest.mark.cluster
TABLE = "CREATE TABLE report (id int PRIMARY KEY, text text)"


@pytest.fixture(scope="module")
def source():
    """Return a home with rows behind row-level security and two attachments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        home = PLACE / "copies"
        home.mkdir(parents=True, exist_ok=True)
        running = postgres.ensure(home)
        with psycopg.connect(running.owner_url, autocommit=True) as owner:
            owner.execute(TABLE)
            owner.execute("INSERT INTO report SELECT n, 'đèn ' || n FROM generate_series(1, 40) n")
            owner.execute("CREATE TABLE django_migrations (id int)")
            owner.execute("ALTER TABLE report ENABLE ROW LEVEL SECURITY")
            owner.execute("ALTER TABLE report FORCE ROW LEVEL SECURITY")
            owner.execute("CREATE POLICY none ON report USING (false)")
        (home / "files" / "ab").mkdir(parents=True)
        (home / "files" / "ab" / "abcd").write_bytes(b"photo" * 100)
        yield home, running
        sweep(home)


def test_rows_policies_rights_and_files_come_back(source, home):
    there, running = source
    backup = writing.write(there, running, there / "backups", [])
    fresh = postgres.ensure(home)
    facts = restoring.restore(home, fresh, backup, None)
    assert facts["rows"]["report"] == 40
    assert (home / "files" / "ab" / "abcd").read_bytes() == b"photo" * 100
    with psycopg.connect(fresh.superuser_url) as superuser:
        assert counting.rows(superuser) == facts["rows"]
        owners = superuser.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'report'")
        assert owners.fetchone()[0] == "xaso_owner"
    with psycopg.connect(fresh.app_url) as app:
        assert app.execute("SELECT count(*) FROM report").fetchone()[0] == 0  # the policy came too


def test_a_backup_of_the_same_second_takes_the_next_name(source, home):
    there, running = source
    now = datetime.now(UTC)
    for seconds in range(60):  # the name of every second in which this can run is taken
        taken = home / "kept" / f"{now + timedelta(seconds=seconds):xaso-%Y%m%d-%H%M%SZ}"
        taken.mkdir(parents=True)
        (taken / "manifest.json").write_text("another one's")
    first, second = (writing.write(there, running, home / "kept", []) for _ in range(2))
    assert first != second
    assert {first.name[21:], second.name[21:]} <= {"-2", "-3"}
    others = [f for f in (home / "kept").iterdir() if f not in (first, second)]
    assert {(f / "manifest.json").read_text() for f in others} == {"another one's"}


def test_only_the_recipient_opens_an_encrypted_backup(source, home):
    there, running = source
    friend, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    backup = writing.write(there, running, home / "kept", [str(friend.to_public())])
    assert {f.name for f in backup.iterdir()} == {
        "database.dump.age",
        "files.tar.age",
        "manifest.json",
    }
    fresh = postgres.ensure(home)
    key = home / "identity"
    with pytest.raises(Trouble, match="--identity"):
        restoring.restore(home, fresh, backup, None)
    key.write_text(f"# a stranger\n{stranger}\n")
    with pytest.raises(Trouble, match="identity"):
        restoring.restore(home, fresh, backup, key)
    key.write_text(f"{friend}\n")
    assert restoring.restore(home, fresh, backup, key)["rows"]["report"] == 40


def test_a_changed_backup_is_refused(source, home):
    there, running = source
    backup = writing.write(there, running, home / "kept", [])
    file = backup / "database.dump"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(Trouble, match=r"database.dump"):
        restoring.manifest(backup)


def test_missing_rows_are_noticed_and_named(source, home):
    there, running = source
    backup = writing.write(there, running, home / "kept", [])
    facts = json.loads((backup / "manifest.json").read_text())
    facts["rows"]["report"] = 41
    (backup / "manifest.json").write_text(json.dumps(facts))
    with pytest.raises(Trouble, match=r"report: 41 → 40"):
        restoring.restore(home, postgres.ensure(home), backup, None)


def test_a_home_with_data_is_not_overwritten(source):
    there, running = source
    backup = writing.write(there, running, there / "backups", [])
    shutil.rmtree(there / "files")
    try:
        with pytest.raises(Trouble):
            restoring.restore(there, running, backup, None)
    finally:
        (there / "files" / "ab").mkdir(parents=True)
        (there / "files" / "ab" / "abcd").write_bytes(b"photo" * 100)


def test_a_failed_backup_leaves_nothing_half_written(source, home):
    there, running = source
    with pytest.raises(Trouble):
        writing.write(there, running, home / "kept", ["age1nonsense"])
    gone = postgres.create_database(running, "gone")
    postgres.drop_database(running, "gone")
    with pytest.raises(psycopg.OperationalError):
        writing.write(there, gone, home / "kept", [])
    assert list((home / "kept").glob("*")) == []


def test_a_dump_moves_a_database_by_hand(source, home, monkeypatch, capsys):
    there, _running = source
    monkeypatch.setenv("XASO_HOME", str(there))
    assert main.main(["db", "dump", str(home / "one.dump")]) == 0
    monkeypatch.setenv("XASO_HOME", str(home))
    assert main.main(["db", "restore", str(home / "one.dump")]) == 0
    assert main.main(["db", "restore", str(home / "one.dump")]) == 1
    assert "đã có bảng" in capsys.readouterr().err
    with psycopg.connect(postgres.ensure(home).superuser_url) as superuser:
        assert counting.rows(superuser)["report"] == 40


def test_a_cluster_moves_to_a_newer_major_version(home, system_bin, bundled_bin, monkeypatch):
    monkeypatch.setenv("XASO_HOME", str(home))
    monkeypatch.setenv("XASO_PG_BIN", str(system_bin))
    running = postgres.ensure(home)
    if int(running.version.split(".")[0]) >= 18:
        pytest.skip("the system's PostgreSQL is as new as the bundled one")
    with psycopg.connect(running.owner_url, autocommit=True) as owner:
        owner.execute(TABLE)
        owner.execute("INSERT INTO report VALUES (1, 'bản Nà Tăm')")
    postgres.stop(home)
    monkeypatch.delenv("XASO_PG_BIN")
    assert main.main(["db", "upgrade"]) == 0
    monkeypatch.delenv("XASO_PG_BIN", raising=False)
    newer = postgres.ensure(home)
    assert newer.version.startswith("18.")
    with psycopg.connect(newer.superuser_url) as superuser:
        assert superuser.execute("SELECT text FROM report").fetchone()[0] == "bản Nà Tăm"
    assert list((home / "pg").glob("data.1*"))


def test_a_backup_of_a_newer_version_brings_its_programs(
    home, system_bin, bundled_bin, monkeypatch, capsys
):
    if binaries.examine(system_bin, "system").binaries.major >= 18:
        pytest.skip("the system's PostgreSQL is as new as the bundled one")
    newer, older = home / "newer", home / "older"
    monkeypatch.setenv("XASO_HOME", str(newer))
    monkeypatch.setenv("XASO_PG_BIN", str(bundled_bin))
    try:
        running = postgres.ensure(newer)
        with psycopg.connect(running.owner_url, autocommit=True) as owner:
            owner.execute(TABLE)
        assert main.main(["backup", "--to", str(home / "kept")]) == 0
        monkeypatch.delenv("XASO_PG_BIN")
        monkeypatch.setenv("XASO_HOME", str(older))
        assert main.main(["restore", str(next((home / "kept").iterdir()))]) == 0
        assert layout.of(older).major == 18
        monkeypatch.setenv("XASO_PG_BIN", str(bundled_bin))  # restore chose for itself alone
        assert main.main(["audit", "verify"]) == 1  # no tables of the log book came
        assert "xaso migrate" in capsys.readouterr().err
    finally:
        sweep(newer)
        sweep(older)


@pytest.mark.parametrize("name", ["files/../../evil", "/evil", "files/link", "files/pipe"])
def test_an_archive_that_leads_elsewhere_is_refused(tmp_path, name):
    archive, kinds = tmp_path / "files.tar", {"link": tarfile.SYMTYPE, "pipe": tarfile.FIFOTYPE}
    member = tarfile.TarInfo(name)
    member.type = kinds.get(name.rpartition("/")[2], tarfile.REGTYPE)
    member.linkname = "/etc/passwd"
    with tarfile.open(archive, "w") as packed:
        packed.addfile(member, io.BytesIO())
    (tmp_path / "work").mkdir()
    with pytest.raises(Trouble, match=r"evil|link|pipe"):
        restoring._unpack(archive, tmp_path, tmp_path / "work")
    assert {f.name for f in tmp_path.iterdir()} == {"files.tar", "work"}
