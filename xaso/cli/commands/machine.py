"""doctor."""

from xaso.cli.parsing import Commands


def add(commands: Commands) -> None:
    """Add."""
