"""What others may ask about screens."""

from collections.abc import Sequence

from xaso.ioc.actions import digest
from xaso.ioc.models import WallDevice
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock


def screens(commune: Commune) -> Sequence[WallDevice]:
    """Return the screens of a commune, those in use first."""
    rows = WallDevice.objects.filter(commune=commune).select_related("created_by")
    return sorted(rows, key=lambda device: (device.revoked_at is not None, device.name))


def screen_of(token: str, commune: Commune, board: str) -> WallDevice | None:
    """Return the screen that holds this token, if it may show the board now."""
    if not token:
        return None
    device = WallDevice.objects.filter(commune=commune, digest=digest(token)).first()
    return device if device and device.may_look(board, clock.now()) else None
