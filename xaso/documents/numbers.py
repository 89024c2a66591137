"""How number and sign are written (decree 30/2020/NĐ-CP, Annex I, part II and Annex III)."""

import re

# Type → abbreviation, Annex III; a công văn and a thư công have none. Small letters are meant.
TYPES: dict[str, tuple[str, str]] = {
    "nghi-quyet": ("Nghị quyết", "NQ"),
    "quyet-dinh": ("Quyết định", "QĐ"),
    "chi-thi": ("Chỉ thị", "CT"),
    "quy-che": ("Quy chế", "QC"),
    "quy-dinh": ("Quy định", "QyĐ"),
    "thong-cao": ("Thông cáo", "TC"),
    "thong-bao": ("Thông báo", "TB"),
    "huong-dan": ("Hướng dẫn", "HD"),
    "chuong-trinh": ("Chương trình", "CTr"),
    "ke-hoach": ("Kế hoạch", "KH"),
    "phuong-an": ("Phương án", "PA"),
    "de-an": ("Đề án", "ĐA"),
    "du-an": ("Dự án", "DA"),
    "bao-cao": ("Báo cáo", "BC"),
    "bien-ban": ("Biên bản", "BB"),
    "to-trinh": ("Tờ trình", "TTr"),
    "hop-dong": ("Hợp đồng", "HĐ"),
    "cong-van": ("Công văn", ""),
    "cong-dien": ("Công điện", "CĐ"),
    "ban-ghi-nho": ("Bản ghi nhớ", "BGN"),
    "ban-thoa-thuan": ("Bản thỏa thuận", "BTT"),
    "giay-uy-quyen": ("Giấy ủy quyền", "GUQ"),
    "giay-moi": ("Giấy mời", "GM"),
    "giay-gioi-thieu": ("Giấy giới thiệu", "GGT"),
    "giay-nghi-phep": ("Giấy nghỉ phép", "GNP"),
    "phieu-gui": ("Phiếu gửi", "PG"),
    "phieu-chuyen": ("Phiếu chuyển", "PC"),
    "phieu-bao": ("Phiếu báo", "PB"),
    "thu-cong": ("Thư công", ""),
    "sao-y": ("Sao y", "SY"),
    "trich-sao": ("Trích sao", "TrS"),
    "sao-luc": ("Sao lục", "SL"),
    "ket-qua": ("Kết quả giải quyết thủ tục", ""),  # a paper of a procedure: its own series
}
_NOTATION = re.compile(r"[A-ZÀ-Ỹa-zà-ỹĐđ0-9]+(?:-[A-ZÀ-Ỹa-zà-ỹĐđ0-9.]+){0,4}")


def notation(kind: str, agency: str, unit: str = "") -> str:
    """Return the sign of a document: `QĐ-UBND`; a công văn names agency and unit: `UBND-VX`.

    `kind` is a key of TYPES, `agency` and `unit` the abbreviations the head of the agency set.
    """
    short = TYPES[kind][1]
    return "-".join(part for part in (short, agency, "" if short else unit) if part)


def is_notation(text: str) -> bool:
    """Return whether a text can be a sign: groups joined by hyphens, no spaces, no slash."""
    return not text or bool(_NOTATION.fullmatch(text))
