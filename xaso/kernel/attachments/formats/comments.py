"""The comment header of Opus and Vorbis sound: who made it, where, with what. Emptied, not cut.

Sources: RFC 7845 section 5 (OpusHead, OpusTags), Vorbis I specification sections 4 and 5.
"""

from xaso.kernel.attachments.refusals import NotARecording

_OPUS, _VORBIS = b"OpusTags", b"\x03vorbis"
_EMPTY = bytes(8)  # no vendor, no comment: two lengths of four bytes
_OPUS_HEAD, _VORBIS_HEAD = 19, 30


def emptied(header: bytes) -> bytes:
    """Return a comment header as long as the given one that says nothing. Refuses NotARecording."""
    if header.startswith(_OPUS):
        new = _OPUS + _EMPTY
    elif header.startswith(_VORBIS):
        new = _VORBIS + _EMPTY + b"\x01"  # the framing bit
    else:
        raise NotARecording
    if len(header) < len(new):
        raise NotARecording
    return new.ljust(len(header), b"\0")


def refuse_odd_head(head: bytes) -> None:
    """Refuse with NotARecording a first header that is neither Opus nor Vorbis, or is too long."""
    if head.startswith(b"OpusHead") and len(head) >= _OPUS_HEAD:
        family, channels = head[18], head[9]
        if len(head) == _OPUS_HEAD + (2 + channels if family else 0):
            return
    elif head.startswith(b"\x01vorbis") and len(head) == _VORBIS_HEAD:
        return
    raise NotARecording
