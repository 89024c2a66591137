"""Draw the home-screen icons and the favicon from the woven diamond (run when the logo changes)."""

import re
from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "xaso/kernel/web/static/web"
INDIGO = "#27386F"
PATH = re.compile(r'<path fill="(#[0-9A-Fa-f]+)" d="([^"]+)"')
CELL = re.compile(r"M(\d+) (\d+)h(\d+)")


def cells() -> list[tuple[str, int, int, int]]:
    """Return (colour, x, y, width) of every run of the 11 x 11 weave."""
    text = (STATIC / "icons/own.svg").read_text(encoding="utf-8")
    return [
        (colour, *(int(number) for number in run))
        for colour, path in PATH.findall(text)
        for run in CELL.findall(path)
    ]


def draw(size: int, margin: float) -> Image.Image:
    """Return the weave on indigo; `margin` is the share of the edge kept free on each side."""
    step = max(1, int(size * (1 - 2 * margin)) // 11)
    start = (size - 11 * step) // 2
    image = Image.new("RGB", (size, size), INDIGO)
    pen = ImageDraw.Draw(image)
    for colour, x, y, width in cells():
        left, top = start + x * step, start + y * step
        pen.rectangle((left, top, left + width * step - 1, top + step - 1), fill=colour)
    return image


if __name__ == "__main__":
    for size in (180, 192, 512):
        draw(size, 0.12).save(STATIC / f"icons/{size}.png", optimize=True)
    draw(512, 0.22).save(STATIC / "icons/maskable.png", optimize=True)
    draw(48, 0.08).save(STATIC / "icons/favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
    print("icons drawn")
