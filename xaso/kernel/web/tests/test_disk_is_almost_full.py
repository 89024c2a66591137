"""The disk guard: it warns, then takes no uploads, then lets people read and report alone."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.urls import resolve, reverse

from xaso.kernel import disk
from xaso.kernel.attachments.refusals import NoSpace
from xaso.kernel.attachments.stores import receiving
from xaso.kernel.disk import GIGABYTE, Level, Room

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("used", "free", "level"),
    [
        (0.84, 1, Level.FINE),
        (0.85, 19, Level.WARNING),
        (0.85, 21, Level.FINE),
        (0.93, 9, Level.NO_UPLOADS),
        (0.93, 12, Level.WARNING),
        (0.97, 4, Level.READ_ONLY),
        (0.97, 6, Level.NO_UPLOADS),
        (1.0, 0, Level.READ_ONLY),
    ],
)
def test_a_share_and_the_room_left_make_a_level(used, free, level):
    assert Room(Path("/"), used, free * GIGABYTE).level is level


@pytest.fixture
def small_disk(settings, tmp_path) -> Iterator[Path]:
    """A data home on a disk of 1 MB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this machine does not allow mounting a small disk (needs root)")
    settings.XASO_HOME, settings.XASO_DISK_GUARD = tmp_path, True
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def fill(home: Path, share: float) -> None:
    (home / "filler").write_bytes(b"x" * int(share * MEGABYTE))


@pytest.mark.parametrize(
    ("share", "word", "status"),
    [(0.5, "ok", 200), (0.88, "warning", 200), (0.95, "no_uploads", 200), (1.0, "read_only", 200)],
)
def test_health_tells_the_level(site, small_disk, share, word, status):
    fill(small_disk, share)
    response = site.get("/healthz")
    assert (response.status_code, response.json()["disk"]["status"]) == (status, word)
    if share > 0.93:
        assert response.json()["status"] == "degraded"


def test_uploads_are_refused_while_what_we_make_is_kept(small_disk):
    fill(small_disk, 0.95)
    with pytest.raises(NoSpace), receiving.received(b"photo", limit=100):
        pass
    with receiving.received(b"made", limit=100, is_ours=True) as file:
        assert file.bytes == 4
    fill(small_disk, 0.5)
    with receiving.received(b"photo", limit=100) as file:
        assert file.bytes == 5


def test_changes_get_a_sentence_and_reading_goes_on(site, small_disk):
    fill(small_disk, 1.0)
    refused = site.post("/binh-lu/luu/", {"status": "200"})
    assert (refused.status_code, refused["Retry-After"]) == (507, "20")
    assert "hết chỗ" in refused.content.decode()
    assert site.get("/binh-lu/noi/").status_code == 200
    machine = site.post("/binh-lu/api/tu-choi/409/", {})
    assert machine.json()["code"] == "no_space"


@pytest.mark.parametrize("name", sorted(configured.XASO_OPEN_WHEN_FULL))
def test_what_stays_open_exists(name):
    arguments = {"api:put_report": ["7b0f0a52-8d9e-4c1b-9f0e-1fd2a4e6c012"]}
    arguments["api:receipt"] = arguments["api:put_report"]
    address = reverse(name, args=arguments.get(name, []), urlconf="xaso.config.urls")
    assert resolve(address, urlconf="xaso.config.urls").view_name in configured.XASO_OPEN_WHEN_FULL


def test_an_error_of_a_full_disk_is_known():
    assert disk.is_full(OSError(28, "No space left on device"))
    assert not disk.is_full(OSError(2, "No such file"))
    assert not disk.is_full(None)
