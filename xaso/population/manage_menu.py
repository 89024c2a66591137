"""What the register's settings offer in the administration."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

RULES = Entry(_("Quy tắc dân cư"), "file-text", "population_manage:index", "population.manage")
LOOKS = Entry(_("Lượt xem bất thường"), "eye", "population_manage:looks", "population.watch")
BREACHES = Entry(
    _("Sự cố lộ dữ liệu"), "triangle-alert", "population_breaches:listed", "population.breach"
)
PROCESSING = Entry(
    _("Sổ hoạt động xử lý dữ liệu"),
    "file-text",
    "population_manage:processing",
    "population.processing",
)
