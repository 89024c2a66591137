"""A resident sends a photo: it is kept privately, developed, and holds nothing but pixels."""

import hashlib
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageChops, ImageStat

from xaso.kernel.attachments import actions, queries, refusals
from xaso.kernel.attachments.models import Attachment, State
from xaso.kernel.attachments.stores import choosing
from xaso.kernel.attachments.stores.receiving import Key
from xaso.kernel.attachments.tests import honest
from xaso.kernel.attachments.tests.conftest import RESIDENT, every_file
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.tenancy import actions as tenancy


def test_a_photo_is_received_privately(sent) -> None:
    photo = sent(honest.photo(width=640, height=480), "cầu Nà Đon.JPG")

    assert (photo.state, photo.is_public, photo.kind) == (State.RECEIVED, False, "photo")
    assert (photo.media_type, photo.width, photo.height) == ("image/jpeg", 640, 480)
    assert photo.original_name == "cầu Nà Đon.jpg"
    assert photo.sha256 == hashlib.sha256(honest.photo()).hexdigest()


def test_receiving_takes_few_statements(sent, inside_binh_lu) -> None:
    sent(honest.photo("PNG"))  # whatever is asked once only
    with CaptureQueriesContext(
        connection,
    ) as seen:
        sent()
    assert len(seen.captured_queries) <= 3, seen.captured_queries


def test_the_same_bytes_again_are_the_same_photo(sent) -> None:
    first, second = sent(), sent(name="khác.jpg")
    assert first.pk == second.pk
    assert Attachment.objects.count() == 1


def test_bytes_other_than_announced_are_refused(inside_binh_lu) -> None:
    with pytest.raises(refusals.HashMismatch):
        actions.store_photo(
            honest.photo(),
            name="a.jpg",
            commune=inside_binh_lu,
            by=RESIDENT,
            expected_sha256="0" * 64,
        )


def test_a_stream_larger_than_told_stops_at_the_limit(inside_binh_lu) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"\xff" * size

    stream = Endless()
    with pytest.raises(refusals.TooBig) as refusal:
        actions.store_photo(stream, name="a.jpg", commune=inside_binh_lu, by=RESIDENT)
    assert "15 MB" in str(refusal.value)
    assert stream.given <= actions.PHOTO + 2**20


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_nothing_of_the_notes_is_in_any_served_byte(developed, kind) -> None:
    data = honest.with_everything(kind)
    assert data.count(honest.PAYLOAD) >= 5  # the photo really carries them

    photo = developed(data)

    assert photo.state == State.READY
    for body in every_file(photo):
        assert honest.PAYLOAD not in body
        with Image.open(io.BytesIO(body)) as picture:
            assert not picture.getexif()
            assert not {"icc_profile", "exif", "xmp", "comment", "XML:com.adobe.xmp"} & set(
                picture.info
            )


def test_the_picture_is_turned_upright(developed) -> None:
    upright = honest.drawing().transpose(Image.Transpose.ROTATE_270)

    photo = developed(honest.with_everything())  # 640 x 480, held upright

    assert (photo.width, photo.height) == (480, 640)
    body = queries.clean_content(queries.rendition(photo, 1600, "image/jpeg"))
    with Image.open(io.BytesIO(body)) as picture:
        difference = ImageChops.difference(picture.convert("RGB"), upright)
    assert max(ImageStat.Stat(difference).rms) < 8


def test_place_and_time_are_read_once_and_sealed(developed) -> None:
    photo = developed(honest.with_everything())

    lat, lon = queries.position(photo)
    assert (round(lat, 4), round(lon, 4)) == (22.3083, 103.56)
    assert queries.taken_at(photo).isoformat() == "2026-08-21T09:15:00+07:00"
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, taken_at FROM attachments_attachment")
        row = [bytes(value) for value in cursor.fetchone()]
    assert not any(b"22.3" in value or b"2026" in value for value in row)
    assert all(row)


@pytest.mark.parametrize("name", ["a.heic", "anh iphone.HEIC", "IMG_0001.jpg"])
def test_a_phone_that_speaks_heic_is_understood(developed, name) -> None:
    photo = developed(honest.HEIC, name)
    assert (photo.state, photo.width, photo.height) == (State.READY, 96, 64)
    assert queries.position(photo) == pytest.approx((22.308333, 103.56))
    assert not any(b"script" in body for body in every_file(photo))


