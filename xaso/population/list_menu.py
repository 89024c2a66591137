"""What lists of people offer in the menus."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

RIGHTS = Entry(
    _("Yêu cầu về dữ liệu"), "shield-check", "population_rights:listed", "population.rights"
)
LISTS = Entry(_("Nhập danh sách"), "cloud-upload", "population_lists:index", "population.import")
