"""Type of a sound recording from its first bytes, as phones and browsers make them."""

from typing import BinaryIO

_MP4 = {b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"iso5", b"iso6", b"dash"}
_FRAME_BYTES = 4


def media_type(file: BinaryIO, size: int) -> str:
    """Return the media type of MP3, M4A, Ogg, WebM or WAV sound, or an empty text."""
    file.seek(0)
    start = file.read(64)
    if start[:3] == b"ID3" or _is_mp3_frame(start):
        return "audio/mpeg"
    if start[4:8] == b"ftyp" and start[8:12] in _MP4:
        return "audio/mp4"
    if start[:5] == b"OggS\x00" and any(c in start for c in (b"OpusHead", b"\x01vorbis")):
        return "audio/ogg"
    if start[:4] == b"\x1aE\xdf\xa3" and b"webm" in start:
        return "audio/webm"
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        told = int.from_bytes(start[4:8], "little") + 8
        return "audio/wav" if told == size else ""
    return ""


def _is_mp3_frame(start: bytes) -> bool:
    """Return whether a MPEG-1/2 layer III frame begins here (ISO/IEC 11172-3)."""
    if len(start) < _FRAME_BYTES or start[0] != 0xFF or start[1] & 0xE6 != 0xE2:
        return False
    bitrate, rate = start[2] >> 4, start[2] >> 2 & 3
    return bitrate not in {0, 15} and rate != 3
