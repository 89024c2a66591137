"""What personal data of the register are used for: shipped rows of the processing register.

A purpose is chosen before sensitive data are shown; its code stands in every look that is written
down. Legal grounds that were not read in the law itself say so.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from xaso.population.models.words import Sureness

_LAW = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15"
_RESIDENCE = "Luật Cư trú 68/2020/QH14"


@dataclass(frozen=True)
class Shipped:
    """One purpose as the program brings it."""

    code: str
    text: str
    basis: str
    citation: str
    sureness: str
    retention: str
    fields: tuple[str, ...]
    recipients: str = ""


_ALL = ("name", "birth", "sex", "household", "residence")
SHIPPED = (
    Shipped("residence", _("Quản lý cư trú, lập danh sách hộ"), "legal_duty", _RESIDENCE,
            Sureness.SOURCE, _("Theo quy định lưu trữ"), (*_ALL, "number")),
    Shipped("one_stop", _("Giải quyết hồ sơ của chính người này"), "legal_duty",
            "Nghị định 118/2025/NĐ-CP", Sureness.UNVERIFIED, _("Theo hồ sơ"), (*_ALL, "number")),
    Shipped("visit", _("Đến thăm, hướng dẫn tại nhà"), "legal_duty", _LAW, Sureness.UNVERIFIED,
            _("Đến khi xong việc"), ("name", "birth_year", "household")),
    Shipped("proactive", _("Nhắc, soạn sẵn hồ sơ cho người sắp đến hạn"), "legal_duty",
            "Nghị định 224/2026/NĐ-CP, Điều 16", Sureness.SOURCE, _("Đến khi xong việc"),
            ("name", "birth_year", "household")),
    Shipped("welfare", _("Xét chính sách, an sinh xã hội"), "legal_duty", _LAW,
            Sureness.UNVERIFIED, _("Theo quy định lưu trữ"), (*_ALL, "flags", "ethnic")),
    Shipped("emergency", _("Thiên tai, cứu nạn, sơ tán"), "legal_duty", _LAW,
            Sureness.UNVERIFIED, _("Đến khi xong việc"), (*_ALL, "contact")),
    Shipped("request", _("Trả lời yêu cầu của người dân về dữ liệu của họ"), "legal_duty",
            "Nghị định 356/2025/NĐ-CP", Sureness.SOURCE, _("5 năm"), (*_ALL, "number", "ethnic")),
    Shipped("notices", _("Nhắn tin của xã về việc chung"), "consent", _LAW, Sureness.SOURCE,
            _("Đến khi rút lại đồng ý"), ("contact",)),
)  # fmt: skip
DEFAULT, VISIT, OWN, REQUEST = "residence", "visit", "own", "request"
# What a person may be shown for: purposes of consent are no reason to look.
TO_LOOK = tuple(each for each in SHIPPED if each.basis == "legal_duty")
KNOWN = {each.code: each for each in SHIPPED}


def text(code: str) -> str:
    """Return a shipped purpose in words (to be translated); the code itself for another."""
    found = KNOWN.get(code)
    return found.text if found else code
