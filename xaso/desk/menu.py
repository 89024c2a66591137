"""What the desk offers in the officials' menu."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

WORK_CALENDAR = Entry(_("Lịch làm việc"), "calendar", "desk:work_calendar", "working_time.close")
HOME = Entry(_("Việc của tôi"), "inbox", "desk:home", "desk.mine", "mine")
PROVINCE = Entry(_("Các xã"), "building-2", "desk:province", "province.read")
ADMINISTRATION = Entry(
    _("Quản trị"),
    "shield-check",
    "desk:administration",
    "desk.open",
    holds=("reports_desk:templates",),
)
SIGN_IN = Entry(_("Cán bộ đăng nhập"), "key-round", "desk:home")
DEAD_JOBS = Entry(_("Việc chạy nền bị hỏng"), "rotate-ccw", "desk:dead_jobs", "jobs.manage")
OUTBOX = Entry(_("Tin đã gửi"), "mail", "desk:outbox", "notifications.manage")
CHANNELS = Entry(_("Kênh báo tin"), "plug", "desk:channels", "notifications.manage")
CALLS = Entry(_("Gọi điện báo"), "phone", "desk:calls", "notifications.call")
LOG_BOOK = Entry(_("Nhật ký niêm phong"), "shield-check", "desk:log_book", "audit.read")
WELLBEING = Entry(_("Máy chủ có khỏe không"), "info", "desk:wellbeing", "desk.open")
OFFICIALS = Entry(_("Cán bộ và vai trò"), "users", "desk:officials", "identity.manage")
UNITS = Entry(_("Đơn vị"), "building-2", "desk:units", "identity.manage")
API_KEYS = Entry(_("Khóa cho máy"), "plug", "desk:api_keys", "identity.manage")
PAYEE = Entry(_("Tài khoản thu phí"), "hand-coins", "desk:payee", "payments.manage")
VOICES = Entry(_("Giọng nói của bà con"), "volume-2", "desk:voices", "voices.record")
