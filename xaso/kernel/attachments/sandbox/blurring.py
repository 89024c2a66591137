"""Burn boxes of a picture into a few flat colours: what was there cannot be computed back.

Each box is averaged into at most four blocks along its longer side, and no block is smaller than a
twentieth of the picture: a letter of a number plate and an eye fall into one colour. The blocks are
then drawn large and soft. Only pixels inside the box are used, and all sizes are made anew from the
result.
"""

import io
import json
import math
import struct
from typing import Any

from PIL import Image, ImageFilter

from xaso.kernel.attachments.sandbox import pictures
from xaso.kernel.attachments.sandbox.verdict import No

BLOCKS = 4  # along the longer side of a box, at most
LEAST = 20  # blocks along the longer side of the whole picture, at most
WHOLE = 1_000  # boxes are given in thousandths of width and height


def blurred(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return the facts and the pictures of a clean JPEG with some boxes burned.

    Input: 4 bytes length of a JSON list of [x, y, width, height], the list, the JPEG. Facts are
    those of a developed photo; nothing of the camera is in them, and no hash that finds likes.
    Refuses with `broken_file`.
    """
    (length,) = struct.unpack_from(">I", data)
    boxes = json.loads(data[4 : 4 + length])
    with Image.open(io.BytesIO(data[4 + length :]), formats=["JPEG"]) as photo:
        if photo.width * photo.height > pictures.PIXELS:
            raise No("too_many_pixels")
        master = photo.convert("RGB")
    for box in boxes:
        burn(master, box)
    facts, bodies = pictures.kept(master)
    return facts | {"position": "", "taken_at": "", "phash": None}, bodies


def burn(master: Image.Image, box: list[int]) -> None:
    """Replace one box of a picture, in place."""
    x, y, width, height = box
    left, top = x * master.width // WHOLE, y * master.height // WHOLE
    right = min(master.width, max(left + 1, math.ceil((x + width) * master.width / WHOLE)))
    bottom = min(master.height, max(top + 1, math.ceil((y + height) * master.height / WHOLE)))
    piece = master.crop((left, top, right, bottom))
    block = max(math.ceil(max(piece.size) / BLOCKS), math.ceil(max(master.size) / LEAST))
    few = (max(1, round(piece.width / block)), max(1, round(piece.height / block)))
    flat = piece.resize(few, Image.Resampling.BOX)
    soft = flat.resize(piece.size, Image.Resampling.BILINEAR)
    master.paste(soft.filter(ImageFilter.GaussianBlur(block / 4)), (left, top))
