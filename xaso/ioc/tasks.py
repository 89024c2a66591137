"""Background work of the room: the score of today, and the closing of last month."""

from uuid import UUID

from xaso.ioc.actions import scores
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock


@jobs.task("ioc.keep_scores", of_commune=False)
def keep_scores(*, commune: None) -> None:
    """Put off the score of each commune, so that one that fails does not stop the others."""
    for each in places.communes():
        jobs.later("ioc.keep_score", commune=each.id, key="score")


@jobs.task("ioc.keep_score", queue="slow")
def keep_score(*, commune: UUID) -> None:
    """Keep today's score; from day 10 on, close last month if nobody did."""
    here = Commune.objects.get(pk=commune)
    today = dates.local(clock.now()).date()
    scores.keep_day(here, by=SYSTEM, day=today)
    if today.day >= scores.CLOSING_DAY:
        try:
            scores.close_month(here, scores.month_before(today), by=SYSTEM)
        except scores.AlreadyClosed:
            return


jobs.every("ioc.keep_scores", "40 1 * * *")
