"""Static files under hashed names, compressed once (whitenoise)."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Hashed(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names; a file that was never collected keeps its plain name.

    An error page must not fail because a stylesheet is missing, and tests run without collecting.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one for a file that is not there."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
