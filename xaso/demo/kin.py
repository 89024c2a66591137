"""Invented families: names in the manner of eighteen peoples, ages, who is what to the head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

# code of the people: (family names, middle names of men and women, given names of men and women)
_NAMES: dict[str, tuple[str, str, str, str, str]] = {
    "01": ("Nguyễn Trần Phạm Đỗ Bùi Vũ Lê Ngô", "Văn Đức Quang Minh", "Thị Thu Ngọc Thanh",
           "Hùng Tuấn Quang Thành Dũng Kiên Nam Toàn Hiếu Sơn",
           "Hạnh Lan Thủy Yến Hà Nga Phượng Tâm Hoa Linh"),
    "02": ("Hoàng Nông Ma Hà", "Văn Đình", "Thị Thúy",
           "Thắng Hưng Chiến Dương Luân", "Nhung Huế Thơm Diệp Bích"),
    "03": ("Lò Lù Vàng Tao Hoàng Cà Quàng Lường", "Văn Văn Bun", "Thị Thị Bun",
           "Phương Ống Hặc Pành Inh Phớ Ún Dọn Hương Thoa Khăm",
           "Pâng Chựa Xương Đôi Ín Phong Ngoan Hoan Piêng Inh"),
    "04": ("Chương Lâm Tô", "A Văn", "A Thị", "Phúc Lai Sáng", "Mùi Phấn Sáu"),
    "06": ("Bùi Quách Đinh", "Văn", "Thị", "Ển Thọ Vinh", "Lý Mến Thêm"),
    "07": ("Nông Lương Vi", "Văn", "Thị", "Chài Phán Kỳ", "Lều Slin Nhình"),
    "08": ("Giàng Sùng Vàng Thào Hảng Mùa Vừ Lầu", "A", "Thị",
           "Chua Páo Dơ Sử Tủa Lử Vảng Chớ Dế Sình Phử Lềnh",
           "Mỷ Dợ Sua Dính Mai Chứ Ganh Pà Xia Chở Dua Say"),
    "09": ("Tẩn Chẻo Phàn Lý Lò", "A Láo Sành", "Mỹ Mý Sử",
           "Sơn Dao Minh Phủ Quẩy Lìn Tả San", "Lìn Mẩy San Khé Phẩy Nhàn Coi Chiêu"),
    "25": ("Vùi Lù Vàng Sần Phan", "Văn Seo", "Thị",
           "Sài Thắng Din Phìn Khang Chẩn", "Khim Hồng Sín Thu Máy Lén"),
    "29": ("Quàng Moong Cụt", "Văn", "Thị", "Pheng Ốm Khun", "Chom Khăm Púa"),
    "33": ("Lò Hoàng Cầm", "Văn", "Thị", "Chai Nhót Ương", "Phanh Sa Nọi"),
    "35": ("Pờ Lỳ Chang Sừng", "Gia Phì Xá", "Go Mò Thó",
           "Hừ Sinh Cà Xè Chừ", "Sơ De Bớ Ló Mư"),
    "37": ("Lò Vi Lương", "Văn", "Thị", "Khằm Xôm Bua", "Pày Nang Bun"),
    "41": ("Ly Phùng Vàng", "Hừ Lò", "Mỳ Pó", "Xa Cà Chè", "De Xó Cừ"),
    "42": ("Tao Lò Vàng", "Văn", "Thị", "Khoeng Đôi Kẻo", "Chăn Ón Bai"),
    "45": ("Sìn Lùng Chìn", "Văn A", "Thị Me", "Páo Hoa Lâm", "Me Kéo Chừ"),
    "49": ("Lồ Phan Ngải", "Chẩn Văn", "Thị", "Sài Lìn Chín", "Dìn Mẩy Sẩn"),
    "50": ("Hù Pờ Lỳ", "Cố Chà", "Cố Pó", "Xuân Tư Thái", "Nơ Chừ Soang"),
}  # fmt: skip
# Shares are invented; the long tail leaves some peoples with a few persons in a village.
_SHARES = {
    "tan-phong": "01:30 03:22 08:14 09:9 25:9 42:5 35:3 02:2.5 06:1.5 29:1 37:.8 07:.7 41:.5 04:.4 "
    "33:.3 49:.2 50:.1 45:.1",
    "binh-lu": "03:34 08:24 09:16 25:10 01:12 42:2.5 35:.8 02:.4 29:.3",
    "ban-bo": "03:38 08:22 09:14 01:14 25:8 42:3 02:.6 37:.4",
}
_LANGUAGES = {"03": "Thái", "08": "Mông", "09": "Dao", "25": "Giáy", "42": "Lự", "35": "Hà Nhì"}


@dataclass
class Kin:
    """One invented person of a household, before anything is stored."""

    name: str
    sex: str
    born: date
    role: str
    ethnic: str
    mother: int | None = None  # their place in the household
    father: int | None = None

    def age(self, on: date) -> int:
        """Return the age in whole years."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))

    @property
    def language(self) -> str:
        """Return the language beside Vietnamese, if any."""
        return _LANGUAGES.get(self.ethnic, "")


