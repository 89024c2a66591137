"""Where keys of signatures are held: never in our database.

A holder answers for certificates by their reference: `demo` (files of an invented authority, demo
communes only), `absent` (no device connected), `failing` (tests). A token of the desk (PKCS#11) or
a remote service (CSC) is a module here with the same four answers.
"""

from typing import Protocol


class KeyHolder(Protocol):
    """Somebody's keys, reached through a device or a service."""

    def certificate(self, ref: str) -> bytes:
        """Return a certificate, DER."""

    def chain(self, ref: str) -> list[bytes]:
        """Return the certificates above it, DER."""

    def sign(self, ref: str, data: bytes, digest: str) -> bytes:
        """Return the signature of data; refuses with KeyAway when owner or device say no."""

    def picture(self, ref: str) -> bytes | None:
        """Return what is drawn in the signature's place, PNG; None draws nothing."""
