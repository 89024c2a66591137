"""What the camera wrote into a photo: where, when, which side is up, which colours."""

import io
import math
from datetime import datetime, timedelta, timezone
from typing import Any

from PIL import Image, ImageCms

_ORIENTATION, _EXIF, _GPS = 0x0112, 0x8769, 0x8825
_TAKEN, _OFFSET = 0x9003, 0x9011
_HERE = timezone(timedelta(hours=7))  # a camera without an offset shows Vietnamese time
_EARLIEST = 1990
TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


def facts(picture: Image.Image) -> dict[str, Any]:
    """Return `orientation`, `position` ("lat,lon" or "") and `taken_at` (ISO or "").

    What is missing, broken or out of range is left out: a photo is never refused for its notes.
    """
    found: dict[str, Any] = {"orientation": 1, "position": "", "taken_at": ""}
    for name, read in (
        ("orientation", _orientation),
        ("position", _position),
        ("taken_at", _taken),
    ):
        try:
            found[name] = read(picture.getexif())
        except Exception:  # noqa: BLE001, S112  (notes of strangers; see above)
            continue
    return found


def true_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an RGB picture with its colours in sRGB, as screens without the profile show them."""
    if not profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except Exception:  # noqa: BLE001  (a broken profile is ignored)
        return picture
    return turned or picture


def _orientation(exif: Image.Exif) -> int:
    value = int(exif.get(_ORIENTATION, 1))
    return value if value in TURNS else 1


def _position(exif: Image.Exif) -> str:
    gps = exif.get_ifd(_GPS)
    if not gps.get(2) or not gps.get(4):
        return ""
    lat = _degrees(gps[2]) * (-1 if _letter(gps.get(1)) == "S" else 1)
    lon = _degrees(gps[4]) * (-1 if _letter(gps.get(3)) == "W" else 1)
    is_on_earth = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180
    is_null = lat == 0 and lon == 0  # cameras without a fix write zeros
    return f"{lat:.6f},{lon:.6f}" if is_on_earth and not is_null else ""


def _degrees(parts: Any) -> float:  # noqa: ANN401  (three rationals, or anything)
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _letter(value: Any) -> str:  # noqa: ANN401  (text or bytes, or anything)
    text = value.decode("ascii") if isinstance(value, bytes) else str(value or "")
    return text[:1].upper()


def _taken(exif: Image.Exif) -> str:
    notes = exif.get_ifd(_EXIF)
    moment = datetime.strptime(str(notes[_TAKEN])[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    offset = str(notes.get(_OFFSET, ""))[:6]
    zone = datetime.strptime(offset, "%z").tzinfo if offset else _HERE
    return moment.replace(tzinfo=zone).isoformat() if moment.year >= _EARLIEST else ""
