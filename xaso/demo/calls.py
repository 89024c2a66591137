"""Calls of the past months were made; those of the last two days still wait."""

from datetime import datetime, timedelta

from xaso.demo.towns import Town
from xaso.kernel.notifications import actions
from xaso.kernel.notifications.models import Message
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

_STILL_WAIT = timedelta(days=2)


def make(town: Town, until: datetime) -> int:
    """Note the old calls as made by the one-stop clerk; return how many."""
    by = town.actor("motcua")
    with tenancy.inside(town.id):
        rows = Message.objects.filter(
            commune=town.id,
            channel="call",
            status=Message.Status.WAITING,
            created_at__lt=until - _STILL_WAIT,
        )
        old = list(rows.order_by("created_at"))
        for call in old:
            with clock.at(call.next_at + timedelta(hours=1)):
                actions.note_call(call, "told", by=by)
    return len(old)
