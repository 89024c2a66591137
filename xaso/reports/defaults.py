"""What a commune starts with: categories, their terms, and usual outside bodies.

Every term is the project's own default, marked so, and dated: the commune edits it by adding a row
from another day on. Names are marked for translation here and translated where they are shown.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from xaso.reports.models.catalogue import Category, CategoryTerm
from xaso.reports.models.questions import CategoryQuestion
from xaso.reports.models.words import Sensitivity, Stream

WARN = [50, 80, 100]  # percentages of the working time
_DAY = CategoryTerm.Unit.WORKING_DAY
_WALL = CategoryTerm.Unit.WALL_MINUTE
_Pin = Category.Pin


@dataclass(frozen=True)
class Group:
    """A first-level category: it orders the second level and is never chosen itself."""

    code: str
    name: str
    icon: str


@dataclass(frozen=True)
class Kind:
    """A second-level category. `ack` in working minutes (wall minutes for hazards)."""

    group: str
    code: str
    name: str
    icon: str
    ack: int
    amount: int
    unit: str = _DAY
    hint: str = ""
    pin: str = _Pin.VILLAGE
    sensitivity: str = Sensitivity.PUBLIC
    is_after_photo_required: bool = False
    is_publishable: bool = True
    stream: str = Stream.FIELD
    source: str = CategoryTerm.Source.DESIGN
    note: str = ""
    keywords: str = ""


@dataclass(frozen=True)
class Question:
    """A question of a category; `choices` are (key, words)."""

    code: str
    text: str
    datatype: str = CategoryQuestion.Datatype.STRING
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    is_asked: bool = True
    is_required: bool = False
    is_public: bool = False


# A broken road stays broken for a season: two reports of it belong together for longer (days).
ALIKE_DAYS, ALIKE_DAYS_OF_ROADS = 28, 84

GROUPS = (
    Group("HAZARD", _("Nguy hiểm"), "triangle-alert"),
    Group("ROADS", _("Đường, cầu"), "route"),
    Group("UTILITIES", _("Điện, nước, sóng"), "plug"),
    Group("ENVIRONMENT", _("Rác, môi trường"), "trash-2"),
    Group("FARMING", _("Cây trồng, vật nuôi"), "sprout"),
    Group("COMMUNITY", _("Trật tự, xây dựng"), "shield-check"),
    Group("OFFICE", _("Cán bộ, thủ tục"), "stamp"),
    Group("OTHERS", _("Việc khác"), "ellipsis"),
)

KINDS = (
    Kind(
        "HAZARD",
        "HAZARD-GENERAL",
        _("Nguy hiểm đến người"),
        "triangle-alert",
        5,
        120,
        unit=_WALL,
        hint=_("Sạt lở, lũ, cháy, dây điện đứt, cầu hỏng"),
        pin=_Pin.YES,
        stream=Stream.HAZARD,
    ),
    *(
        Kind("HAZARD", f"HAZARD-{code}", name, icon, 5, 120, unit=_WALL, stream=Stream.HAZARD)
        for code, name, icon in (
            ("LANDSLIDE", _("Sạt lở đất đá"), "mountain"),
            ("FLOOD", _("Lũ ống, nước dâng"), "waves"),
            ("FIRE", _("Cháy"), "flame"),
            ("WIRE", _("Dây điện đứt, cột đổ"), "zap"),
            ("BRIDGE", _("Cầu sập, cây đổ chắn đường"), "construction"),
            ("EPIDEMIC", _("Nhiều người ốm, ngộ độc"), "heart-pulse"),
        )
    ),
    Kind(
        "ROADS",
        "ROAD-BLOCKED",
        _("Đường tắc, sạt lở nhỏ"),
        "mountain",
        60,
        1,
        pin=_Pin.YES,
        is_after_photo_required=True,
        hint=_("Xe không qua được"),
        keywords=_("sạt lở, cây đổ, tắc đường"),
    ),
    Kind(
        "ROADS",
        "ROAD-DAMAGE",
        _("Đường, cầu hỏng"),
        "construction",
        480,
        10,
        pin=_Pin.YES,
        is_after_photo_required=True,
        hint=_("Ổ gà, rãnh tắc, lan can gãy"),
        keywords=_("ổ gà, cầu hỏng, lan can"),
    ),
    Kind(
        "UTILITIES",
        "LIGHT",
        _("Đèn đường"),
        "lightbulb",
        240,
        5,
        pin=_Pin.YES,
        is_after_photo_required=True,
    ),
    Kind("UTILITIES", "POWER", _("Điện"), "zap", 240, 5, is_after_photo_required=True),
    Kind(
        "UTILITIES",
        "WATER",
        _("Nước, kênh mương"),
        "droplets",
        240,
        3,
        is_after_photo_required=True,
        hint=_("Nước sinh hoạt, thủy lợi"),
    ),
    Kind("UTILITIES", "TELECOM", _("Sóng, mạng"), "wifi-off", 480, 10),
    Kind(
        "ENVIRONMENT",
        "WASTE",
        _("Rác, xác động vật"),
        "trash-2",
        240,
        2,
        pin=_Pin.YES,
        is_after_photo_required=True,
    ),
    Kind("FARMING", "CROPS", _("Sâu bệnh, giống, phân"), "sprout", 480, 5),
    Kind(
        "FARMING",
        "LIVESTOCK",
        _("Gia súc ốm, chết"),
        "paw-print",
        60,
        1,
        sensitivity=Sensitivity.VILLAGE,
    ),
    Kind(
        "FARMING",
        "EPIDEMIC",
        _("Dịch bệnh"),
        "heart-pulse",
        60,
        1,
        sensitivity=Sensitivity.VILLAGE,
    ),
    Kind("COMMUNITY", "NOISE", _("Tiếng ồn"), "volume-2", 480, 7, sensitivity=Sensitivity.VILLAGE),
    Kind(
        "COMMUNITY",
        "ORDER",
        _("Trật tự, lấn chiếm"),
        "shield-check",
        480,
        7,
        sensitivity=Sensitivity.VILLAGE,
    ),
    Kind(
        "COMMUNITY",
        "BUILDING",
        _("Xây dựng"),
        "building-2",
        480,
        7,
        sensitivity=Sensitivity.VILLAGE,
    ),
    Kind(
        "OFFICE",
        "STAFF",
        _("Thái độ phục vụ"),
        "users",
        480,
        7,
        pin=_Pin.NO,
        sensitivity=Sensitivity.NEVER,
        is_publishable=False,
    ),
    Kind(
        "OFFICE",
        "REGULATION",
        _("Thủ tục, quy định"),
        "file-text",
        960,
        15,
        pin=_Pin.NO,
        sensitivity=Sensitivity.NEVER,
        stream=Stream.REGULATION,
        source=CategoryTerm.Source.QUOTED,
        note="Nghị định 20/2008/NĐ-CP, sửa đổi bởi 92/2017/NĐ-CP; cần đối chiếu văn bản hiện hành",
    ),
    Kind(
        "OFFICE",
        "DECISION",
        _("Không đồng ý với quyết định của xã"),
        "file-text",
        480,
        7,
        hint=_("Xã giữ kín, hẹn bà con đến gặp"),
        pin=_Pin.NO,
        sensitivity=Sensitivity.NEVER,
        is_publishable=False,
        stream=Stream.COMPLAINT,
    ),
    Kind(
        "OFFICE",
        "WRONGDOING",
        _("Cán bộ làm sai, đòi tiền"),
        "shield-check",
        480,
        7,
        hint=_("Xã giữ kín tên bà con"),
        pin=_Pin.NO,
        sensitivity=Sensitivity.NEVER,
        is_publishable=False,
        stream=Stream.DENUNCIATION,
    ),
    Kind(
        "COMMUNITY",
        "SECURITY",
        _("Trộm cắp, đánh nhau, ma túy"),
        "shield-check",
        480,
        7,
        hint=_("Chuyển ngay cho công an, giữ kín"),
        sensitivity=Sensitivity.NEVER,
        is_publishable=False,
        stream=Stream.SECURITY_TIP,
    ),
    Kind("OTHERS", "OTHER", _("Việc khác"), "ellipsis", 480, 7),
)


def alike_days(kind: Kind) -> int:
    """Return for how many days two reports of a kind may be of one thing."""
    return ALIKE_DAYS_OF_ROADS if kind.group == "ROADS" else ALIKE_DAYS


@dataclass(frozen=True)
class Outside:
    """A body outside the commune, to be completed with its phone by the commune."""

    name: str
    usual_days: int
    kind: str


BODIES = (
    Outside("Điện lực khu vực", 3, "power"),
    Outside("Đơn vị quản lý đường bộ", 5, "roads"),
    Outside("Công ty cấp nước", 3, "other"),
    Outside("Doanh nghiệp viễn thông", 5, "telecom"),
    Outside("Trạm y tế xã", 2, "health"),
    Outside("Công an xã", 2, "police"),
    Outside("Sở chuyên ngành của tỉnh", 10, "department"),
)

# What is asked beside words, photo and place. Optional: a report without an answer is still good.
QUESTIONS: dict[str, tuple[Question, ...]] = {
    "ROAD-BLOCKED": (
        Question(
            "PASSABLE",
            _("Xe nào còn đi được?"),
            CategoryQuestion.Datatype.ONE,
            (
                ("none", _("Không xe nào")),
                ("motorbike", _("Xe máy")),
                ("all", _("Mọi xe")),
            ),
            is_public=True,
        ),
        Question(
            "AFFECTED",
            _("Ảnh hưởng tới ai?"),
            CategoryQuestion.Datatype.SEVERAL,
            (
                ("school", _("Học sinh")),
                ("patient", _("Người bệnh")),
                ("goods", _("Hàng hóa")),
            ),
            hint=_("Chọn được nhiều ý"),
        ),
        Question("CALL", _("Nguy hiểm tính mạng: gọi 112"), is_asked=False),
    ),
    "LIGHT": (Question("POLE", _("Số ghi trên cột đèn"), hint=_("Nếu có"), is_public=True),),
    "LIVESTOCK": (
        Question(
            "COUNT", _("Bao nhiêu con?"), CategoryQuestion.Datatype.NUMBER, hint=_("Ước chừng")
        ),
    ),
}
