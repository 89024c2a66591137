"""A resident's copy of everything: what the rooms hold of one person, as one file."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from xaso.documents import actions as documents
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

FORMS = {"pdf": "application/pdf", "json": "application/json"}
Held = Mapping[str, Any]
_TITLES = {
    "person": "Bản ghi",
    "names": "Tên khác",
    "numbers": "Số giấy tờ",
    "contacts": "Cách liên hệ",
    "flags": "Diện chính sách",
    "households": "Hộ đã và đang ở",
    "events": "Cư trú: việc đã ghi",
    "sources": "Mỗi chi tiết do đâu mà có",
    "consents": "Đã đồng ý",
    "requests": "Đã yêu cầu",
    "codes": "Mã xem hồ sơ đã cấp",
    "set_apart": "Những lần khóa hồ sơ",
    "looks": "Ai đã xem",
    "dossiers": "Hồ sơ một cửa",
}


def put_together(commune: Commune, key: UUID, register: Held, dossiers: Sequence[Held]) -> Held:
    """Return everything with what it is, whose, and when it was made."""
    return {
        "commune": commune.full_name,
        "made_at": dates.local(clock.now()).isoformat(timespec="minutes"),
        "request": str(key),
        "note": "Bản ghi làm việc của xã, không thay thế CSDL quốc gia về dân cư.",
        **register,
        "dossiers": list(dossiers),
    }


def as_json(everything: Held) -> bytes:
    """Return the copy for machines, UTF-8."""
    return json.dumps(everything, ensure_ascii=False, indent=1).encode()


def as_pdf(commune: Commune, everything: Held) -> bytes:
    """Return the copy on paper, in Vietnamese: each group a list of lines."""
    with override("vi"):
        data = {
            "agency": {"name": commune.full_name},
            "dated": dates.local(clock.now()).date(),
            "person": {"name": everything["person"]["name"], "born": everything["person"]["born"]},
            "request": everything["request"],
            "lines": list(_lines(everything)),
        }
        today = dates.local(clock.now()).date()
        return documents.render("ban-du-lieu", data, today, "pdf").content


def _lines(everything: Held) -> Iterator[dict[str, str]]:
    for key, title in _TITLES.items():
        held = everything[key]
        rows = [held] if isinstance(held, Mapping) else held
        if not rows:
            yield {"group": title, "text": _("không có")}
        for row in rows:
            yield {"group": title, "text": "; ".join(_said(row))}


def _said(row: Held) -> Iterator[str]:
    for name, value in row.items():
        if value in ("", None, [], False):
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield f"{_WORDS.get(name, name)}: {'có' if value is True else text}"


_WORDS = {
    "id": "mã", "former_ids": "mã cũ", "name": "tên", "sex": "giới tính", "born": "sinh",
    "birth_note": "ghi chú ngày sinh", "died": "mất", "ethnic": "dân tộc",
    "local_group": "nhóm", "languages": "tiếng", "needs_interpreter": "cần phiên dịch",
    "mother": "mẹ", "father": "bố", "village": "bản", "residence": "cư trú", "since": "ghi từ",
    "changed": "sửa lúc", "kind": "loại", "number": "số", "source": "nguồn",
    "verified": "xác minh", "value": "giá trị", "shared": "chung cả hộ", "from": "từ",
    "until": "đến", "decision": "quyết định", "purpose": "để làm gì", "household": "hộ",
    "address": "địa chỉ", "role": "quan hệ", "what": "gì", "on": "ngày",
    "was_mistake": "ghi nhầm, đã bỏ", "field": "chi tiết", "paper": "giấy", "at": "lúc",
    "language": "tiếng", "given": "đồng ý lúc", "withdrawn": "rút lại lúc", "text": "nội dung",
    "state": "tình trạng", "received": "nhận lúc", "answer": "trả lời", "made": "cấp lúc",
    "reason": "lý do", "who": "ai", "unit": "đơn vị", "code": "mã hồ sơ",
    "procedure": "thủ tục", "opened": "mở lúc", "applicant": "người nộp", "phone": "điện thoại",
    "email": "thư điện tử", "id_number": "số giấy tờ", "form": "đã khai", "papers": "giấy đã nộp",
    "results": "kết quả", "promise": "hẹn trả", "returned": "trả lúc", "subject": "trích yếu",
    "fetched_by": "người nhận thay",
}  # fmt: skip
