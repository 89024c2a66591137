"""A private database starts, is found again, survives being killed, and refuses what is unsafe."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from xaso.cli import home as homes
from xaso.cli import postgres
from xaso.cli.postgres import binaries, cluster, layout
from xaso.cli.tests.conftest import as_root, pid_of, sweep
from xaso.cli.tests.installation import ROOT, is_alive
from xaso.cli.words import Trouble

pytestmark = pytest.mark.cluster


def ask(url: str, query: str):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchone()


def test_the_second_start_finds_the_running_server(home):
    first = postgres.ensure(home)
    pid = pid_of(home)
    second = postgres.ensure(home)
    assert (first.started_by_us, second.started_by_us) == (True, False)
    assert pid_of(home) == pid
    assert ask(second.app_url, "SELECT current_user")[0] == "xaso_app"


def test_it_is_durable_on_a_socket_only_and_never_root(home):
    running = postgres.ensure(home)
    for setting, value in {"fsync": "on", "data_checksums": "on", "listen_addresses": ""}.items():
        assert ask(running.app_url, f"SHOW {setting}")[0] == value
    assert Path(f"/proc/{pid_of(home)}").stat().st_uid != 0
    assert stat.S_IMODE(running.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(layout.of(home).data.stat().st_mode) == 0o700


def test_rows_are_still_there_after_stop_and_start(home):
    running = postgres.ensure(home)
    with psycopg.connect(running.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 'Bình Lư' AS name")
    assert postgres.stop(home)
    assert postgres.running(home) is None
    assert not postgres.stop(home)
    assert ask(postgres.ensure(home).app_url, "SELECT name FROM kept")[0] == "Bình Lư"


def test_two_starters_at_once_get_one_server(home):
    code = "import pathlib, sys; from xaso.cli import postgres; "
    code += "postgres.ensure(pathlib.Path(sys.argv[1]))"
    starters = [
        subprocess.Popen([sys.executable, "-c", code, str(home)], cwd=ROOT) for _ in range(3)
    ]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0]
    data = str(layout.of(home).data)
    servers = [p for p in Path("/proc").glob("[0-9]*") if runs_on(p, data)]
    assert len(servers) == 1


def runs_on(process: Path, data: str) -> bool:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[0].endswith(b"postgres") and data.encode() in words


def test_a_path_too_long_for_a_socket_gets_a_short_one():
    deep = ROOT / ".home-launcher" / ("thư-mục-rất-dài-" * 8)
    deep.mkdir(parents=True)
    try:
        running = postgres.ensure(deep)
        assert len(os.fsencode(running.socket / layout.SOCKET_NAME)) <= layout.SOCKET_LIMIT
        assert ask(running.app_url, "SELECT 1")[0] == 1
        assert postgres.ensure(deep).socket == running.socket
    finally:
        sweep(deep)


@pytest.mark.parametrize(
    "kills", [2, pytest.param(50, marks=pytest.mark.skipif("not os.environ.get('XASO_CHAOS')"))]
)
@pytest.mark.chaos
def test_a_killed_server_comes_back_with_every_acknowledged_row(home, kills):
    running = postgres.ensure(home)
    with psycopg.connect(running.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE note (n int)")
    for n in range(kills):
        with psycopg.connect(running.app_url, autocommit=True) as app:
            app.execute("INSERT INTO note VALUES (%s)", [n])
        os.kill(pid_of(home), signal.SIGKILL)
        running = postgres.ensure(home)
        assert running.started_by_us
        assert ask(running.app_url, "SELECT count(*) FROM note")[0] == n + 1


def test_a_server_whose_programs_were_replaced_is_restarted(home, bundled_bin, monkeypatch):
    monkeypatch.setenv("XASO_PG_BIN", str(bundled_bin))
    postgres.ensure(home)
    pid = pid_of(home)
    assert not postgres.were_replaced(home)
    os.utime(bundled_bin / "postgres")  # a system upgrade writes the file anew
    assert postgres.were_replaced(home)
    began = time.monotonic()
    running = postgres.ensure(home)
    assert time.monotonic() - began < 10
    assert (pid_of(home) != pid, is_alive(pid)) == (True, False)
    assert ask(running.app_url, "SELECT 1")[0] == 1
    assert not postgres.were_replaced(home)


def test_data_of_another_major_version_are_refused_and_left_alone(
    home, bundled_bin, system_bin, monkeypatch
):
    monkeypatch.setenv("XASO_PG_BIN", str(bundled_bin))
    postgres.ensure(home)
    postgres.stop(home)
    control = layout.of(home).data / "global" / "pg_control"
    before = control.read_bytes()
    monkeypatch.setenv("XASO_PG_BIN", str(system_bin))
    if binaries.examine(system_bin, "system").binaries.major == layout.of(home).major:
        pytest.skip("both sources have the same major version")
    with pytest.raises(binaries.WrongMajor) as refused:
        postgres.ensure(home)
    assert "db upgrade" in refused.value.words.vi
    assert control.read_bytes() == before


@pytest.mark.parametrize("line", ["fsync = off", "listen_addresses = '127.0.0.1'"])
def test_an_unsafe_server_is_stopped_and_refused(home, line):
    postgres.ensure(home)
    postgres.stop(home)
    with (layout.of(home).data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"{line}\n")
    with pytest.raises(cluster.Unsafe) as refused:
        postgres.ensure(home)
    assert line.split()[0] in refused.value.words.vi
    assert postgres.running(home) is None


def test_files_that_are_no_cluster_are_not_touched(home):
    data = layout.of(home).data
    data.mkdir(parents=True)
    (data / "letter.txt").write_text("thư")
    with pytest.raises(Trouble, match=r"letter|không đụng tới|untouched"):
        postgres.ensure(home)
    assert [file.name for file in data.iterdir()] == ["letter.txt"]


def test_a_half_made_cluster_is_made_again(home):
    place = layout.of(home)
    (place.pg / "data.new" / "base").mkdir(parents=True)
    assert postgres.ensure(home).started_by_us
    assert not (place.pg / "data.new").exists()


@as_root
def test_a_full_disk_gets_a_sentence(home):
    disk = home / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow mounting a small disk")
    try:
        with pytest.raises(cluster.DiskFull) as refused:
            postgres.ensure(disk)
        assert "đầy" in refused.value.words.vi
        assert not layout.of(disk).data.exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_data_home_of_another_checkout_is_refused(home):
    other = home / "other-checkout"
    (other / "xaso").mkdir(parents=True)
    (other / "xaso" / "__init__.py").touch()
    (home / homes.OWNER).write_text(f"{other}\n")
    with pytest.raises(homes.Taken) as refused:
        postgres.ensure(home)
    assert str(other) in refused.value.words.vi
    assert not (home / "pg").exists()


def test_a_data_home_of_a_removed_checkout_is_taken_over(home):
    (home / homes.OWNER).write_text("/gone/long/ago\n")
    homes.claim(home)
    assert homes.owner_of(home) == homes.checkout()


def test_a_data_home_whose_owner_was_never_written_is_taken_over(home):
    (home / homes.OWNER).touch()
    assert homes.owner_of(home) is None
    homes.claim(home)
    assert homes.owner_of(home) == homes.checkout()
    assert [file.name for file in home.glob(f"{homes.OWNER}*")] == [homes.OWNER]


@as_root
def test_an_ordinary_user_runs_it_as_themselves(home):
    person = pwd.getpwnam("nobody")
    own = home / "of-a-user"
    own.mkdir()
    os.chown(own, person.pw_uid, person.pw_gid)
    if not can_reach(own, person):
        pytest.skip("the checkout stands in a closed folder")
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(person.pw_gid)
        os.setuid(person.pw_uid)
        try:
            running = postgres.ensure(own)
            same = Path(f"/proc/{pid_of(own)}").stat().st_uid == person.pw_uid
            fine = same and ask(running.owner_url, "SELECT 1")[0] == 1
            os._exit(0 if postgres.stop(own) and fine else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def can_reach(folder: Path, person: pwd.struct_passwd) -> bool:
    test = ["/usr/bin/test", "-w", str(folder)]
    groups = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    return subprocess.run(test, check=False, **groups).returncode == 0


@as_root
def test_a_home_in_a_closed_folder_keeps_its_cluster_where_the_server_can_walk(home):
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    inner = closed / "home"
    try:
        running = postgres.ensure(inner)
        assert ask(running.app_url, "SELECT 1")[0] == 1
        assert (inner / "elsewhere").read_text().strip() == str(layout.of(inner).base)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700  # nobody's folder was opened for it
    finally:
        sweep(inner)


def test_a_server_from_outside_is_checked_and_left_alone(home, monkeypatch):
    ours = postgres.ensure(home)
    monkeypatch.setenv("DATABASE_URL", ours.app_url)
    outside = postgres.ensure(home / "unused")
    assert (outside.started_by_us, outside.version) == (False, ours.version)
    assert not (home / "unused").exists()
    monkeypatch.setenv("DATABASE_URL", ours.superuser_url)
    with pytest.raises(Trouble, match=r"xaso_app"):
        postgres.ensure(home)
    monkeypatch.delenv("DATABASE_URL")


def test_no_programs_at_all_names_the_package(home, monkeypatch):
    empty = home / "bin"
    empty.mkdir()
    monkeypatch.setenv("XASO_PG_BIN", str(empty))
    with pytest.raises(binaries.NoBinaries) as refused:
        postgres.ensure(home)
    assert "apt-get install postgresql" in refused.value.words.vi
    assert "initdb" in refused.value.words.vi


WORDS = ["Đường", "đường", "duong", "Ăn", "an", "Âu", "bản", "Bản Bo", "ạ", "zệ", "Ư", "ơi"]
SORTED = (
    'SELECT array_agg(w ORDER BY w COLLATE "C"), array_agg(w ORDER BY w) FROM unnest(%s::text[]) w'
)
ALIKE = (
    "SELECT array_agg(w ORDER BY round(similarity(w, 'ban bo')::numeric, 6) DESC, w COLLATE \"C\"),"
    ' array_agg(lower(w) ORDER BY w COLLATE "C"), array_agg(unaccent(w) ORDER BY w COLLATE "C")'
    " FROM unnest(%s::text[]) w"
)


def test_both_sources_sort_and_search_alike(home, bundled_bin, system_bin, monkeypatch):
    told = []
    for number, folder in enumerate((bundled_bin, system_bin)):
        monkeypatch.setenv("XASO_PG_BIN", str(folder))
        own = home / str(number)
        try:
            running = postgres.ensure(own)
            with psycopg.connect(running.app_url) as connection:
                both = [connection.execute(q, [WORDS]).fetchone() for q in (SORTED, ALIKE)]
            told.append(both)
        finally:
            sweep(own)
    assert told[0] == told[1]


def test_a_copy_of_a_template_is_made_and_dropped(home):
    running = postgres.ensure(home)
    template = postgres.create_database(running, "mould")
    with psycopg.connect(template.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE shape AS SELECT 7 AS n")
    copy = postgres.create_database(running, "copy", template="mould")
    assert ask(copy.app_url, "SELECT n FROM shape")[0] == 7
    postgres.drop_database(running, "copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        ask(copy.app_url, "SELECT 1")


def test_the_wheel_is_unpacked_once_and_leaves_no_server(bundled_bin):
    assert binaries.libraries(bundled_bin)["LD_LIBRARY_PATH"].endswith("/lib")
    strays = [p for p in Path("/proc").glob("[0-9]*") if is_stray(p, bundled_bin.parent)]
    assert strays == []
    assert not list(bundled_bin.parent.parent.glob("staging-*"))


def is_stray(process: Path, tree: Path) -> bool:
    try:
        return (process / "exe").readlink().is_relative_to(tree)
    except OSError:
        return False
