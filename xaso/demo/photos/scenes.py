"""What residents photograph: each scene as it was, and after the commune mended it."""

from collections.abc import Callable
from functools import cache

from xaso.demo.dice import dice
from xaso.demo.photos.sketch import (
    CLAY,
    DARK,
    EARTH,
    GRASS,
    LEAF,
    MUD,
    RICE,
    STEEL,
    STONE,
    TARMAC,
    WATER,
    WHITE,
    WIDTH,
    Sketch,
    mix,
)

VARIANTS = 3  # of each scene
_TENTHS = [step / 10 for step in range(11)]


@cache
def photo(scene: str, variant: int, *, after: bool = False) -> bytes:
    """Return a JPEG of 800 × 600 of a scene (a key of SCENES), before or after it was mended.

    The same scene and variant share their surroundings, so that the two make a pair.
    """
    sketch = Sketch(dice("photo", scene, variant), is_mended=after)
    SCENES[scene](sketch)
    return sketch.jpeg()


def _lamp(s: Sketch) -> None:
    s.backdrop(night=True)
    s.ground(470, EARTH)
    s.house(150, 440, 34)
    s.house(820, 432, 28)
    s.road()
    x = s.chance.uniform(640, 720)
    s.line([(x, 690), (x, 150)], STEEL, 13)
    s.line([(x, 156), (x - 40, 128), (x - 120, 122)], STEEL, 9)
    if s.is_mended:
        s.glow(x - 130, 330, 190, (255, 220, 140))
        s.glow(x - 126, 136, 60, (255, 236, 180))
        s.oval(x - 128, 130, 36, 12, (255, 246, 214))
        s.oval(x - 150, 640, 200, 44, (255, 226, 150, 46))
    else:
        s.line([(x - 120, 122), (x - 132, 158)], STEEL, 7)
        s.area([(x - 160, 158), (x - 104, 150), (x - 108, 172), (x - 156, 182)], (70, 74, 82))
        s.line([(x - 108, 168), (x - 96, 214), (x - 104, 240)], DARK, 3)


def _pothole(s: Sketch) -> None:
    s.backdrop()
    s.ground(460, EARTH)
    s.house(770, 430, 30)
    s.bush(110, 500, 44)
    s.road()
    spots = [(s.chance.uniform(330, 600), y, s.chance.uniform(70, 120)) for y in (560, 630)]
    for x, y, r in spots:
        if s.is_mended:
            s.blot(x, y, r * 1.1, r * 0.34, (64, 66, 70))
        else:
            s.blot(x, y, r * 1.1, r * 0.36, mix(TARMAC, DARK, 0.4))
            s.blot(x, y + 4, r * 0.9, r * 0.26, MUD)
            s.blot(x - 8, y + 6, r * 0.6, r * 0.15, mix(MUD, WATER, 0.55))
    for _gravel in range(0 if s.is_mended else 26):
        s.oval(s.chance.uniform(250, 700), s.chance.uniform(520, 690), 5, 3, STONE)


def _landslide(s: Sketch) -> None:
    s.backdrop()
    s.ground(460, EARTH)
    s.area([(560, 720), (610, 250), (760, 170), (WIDTH, 140), (WIDTH, 720)], LEAF)
    s.area([(640, 720), (690, 320), (790, 240), (900, 420), (930, 720)], CLAY)
    s.road(right=760)
    if s.is_mended:
        s.line([(640, 700), (600, 560), (560, 480)], STONE, 16)
        for step in range(6):
            s.line(
                [(660 + step * 10, 700 - step * 36), (720 + step * 8, 690 - step * 40)], STONE, 9
            )
        return
    for left, low, wide in ((520, 600, 190), (430, 640, 130), (600, 540, 130)):
        s.blot(left, low, wide, wide * 0.42, mix(CLAY, DARK, s.chance.uniform(0, 0.2)))
    for _rock in range(16):
        x, y, r = s.chance.uniform(330, 680), s.chance.uniform(540, 670), s.chance.uniform(10, 34)
        s.blot(x, y, r, r * 0.7, mix(STONE, CLAY, s.chance.uniform(0, 0.5)))
    s.line([(470, 590), (560, 520), (640, 500)], (84, 62, 40), 16)
    s.bush(650, 495, 40)


