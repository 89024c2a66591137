"""The `xaso` command."""

import argparse
import sys
from importlib import metadata

from xaso.cli import words
from xaso.cli.commands import (
    backups,
    communes,
    database,
    deadlines,
    logbook,
    machine,
    officials,
    serving,
)
from xaso.cli.parsing import Commands
from xaso.cli.words import Trouble, Words

GROUPS = (serving, machine, database, backups, logbook, deadlines, communes, officials)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a Trouble becomes its sentence and exit code 1, Ctrl-C 130."""
    given = sys.argv[1:] if arguments is None else arguments
    _choose_language(given)
    options = parser().parse_args(given)
    try:
        code: int = options.action(options)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    title = Words("Xã Số: chính quyền số cấp xã", "Xã Số: a commune, digitally")
    top = argparse.ArgumentParser(prog="xaso", description=str(title))
    top.add_argument("--version", action="version", version=metadata.version("xaso"))
    top.add_argument("--lang", choices=("vi", "en"), help="vi · en")
    commands = Commands(top, Words("các lệnh", "commands"))
    for group in GROUPS:
        group.add(commands)
    return top


def _choose_language(given: list[str]) -> None:
    """Take --lang from anywhere on the line, before the help texts are worded."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--lang", choices=("vi", "en"))
    known, rest = first.parse_known_args(given)
    given[:] = rest
    if known.lang:
        words.choose(known.lang)


if __name__ == "__main__":
    sys.exit(main())
