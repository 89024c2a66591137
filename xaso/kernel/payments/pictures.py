"""A text as a QR picture: SVG for pages and paper, PNG to keep on the phone that pays."""

import base64

import segno

_QUIET = 4  # modules of white around it
_LEAST = 600  # pixels of a PNG


def svg(text: str) -> str:
    """Return a QR as an SVG element without a size of its own (level M, quiet zone 4)."""
    return segno.make(text, error="m", micro=False).svg_inline(border=_QUIET, omitsize=True)


def png(text: str, *, least: int = _LEAST) -> bytes:
    """Return a QR as a PNG of at least so many pixels a side."""
    code = segno.make(text, error="m", micro=False)
    scale = -(-least // code.symbol_size(border=_QUIET)[0])
    uri = code.png_data_uri(scale=scale, border=_QUIET)
    return base64.b64decode(uri.partition(",")[2])
