"""That an official looked at personal data is written down, and shown to whom they are about."""

from datetime import timedelta

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.reports import rulebook
from xaso.reports.models import DataRequest, Report, Reporter, Visibility

OPENED, CONTACT, REQUEST = "reports.opened", "reports.contact", "reports.data_request"


def opened(report: Report, *, by: Actor) -> None:
    """Log that somebody opened a report that tells more than everybody may read.

    Once per person within the rule `privacy.seen_again`, however often the page is drawn.
    """
    is_plain = report.visibility == Visibility.PUBLIC and report.reporter_id is None
    if not is_plain:
        _once(report, report, by, OPENED)


def at_contact(report: Report, contact: Reporter, *, by: Actor) -> None:
    """Log that somebody looked at a name and number."""
    _once(report, contact, by, CONTACT)


def at_request(row: DataRequest, *, by: Actor) -> None:
    """Log that somebody read what a person asks about their data."""
    _once(row.report, row.report, by, REQUEST)


def _once(report: Report, subject: Report | Reporter, by: Actor, purpose: str) -> None:
    stamp = getattr(report, "stamp", None)  # read with the report: no statement
    rules = rulebook.stamped(report.commune_id, stamp) if stamp else rulebook.of(report.commune_id)
    within = timedelta(minutes=rules.amount("privacy.seen_again"))
    audit.view_once(subject, by=by, commune=report.commune_id, purpose=purpose, within=within)