def _rubbish(s: Sketch) -> None:
    s.backdrop()
    s.ground(450, GRASS)
    s.area([(0, 650), (WIDTH, 600), (WIDTH, 720), (0, 720)], mix(EARTH, STONE, 0.4))
    s.house(180, 424, 36)
    s.bush(860, 520, 50)
    if s.is_mended:
        s.area([(560, 470), (660, 470), (650, 590), (570, 590)], (42, 110, 70))
        s.area([(552, 456), (668, 456), (668, 474), (552, 474)], (34, 92, 58))
        s.blot(400, 590, 150, 26, mix(GRASS, EARTH, 0.5))
        return
    bags = ((38, 44, 52), (214, 212, 204), (58, 92, 140), (188, 70, 58), (226, 190, 92))
    for _bag in range(34):
        x, y = s.chance.gauss(480, 110), s.chance.gauss(575, 34)
        r = s.chance.uniform(20, 52)
        s.blot(x, y, r, r * 0.72, s.chance.choice(bags))
        s.blot(x - r * 0.2, y - r * 0.25, r * 0.3, r * 0.16, WHITE if r > 40 else STONE)


def _pipe(s: Sketch) -> None:
    s.backdrop()
    s.ground(450, EARTH)
    s.bush(120, 480, 46)
    s.house(800, 426, 32)
    y = s.chance.uniform(540, 570)
    s.area([(0, y), (WIDTH, y - 40), (WIDTH, y - 4), (0, y + 36)], (66, 108, 150))
    s.line([(0, y + 8), (WIDTH, y - 32)], (130, 168, 200), 5)
    x = s.chance.uniform(420, 540)
    if s.is_mended:
        s.area([(x - 70, y - 30), (x + 70, y - 36), (x + 70, y + 22), (x - 70, y + 28)], STEEL)
        s.line([(x - 48, y - 30), (x - 48, y + 26)], DARK, 5)
        s.line([(x + 48, y - 34), (x + 48, y + 22)], DARK, 5)
        return
    s.blot(x, 650, 320, 52, MUD)
    s.blot(x + 10, 652, 250, 34, mix(MUD, WATER, 0.6))
    for jet in range(-8, 9):
        reach, rise = jet * 21, 210 - abs(jet) * 14
        arc = [(x + reach * t, y - 4 * rise * t * (1 - t) + 90 * t * t) for t in _TENTHS]
        s.line(arc, (206, 226, 236), 6 - abs(jet) * 0.3, 190)
    s.area([(x - 20, y - 16), (x + 26, y - 20), (x + 14, y + 16), (x - 14, y + 18)], DARK)


def _canal(s: Sketch) -> None:
    s.backdrop()
    s.ground(440, RICE if s.is_mended else mix(RICE, EARTH, 0.45))
    s.bush(880, 470, 40)
    s.area([(300, 720), (700, 720), (540, 440), (500, 440)], STONE)
    s.area(
        [(350, 720), (650, 720), (532, 446), (508, 446)],
        WATER if s.is_mended else mix(MUD, DARK, 0.2),
    )
    if s.is_mended:
        for row in range(6):
            s.line(
                [(400 + row * 18, 700 - row * 44), (600 - row * 12, 696 - row * 44)], WHITE, 3, 120
            )
        return
    s.area([(590, 720), (700, 720), (640, 560), (575, 590)], mix(EARTH, DARK, 0.25))
    for _rock in range(22):
        x, y, r = s.chance.uniform(400, 700), s.chance.uniform(560, 700), s.chance.uniform(8, 28)
        s.blot(x, y, r, r * 0.7, mix(STONE, EARTH, s.chance.random()))
    s.blot(780, 660, 120, 34, mix(MUD, WATER, 0.5))


def _animal(s: Sketch) -> None:
    s.backdrop()
    s.ground(440, GRASS)
    s.area([(0, 600), (300, 560), (620, 620), (WIDTH, 580), (WIDTH, 720), (0, 720)], WATER)
    s.line([(0, 600), (300, 560), (620, 620), (WIDTH, 580)], STONE, 12)
    s.bush(130, 500, 40)
    if s.is_mended:
        s.blot(430, 540, 120, 22, mix(WHITE, GRASS, 0.3))  # quicklime
        s.line([(330, 545), (330, 470)], EARTH, 7)
        s.line([(540, 552), (540, 474)], EARTH, 7)
        s.line([(330, 486), (540, 490)], (214, 80, 60), 6)
        return
    skin = s.chance.choice(((70, 62, 60), (196, 160, 146), (120, 86, 60)))
    s.blot(430, 555, 130, 42, skin)
    s.blot(560, 562, 44, 28, skin)
    for x in (360, 400, 480, 505):
        s.line([(x, 580), (x - 18, 622)], mix(skin, DARK, 0.2), 12)
    s.area([(330, 548), (470, 500), (520, 540), (420, 590)], (150, 140, 120))  # a sack over it