def test_a_large_photo_gets_every_width_and_a_small_one_no_larger(developed) -> None:
    large = developed(honest.photo(width=2400, height=1800))
    assert (large.width, large.height) == (1600, 1200)
    assert sorted({made.step for made in large.renditions.all()}) == [160, 320, 800, 1280, 1600]
    assert {(m.step, m.width) for m in large.renditions.all()} >= {
        (320, 320),
        (800, 800),
        (1280, 1280),
    }

    small = developed(honest.photo(width=200, height=100))
    assert sorted({(m.step, m.width) for m in small.renditions.all()}) == [
        (160, 160),
        (320, 200),
        (1600, 200),
    ]


def test_avif_is_kept_only_where_it_pays(developed) -> None:
    for data in (honest.photo(width=1600, height=1200), honest.photo(width=100, height=80)):
        photo = developed(data)
        sizes = {(m.step, m.media_type): m.bytes for m in photo.renditions.all()}
        tried = 800 if (800, "image/webp") in sizes else 320
        if photo.has_avif:
            assert sizes[tried, "image/avif"] <= 0.8 * sizes[tried, "image/webp"]
        else:
            assert "image/avif" not in {kind for _, kind in sizes}


def test_the_job_develops_what_was_received(sent, django_capture_on_commit_callbacks) -> None:
    good, broken = sent(), sent(honest.spoiled(), "hong.png")
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.do_now() == 2
    assert Attachment.objects.get(pk=good.pk).state == State.READY
    assert Attachment.objects.get(pk=broken.pk).state == State.REFUSED


def test_the_upload_is_dropped_once_developed(developed) -> None:
    photo = developed()
    key = Key(photo.commune_id, photo.sha256)
    assert not choosing.store().has(key)

    kept = developed(honest.photo("PNG"), keep_original=True)
    assert queries.content(kept) == honest.photo("PNG")


def test_evidence_must_be_asked_for_in_time(developed) -> None:
    with pytest.raises(refusals.OriginalGone):
        actions.keep_original(developed(), by=RESIDENT)


def test_someone_sends_back_a_picture_saved_from_our_page(developed) -> None:
    photo = developed()
    made = queries.rendition(photo, 800, "image/jpeg")
    again = developed(queries.clean_content(made))
    assert again.sha256 == made.sha256  # same bytes as a picture we serve, and its upload dropped
    assert queries.clean_content(made)


def test_developing_twice_changes_nothing(developed) -> None:
    photo = developed()
    before = json.dumps(sorted(photo.renditions.values_list("sha256", flat=True)))
    actions.process(Attachment.objects.get(pk=photo.pk))
    assert json.dumps(sorted(photo.renditions.values_list("sha256", flat=True))) == before


def test_what_was_refused_once_is_refused_with_the_same_sentence(developed, sent) -> None:
    broken = honest.spoiled()
    photo = developed(broken)
    assert (photo.state, photo.refusal) == (State.REFUSED, "broken_file")
    with pytest.raises(refusals.BrokenFile) as refusal:
        sent(broken)
    assert "chụp lại" in str(refusal.value)
    with pytest.raises(refusals.NotReady):
        actions.publish(photo, by=RESIDENT)


def test_pictures_of_one_thing_are_found_alike(developed) -> None:
    first = developed(honest.photo(width=1000, height=750))
    smaller = developed(honest.photo("WEBP", width=500, height=375, quality=50))
    out = io.BytesIO()
    Image.effect_mandelbrot((400, 300), (-2, -1.5, 1, 1.5), 50).convert("RGB").save(out, "JPEG")
    other = developed(out.getvalue())

    assert [photo.pk for photo in queries.alike(first)] == [smaller.pk]
    assert other.pk not in {photo.pk for photo in queries.alike(first)}


def test_communes_share_nothing(sent, binh_lu, ban_bo) -> None:
    photo = sent()
    with tenancy.inside(ban_bo.id):
        assert not Attachment.objects.exists()
        assert queries.by_sha256(ban_bo, photo.sha256) is None
        theirs = actions.store_photo(honest.photo(), name="b.jpg", commune=ban_bo, by=RESIDENT)
        choosing.store().drop(Key(ban_bo.id, theirs.sha256))
    assert choosing.store().has(Key(binh_lu.id, photo.sha256))


def test_what_cameras_noted_is_forgotten_after_thirty_days(developed) -> None:
    from datetime import timedelta

    from xaso.kernel.working_time import clock

    photo = developed(honest.with_everything())
    with clock.at(clock.now() + timedelta(days=29)):
        actions.forget()
    assert queries.position(Attachment.objects.get(pk=photo.pk))
    with clock.at(clock.now() + timedelta(days=31)):
        actions.forget()
    photo = Attachment.objects.get(pk=photo.pk)
    assert (queries.position(photo), queries.taken_at(photo)) == (None, None)
