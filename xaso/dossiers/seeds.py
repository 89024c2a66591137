"""The first catalogue of a commune: rows of `seeds.toml` as whole versions, each with its mark."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from xaso.dossiers.content import shape
from xaso.dossiers.content.shape import Content

_FILE = Path(__file__).with_name("seeds.toml")
_ON_TIME = "Luật Hộ tịch 60/2014/QH13, điều 11.1"
# Where the original is kept, unless a paper of the province says otherwise.
_SYSTEMS: dict[str, dict[str, str]] = {
    "ho-tich": dict.fromkeys(("receive", "process", "sign", "return", "archive"), "MINISTRY"),
    "cu-tru": dict.fromkeys(("receive", "process", "sign", "return", "archive"), "POLICE"),
    "noi-bo": dict.fromkeys(("submit", "receive", "process", "sign", "return", "archive"), "XASO"),
}
_ASSIGN, _APPRAISE, _VERIFY = "phan_cong", "tham_dinh", "xac_minh"
# code, kind, name, role; minutes are shares of the whole time
_PATTERNS: dict[str, tuple[tuple[str, str, str, str, float], ...]] = {
    "same_day": (
        ("tham_dinh", _APPRAISE, "Kiểm tra hồ sơ", "officer", 0.45),
        ("trinh_ky", "trinh_ky", "Ký", "leader", 0.25),
    ),
    "office": (
        ("phan_cong", _ASSIGN, "Phân công", "officer", 0.1),
        ("tham_dinh", _APPRAISE, "Thẩm định", "officer", 0.55),
        ("trinh_ky", "trinh_ky", "Ký", "leader", 0.2),
    ),
    "verified": (
        ("phan_cong", _ASSIGN, "Phân công", "officer", 0.1),
        ("tham_dinh", _APPRAISE, "Thẩm định", "officer", 0.4),
        ("xac_minh", _VERIFY, "Xác minh", "officer", 0.2),
        ("trinh_ky", "trinh_ky", "Ký", "leader", 0.2),
    ),
    "posted": (
        ("tham_dinh", _APPRAISE, "Xét duyệt", "officer", 0.3),
        ("niem_yet", "niem_yet", "Niêm yết công khai", "officer", 0.3),
        ("trinh_ky", "trinh_ky", "Ký", "leader", 0.2),
    ),
    "police": (
        ("tham_dinh", _APPRAISE, "Công an xã giải quyết", "officer", 0.7),
        ("trinh_ky", "trinh_ky", "Ký", "leader", 0.2),
    ),
    "own": (
        ("tham_dinh", _APPRAISE, "Xem xét", "officer", 0.5),
        ("trinh_ky", "trinh_ky", "Ký", "leader", 0.3),
    ),
}
_SKIPS = {"tham_dinh": ["trinh_ky"]}  # verification is a way round, not the only way


@dataclass(frozen=True)
class Seed:
    """A procedure and its first version."""

    code: str
    name: str
    field_code: str
    field_name: str
    is_national: bool
    content: Content


@lru_cache(maxsize=1)
def seeds() -> tuple[Seed, ...]:
    """Return every procedure of the first catalogue."""
    return tuple(_read())


def _read() -> Iterator[Seed]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    for row in raw["procedure"]:
        yield Seed(
            row["code"],
            row["name"],
            row["field"],
            raw["fields"][row["field"]],
            row.get("national", True),
            shape.read(_content(row)),
        )


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    time: dict[str, Any] = {"unit": row["unit"], "n": row.get("n", 1)}
    for name in ("verify", "duty_days", "duty_from"):
        if name in row:
            time[name] = row[name]
    if "posting_days" in row:
        time["posting"] = {
            "days": row["posting_days"],
            "where": "Trụ sở xã và trang của xã",
            "warning": "Không niêm yết thông tin về HIV/AIDS (NĐ 20/2021, điều 8.1.b).",
        }
    return {
        "identity": {
            "sureness": row["mark"],
            "source": "; ".join(row["law"]),
            "note": row.get("note", ""),
        },
        "time": time,
        "components": [
            {"code": f"GT{n:02}", "name": name} for n, name in enumerate(row["papers"], start=1)
        ],
        "form": row.get("questions", []),
        "steps": _steps(row),
        "fees": row.get("fees", []),
        "exemptions": _exemptions(row),
        "result": {"name": row["result"], "register": row.get("register", "")},
        "systems": _SYSTEMS.get(row["field"], {}),
        "text": {
            "who": row["who"],
            "where": "Trung tâm Phục vụ hành chính công xã",
            "how": [
                "Chuẩn bị đủ giấy tờ ghi bên dưới.",
                "Nộp tại quầy, cán bộ kiểm tra và hẹn ngày trả.",
                "Nhận kết quả đúng hẹn tại quầy.",
            ],
            "legal_basis": row["law"],
        },
    }


def _steps(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    whole = {"GIO": 60, "NGAY_LV": 480, "TRONG_NGAY_15H": 480}[row["unit"]] * row.get("n", 1)
    pattern = _PATTERNS[row["pattern"]]
    steps = []
    for number, (code, kind, name, role, share) in enumerate(pattern):
        after = [pattern[number + 1][0]] if number + 1 < len(pattern) else []
        if row["pattern"] == "verified":
            after += [each for each in _SKIPS.get(code, []) if each not in after]
        minutes = int(whole * share)
        steps.append(
            {
                "code": code, "kind": kind, "name": name, "role": role,
                "minutes": minutes, "next": after,
            }
        )  # fmt: skip
    return steps


def _exemptions(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    if row["field"] != "ho-tich":
        return []
    groups = (
        ("NCC", "Người có công với cách mạng"),
        ("HN", "Hộ nghèo"),
        ("KT", "Người khuyết tật"),
    )
    return [{"code": code, "group": group, "law": _ON_TIME} for code, group in groups]
