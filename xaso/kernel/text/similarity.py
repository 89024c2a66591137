"""How alike two texts are, counted exactly as PostgreSQL's pg_trgm counts it.

Folding comes first, so that `Sat lo duong` and `Sạt lở đường` are the same text.
"""

from xaso.kernel.text.folding import fold


def trigrams(text: str) -> set[str]:
    """Return the three-letter pieces of the folded text, word by word.

    Each word gets two spaces before it and one after it, as in pg_trgm: `ba` gives
    `"  b"`, `" ba"`, `"ba "`.
    """
    pieces: set[str] = set()
    for word in fold(text).split():
        padded = f"  {word} "
        pieces.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return pieces


def similarity(a: str, b: str) -> float:
    """Return shared trigrams over all trigrams of both texts: 0 nothing alike, 1 the same.

    Two texts without a letter or digit are not alike: 0, as in pg_trgm.
    """
    of_a, of_b = trigrams(a), trigrams(b)
    union = len(of_a | of_b)
    return len(of_a & of_b) / union if union else 0.0
