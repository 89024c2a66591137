"""The menus of the platform, put together from what the rooms offer; order is what people see."""

from xaso.desk import menu as desk
from xaso.kernel.web.menu import Entry
from xaso.reports import menu as reports

TABS: tuple[Entry, ...] = (reports.SEND, reports.BOARD)  # residents, at most five
RAIL: tuple[Entry, ...] = (reports.DESK, desk.WORK_CALENDAR)  # officials
FOOT: tuple[Entry, ...] = ()  # small links under every page
