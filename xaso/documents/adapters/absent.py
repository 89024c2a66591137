"""No device is connected: what an installation has before its tokens are set up."""

from xaso.documents.refusals import KeyAway


class Absent:
    """Holds nothing and says so."""

    def certificate(self, ref: str) -> bytes:
        """Refuse."""
        raise KeyAway

    def chain(self, ref: str) -> list[bytes]:
        """Refuse."""
        raise KeyAway

    def sign(self, ref: str, data: bytes, digest: str) -> bytes:
        """Refuse."""
        raise KeyAway

    def picture(self, ref: str) -> bytes | None:
        """Draw nothing."""
        return None
