"""A sheet to draw on: sky, mountains, ground, and the strokes that scenes share.

Coordinates are those of a sheet of 960 × 720; it is drawn larger and shrunk for smooth edges.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 960, 720
SIZE = (800, 600)  # of the finished picture, in pixels
_SCALE = 1.25
_QUALITY = 74

XY = tuple[float, float]
Colour = tuple[int, ...]  # red, green, blue, and opacity where it is not full

DAYS: tuple[tuple[Colour, Colour, Colour], ...] = (  # sky above, sky at the ridge, far mountains
    ((118, 164, 204), (222, 233, 236), (126, 148, 176)),
    ((150, 168, 184), (226, 226, 220), (134, 146, 160)),
    ((92, 138, 190), (246, 226, 196), (116, 130, 168)),
)
DUSK = ((24, 30, 62), (96, 82, 110), (38, 44, 76))
TARMAC, EARTH, CLAY, STONE = (92, 94, 98), (150, 112, 78), (158, 96, 58), (136, 132, 124)
LEAF, GRASS, RICE, DARK = (66, 108, 58), (112, 146, 76), (168, 178, 84), (40, 42, 46)
WATER, MUD, WHITE, STEEL = (98, 150, 176), (140, 116, 84), (244, 242, 236), (146, 152, 158)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return the colour at a share of the way from one to another."""
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))


