"""Whose data are meant: the sender's of a report, or those of somebody who follows it."""

from dataclasses import dataclass

from xaso.reports.models import Follower, Report, Reporter


@dataclass(frozen=True)
class Person:
    """Whose data: the sender's, or a follower's; by the code they know."""

    report: Report
    follower: Follower | None = None

    @property
    def code(self) -> str:
        """Return the code this person follows by."""
        return self.follower.own_code if self.follower else self.report.code

    @property
    def reporter(self) -> Reporter | None:
        """Return how this person is reached, if they said so."""
        return self.follower.reporter if self.follower else self.report.reporter

    @property
    def key(self) -> str:
        """Return how the outbox calls this person."""
        if self.follower:
            return f"follower:{self.follower.pk}"
        return f"reporter:{self.report.reporter_id}"
