"""A text as a QR picture: SVG for pages and paper, PNG to keep on the phone that pays."""

import base64

import segno

_QUIET = 4  # modules of white around it
_LEAST = 600  # pixels of a PNG


def svg(text: str, side: int = 0) -> str:
    """Return a QR as an SVG element (level M, quiet zone 4).

    `side` is its size in pixels, for pages without a style sheet; 0 leaves it to the page.
    """
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=_QUIET, omitsize=True)
    sized = f'<svg width="{side}" height="{side}" ' if side else "<svg "
    return drawn.replace("<svg ", sized, 1)


def png(text: str, *, least: int = _LEAST) -> bytes:
    """Return a QR as a PNG of at least so many pixels a side."""
    code = segno.make(text, error="m", micro=False)
    scale = -(-least // code.symbol_size(border=_QUIET)[0])
    uri = code.png_data_uri(scale=scale, border=_QUIET)
    return base64.b64decode(uri.partition(",")[2])
