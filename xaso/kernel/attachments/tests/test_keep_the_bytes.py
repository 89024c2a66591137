"""Where bytes lie: a full disk, an S3 store, what a killed process left behind."""

import os
import resource
import socket
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from xaso.kernel.attachments import actions, queries
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.refusals import NoSpace
from xaso.kernel.attachments.stores import choosing, receiving
from xaso.kernel.attachments.stores.receiving import Key
from xaso.kernel.attachments.stores.s3 import S3
from xaso.kernel.attachments.tests import hostile
from xaso.kernel.attachments.tests.conftest import RESIDENT


def _files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


@pytest.fixture
def full_disk(settings):
    """Give a data home with 64 kB of room: a small disk of its own, else a limit on files."""
    folder = Path(tempfile.mkdtemp())
    settings.XASO_HOME = folder
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode == 0:
        yield folder
        subprocess.run(["umount", str(folder)], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_says_so_and_keeps_nothing_half(inside_binh_lu, full_disk) -> None:
    large = hostile.photo("PNG", width=640, height=480) + os.urandom(200_000)
    with pytest.raises(NoSpace) as refusal:
        actions.store_photo(large, name="a.png", commune=inside_binh_lu, by=RESIDENT)
    assert "hết chỗ" in str(refusal.value)
    assert refusal.value.status == 507
    assert not _files(full_disk)
    assert not Attachment.objects.exists()

    small = actions.store_photo(hostile.photo(), name="a.jpg", commune=inside_binh_lu, by=RESIDENT)
    assert queries.content(small) == hostile.photo()


def test_a_disk_that_fills_while_developing_leaves_the_photo_waiting(
    inside_binh_lu, full_disk
) -> None:
    photo = actions.store_photo(
        hostile.photo(width=1600, height=1200), name="a.jpg", commune=inside_binh_lu, by=RESIDENT
    )
    with receiving.received(os.urandom(8_000), limit=8_000) as file:
        choosing.store().keep(file.path, Key(inside_binh_lu.id, file.sha256))
    with pytest.raises(NoSpace):
        actions.process(photo)
    photo = Attachment.objects.get(pk=photo.pk)
    assert photo.state == "received"  # the job comes back to it
    assert not photo.renditions.exists()
    assert queries.content(photo) == hostile.photo(width=1600, height=1200)


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


@pytest.fixture(scope="module")
def s3_server():
    """Run an S3 store of our own on this machine."""
    from moto.server import ThreadedMotoServer

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
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
    assert queries.content(photo) == hostile.photo()
    assert queries.clean_content(queries.rendition(photo, 320, "image/webp")).startswith(b"RIFF")
    assert not _files(own_files)

    s3.drop(key)
    assert not s3.has(key)
    with pytest.raises(FileNotFoundError):
        s3.open(key)


def test_files_of_two_communes_lie_apart(own_files) -> None:
    store, first, second = choosing.store(), uuid4(), uuid4()
    same = choosing.put(b"same bytes", first)
    assert choosing.put(b"same bytes", second) == same
    store.drop(Key(first, same, "made"))
    assert not store.has(Key(first, same, "made"))
    with store.open(Key(second, same, "made")) as file:
        assert file.read() == b"same bytes"
