"""Whoever follows a report hears of each public step: by their own code, over their own way."""

from uuid import UUID

from xaso.reports.actions import reaching, telling
from xaso.reports.models import Follower, Report, ReportEvent


def tell(commune: UUID, report: int, seq: int) -> int:
    """Tell every follower who can be reached of one step; return how many. Twice tells once."""
    line = ReportEvent.objects.filter(commune=commune, report=report, seq=seq).first()
    current = Report.objects.filter(commune=commune, pk=report).first()
    if line is None or current is None:
        return 0
    what = telling.TO_SENDER[line.kind]
    rows = Follower.objects.filter(
        report=report, reporter__isnull=False, confirmed_at__isnull=False, ended_at__isnull=True
    )
    told = 0
    for follower in rows.select_related("reporter").order_by("pk"):
        if follower.reporter is None:
            continue
        ways = list(
            reaching.ways(follower.reporter, f"follower:{follower.pk}", follower.device_hash)
        )
        telling.send(current, line, what, ways, code=follower.own_code)
        told += len(ways)
    return told
