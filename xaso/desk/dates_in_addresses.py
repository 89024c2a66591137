"""Days in addresses: `2026-08-06`."""

from datetime import date


class IsoDate:
    """Read and write a day as part of an address; an impossible day is no address (404)."""

    regex = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the day; ValueError makes the address unknown."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """Return the day as it stands in an address."""
        return value if isinstance(value, str) else value.isoformat()
