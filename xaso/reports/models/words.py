"""The closed lists of the room: states, streams, visibility and the like."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a report stands. Overdue is computed, never a state."""

    NEW = "new", _("Mới")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    IN_PROGRESS = "in_progress", _("Đang xử lý")
    WAITING_INFO = "waiting_info", _("Chờ bổ sung")
    FORWARDED = "forwarded", _("Đã chuyển")
    ANSWERED = "answered", _("Đã trả lời")
    CLOSED = "closed", _("Đã xong")
    REJECTED = "rejected", _("Không xử lý")
    DUPLICATE = "duplicate", _("Trùng")


# The commune still owes these an answer. The partial indexes name the same list.
OPEN = (State.NEW, State.ACCEPTED, State.IN_PROGRESS, State.WAITING_INFO, State.FORWARDED)
FINAL = (State.CLOSED, State.REJECTED, State.DUPLICATE)


class Stream(models.TextChoices):
    """Under which rules a report is handled; the sender never has to know."""

    FIELD = "field", _("Phản ánh hiện trường")
    REGULATION = "regulation", _("Phản ánh, kiến nghị về quy định hành chính")
    COMPLAINT = "complaint", _("Khiếu nại")
    DENUNCIATION = "denunciation", _("Tố cáo")
    SECURITY_TIP = "security_tip", _("Tin báo an ninh, trật tự")
    HAZARD = "hazard", _("Báo nguy hiểm")


class Channel(models.TextChoices):
    """The way a report came in."""

    PWA = "pwa", _("Ứng dụng trên điện thoại")
    WEB_PLAIN = "web_plain", _("Trang web")
    COUNTER = "counter", _("Tại quầy")
    PHONE = "phone", _("Điện thoại")
    HELPER = "helper", _("Người giúp gửi")
    PAPER_BATCH = "paper_batch", _("Phiếu giấy")
    VOICE = "voice", _("Tin nói")
    ZALO = "zalo", _("Zalo")
    SMS = "sms", _("Tin nhắn SMS")
    OPEN311 = "open311", _("Cổng dữ liệu mở")
    IMPORT = "import", _("Nhập từ hệ thống khác")


class Severity(models.TextChoices):
    """How much it hurries."""

    NORMAL = "normal", _("Bình thường")
    URGENT = "urgent", _("Gấp")
    HAZARD = "hazard", _("Nguy hiểm")


class Visibility(models.TextChoices):
    """Who may read the text; the state and the dates are open to every holder of the code."""

    PENDING = "pending", _("Chờ duyệt đăng")
    PUBLIC = "public", _("Công khai")
    PRIVATE = "private", _("Không đăng")
    SEALED = "sealed", _("Giữ kín")


class Wording(models.TextChoices):
    """What a person decided about the words, beside the photos."""

    PENDING = "pending", _("Lời chờ duyệt")
    OK = "ok", _("Đăng lời")
    HIDDEN = "hidden", _("Không đăng lời")


class Outcome(models.TextChoices):
    """How a closed report ended."""

    RESOLVED = "resolved", _("Đã làm xong")
    NO_ACTION = "answered_no_action", _("Đã giải thích")
    WITHDRAWN = "withdrawn", _("Bà con đã rút")


class PointSource(models.TextChoices):
    """How the exact point is known."""

    NONE = "none", _("Chưa có vị trí")
    GPS = "gps", _("Định vị trên máy")
    MAP = "map", _("Chọn trên bản đồ")
    VILLAGE = "village", _("Theo bản")


class VillageSource(models.TextChoices):
    """How the village is known; a guess waits for an official to confirm it."""

    CHOSEN = "chosen", _("Bà con chọn")
    POLYGON = "polygon", _("Theo ranh giới bản")
    GUESS = "guess", _("Đoán theo bản gần nhất")


class Sensitivity(models.TextChoices):
    """How exactly the public may see where a matter of this category lies."""

    PUBLIC = "public", _("Làm tròn khoảng 100 mét")
    VILLAGE = "village", _("Chỉ nêu bản")
    NEVER = "never", _("Không nêu chỗ")


class AnswerKind(models.TextChoices):
    """What an answer says was done."""

    FIXED = "fixed", _("Đã làm xong")
    PLANNED = "planned", _("Đã có ngày làm")
    EXPLAINED = "explained", _("Giải thích")
    NOT_OURS = "not_ours", _("Việc của cơ quan khác")
    NOT_POSSIBLE = "not_possible", _("Chưa thể làm")


class FollowKind(models.TextChoices):
    """Why somebody follows a report they did not send."""

    ME_TOO = "me_too", _("Tôi cũng gặp")
    WATCH = "watch", _("Chỉ theo dõi")


class TaskKind(models.TextChoices):
    """What is still to be done about an answer that was given."""

    REVIEW = "review", _("Xem lại câu trả lời")
    MEETING = "meeting", _("Hẹn gặp hoặc gọi điện")
    FOLLOW_UP = "follow_up", _("Kiểm tra việc đã hẹn")
