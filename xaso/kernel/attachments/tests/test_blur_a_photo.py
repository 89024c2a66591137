"""A blurred photo is a new photo: what was in the boxes is gone from every size of it."""

import io

import pytest
from django.test import Client
from PIL import Image, ImageChops

from xaso.kernel.attachments import actions, queries
from xaso.kernel.attachments.formats.boxes import of_cells
from xaso.kernel.attachments.models import Attachment, Rendition, State
from xaso.kernel.attachments.refusals import NoBoxes, NotReady
from xaso.kernel.attachments.stores import choosing
from xaso.kernel.attachments.stores.receiving import Key
from xaso.kernel.attachments.tests import honest
from xaso.kernel.attachments.tests.conftest import every_file
from xaso.kernel.audit.actors import SYSTEM

BOX = (250, 250, 500, 500)


def _checked(first: int) -> bytes:
    """Return a photo whose middle is a checkerboard of 8 pixels, beginning dark or light."""
    picture = honest.drawing(800, 600)
    squares = Image.new("L", (2, 2))
    squares.putdata([first, 255 - first, 255 - first, first])
    small = Image.new("L", (50, 36))
    for x in range(0, 50, 2):
        for y in range(0, 36, 2):
            small.paste(squares, (x, y))
    board = small.resize((400, 288), Image.Resampling.NEAREST)
    picture.paste(board.convert("RGB"), (200, 156))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def _blurred(photo: Attachment, callbacks) -> Attachment:
    made = actions.blur(photo, [BOX], by=SYSTEM)
    with callbacks(execute=True):
        return actions.process(Attachment.objects.get(pk=made.pk))


def _master(photo: Attachment) -> Image.Image:
    return Image.open(io.BytesIO(queries.clean_content(photo.renditions.get(step=1600))))


def test_two_patterns_become_the_same_picture(
    developed, django_capture_on_commit_callbacks
) -> None:
    dark, light = (developed(_checked(first)) for first in (0, 255))
    apart = ImageChops.difference(_master(dark), _master(light)).convert("L").getextrema()[1]
    assert apart > 200

    made = [_blurred(each, django_capture_on_commit_callbacks) for each in (dark, light)]
    assert [each.state for each in made] == [State.READY] * 2
    differ = ImageChops.difference(*map(_master, made)).convert("L").getextrema()[1]
    assert differ < 12  # the noise of JPEG: nothing of the pattern can be computed back


def test_every_size_is_new_and_the_first_photo_stays(
    developed, django_capture_on_commit_callbacks
) -> None:
    photo = developed(_checked(0))
    made = _blurred(photo, django_capture_on_commit_callbacks)
    assert made.sha256 != photo.sha256
    assert not set(every_file(made)) & set(every_file(photo))
    steps = {(each.step, each.media_type) for each in photo.renditions.all()}
    assert {(s, t) for s, t in steps if t != "image/avif"} <= {
        (each.step, each.media_type) for each in made.renditions.all()
    }
    assert (made.phash, made.position, made.is_public) == (None, "", False)
    assert queries.picture(photo, "").is_ready


def test_only_what_is_published_is_served(developed, django_capture_on_commit_callbacks) -> None:
    photo = actions.publish(developed(_checked(0)), by=SYSTEM)
    old = f"/binh-lu/tep/{photo.sha256}/800.jpg"
    assert Client().get(old).status_code == 200
    made = actions.publish(_blurred(photo, django_capture_on_commit_callbacks), by=SYSTEM)
    actions.hide(photo, by=SYSTEM)
    etag = f'"{photo.renditions.get(step=800, media_type="image/jpeg").sha256}"'
    assert Client().get(old, headers={"If-None-Match": etag}).status_code == 404
    answer = Client().get(f"/binh-lu/tep/{made.sha256}/800.jpg")
    assert answer.status_code == 200
    assert "immutable" not in answer["Cache-Control"]


@pytest.mark.parametrize(
    "boxes", [[], [(0, 0, 0, 10)], [(900, 0, 200, 10)], [(-1, 0, 5, 5)], [(0, 0, 5, 5)] * 41]
)
def test_a_box_lies_inside_the_picture(boxes, developed) -> None:
    with pytest.raises(NoBoxes):
        actions.blur(developed(), boxes, by=SYSTEM)


def test_what_is_not_developed_or_blurred_already_is_refused(sent, developed) -> None:
    with pytest.raises(NotReady):
        actions.blur(sent(), [BOX], by=SYSTEM)
    with pytest.raises(NotReady):
        actions.blur(actions.blur(developed(), [BOX], by=SYSTEM), [BOX], by=SYSTEM)


def test_erasing_a_photo_erases_what_was_made_of_it(
    developed, django_capture_on_commit_callbacks
) -> None:
    photo = developed(_checked(0))
    made = _blurred(photo, django_capture_on_commit_callbacks)
    keys = [Key(made.commune_id, each.sha256, "made") for each in made.renditions.all()]
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(photo, by=SYSTEM)
    assert not Attachment.objects.exists()
    assert not Rendition.objects.exists()
    assert not any(choosing.store().has(key) for key in keys)


def test_ticked_cells_become_few_boxes() -> None:
    assert of_cells([(1, 1), (2, 1), (1, 2), (2, 2)], 10, 10) == [(100, 100, 200, 200)]
    assert of_cells([(0, 0), (9, 9), (20, 3)], 10, 10) == [(0, 0, 100, 100), (900, 900, 100, 100)]
    assert of_cells([(0, 0), (1, 0), (0, 1)], 3, 3) == [(0, 0, 667, 334), (0, 333, 334, 334)]
