"""When nobody is disturbed."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_PLACE = ZoneInfo("Asia/Ho_Chi_Minh")
_FROM, _UNTIL = time(21), time(6)


def earliest(at: datetime) -> datetime:
    """Return the first moment from `at` on outside the night (21:00 to 06:00)."""
    here = at.astimezone(_PLACE)
    if _UNTIL <= here.time() < _FROM:
        return at
    morning = datetime.combine(here.date(), _UNTIL, _PLACE)
    return morning if here < morning else morning + timedelta(days=1)
