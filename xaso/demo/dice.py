"""Chance that repeats: the same seed and the same words give the same numbers."""

from random import Random


def dice(*words: object) -> Random:
    """Return a generator of its own for each set of words.

    One generator per subject keeps rows independent: one more village does not change any report.
    """
    return Random(":".join(map(str, words)))  # noqa: S311  (drawings and stories, not secrets)
