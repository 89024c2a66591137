"""What the room offers in the officials' menus."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

BOARD = Entry(_("Bảng điều hành"), "chart-column-increasing", "ioc:desk", "ioc.read")
SCREENS = Entry(_("Màn hình tường"), "monitor", "ioc:screens", "ioc.manage")
SCORE = Entry(_("Điểm 766"), "chart-column-increasing", "ioc:score", "ioc.read")
DEFINITION = Entry(_("Bộ chỉ số 766"), "layers", "ioc:definition", "ioc.manage")
BASELINES = Entry(_("Mốc so sánh"), "scale", "ioc:baselines", "ioc.manage")
