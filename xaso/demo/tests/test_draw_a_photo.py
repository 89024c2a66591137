"""Drawn pictures: small, paired, repeatable."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from xaso.demo.matters import MATTERS
from xaso.demo.photos import scenes
from xaso.demo.photos.sketch import SIZE


@pytest.mark.parametrize("scene", scenes.SCENES)
def test_before_and_after_are_a_pair_of_small_jpegs(scene) -> None:
    before, after = (scenes.photo(scene, 1, after=a) for a in (False, True))
    pictures = [Image.open(BytesIO(data)) for data in (before, after)]
    for data, picture in zip((before, after), pictures, strict=True):
        assert picture.format == "JPEG"
        assert picture.size == SIZE
        assert not picture.getexif()
        assert len(data) < 60_000
    sky = [p.crop((0, 0, SIZE[0], 75)) for p in pictures]
    if scene not in {"pole", "lamp"}:  # cables and light reach into the sky
        assert ImageChops.difference(*sky).getbbox() is None  # taken from the same place
    assert before != after


def test_variants_differ_and_repeat() -> None:
    scenes.photo.cache_clear()
    first = scenes.photo("rubbish", 0)
    assert first != scenes.photo("rubbish", 1)
    scenes.photo.cache_clear()
    assert scenes.photo("rubbish", 0) == first


def test_every_matter_has_its_scene_and_complete_sentences() -> None:
    filled = {
        "where": "ngã ba",
        "village": "Bản Nà Đon",
        "unit": "Phòng Kinh tế",
        "day": "3/2",
        "count": 2,
    }
    for matter in MATTERS:
        assert not matter.scene or matter.scene in scenes.SCENES
        for text in (*matter.told, *matter.fixed, *matter.planned):
            assert "{" not in text.format(**filled)
        for text in (*matter.fixed, *matter.planned):
            assert text.format(**filled).endswith(".")
