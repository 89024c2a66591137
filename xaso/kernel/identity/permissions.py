"""Who may do what: one row per permission, read like a law.

The names belong to the rooms that ask (`reports.work`); they are plain text here, so that this
one table answers "what may a village head do?". A machine's key holds permissions by name.
"""

from xaso.kernel.identity.models import Role

CLERK, OFFICER, HEAD = Role.CLERK, Role.OFFICER, Role.VILLAGE_HEAD
TEAM, LEADER, ADMIN, PROVINCE = Role.TEAM, Role.LEADER, Role.ADMINISTRATOR, Role.PROVINCE

TABLE: dict[str, frozenset[str]] = {
    name: frozenset(roles)
    for name, roles in {
        # the desk
        "desk.open": {CLERK, OFFICER, HEAD, TEAM, LEADER, ADMIN, PROVINCE},
        "desk.mine": {CLERK, OFFICER, HEAD, TEAM, LEADER, ADMIN},  # has work of one's own here
        "province.read": {PROVINCE},  # the communes one may look at, beside each other
        # reports
        "reports.read": {CLERK, OFFICER, HEAD, TEAM, LEADER, PROVINCE},
        "reports.help": {CLERK, OFFICER, HEAD, TEAM},  # send for a resident who has no phone
        "reports.work": {CLERK, OFFICER, LEADER},
        "reports.assign": {CLERK, OFFICER, LEADER},
        "reports.approve": {LEADER},
        "reports.view_contact": {CLERK, OFFICER, LEADER},
        "reports.view_sealed": {LEADER},
        "reports.data_rights": {LEADER},  # what people ask about their own data: law, not casework
        "reports.retain": {ADMIN, LEADER},  # what is erased tonight, and what is kept as evidence
        "reports.manage": {ADMIN, LEADER},
        "reports.export": {LEADER},
        # papers of the office
        "documents.read": {CLERK, OFFICER, LEADER},
        "documents.write": {CLERK, OFFICER, LEADER},  # draft, submit, take numbers
        "documents.sign": {LEADER},
        "documents.seal": {CLERK, OFFICER},  # the agency's signature, by whoever keeps the seal
        "documents.manage": {ADMIN, LEADER},  # templates, certificates
        # dossiers of the one-stop centre
        "dossiers.read": {CLERK, OFFICER, LEADER},
        "dossiers.table": {CLERK, OFFICER, LEADER, ADMIN},  # the steps as a page to be read
        "dossiers.receive": {CLERK},
        "dossiers.machines": {CLERK, ADMIN},  # counter machines that work without a network
        "dossiers.help": {HEAD, TEAM},  # fill in a draft for a resident who agreed
        "dossiers.guide": {CLERK, OFFICER, HEAD, TEAM},  # print where a dossier is filed instead
        "dossiers.remind": {CLERK, OFFICER, HEAD},  # who is due; heads see their own village
        "dossiers.remind_all": {CLERK, OFFICER},  # of the whole commune
        "dossiers.rounds": {CLERK, LEADER},  # visits to the villages: planned, announced, closed
        "dossiers.work": {CLERK, OFFICER, LEADER},
        "dossiers.approve": {LEADER},
        "dossiers.view_contact": {CLERK, OFFICER, LEADER},
        "dossiers.manage": {ADMIN},  # catalogue, settings, absences
        "dossiers.retain": {ADMIN, LEADER},  # what is due to be erased, what is held as evidence
        "dossiers.erase": {ADMIN},  # how long, and the decision
        "dossiers.exchange": {CLERK, ADMIN, LEADER},  # lists of others in, reconciliation
        "dossiers.export": {CLERK, LEADER},  # names, numbers and phones in files of our own
        "payments.manage": {ADMIN},  # the account residents pay into
        # evidence with all its notes; other private files open through what they belong to
        "attachments.read_original": {LEADER},
        # persons and households; a village's people see their own village, without numbers
        "population.village": {OFFICER, HEAD, TEAM},
        "population.browse": {OFFICER},  # everybody of the commune
        "population.look_up": {CLERK},  # who stands at the counter, for their own dossier
        "population.work": {OFFICER},
        "population.tell": {OFFICER, HEAD, TEAM},  # what happened in one's own village
        "population.reveal": {OFFICER},  # a number in full, for a purpose
        "population.sensitive": {OFFICER},  # ethnic group, for a purpose
        "population.flag.poor_household": {OFFICER},
        "population.flag.policy_family": {OFFICER},
        "population.flag.health_insurance": {OFFICER},
        "population.flag.elderly": {OFFICER},
        "population.flag.disability": {OFFICER},
        "population.merge": {OFFICER},
        "population.rights": {OFFICER},  # what people ask about their own data
        "population.figures": {OFFICER, LEADER, ADMIN, PROVINCE},  # k-safe tables only
        "population.export": {OFFICER},  # without numbers, phones, ethnic group
        "population.import": {OFFICER},  # lists that offices send
        "population.manage": {ADMIN},  # dated numbers, classes of spelling
        "population.watch": {ADMIN, LEADER},  # odd looks at records: counts, never names
        "population.breach": {OFFICER, ADMIN, LEADER},  # data that got out: counts, steps, notices
        "population.processing": {OFFICER, ADMIN, LEADER},  # the register of what data are for
        # operations centre
        "ioc.read": {LEADER, ADMIN, PROVINCE},
        "ioc.manage": {LEADER, ADMIN},
        # partners' programs (Open311): held by keys alone, by no role
        "open311.read": set(),
        "open311.write": set(),
        "open311.updates": set(),
        "open311.extended_statuses": set(),
        "open311.fetch_media": set(),
        # the house
        "identity.manage": {ADMIN},
        "places.manage": {ADMIN},
        "working_time.manage": {ADMIN},
        "working_time.close": {LEADER, ADMIN},  # storm, landslide: published at once
        "notifications.manage": {ADMIN},
        "voices.record": {ADMIN, HEAD, TEAM},  # villagers speak into the helper's phone
        "notifications.call": {CLERK, OFFICER, LEADER},  # tell people by phone: sees numbers
        "jobs.manage": {ADMIN},
        "audit.read": {LEADER, ADMIN},
    }.items()
}

# What a machine's key may be given: never the management of people and keys.
SCOPES: tuple[str, ...] = (
    "reports.read",
    "reports.help",
    "reports.work",
    "ioc.read",
    "open311.read",
    "open311.write",
    "open311.updates",
    "open311.extended_statuses",
    "open311.fetch_media",
)

# What is asked again (password or second factor) when the sign-in is older than five minutes.
SENSITIVE: frozenset[str] = frozenset(
    {
        "dossiers.export",
        "identity.manage",
        "payments.manage",
        "population.export",
        "reports.export",
        "reports.view_sealed",
    }
)


def roles_with(permission: str) -> frozenset[str]:
    """Return the roles that hold a permission; an unknown one is a mistake in the program."""
    return TABLE[permission]
