"""Where bytes lie: a full disk, an S3 store, what a killed process left behind."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from xaso.kernel.attachments import actions, queries, tasks
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.refusals import NoSpace
from xaso.kernel.attachments.stores import choosing, receiving
from xaso.kernel.attachments.stores.receiving import Key
from xaso.kernel.attachments.stores.s3 import S3
from xaso.kernel.attachments.tests import honest
from xaso.kernel.attachments.tests.conftest import RESIDENT
from xaso.kernel.working_time import clock


def _files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


@dataclass
class SmallDisk:
    """A data home with 64 kB of room: a small disk of its own, else a limit on each file."""

    folder: Path
    is_mounted: bool

    @contextmanager
    def filled(self) -> Iterator[None]:
        """Leave room for nothing in the block."""
        if not self.is_mounted:
            with _files_up_to(4 * 1024):
                yield
            return
        filler = self.folder / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"x" * 1024):
                pass
        yield
        filler.unlink()


@contextmanager
def _files_up_to(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def small_disk(settings, tmp_path):
    settings.XASO_HOME = tmp_path
    options = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    try:
        mounted = subprocess.run(["mount", *options], capture_output=True, check=False)
        is_mounted = mounted.returncode == 0
    except FileNotFoundError:
        is_mounted = False
    if not is_mounted:
        with _files_up_to(64 * 1024):
            yield SmallDisk(tmp_path, is_mounted=False)
        return
    yield SmallDisk(tmp_path, is_mounted=True)
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_says_so_and_keeps_nothing_half(inside_binh_lu, small_disk) -> None:
    large = honest.photo("PNG", width=640, height=480) + os.urandom(200_000)
    with pytest.raises(NoSpace) as refusal:
        actions.store_photo(large, name="a.png", commune=inside_binh_lu, by=RESIDENT)
    assert "hết chỗ" in str(refusal.value)
    assert refusal.value.status == 507
    assert not _files(small_disk.folder)
    assert not Attachment.objects.exists()

    small = actions.store_photo(honest.photo(), name="a.jpg", commune=inside_binh_lu, by=RESIDENT)
    assert queries.content(small) == honest.photo()


def test_a_disk_that_fills_while_developing_leaves_the_photo_waiting(
    inside_binh_lu, small_disk
) -> None:
    photo = actions.store_photo(honest.photo(), name="a.jpg", commune=inside_binh_lu, by=RESIDENT)
    with small_disk.filled(), pytest.raises(tasks.DiskIsFull):
        tasks.develop(commune=inside_binh_lu.id, attachment=photo.pk)
    photo = Attachment.objects.get(pk=photo.pk)
    assert photo.state == "received"
    assert not photo.renditions.exists()
    assert queries.content(photo) == honest.photo()

    tasks.develop(commune=inside_binh_lu.id, attachment=photo.pk)  # the job comes back to it
    assert Attachment.objects.get(pk=photo.pk).state == "ready"


def test_what_a_killed_process_left_is_swept_after_two_days(own_files) -> None:
    folder = own_files / "incoming"
    folder.mkdir(parents=True)
    old, new = folder / "old", folder / "new"
    for file in (old, new):
        file.write_bytes(b"half")
    before = new.stat().st_mtime - timedelta(hours=49).total_seconds()
    os.utime(old, (before, before))
    assert receiving.sweep(timedelta(hours=48)) == 1
    assert new.exists()
    assert not old.exists()


def _forgets_what_was_undone(commune, waiting, evidence) -> None:
    lost = Key(commune.id, sha256(b"undone").hexdigest())
    with receiving.received(b"undone", limit=10) as file:
        choosing.store().keep(file.path, lost)
    for days, is_there in ((1, True), (3, False)):
        with clock.at(clock.now() + timedelta(days=days)):
            actions.forget()
        assert choosing.store().has(lost) == is_there
    for photo in (waiting, evidence):
        assert choosing.store().has(Key(commune.id, photo.sha256))


def test_uploads_of_undone_requests_are_forgotten_after_two_days(
    inside_binh_lu, sent, developed
) -> None:
    evidence = developed(honest.photo("PNG"), keep_original=True)
    _forgets_what_was_undone(inside_binh_lu, sent(), evidence)


@pytest.fixture(scope="module")
def s3_server(free_ports):
    """Run an S3 store of our own on this machine."""
    from moto.server import ThreadedMotoServer

    port = free_ports()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def s3(settings, s3_server):
    settings.XASO_S3 = {
        "bucket": f"xa-{uuid4().hex[:8]}",
        "endpoint": s3_server,
        "access_key": "for-tests",
        "secret_key": "for-tests",
    }
    store = S3()
    store._client.create_bucket(Bucket=settings.XASO_S3["bucket"])
    choosing._made.cache_clear()
    yield store
    choosing._made.cache_clear()


def test_a_photo_lives_in_an_s3_store(s3, developed, own_files) -> None:
    photo = developed(keep_original=True)
    key = Key(photo.commune_id, photo.sha256)

    assert s3.has(key)
    assert queries.content(photo) == honest.photo()
    assert queries.clean_content(queries.rendition(photo, 320, "image/webp")).startswith(b"RIFF")
    assert not _files(own_files)

    s3.drop(key)
    assert not s3.has(key)
    with pytest.raises(FileNotFoundError):
        s3.open(key)


def test_uploads_are_forgotten_in_an_s3_store_too(s3, inside_binh_lu, sent, developed) -> None:
    evidence = developed(honest.photo("PNG"), keep_original=True)
    _forgets_what_was_undone(inside_binh_lu, sent(), evidence)


def test_files_of_two_communes_lie_apart(own_files) -> None:
    store, first, second = choosing.store(), uuid4(), uuid4()
    same = choosing.put(b"same bytes", first)
    assert choosing.put(b"same bytes", second) == same
    store.drop(Key(first, same, "made"))
    assert not store.has(Key(first, same, "made"))
    with store.open(Key(second, same, "made")) as file:
        assert file.read() == b"same bytes"
