"""The menus of the platform, put together from what the rooms offer; order is what people see."""

from xaso.kernel.web.menu import Entry

TABS: tuple[Entry, ...] = ()  # residents, at most five
RAIL: tuple[Entry, ...] = ()  # officials
FOOT: tuple[Entry, ...] = ()  # small links under every page
