"""The words of the register: what fields may say, each with what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """As papers say it."""

    MALE = "male", _("Nam")
    FEMALE = "female", _("Nữ")
    UNKNOWN = "unknown", _("Chưa rõ")


class Precision(models.TextChoices):
    """How exactly a day is known; a missing part is never printed."""

    DAY = "day", _("Đủ ngày, tháng, năm")
    MONTH = "month", _("Chỉ biết tháng, năm")
    YEAR = "year", _("Chỉ biết năm")
    UNKNOWN = "unknown", _("Không rõ")


class Status(models.TextChoices):
    """Where a person's record stands."""

    ACTIVE = "active", _("Đang quản lý")
    LEFT = "left", _("Đã chuyển đi")
    DECEASED = "deceased", _("Đã mất")
    DUPLICATE = "duplicate_of", _("Đã gộp vào bản ghi khác")


class NameKind(models.TextChoices):
    """What another name is."""

    ALIAS = "alias", _("Tên gọi khác")
    FORMER = "former", _("Tên trước đây")
    ROMANISED = "romanised", _("Tên phiên âm")
    NATIVE = "native_script", _("Tên bằng chữ dân tộc")


class NumberKind(models.TextChoices):
    """Papers with a number; no paper is no row, never a made-up number."""

    NATIONAL = "national_id", _("Số định danh cá nhân")
    CMND = "cmnd_9", _("Chứng minh nhân dân cũ (9 số)")
    PASSPORT = "passport", _("Hộ chiếu")
    BIRTH = "birth_cert", _("Giấy khai sinh")


class ContactKind(models.TextChoices):
    """Ways to reach somebody."""

    PHONE = "phone", _("Điện thoại")
    EMAIL = "email", _("Thư điện tử")


class HouseholdKind(models.TextChoices):
    """What lives together."""

    FAMILY = "family", _("Hộ gia đình")
    COLLECTIVE = "collective", _("Hộ tập thể")


class HouseholdState(models.TextChoices):
    """Computed from the memberships; `without_head` is the repair list."""

    NORMAL = "normal", _("Đủ chủ hộ")
    WITHOUT_HEAD = "without_head", _("Chưa có chủ hộ")
    VACATED = "vacated", _("Không còn ai")
    CLOSED = "closed", _("Đã xóa hộ")


class Role(models.TextChoices):
    """Relation to the head; asked again of everyone when the head changes."""

    HEAD = "head", _("Chủ hộ")
    SPOUSE = "spouse", _("Vợ, chồng")
    CHILD = "child", _("Con đẻ")
    ADOPTED = "adopted_child", _("Con nuôi")
    PARENT = "parent", _("Bố, mẹ")
    GRANDPARENT = "grandparent", _("Ông, bà")
    SIBLING = "sibling", _("Anh, chị, em")
    GRANDCHILD = "grandchild", _("Cháu")
    DAUGHTER_IN_LAW = "daughter_in_law", _("Con dâu")
    SON_IN_LAW = "son_in_law", _("Con rể")
    LODGER = "lodger", _("Ở nhờ, ở thuê")
    OTHER = "other", _("Quan hệ khác")


class ResidenceKind(models.TextChoices):
    """On what footing somebody belongs to a household (law 68/2020/QH14, articles 3 and 19)."""

    PERMANENT = "permanent", _("Thường trú")
    TEMPORARY = "temporary", _("Tạm trú")
    LIVING = "living_only", _("Đang ở, chưa đăng ký")


class EventKind(models.TextChoices):
    """What happened to somebody's residence."""

    BIRTH = "birth", _("Sinh")
    DEATH = "death", _("Tử")
    PERMANENT_IN = "permanent_in", _("Đăng ký thường trú")
    PERMANENT_OUT = "permanent_out", _("Xóa thường trú, chuyển đi")
    TEMPORARY_IN = "temporary_in", _("Đăng ký tạm trú")
    TEMPORARY_RENEW = "temporary_renew", _("Gia hạn tạm trú")
    TEMPORARY_OUT = "temporary_out", _("Xóa tạm trú")
    LIVING_IN = "living_in", _("Đến ở, chưa đăng ký")
    LIVING_OUT = "living_out", _("Thôi ở")
    ABSENCE = "absence_declared", _("Khai báo tạm vắng")
    ABSENCE_END = "absence_end", _("Hết tạm vắng, đã về")
    STAY = "stay", _("Lưu trú")
    SPLIT = "split_household", _("Tách hộ")
    JOIN = "join_household", _("Nhập hộ")
    UNKNOWN = "status_unknown", _("Không rõ nơi ở")


class Source(models.TextChoices):
    """Where a value comes from; nobody wins silently when two sources disagree."""

    SELF = "self_declared", _("Dân tự khai")
    TEAM = "digital_team", _("Tổ công nghệ số")
    PAPER = "paper", _("Giấy tờ")
    VNEID = "vneid", _("VNeID")
    POLICE = "police_export", _("Danh sách của công an")
    OTHER = "other_register", _("Sổ khác")
    SYSTEM = "system", _("Phần mềm")


