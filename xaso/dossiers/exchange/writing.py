"""A dossier as the national systems name it; dates leave as ISO with their offset.

Field names are those of public integrations, verbatim.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from xaso.dossiers import catalogue
from xaso.dossiers.models import NATIONAL, Component, Dossier, State, Supplement
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates

PROGRESS = (
    "MaHoSo", "NguoiXuLy", "ChucDanh", "ThoiDiemXuLy", "PhongBanXuLy", "NoiDungXuLy", "TrangThai",
    "NgayBatDau", "NgayKetThucTheoQuyDinh",
)  # fmt: skip
FLAT = (
    "MaHoSo", "MaTTHC", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "KenhThucHien", "ChuHoSo",
    "SoGiayToChuHoSo", "LoaiDoiTuong", "MaDoiTuong", "ThongTinKhac", "Email", "Fax", "SoDienThoai",
    "TrichYeuHoSo", "NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "TrangThaiHoSo", "NgayTra",
    "ThongTinTra", "HinhThuc", "NgayKetThucXuLy", "DonViXuLy", "GhiChu", "NoiNopHoSo", "NgayTuChoi",
    "HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID", "DuocThanhToanTrucTuyen",
)  # fmt: skip
_STAGES = {
    State.INTAKE_SUPPLEMENT: "bổ sung trước tiếp nhận",
    State.SUPPLEMENT: "bổ sung trong khi xử lý",
}
_ONLINE = {"dvcqg": 1, "vietqr": 2}


def dossiers(found: Iterable[Dossier], commune: Commune) -> list[dict[str, Any]]:
    """Return one object per dossier; what hangs on them must have been prefetched."""
    return [dossier(each, commune) for each in found]


def dossier(found: Dossier, commune: Commune) -> dict[str, Any]:
    """Return a whole dossier with its lists."""
    return {
        **_flat(found, commune),
        "DinhDanhCHS": [{"LoaiDinhDanh": "1", "SoDinhDanh": found.id_number}]
        if found.id_number
        else [],
        "DSKetNoiCSDL": [],
        "TaiLieuNop": [_paper(each) for each in found.components.all()],
        "DanhSachLePhi": _fees(found),
        "DanhSachHoSoBoSung": [_supplement(each) for each in found.supplements.all()],
        "DanhSachGiayToKetQua": _results(found),
        "DanhSachTepDinhKemKhac": [],
        **found.extra,
    }


def flat(found: Dossier, commune: Commune) -> dict[str, Any]:
    """Return the plain fields of a dossier alone, as one row of a sheet."""
    return _flat(found, commune)


def progress(found: Dossier, names: dict[int, Official]) -> list[dict[str, Any]]:
    """Return the steps of a dossier as the exchange names them."""
    content = catalogue.kept(found.commune_id, found.frozen_id)
    rows = []
    for each in found.hand_overs.all():
        who = names.get(each.receiver_id or 0)
        step = content.step(each.to_step)
        values: Sequence[Any] = (
            found.code, str(who or ""), who.position if who else "", _iso(each.at),
            str(each.unit or ""), step.name if step else "", NATIONAL[State.IN_PROGRESS],
            _iso(each.at), _iso(each.step_due_at),
        )  # fmt: skip
        rows.append(dict(zip(PROGRESS, values, strict=True)))
    return rows


def _flat(found: Dossier, commune: Commune) -> dict[str, Any]:
    procedure = found.procedure
    paid = next((fee.paid_by for fee in found.fees.all() if fee.paid_by), "")
    note = "; ".join(filter(None, (_STAGES.get(State(found.state), ""), found.note)))
    is_refused = found.state == State.REFUSED
    values: Sequence[Any] = (
        found.code, procedure.code, procedure.name, procedure.field_code, procedure.field_name,
        found.channel, found.applicant, found.id_number, found.applicant_kind, "", "",
        found.email, "", found.phone, found.subject, _iso(found.submitted_at),
        _iso(found.accepted_at), _iso(found.promise_at), NATIONAL[found.state],
        _iso(found.returned_at), found.get_delivery_display(), 0 if found.channel == 1 else 1,
        _iso(found.resolved_at), str(found.unit or commune.full_name), note, commune.full_name,
        _iso(found.ended_at) if is_refused else "",
        int(any(each.is_digitised for each in found.components.all())), 0,
        _ONLINE.get(paid, 0),
    )  # fmt: skip
    return dict(zip(FLAT, values, strict=True))


def _paper(each: Component) -> dict[str, Any]:
    return {
        "TepDinhKemId": each.sha256,
        "TenTepDinhKem": each.file_name or each.name,
        "IsDeleted": each.replaced_by_id is not None,
        "MaThanhPhanHoSo": each.code,
        "DuongDanTaiTepTin": "",
        "DuocSoHoa": int(each.is_digitised),
        "DuocTaiSuDung": int(each.is_reused),
        "DuocLayTuKhoDMQG": int(each.is_from_storage),
        "MaKetQuaThayThe": "",
    }


def _fees(found: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "TenPhiLePhi": each.name,
            "MaPhiLePhi": each.code,
            "HinhThucThu": each.collect_at,
            "Gia": each.amount,
            "LoaiPhiLePhi": 1 if each.kind == "phi" else 2,
        }
        for each in found.fees.all()
    ]


def _supplement(each: Supplement) -> dict[str, Any]:
    return {
        "HoSoBoSungId": str(each.pk),
        "NguoiYeuCauBoSung": str(each.asked_by_id),
        "NoiDungBoSung": each.reason,
        "NgayBoSung": _iso(each.issued_at),
        "NguoiTiepNhanBoSung": each.received_by,
        "ThongTinTiepNhan": each.received_note,
        "NgayTiepNhanBoSung": _iso(each.received_at),
        "TrangThaiBoSung": int(each.state == Supplement.State.RECEIVED),
        "DanhSachGiayToBoSung": [{"TenGiayTo": item.get("name", "")} for item in each.items],
        "DanhSachLePhiBoSung": [],
        "NgayHenTraTruoc": _iso(each.promise_before),
        "NgayHenTraMoi": _iso(each.promise_after),
    }


def _results(found: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "TenGiayTo": each.name,
            "MaThanhPhanHoSo": "",
            "GiayToId": each.sha256,
            "DuongDanTepTinKetQua": each.link,
            "MaGiayToKetQua": each.electronic_code,
        }
        for each in found.results.all()
    ]


def _iso(at: datetime | None) -> str:
    return dates.local(at).isoformat(timespec="seconds") if at else ""
