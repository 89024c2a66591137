"""The command line's parser: names in one language, words in two."""

import argparse
from collections.abc import Callable

from xaso.cli.words import Words

Action = Callable[[argparse.Namespace], int]


class Commands:
    """A set of subcommands."""

    def __init__(self, parser: argparse.ArgumentParser, title: Words) -> None:
        """Hang a set of subcommands under a parser."""
        self._group = parser.add_subparsers(title=str(title), metavar="<command>", required=True)

    def add(self, name: str, action: Action, vi: str, en: str) -> argparse.ArgumentParser:
        """Add a command that runs an action and returns its exit code."""
        words = str(Words(vi, en))
        parser = self._group.add_parser(name, help=words, description=words)
        parser.set_defaults(action=action)
        return parser

    def group(self, name: str, vi: str, en: str) -> "Commands":
        """Add a command that has commands of its own."""
        words = Words(vi, en)
        return Commands(self._group.add_parser(name, help=str(words)), words)


def flag(parser: argparse.ArgumentParser, name: str, vi: str, en: str) -> None:
    """Add an option that is on or off."""
    parser.add_argument(name, action="store_true", help=str(Words(vi, en)))


def option(parser: argparse.ArgumentParser, name: str, vi: str, en: str, default: str = "") -> None:
    """Add an option with a text."""
    parser.add_argument(name, default=default, help=str(Words(vi, en)))