def _pole(s: Sketch) -> None:
    s.backdrop()
    s.ground(460, EARTH)
    s.road(left=60, right=700)
    s.house(840, 430, 34)
    lean = 0 if s.is_mended else s.chance.uniform(120, 180)
    foot = 300.0
    top = (foot + lean, 120 + lean * 0.25)
    s.line([(foot, 680), top], (176, 172, 162), 20)
    s.line(
        [(top[0] - 70, top[1] + 24 - lean * 0.2), (top[0] + 70, top[1] + 24 + lean * 0.2)], DARK, 9
    )
    for side in (-64, 0, 64):
        sag = 30 if s.is_mended else 250
        start = (top[0] + side, top[1] + 20)
        s.line([start, (700, start[1] + sag), (WIDTH, 170)], DARK, 3)
        s.line([start, (120, start[1] + sag * 0.5), (0, 190)], DARK, 3)
    if not s.is_mended:
        s.blot(foot, 684, 60, 20, mix(EARTH, DARK, 0.3))


def _tree(s: Sketch) -> None:
    s.backdrop()
    s.ground(460, EARTH)
    s.road()
    s.bush(60, 520, 60)
    trunk = (92, 68, 46)
    if s.is_mended:
        s.blot(150, 640, 40, 20, trunk)
        s.oval(150, 626, 36, 14, (206, 172, 122))
        for n in range(4):
            s.line([(40 + n * 14, 700 - n * 16), (190 + n * 10, 704 - n * 16)], (150, 112, 76), 15)
        return
    s.line([(120, 640), (420, 600), (760, 560)], trunk, 34)
    for x, y in ((380, 600), (520, 580), (640, 560), (720, 550), (800, 560)):
        s.line([(x - 60, y + 10), (x, y - 60)], trunk, 12)
        s.bush(x, y - 20, 58)
    s.blot(110, 650, 60, 40, CLAY)


def _crops(s: Sketch) -> None:
    s.backdrop()
    s.ground(440, mix(EARTH, LEAF, 0.2))
    leaf = (88, 140, 62) if s.is_mended else (150, 146, 70)
    for row in range(8):
        y = 470 + row * row * 4.2
        size = 9 + row * 5
        for n in range(-1, 22 - row):
            x = n * size * 4 + s.chance.uniform(-4, 4) + row * 9
            s.line([(x, y), (x - size, y - size * 1.5)], leaf, size * 0.3)
            s.line([(x, y), (x + size, y - size * 1.4)], mix(leaf, DARK, 0.12), size * 0.3)
            if not s.is_mended and s.chance.random() < 0.45:
                s.oval(x + size * 0.6, y - size, size * 0.24, size * 0.2, (96, 62, 38))


def _material(s: Sketch) -> None:
    s.backdrop()
    s.ground(460, EARTH)
    s.area([(640, 260), (920, 230), (920, 600), (640, 560)], (206, 186, 158))
    s.area([(620, 268), (780, 190), (940, 236), (940, 252), (620, 284)], (150, 74, 56))
    s.area([(720, 400), (790, 396), (790, 575), (720, 565)], (92, 72, 56))
    s.road(right=760)
    if s.is_mended:
        return
    s.area([(330, 640), (480, 500), (650, 640)], (212, 184, 130))
    s.area([(380, 640), (480, 500), (560, 640)], (196, 166, 112))
    for n in range(14):
        x, y = 250 + (n % 5) * 40, 640 - (n // 5) * 24
        s.area([(x, y), (x + 36, y), (x + 36, y + 20), (x, y + 20)], (178, 84, 62))


SCENES: dict[str, Callable[[Sketch], None]] = {
    "lamp": _lamp,
    "pothole": _pothole,
    "landslide": _landslide,
    "rubbish": _rubbish,
    "pipe": _pipe,
    "canal": _canal,
    "animal": _animal,
    "pole": _pole,
    "tree": _tree,
    "crops": _crops,
    "material": _material,
}
