"""What speaks for an alarm and what against it: how many saw it, how often its sender rang."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from xaso.reports import likeness, rulebook
from xaso.reports.models import Alarm, Report

_HOUR = timedelta(hours=1)


def rings_often(report: Report, now: datetime) -> bool:
    """Return whether one sender has rung so often this hour that their alarms ring as one."""
    rows = _of_sender(report)
    if rows is None:
        return False
    most = rulebook.of(report.commune_id).amount("hazard.group_after")
    return rows.filter(raised_at__gt=now - _HOUR).count() >= most


def rang_falsely(report: Report, now: datetime) -> bool:
    """Return whether the sender is called back first: so many false alarms of late, by the rules.

    Those on duty are called all the same. It reaches back only as far as marks of devices are kept.
    """
    rows = _of_sender(report)
    if rows is None or report.is_drill:
        return False
    rules = rulebook.of(report.commune_id)
    since = now - timedelta(days=rules.amount("hazard.false_days"))
    count = rows.filter(raised_at__gt=since, is_false=True, is_drill=False).count()
    return count >= rules.amount("hazard.false_alarms") > 0


def _of_sender(report: Report) -> QuerySet[Alarm] | None:
    """Return the alarms of the same device or phone; nothing where neither is known."""
    same = Q()
    if report.device_hash:
        same |= Q(report__device_hash=report.device_hash)
    if report.reporter and report.reporter.phone_index:
        same |= Q(report__reporter__phone_index=report.reporter.phone_index)
    return Alarm.objects.filter(same, commune=report.commune_id) if same else None


def seen_by_many(report: Report, now: datetime) -> bool:
    """Return whether enough devices, not all of one address, told of this kind near by, lately.

    Cookies are free: devices behind one address are one witness.
    """
    rules = rulebook.of(report.commune_id)
    since = now - timedelta(minutes=rules.amount("hazard.within"))
    rows = Report.objects.filter(
        commune=report.commune_id,
        category=report.category_id,
        received_at__gte=since,
        is_drill=report.is_drill,
    ).exclude(device_hash="")
    near = [row for row in rows if _is_near(report, row, rules.amount("hazard.near"))]
    devices = {row.device_hash for row in near}
    addresses = {row.ip_prefix_hash for row in near} - {""}
    return len(devices) >= max(1, rules.amount("hazard.devices")) and len(
        addresses
    ) >= rules.amount("hazard.addresses")


def _is_near(one: Report, other: Report, metres: int) -> bool:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return one.village_id is not None and one.village_id == other.village_id
    return likeness.metres((one.lat, one.lon), (other.lat, other.lon)) <= metres