class Residence(models.TextChoices):
    """Somebody's state on a day, derived from events and memberships."""

    PERMANENT = "resident_permanent", _("Thường trú")
    TEMPORARY = "resident_temporary", _("Tạm trú")
    ABSENT = "absent", _("Tạm vắng")
    LIVING = "living_unregistered", _("Đang ở, chưa đăng ký")
    LEFT = "left", _("Đã chuyển đi")
    DECEASED = "deceased", _("Đã mất")
    UNKNOWN = "unknown", _("Không rõ nơi ở")


class FlagKind(models.TextChoices):
    """Sensitive facts kept apart, each with its purpose and source."""

    POOR = "poor_household", _("Hộ nghèo, cận nghèo")
    POLICY = "policy_family", _("Gia đình chính sách")
    INSURED = "health_insurance", _("Bảo hiểm y tế")
    ELDERLY = "elderly", _("Người cao tuổi")
    DISABLED = "disability", _("Người khuyết tật")


class CaseState(models.TextChoices):
    """Where a pair of records that may be one person stands."""

    OPEN = "open", _("Chờ xem")
    MERGED = "merged", _("Đã gộp")
    DISTINCT = "distinct", _("Là hai người")
    POSTPONED = "postponed", _("Để sau")
    UNDONE = "undone", _("Đã tách lại")


class FieldGroup(models.TextChoices):
    """What of a record somebody saw."""

    BASIC = "basic", _("Tên, năm sinh, hộ")
    CONTACT = "contact", _("Cách liên hệ")
    NUMBER = "number", _("Số giấy tờ")
    SENSITIVE = "sensitive", _("Dân tộc, diện chính sách")


class TaskKind(models.TextChoices):
    """What a village is asked to find out."""

    HEAD = "head_missing", _("Hộ chưa có chủ hộ")
    UNKNOWN = "verify_residence", _("Xác minh nơi ở")
    VISIT = "visit", _("Đến thăm hộ")


class RequestKind(models.TextChoices):
    """What a person may ask about their own data (law 91/2025/QH15, decree 356/2025/NĐ-CP)."""

    VIEW = "view", _("Xem dữ liệu của tôi")
    COPY = "copy", _("Lấy một bản dữ liệu của tôi")
    CORRECT = "correct", _("Sửa chỗ sai")
    DELETE = "delete", _("Xóa dữ liệu")
    RESTRICT = "restrict", _("Hạn chế dùng dữ liệu")
    OBJECT = "object", _("Phản đối việc dùng dữ liệu")
    WITHDRAW = "withdraw", _("Rút lại sự đồng ý")
    COMPLAIN = "complain", _("Hỏi lại về một lượt xem")


class RequestState(models.TextChoices):
    """Where such a request stands; overdue is computed."""

    RECEIVED = "received", _("Đã nhận")
    ANSWERED = "answered", _("Đã trả lời, đang làm")
    DONE = "done", _("Đã làm xong")
    REFUSED = "refused", _("Không làm được, có nêu lý do")


class OddLook(models.TextChoices):
    """Why looks at records are shown to whoever watches over them."""

    MANY = "many", _("Xem nhiều người trong một giờ")
    NIGHT = "night", _("Xem vào ban đêm")
    OWN = "own", _("Cán bộ xem hồ sơ của chính mình")
    FAMILY = "family", _("Xem hồ sơ người nhà")
    COLLEAGUE = "colleague", _("Xem hồ sơ đồng nghiệp")
    COMPLAINT = "complaint", _("Bà con hỏi lại về một lượt xem")


class LookVerdict(models.TextChoices):
    """What was found when somebody asked about an odd look."""

    OPEN = "", _("Chưa xem")
    FOUNDED = "founded", _("Xem đúng việc được giao")
    CARELESS = "careless", _("Chưa đúng, đã nhắc nhở")
    MISUSE = "misuse", _("Sai quy định, chuyển xử lý")


class BreachStep(models.TextChoices):
    """What is done about data that got out, in this order; `dismissed` ends it before the third."""

    CONTAINED = "contained", _("Đã chặn")
    ASSESSED = "assessed", _("Đã đánh giá")
    AUTHORITY = "authority", _("Đã báo cơ quan có thẩm quyền")
    PEOPLE = "people", _("Đã báo bà con")
    CLOSED = "closed", _("Đã đóng")
    DISMISSED = "dismissed", _("Không phải lộ dữ liệu")


class Sureness(models.TextChoices):
    """How sure a dated rule is."""

    LAW = "law", _("Đã đọc trong văn bản luật")
    SOURCE = "source", _("Theo tài liệu dẫn lại")
    UNVERIFIED = "unverified", _("Chưa kiểm tra, cần đối chiếu văn bản")
    DESIGN = "design", _("Mặc định của phần mềm")
    COMMUNE = "commune", _("Xã tự định")
