"""Units and officials of a demo commune: short accounts that are easy to remember."""

from dataclasses import dataclass

from xaso.demo.names import person
from xaso.kernel.text.folding import fold

# Said aloud on the sign-in page and on the console: the demo binds to this machine alone.
PASSWORD = "banlang-mauxanh-2025"  # noqa: S105

UNITS = (  # code, name, kind
    ("lanh-dao", "Lãnh đạo UBND", "leaders"),
    ("van-phong", "Văn phòng HĐND và UBND", "office"),
    ("kinh-te", "Phòng Kinh tế", "department"),
    ("van-hoa", "Phòng Văn hóa – Xã hội", "department"),
    ("mot-cua", "Trung tâm phục vụ hành chính công", "service_centre"),
    ("cong-an", "Công an xã", "police"),
    ("ve-sinh", "Tổ vệ sinh môi trường", "other"),
    ("thu-y", "Tổ thú y, khuyến nông", "other"),
    ("tram-y-te", "Trạm Y tế", "other"),
)


@dataclass(frozen=True)
class Person:
    """An official before they have an account."""

    account: str
    full_name: str
    position: str
    role: str
    unit: str  # code; empty = the whole commune
    is_head: bool = False
    village: str = ""  # code
    is_shown: bool = False  # on the sign-in page of the demo


# account, position, role, unit, head of it?, shown on the sign-in page?
_POSTS = (
    ("chutich", "Chủ tịch UBND", "leader", "lanh-dao", True, True),
    ("phochutich", "Phó Chủ tịch UBND", "leader", "lanh-dao", False, False),
    ("quantri", "Quản trị hệ thống", "administrator", "van-phong", False, True),
    ("vanphong", "Chánh Văn phòng", "officer", "van-phong", True, False),
    ("motcua", "Cán bộ một cửa", "one_stop_clerk", "mot-cua", True, True),
    ("tiepdan", "Cán bộ tiếp dân", "one_stop_clerk", "mot-cua", False, False),
    ("kinhte", "Trưởng phòng Kinh tế", "officer", "kinh-te", True, True),
    ("giaothong", "Công chức giao thông, thủy lợi", "officer", "kinh-te", False, False),
    ("diennuoc", "Công chức điện, nước", "officer", "kinh-te", False, False),
    ("vanhoa", "Trưởng phòng Văn hóa – Xã hội", "officer", "van-hoa", True, False),
    ("congan", "Cán bộ công an xã", "officer", "cong-an", True, False),
    ("vesinh", "Tổ trưởng vệ sinh môi trường", "officer", "ve-sinh", True, False),
    ("thuy", "Nhân viên thú y", "officer", "thu-y", True, False),
    ("yte", "Trạm trưởng y tế", "officer", "tram-y-te", True, False),
    ("congnghe", "Tổ công nghệ số cộng đồng", "community_team", "", False, False),
)


PROVINCE = Person(
    "tinh.laichau", "Lò Văn Sơn", "Cán bộ tỉnh, chỉ xem", "province_viewer", "", is_shown=True
)


def officials(slug: str, village_codes: list[str], seed: int) -> list[Person]:
    """Return the officials of a commune and the heads of its first villages."""
    short = fold(slug).replace(" ", "")
    people = [
        Person(
            f"{short}.{account}", person(seed, slug, account), position, role, unit, head, "", shown
        )
        for account, position, role, unit, head, shown in _POSTS
    ]
    for number, code in enumerate(village_codes[:5], 1):
        account = f"{short}.truongban{number}"
        name = person(seed, slug, account)
        people.append(
            Person(
                account, name, "Trưởng bản", "village_head", "", village=code, is_shown=number == 1
            )
        )
    return people
