"""What the room offers in the menus."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

DESK = Entry(_("Hồ sơ"), "folder-open", "dossiers_desk:index", "dossiers.read", "dossiers")
CATALOGUE = Entry(_("Thủ tục"), "scale", "dossiers_desk:catalogue", "dossiers.manage")
SETTINGS = Entry(
    _("Cài đặt bộ phận một cửa"), "settings", "dossiers_desk:settings", "dossiers.manage"
)
ABSENCES = Entry(
    _("Nghỉ, ủy quyền làm thay"), "user-check", "dossiers_desk:absences", "dossiers.manage"
)
AUTHORITY = Entry(
    _("Giấy ủy quyền nhận thay"), "user-check", "dossiers_returning:rules", "dossiers.manage"
)
PROCEDURES = Entry(_("Thủ tục hành chính"), "scale", "dossiers:procedures")
TRACK = Entry(_("Tra cứu hồ sơ"), "folder-search", "dossiers:track")
COUNTER = Entry(_("Quầy của tôi"), "bell", "dossiers_queue:counter", "dossiers.receive")
RECEIVE = Entry(_("Tiếp nhận hồ sơ"), "file-text", "dossiers_reception:choose", "dossiers.receive")
ROOM = Entry(_("Phòng chờ"), "users", "dossiers_queue:room", "dossiers.manage")
BOOK = Entry(_("Đặt lịch đến xã"), "calendar-clock", "dossiers_queue:book")
REMIND = Entry(_("Nhắc bà con đến hạn"), "calendar-clock", "dossiers_ahead:due", "dossiers.remind")
REMINDERS = Entry(
    _("Quy tắc nhắc bà con"), "calendar-clock", "dossiers_ahead:rules", "dossiers.manage"
)
HELP = Entry(_("Làm hồ sơ giúp bà con"), "file-text", "dossiers_ahead:help", "dossiers.help")
ROUNDS = Entry(_("Đợt lưu động"), "map-pin", "dossiers_rounds:index", "dossiers.read")
COMING = Entry(_("Cán bộ về bản"), "map-pin", "dossiers_rounds:public")
KEEPING = Entry(_("Lưu giữ và hủy hồ sơ"), "trash-2", "dossiers_keeping:index", "dossiers.retain")
OFFLINE = Entry(_("Khi mất mạng"), "wifi-off", "dossiers_offline:page", "dossiers.receive")
MACHINES = Entry(_("Máy quầy"), "monitor", "dossiers_offline:machines", "dossiers.machines")
