"""Words that may mean a denunciation: a hint for a person, never a decision."""

from xaso.kernel.text import fold
from xaso.reports.rulebook import Rules


def of(text: str, rules: Rules) -> str:
    """Return the first hinting word of a text as the rule writes it, or nothing."""
    if not text:
        return ""
    words = f" {fold(text)} "
    return next((line for line in rules.lines("hint.denunciation") if _is_in(line, words)), "")


def _is_in(line: str, words: str) -> bool:
    folded = fold(line)
    return bool(folded) and f" {folded} " in words
