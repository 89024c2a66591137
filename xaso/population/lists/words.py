"""Words that lists use, folded without spaces, and what they stand for."""

from xaso.population.models.words import ResidenceKind, Role, Sex

NOTHING = frozenset(
    {
        "-",
        "--",
        "–",
        "?",
        "không",
        "khong",
        "chưa có",
        "chuaco",
        "không có",
        "khongco",
        "n/a",
        "null",
    }
)
SEXES: dict[str, str] = {
    **dict.fromkeys(("nam", "trai", "m", "male", "1"), Sex.MALE),
    **dict.fromkeys(("nu", "gai", "f", "female", "0", "2"), Sex.FEMALE),
}
ROLES: dict[str, str] = {
    **dict.fromkeys(("chuho", "ch", "head", "labanthan", "chu"), Role.HEAD),
    **dict.fromkeys(("vo", "chong", "vochong"), Role.SPOUSE),
    **dict.fromkeys(("con", "conde", "contrai", "congai", "condetrai", "condegai"), Role.CHILD),
    **dict.fromkeys(("connuoi", "contrainuoi", "congainuoi"), Role.ADOPTED),
    **dict.fromkeys(
        ("bo", "me", "cha", "bode", "mede", "chade", "bome", "bodoi", "boruot", "meruot"),
        Role.PARENT,
    ),
    **dict.fromkeys(("ong", "ba", "ongnoi", "banoi", "ongngoai", "bangoai", "ongba"),
                    Role.GRANDPARENT),
    **dict.fromkeys(("anh", "chi", "em", "anhruot", "chiruot", "emruot", "emtrai", "emgai",
                     "anhtrai", "chigai", "anhchiem"), Role.SIBLING),
    **dict.fromkeys(("chau", "chaunoi", "chaungoai", "chauruot"), Role.GRANDCHILD),
    "condau": Role.DAUGHTER_IN_LAW,
    "conre": Role.SON_IN_LAW,
    **dict.fromkeys(("onho", "othue", "onhothue", "cungohonho", "nguoionho", "khachtro"),
                    Role.LODGER),
    **dict.fromkeys(("khac", "quanhekhac", "nguoithan", "hohang", "bovo", "mevo", "bochong",
                     "mechong"), Role.OTHER),
}  # fmt: skip
RESIDENCE: dict[str, str] = {
    **dict.fromkeys(("thuongtru", "tt", "dangkythuongtru", "cothuongtru", "kt1"),
                    ResidenceKind.PERMANENT),
    **dict.fromkeys(("tamtru", "dangkytamtru", "kt3", "kt2"), ResidenceKind.TEMPORARY),
    **dict.fromkeys(("noiohientai", "chuadangky", "dangochuadangky", "dango"),
                    ResidenceKind.LIVING),
}  # fmt: skip
