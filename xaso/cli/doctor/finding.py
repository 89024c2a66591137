"""One line of the doctor's report."""

from dataclasses import dataclass
from enum import StrEnum

from xaso.cli.words import Words


class State(StrEnum):
    """How a thing is."""

    GOOD = "ok"
    NOTE = "!"  # works, better be mended
    BAD = "x"  # the platform will not run well


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and how to mend it."""

    state: State
    words: Words
    cure: Words | None = None


def good(vi: str, en: str) -> Finding:
    """Make a finding that needs nothing."""
    return Finding(State.GOOD, Words(vi, en))


def note(words: Words, cure: Words) -> Finding:
    """Make a finding that can wait."""
    return Finding(State.NOTE, words, cure)


def bad(words: Words, cure: Words) -> Finding:
    """Make a finding that must be mended."""
    return Finding(State.BAD, words, cure)
