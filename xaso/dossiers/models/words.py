"""The closed lists of the room: states with their national codes, dimensions, systems, stages.

The values are those of the exchange with other systems; the names here are what the code says.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a dossier stands in its business (`nghiep_vu`). Overdue is computed, never a state."""

    DRAFT = "NHAP", _("Bản nháp")
    WAITING = "CHO_TIEP_NHAN", _("Mới đăng ký")
    INTAKE_SUPPLEMENT = "CHO_BO_SUNG_DAU_VAO", _("Chờ bổ sung trước tiếp nhận")
    REFUSED = "TU_CHOI_TIEP_NHAN", _("Không được tiếp nhận")
    ACCEPTED = "DA_TIEP_NHAN", _("Được tiếp nhận")
    IN_PROGRESS = "DANG_XU_LY", _("Đang xử lý")
    SUPPLEMENT = "CHO_BO_SUNG", _("Yêu cầu bổ sung")
    PAYMENT = "CHO_NGHIA_VU_TAI_CHINH", _("Chờ nghĩa vụ tài chính")
    WITHDRAWING = "YEU_CAU_RUT", _("Công dân yêu cầu rút")
    STOPPED = "DUNG_XU_LY", _("Dừng xử lý")
    RESOLVED = "DA_XU_LY_XONG", _("Đã xử lý xong")
    RETURNED = "DA_TRA_KET_QUA", _("Đã trả kết quả")


NATIONAL: dict[str, int | None] = {  # TrangThaiHoSo; two states share 5
    State.DRAFT: None,
    State.WAITING: 1,
    State.ACCEPTED: 2,
    State.REFUSED: 3,
    State.IN_PROGRESS: 4,
    State.INTAKE_SUPPLEMENT: 5,
    State.SUPPLEMENT: 5,
    State.PAYMENT: 6,
    State.WITHDRAWING: 7,
    State.STOPPED: 8,
    State.RESOLVED: 9,
    State.RETURNED: 10,
}
FINAL = (State.REFUSED, State.STOPPED, State.RETURNED)
BEFORE = (State.DRAFT, State.WAITING, State.INTAKE_SUPPLEMENT)  # not accepted yet
# Accepted, and the result not made yet: the clock runs or is paused. Indexes name the same list.
UNDER_WAY = (
    State.ACCEPTED,
    State.IN_PROGRESS,
    State.SUPPLEMENT,
    State.PAYMENT,
    State.WITHDRAWING,
)
# Somebody in the office still has something to do.
OPEN = (State.WAITING, State.INTAKE_SUPPLEMENT, *UNDER_WAY, State.RESOLVED)


class Finance(models.TextChoices):
    """How the money stands (`tai_chinh`)."""

    FREE = "khong_thu", _("Không thu")
    NOT_DUE = "chua_den_han", _("Chưa đến hạn nộp")
    DUE = "cho_nop", _("Chờ nộp")
    PAID = "da_nop", _("Đã nộp")
    EXEMPT = "mien", _("Được miễn")
    REFUNDED = "hoan", _("Đã hoàn")


class Delivery(models.TextChoices):
    """How the result reaches the person (`giao_nhan`)."""

    NONE = "chua", _("Chưa có kết quả")
    READY = "san_sang", _("Kết quả chờ nhận")
    IN_PERSON = "da_giao_truc_tiep", _("Đã giao tận tay")
    ELECTRONIC = "da_giao_dien_tu", _("Đã giao bản điện tử")
    POST = "buu_chinh", _("Gửi bưu chính")
    NOT_FETCHED = "khong_den_nhan", _("Chưa đến nhận")


class Sync(models.TextChoices):
    """How a copy in another system stands (`dong_bo`), one per system."""

    NONE = "chua", _("Chưa gửi")
    WAITING = "cho", _("Chờ gửi")
    SENT = "da_gui", _("Đã gửi")
    CONFIRMED = "da_xac_nhan", _("Đã xác nhận")
    FAILED = "loi", _("Lỗi")
    TO_RECONCILE = "can_doi_soat", _("Cần đối soát")


class System(models.TextChoices):
    """Whose record is the original, at one stage of one procedure."""

    XASO = "XASO", _("Xã Số")
    PROVINCE = "PROVINCE", _("Hệ thống của tỉnh")
    MINISTRY = "MINISTRY", _("Phần mềm của Bộ")
    DVCQG = "DVCQG", _("Cổng Dịch vụ công quốc gia")
    POLICE = "POLICE", _("Hệ thống của Công an")


class Stage(models.TextChoices):
    """The parts of the way of a dossier."""

    SUBMIT = "submit", _("Nộp hồ sơ")
    RECEIVE = "receive", _("Tiếp nhận")
    PROCESS = "process", _("Xử lý")
    SIGN = "sign", _("Ký")
    RETURN = "return", _("Trả kết quả")
    ARCHIVE = "archive", _("Lưu trữ")


class Channel(models.IntegerChoices):
    """How it was handed in (`KenhThucHien`)."""

    DIRECT = 1, _("Trực tiếp")
    ONLINE = 2, _("Trực tuyến")
    POSTAL = 3, _("Bưu chính công ích")


class ApplicantKind(models.TextChoices):
    """Who asks (`LoaiDoiTuong`)."""

    CITIZEN = "1", _("Công dân")
    BUSINESS = "2", _("Doanh nghiệp, hộ kinh doanh")
    AGENCY = "3", _("Cơ quan, tổ chức")


class Sureness(models.TextChoices):
    """How sure a rule of the catalogue is, shown wherever the rule is."""

    LAW = "law", _("Đọc trong văn bản gốc")
    SOURCE = "source", _("Theo tài liệu dẫn lại")
    UNVERIFIED = "unverified", _("Chưa đối chiếu văn bản gốc")


class StepKind(models.TextChoices):
    """What is done in a step of a procedure (the business step inside DANG_XU_LY)."""

    ASSIGN = "phan_cong", _("Phân công")
    APPRAISE = "tham_dinh", _("Thẩm định")
    VERIFY = "xac_minh", _("Xác minh")
    CONSULT = "lay_y_kien", _("Lấy ý kiến")
    POST = "niem_yet", _("Niêm yết công khai")
    SIGN = "trinh_ky", _("Trình ký")
    STAMP = "dong_dau", _("Đóng dấu, vào sổ")
