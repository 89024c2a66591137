"""The menus of the platform, put together from what the rooms offer; order is what people see."""

from xaso.desk import menu as desk
from xaso.documents import menu as documents
from xaso.dossiers import menu as dossiers
from xaso.ioc import menu as ioc
from xaso.kernel.web.menu import Entry
from xaso.population import list_menu as lists
from xaso.population import manage_menu as register
from xaso.population import menu as population
from xaso.portal import menu as portal
from xaso.reports import menu as reports

TABS: tuple[Entry, ...] = (  # residents, at most five
    portal.HOME,
    reports.SEND,
    reports.BOARD,
    portal.VILLAGES,
)
RAIL: tuple[Entry, ...] = (  # officials
    desk.HOME,
    desk.PROVINCE,
    reports.DESK,
    reports.LOOKS,
    dossiers.DESK,
    dossiers.COUNTER,
    dossiers.RECEIVE,
    dossiers.OFFLINE,
    dossiers.ROUNDS,
    dossiers.REMIND,
    dossiers.HELP,
    population.DESK,
    population.FIGURES,
    lists.LISTS,
    lists.RIGHTS,
    documents.DESK,
    desk.CALLS,
    reports.SEALED,
    reports.RIGHTS,
    ioc.BOARD,
    ioc.SCORE,
    desk.WORK_CALENDAR,
    desk.ADMINISTRATION,
)
FOOT: tuple[Entry, ...] = (  # small links under every page
    dossiers.PROCEDURES,
    dossiers.TRACK,
    portal.LISTEN,
    dossiers.BOOK,
    dossiers.COMING,
    population.OWN,
    portal.ABOUT,
    reports.OPEN_DATA,
    population.OPEN_DATA,
    documents.CHECK,
    desk.SIGN_IN,
)
ADMINISTRATION: tuple[Entry, ...] = (  # the administration page
    desk.OFFICIALS,
    desk.UNITS,
    desk.WORK_CALENDAR,
    dossiers.CATALOGUE,
    dossiers.ABSENCES,
    dossiers.REMINDERS,
    dossiers.AUTHORITY,
    dossiers.SETTINGS,
    dossiers.KEEPING,
    reports.KINDS,
    reports.RULES,
    reports.ROSTER,
    reports.RULEBOOK,
    reports.RETENTION,
    reports.BODIES,
    reports.PHONES,
    register.RULES,
    register.LOOKS,
    register.BREACHES,
    register.PROCESSING,
    dossiers.ROOM,
    dossiers.MACHINES,
    ioc.SCREENS,
    ioc.DEFINITION,
    ioc.BASELINES,
    desk.VOICES,
    reports.TEMPLATES,
    documents.TEMPLATES,
    documents.CERTIFICATES,
    desk.PAYEE,
    desk.LOG_BOOK,
    desk.DEAD_JOBS,
    desk.OUTBOX,
    desk.CHANNELS,
    desk.API_KEYS,
    desk.WELLBEING,
)
SHORTCUTS: tuple[Entry, ...] = (  # a long press on the icon of the home screen
    reports.SEND_NOW,
    reports.SENT,
    reports.HAZARD,
)
