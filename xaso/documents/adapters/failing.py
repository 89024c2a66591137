"""The failing twin: a device that answers about itself and then does not sign."""

from xaso.documents.adapters.demo import Demo
from xaso.documents.refusals import KeyAway


class Failing(Demo):
    """Knows its certificate; its owner never confirms."""

    def sign(self, ref: str, data: bytes, digest: str) -> bytes:
        """Refuse."""
        raise KeyAway