def peoples(slug: str) -> tuple[list[str], list[float]]:
    """Return codes and shares of a commune."""
    pairs = [pair.split(":") for pair in _SHARES[slug].split()]
    return [code for code, _ in pairs], [float(share) for _, share in pairs]


def household(chance: Random, ethnic: str, today: date) -> list[Kin]:
    """Return an invented household, its head first."""
    kind = chance.random()
    age = int(chance.triangular(22, 78, 41))
    head = _kin(chance, ethnic, "female" if chance.random() < 0.2 else "male", age, today, "head")
    people = [head]
    if kind < 0.07:
        return people
    family = head.name.split()[0]
    wife = kind < 0.14 or age > 20
    if wife and not 0.14 <= kind < 0.19:
        other = "male" if head.sex == "female" else "female"
        people.append(_kin(chance, ethnic, other, age - chance.randrange(-2, 5), today, "spouse"))
    if kind >= 0.14:
        people += _children(chance, people, today, family)
    if kind > 0.72 and age < 55:
        sex = chance.choice(("female", "female", "male"))
        old = min(98, age + chance.randrange(20, 34))
        people.append(_kin(chance, ethnic, sex, old, today, "parent"))
    if kind > 0.9 and age > 50:
        people += _young(chance, people, today)
    return people


def _children(chance: Random, people: Sequence[Kin], today: date, family: str) -> list[Kin]:
    head = people[0]
    most = max(0, min(5, (head.age(today) - 18) // 3))
    found = []
    mother = next((n for n, k in enumerate(people) if k.sex == "female"), None)
    father = next((n for n, k in enumerate(people) if k.sex == "male"), None)
    for _ in range(min(most, chance.choice((1, 2, 2, 2, 3, 3, 4)))):
        age = head.age(today) - chance.randrange(19, 36)
        if not 0 <= age <= 24:
            continue
        sex = chance.choice(("male", "female"))
        found.append(_kin(chance, head.ethnic, sex, age, today, "child", family, mother, father))
    unique = {child.name: child for child in found}  # no family calls two children the same
    return list(unique.values())


def _young(chance: Random, people: Sequence[Kin], today: date) -> list[Kin]:
    """Return a daughter-in-law and a grandchild of an older head."""
    head = people[0]
    age = chance.randrange(19, 30)
    wife = _kin(chance, head.ethnic, "female", age, today, "daughter_in_law")
    sex = chance.choice(("male", "female"))
    child = _kin(chance, head.ethnic, sex, chance.randrange(0, 6), today, "grandchild")
    return [wife, child]


def _kin(  # noqa: PLR0913, PLR0917  (one row of a family)
    chance: Random, ethnic: str, sex: str, age: int, today: date, role: str,
    family: str = "", mother: int | None = None, father: int | None = None,
) -> Kin:  # fmt: skip
    families, men, women, hims, hers = (part.split() for part in _NAMES[ethnic])
    middle, given = (women, hers) if sex == "female" else (men, hims)
    name = f"{family or chance.choice(families)} {chance.choice(middle)} {chance.choice(given)}"
    born = today - timedelta(days=max(1, round(age * 365.25 + chance.randrange(0, 360))))
    return Kin(name, sex, born, role, ethnic, mother, father)
