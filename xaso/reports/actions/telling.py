"""Whom a step is told to, and what the message says: code and state, never anybody's words."""

from xaso.reports.models import Report, ReportEvent


def tell(report: Report, line: ReportEvent) -> None:
    """Tell the sender and the officials concerned, once per event."""
