"""How a person's identity number is found without being readable."""

from xaso.dossiers.actions import drawing
from xaso.kernel.sealing.boxes import blind


def index_of(id_number: str) -> str:
    """Return the blind index of a number as it was typed, or nothing for what cannot be one."""
    bare = drawing.id_of(id_number)
    return blind(bare, context=drawing.NUMBER) if bare else ""
