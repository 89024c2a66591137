"""What the counter offers in the officials' menus."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

COUNTER = Entry(_("Quầy của tôi"), "bell", "dossiers_queue:counter", "dossiers.receive")
RECEIVE = Entry(_("Tiếp nhận hồ sơ"), "file-text", "dossiers_reception:choose", "dossiers.receive")
ROOM = Entry(_("Phòng chờ"), "users", "dossiers_queue:room", "dossiers.manage")
BOOK = Entry(_("Đặt lịch đến xã"), "calendar-clock", "dossiers_queue:book")
REMIND = Entry(_("Nhắc bà con đến hạn"), "calendar-clock", "dossiers_ahead:due", "dossiers.remind")
REMINDERS = Entry(
    _("Quy tắc nhắc bà con"), "calendar-clock", "dossiers_ahead:rules", "dossiers.manage"
)
HELP = Entry(_("Làm hồ sơ giúp bà con"), "file-text", "dossiers_ahead:help", "dossiers.help")
OFFLINE = Entry(
    _("Tiếp nhận khi mất mạng"), "wifi-off", "dossiers_offline:page", "dossiers.receive"
)
MACHINES = Entry(_("Máy quầy"), "monitor", "dossiers_offline:machines", "dossiers.machines")
