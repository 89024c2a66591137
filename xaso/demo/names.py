"""Invented names: villages in the sound of the valley's languages, and people.

No list of the real villages is used. A few names will sound like places people know, because the
syllables (Nà = field, Huổi = stream, Phiêng = flat land) are the region's own.
"""

from dataclasses import dataclass
from itertools import product

from xaso.demo.dice import dice
from xaso.kernel.text.folding import fold

# Thái, Lự and Tày names: a word for the land and what is there.
_TAI_LAND = ("Nà", "Huổi", "Phiêng", "Pa", "Cò", "Nậm", "Tông", "Lùng", "Pu")
_TAI_WORD = (
    "Đon",
    "Khương",
    "Hoi",
    "Ke",
    "Lá",
    "Tăm",
    "Sài",
    "Vàn",
    "Luông",
    "Hiềng",
    "Phát",
    "Cóc",
)
# Mông and Dao names: two syllables of their own.
_HIGH = (
    ("Chu Va", "Sì", "Hồ", "Tả", "Lao", "Sin", "Phan"),
    ("Câu", "Thầu", "Chải", "Páo", "Chư", "Sèo", "Lẻng"),
)
# Giáy and Kinh names of the valley floor.
_VALLEY = (
    "Thống Nhất", "Hoa Vân", "Vân Bình", "Bình Luông", "Tân Hợp", "Hoa Lúa", "Đồng Tâm",
    "Suối Thông", "Hon Thầu", "Cốc Pa", "Tân Thành",
    "Đoàn Kết", "Hợp Nhất", "Giang Lìn", "Sáy San", "Tả Chải",
)  # fmt: skip


@dataclass(frozen=True)
class Naming:
    """How the villages of a commune sound, and what they are called."""

    prefix: str  # of their codes: BL
    count: int
    kind: str
    always: tuple[str, ...]  # names that stories and screenshots rely on
    numbered: int = 0  # town groups with a number instead of a name


NAMINGS = {
    "binh-lu": Naming(
        "BL", 35, "bản",
        ("Thống Nhất", "Chu Va 6", "Chu Va 12", "Huổi Ke", "Cò Lá", "Nà Đon", "Nà Khương",
         "Phiêng Hoi", "Hoa Vân", "Vân Bình"),
    ),
    "ban-bo": Naming("BB", 20, "bản", ("Nà Ly", "Cốc Phung", "Phiêng Tiên", "Nà Sài", "Hợp Nhất")),
    "tan-phong": Naming(
        "TP", 46, "tổ dân phố", ("Nà Cơ", "Séo Xin Chải", "Màng Lùng"), numbered=24
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A village before it has a place."""

    code: str
    kind: str
    name: str


def villages(slug: str, seed: int) -> list[Named]:
    """Return the villages of a demo commune; names are unique in it, also without accents."""
    naming = NAMINGS[slug]
    chance = dice(seed, slug, "village names")
    pool = [f"{a} {b}" for a, b in product(_TAI_LAND, _TAI_WORD)]
    pool += [f"{a} {b}" for a, b in product(*_HIGH)] + list(_VALLEY) * 4
    chance.shuffle(pool)
    taken: dict[str, Named] = {}
    for number in range(1, naming.numbered + 1):
        taken[f"so {number}"] = Named("", naming.kind, f"số {number}")
    for name in (*naming.always, *pool):
        if len(taken) == naming.count:
            break
        kind = "bản" if naming.numbered else naming.kind
        taken.setdefault(fold(name), Named("", kind, name))
    chosen = list(taken.values())
    if not naming.numbered:
        chance.shuffle(chosen)
    return [
        Named(f"{naming.prefix}-{n:02d}", village.kind, village.name)
        for n, village in enumerate(chosen, 1)
    ]


_FAMILIES = {
    "Thái": (("Lò", "Lù", "Vàng", "Tao", "Hoàng", "Cà"), ("Văn", "Thị"),
             ("Phương Ống Hặc Pành Inh Phớ Ún Dọn Hương Thoa",
              "Pâng Chựa Xương Đôi Ín Phong Ngoan Hoan")),
    "Mông": (("Giàng", "Sùng", "Vàng", "Thào", "Hảng", "Mùa"), ("A", "Thị"),
             ("Chua Páo Dơ Sử Tủa Lử Vảng Chớ", "Mỷ Dợ Sua Dính Mai Chứ Ganh Pà")),
    "Dao": (("Tẩn", "Chẻo", "Phàn", "Lý"), ("A", "Mỹ"),
            ("Sơn Dao Minh Phủ Quẩy Lìn", "Lìn Mẩy San Khé Phẩy Nhàn")),
    "Giáy": (("Vùi", "Lù", "Vàng", "Sần"), ("Văn", "Thị"),
             ("Sài Thắng Din Phìn Khang", "Khim Hồng Sín Thu Máy")),
    "Kinh": (("Nguyễn", "Trần", "Phạm", "Đỗ", "Bùi", "Vũ"), ("Văn", "Thị"),
             ("Hùng Tuấn Quang Thành Dũng Kiên Nam Toàn", "Hạnh Lan Thủy Yến Hà Nga Phượng Tâm")),
}  # fmt: skip
_SHARES = ("Thái",) * 5 + ("Mông",) * 4 + ("Dao",) * 3 + ("Giáy",) * 3 + ("Kinh",) * 4


def person(*words: object) -> str:
    """Return an invented full name in the manner of one of the peoples of the region."""
    chance = dice("person", *words)
    families, middles, given = _FAMILIES[chance.choice(_SHARES)]
    woman = chance.random() < 0.5
    return f"{chance.choice(families)} {middles[woman]} {chance.choice(given[woman].split())}"
