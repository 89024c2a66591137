"""What the command line says: every sentence in Vietnamese and in English, side by side.

The command line speaks before Django, its settings and its catalogues exist (it is what builds
them), so its sentences stand here in pairs instead of in a message catalogue.
"""

import os
import sys
from dataclasses import dataclass

_chosen: dict[str, str] = {}


@dataclass(frozen=True)
class Words:
    """One sentence in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if language() == "en" else self.vi


class Trouble(Exception):
    """A command cannot go on; the sentence says what is wrong and how to mend it."""

    def __init__(self, vi: str, en: str) -> None:
        """Word the sentence."""
        super().__init__(vi)
        self.words = Words(vi, en)

    def __str__(self) -> str:
        return str(self.words)


def choose(code: str) -> None:
    """Fix the language for this process: `vi` or `en`."""
    _chosen["language"] = code


def language() -> str:
    """Return `en` when chosen or when XASO_LANG or the locale is English, else `vi`."""
    if "language" in _chosen:
        return _chosen["language"]
    hints = (os.environ.get(name, "") for name in ("XASO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    return "en" if next((hint for hint in hints if hint), "").startswith("en") else "vi"


def say(vi: str, en: str) -> None:
    """Print one line for the person at the keyboard, at once."""
    print(Words(vi, en), flush=True)


def warn(vi: str, en: str) -> None:
    """Print one line on the error stream."""
    print(Words(vi, en), file=sys.stderr, flush=True)
