"""Turn a photo of a stranger into clean pictures: pixels alone, upright, no metadata."""

import io
import math
import warnings
from functools import partial
from typing import Any

from PIL import Image

from xaso.kernel.attachments.sandbox import camera
from xaso.kernel.attachments.sandbox.verdict import No

PIXELS = 50_000_000
STEPS = (160, 320, 800, 1280)
MASTER = 1600
_WEBP, _JPEG, _AVIF = 65, 72, 55
_MASTER_JPEG = 82
_PAYS = 0.8  # AVIF is kept when at most this share of the WebP's bytes
_TRIED_AT = 800  # the step at which AVIF is tried
_HASH = 32  # side of the grey picture behind the perceptual hash

Part = tuple[dict[str, Any], bytes]


def developed(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return the facts of a photo and the bytes of its clean pictures.

    Facts: width and height (of the largest clean picture, upright), position, taken_at, phash,
    has_avif, and `parts`: step, width, height, media_type of each picture in the order of bytes.
    Refuses with `too_many_pixels`, `broken_file`, `not_a_picture`.
    """
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    master, facts = _opened(data)
    made, bodies = kept(master)
    return facts | made | {"phash": perceptual_hash(master)}, bodies


def kept(master: Image.Image) -> tuple[dict[str, Any], list[bytes]]:
    """Return width, height, has_avif and parts of a clean picture, and the bytes of all sizes."""
    parts = _renditions(master)
    facts = {
        "width": master.width,
        "height": master.height,
        "has_avif": any(said["media_type"] == "image/avif" for said, _ in parts),
        "parts": [said for said, _ in parts],
    }
    return facts, [body for _, body in parts]


def perceptual_hash(picture: Image.Image) -> int:
    """Return 64 bits that stay nearly the same when a photo is shrunk, squeezed or toned.

    Signs of the 8 × 8 lowest frequencies of the grey picture around their median, as a signed
    number for PostgreSQL's bigint.
    """
    grey = picture.convert("L").resize((_HASH, _HASH), Image.Resampling.BILINEAR).tobytes()
    waves = [
        [math.cos(math.pi * u * (2 * x + 1) / (2 * _HASH)) for x in range(_HASH)] for u in range(8)
    ]
    rows = [
        [sum(w * v for w, v in zip(wave, grey[y : y + _HASH], strict=True)) for wave in waves]
        for y in range(0, _HASH * _HASH, _HASH)
    ]
    low = [sum(waves[v][y] * rows[y][u] for y in range(_HASH)) for v in range(8) for u in range(8)]
    middle = sorted(low[1:])[31]
    bits = sum(1 << n for n, value in enumerate(low) if value > middle)
    return bits - (1 << 64) if bits >> 63 else bits


def _opened(data: bytes) -> tuple[Image.Image, dict[str, Any]]:
    """Return a clean RGB picture of at most 1600 px and what the camera wrote."""
    try:
        with Image.open(io.BytesIO(data), formats=[_format(data)]) as photo:
            if photo.width * photo.height > PIXELS:
                raise No("too_many_pixels")
            facts = camera.facts(photo)
            photo.draft("RGB", (MASTER, MASTER))
            small = _shrunk(photo)
            small = camera.true_colours(small, photo.info.get("icc_profile"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise No("too_many_pixels") from error
    for turn in camera.TURNS.get(facts.pop("orientation"), ()):
        small = small.transpose(turn)
    clean = Image.new("RGB", small.size)
    clean.paste(small)
    return clean, facts


def _format(data: bytes) -> str:
    """Return the one decoder this file may meet."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:4] == b"\x89PNG":
        return "PNG"
    if data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        import pi_heif  # noqa: PLC0415  (a large library, needed for one kind only)

        pi_heif.register_heif_opener()
        return "HEIF"
    raise No("not_a_picture")


def _shrunk(photo: Image.Image) -> Image.Image:
    """Return the picture in RGB on white, longest side at most 1600 px."""
    picture = _simple(photo)
    factor = max(picture.size) // (MASTER * 2)
    if factor > 1:
        picture = picture.reduce(factor)
    if picture.mode in {"RGBA", "LA"}:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    picture = picture.convert("RGB")
    scale = MASTER / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _simple(photo: Image.Image) -> Image.Image:
    """Return the picture with 8 bits for each of its channels, so that it can be shrunk."""
    if photo.mode.startswith("I"):  # 16 bits of grey
        return photo.convert("I").point(lambda value: value / 256).convert("L")
    if photo.mode == "P":
        return photo.convert("RGBA" if photo.has_transparency_data else "RGB")
    if photo.mode in {"1", "F"}:
        return photo.convert("L")
    if photo.mode == "RGB" and photo.has_transparency_data:
        return photo.convert("RGBA")
    return photo


def _renditions(master: Image.Image) -> list[Part]:
    """Return the pictures to keep; AVIF for every step when it pays at one."""
    steps = [s for n, s in enumerate(STEPS) if n == 0 or STEPS[n - 1] < master.width]
    sized = {step: _at_width(master, step) for step in steps}
    parts = [_encoded(master, MASTER, "image/jpeg", quality=_MASTER_JPEG)]
    for step, picture in sized.items():
        parts.append(_encoded(picture, step, "image/webp", quality=_WEBP))
        parts.append(_encoded(picture, step, "image/jpeg", quality=_JPEG))
    if (avif := _avif_parts(sized, parts)) is not None:
        parts += avif
    return parts


def _avif_parts(sized: dict[int, Image.Image], parts: list[Part]) -> list[Part] | None:
    step = _TRIED_AT if _TRIED_AT in sized else max(sized)
    webp = next(
        len(b) for said, b in parts if (said["step"], said["media_type"]) == (step, "image/webp")
    )
    first = _encoded(sized[step], step, "image/avif", quality=_AVIF)
    if len(first[1]) > webp * _PAYS:
        return None
    rest = [s for s in sized if s != step]
    return [first, *(_encoded(sized[s], s, "image/avif", quality=_AVIF) for s in rest)]


def _at_width(master: Image.Image, step: int) -> Image.Image:
    if master.width <= step:
        return master
    size = (step, max(1, round(master.height * step / master.width)))
    return master.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(picture: Image.Image, step: int, media_type: str, *, quality: int) -> Part:
    said = {
        "step": step,
        "width": picture.width,
        "height": picture.height,
        "media_type": media_type,
    }
    out = io.BytesIO()
    encode = partial(picture.save, out, quality=quality)
    if media_type == "image/webp":
        encode("WEBP", method=2)
    elif media_type == "image/avif":
        encode("AVIF", speed=9, max_threads=1)
    else:
        encode("JPEG", optimize=True, progressive=True)
    return said, out.getvalue()
