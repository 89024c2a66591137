"""Four digits printed on the receipt: with the code they open a dossier for who has no phone.

They come from the dossier's own key under the installation's index key: whoever knows one dossier's
digits learns nothing of another's, a reprint says the same four, and nothing readable is stored.
"""

from uuid import UUID

from xaso.dossiers.blinds import SLIP, SLIP_OF
from xaso.dossiers.models import Dossier
from xaso.kernel.sealing.boxes import blind


def made(uuid: UUID) -> str:
    """Return the four digits of a dossier's receipt."""
    return f"{int(blind(str(uuid), context=SLIP_OF), 16) % 10_000:04}"


def index(digits: str) -> str:
    """Return the digest under which four digits are kept and compared."""
    return blind(digits, context=SLIP)


def of(dossier: Dossier) -> str:
    """Return what the receipt prints: nothing for who has a phone or a device's own digits."""
    digits = made(dossier.uuid)
    return digits if dossier.slip_index and dossier.slip_index == index(digits) else ""
