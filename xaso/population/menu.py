"""What the room offers in the menus."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

DESK = Entry(_("Dân cư"), "users", "population_desk:index", "population.village")
FIGURES = Entry(
    _("Số liệu dân cư"), "chart-column-increasing", "population_desk:figures", "population.figures"
)
OWN = Entry(_("Xã giữ gì về tôi"), "user", "population:own")
OPEN_DATA = Entry(_("Số liệu dân cư mở"), "download", "population_open:page")