class Sketch:
    """One picture being drawn, with its own chance."""

    def __init__(self, chance: Random, *, is_mended: bool = False) -> None:
        """Start with an empty sheet; `is_mended` says whether the scene shows what was done."""
        self.chance = chance
        self.is_mended = is_mended
        self.night = False
        self._image = Image.new("RGB", (int(WIDTH * _SCALE), int(HEIGHT * _SCALE)))
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def area(self, points: Sequence[XY], fill: Colour, alpha: int = 255) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=(*fill, alpha))

    def line(self, points: Sequence[XY], fill: Colour, width: float, alpha: int = 255) -> None:
        """Draw a line with round corners."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=(*fill, alpha), width=round(width * _SCALE), joint="curve")

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """Fill an ellipse around a point."""
        box = [(x - rx) * _SCALE, (y - ry) * _SCALE, (x + rx) * _SCALE, (y + ry) * _SCALE]
        self._draw.ellipse(box, fill=fill)

    def blot(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """Fill an uneven blot: earth, puddles, bushes, stones."""
        corners = 18
        points = []
        for step in range(corners):
            reach = self.chance.uniform(0.8, 1.12)
            angle = 2 * pi * step / corners
            points.append((x + rx * reach * cos(angle), y + ry * reach * sin(angle)))
        self.area(points, fill)

    def backdrop(self, *, night: bool = False) -> None:
        """Draw sky, three ridges and a terraced slope."""
        self.night = night
        above, ridge, far = DUSK if night else self.chance.choice(DAYS)
        for y in range(0, 400, 4):
            self.area([(0, y), (WIDTH, y), (WIDTH, y + 5), (0, y + 5)], mix(above, ridge, y / 400))
        for number, base in enumerate((250, 300, 350)):
            tone = mix(far, (30, 58, 52) if not night else (16, 20, 36), number * 0.3)
            self.area([(0, 720), *self._ridge(base, 90 - number * 22), (WIDTH, 720)], tone)
        slope = mix(GRASS, (20, 24, 34), 0.72) if night else GRASS
        self.area([(0, 720), *self._ridge(410, 22), (WIDTH, 720)], slope)
        for step in range(4):
            y = 424 + step * 13
            curve = [(x, y + 9 * sin(x / 110 + step)) for x in range(0, WIDTH + 40, 40)]
            self.line(curve, mix(slope, RICE, 0.55 if not night else 0.12), 5)

    def _ridge(self, base: float, height: float) -> list[XY]:
        phases = [self.chance.uniform(0, 2 * pi) for _ in range(3)]
        return [
            (
                x,
                base
                - height * 0.55 * (1 + sin(x / 170 + phases[0])) / 2
                - height * 0.3 * sin(x / 61 + phases[1])
                - height * 0.15 * sin(x / 23 + phases[2]),
            )
            for x in range(0, WIDTH + 12, 12)
        ]

    def ground(self, top: float, fill: Colour) -> None:
        """Cover the foreground from a height down."""
        tone = mix(fill, (18, 20, 30), 0.68) if self.night else fill
        self.area([(0, top), (WIDTH, top - 14), (WIDTH, HEIGHT), (0, HEIGHT)], tone)
        for _stone in range(90):
            x, y = self.chance.uniform(0, WIDTH), self.chance.uniform(top + 10, HEIGHT)
            self.oval(x, y, 3 * y / HEIGHT, 1.4, mix(tone, self.chance.choice((DARK, WHITE)), 0.22))

    def road(self, *, far: float = 470, left: float = 20, right: float = 900) -> None:
        """Draw a road that runs away from the viewer."""
        tone = mix(TARMAC, (14, 15, 24), 0.6) if self.night else TARMAC
        x = self.chance.uniform(430, 520)
        self.area([(left, 720), (right, 720), (x + 56, far), (x - 40, far)], tone)
        self.line([(left, 720), (x - 40, far)], mix(tone, EARTH, 0.7), 9)
        self.line([(right, 720), (x + 56, far)], mix(tone, EARTH, 0.7), 9)

    def house(self, x: float, y: float, size: float) -> None:
        """Draw a small stilt house far away."""
        roof = mix((112, 66, 48), DARK, 0.6 if self.night else 0.0)
        wall = mix((176, 138, 96), DARK, 0.6 if self.night else 0.0)
        self.area(
            [(x - size, y), (x + size, y), (x + size, y + size * 0.6), (x - size, y + size * 0.6)],
            wall,
        )
        self.area([(x - size * 1.3, y), (x, y - size * 0.9), (x + size * 1.3, y)], roof)
        if self.night:
            self.oval(x, y + size * 0.3, size * 0.2, size * 0.2, (255, 208, 120))

    def bush(self, x: float, y: float, size: float) -> None:
        """Draw a bush."""
        tone = mix(LEAF, (12, 18, 22), 0.6) if self.night else LEAF
        for _leaf in range(5):
            dx, dy = self.chance.uniform(-size, size), self.chance.uniform(-size * 0.5, size * 0.3)
            shade = mix(tone, self.chance.choice((DARK, RICE)), 0.16)
            self.blot(x + dx, y + dy, size * 0.7, size * 0.5, shade)

    def glow(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """Lay light around a point."""
        layer = Image.new("RGBA", self._image.size, (*fill, 0))
        box = [(v * _SCALE) for v in (x - radius, y - radius, x + radius, y + radius)]
        ImageDraw.Draw(layer).ellipse(box, fill=(*fill, 120))
        layer = layer.filter(ImageFilter.GaussianBlur(radius * 0.5))
        self._image.paste(layer, (0, 0), layer)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def jpeg(self) -> bytes:
        """Return the finished picture, marked as drawn."""
        image = self._image.resize(SIZE, Image.Resampling.LANCZOS)
        pen = ImageDraw.Draw(image, "RGBA")
        low = SIZE[1] - 12
        pen.rounded_rectangle([12, low - 26, 190, low], 7, fill=(16, 20, 40, 150))
        pen.text((20, low - 23), "Ảnh vẽ, dữ liệu mẫu", font=_font(), fill=(255, 255, 255))
        out = BytesIO()
        image.save(out, "JPEG", quality=_QUALITY, optimize=True)
        return out.getvalue()


@cache
def _font() -> ImageFont.FreeTypeFont:
    path = files("xaso.kernel.web") / "fonts/be-vietnam-pro-vi-400.woff2"
    return ImageFont.truetype(BytesIO(path.read_bytes()), 17)
