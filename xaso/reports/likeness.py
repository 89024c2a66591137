"""How likely two reports are of one thing: 0 to 100, from plain values. Nothing is read here.

A person decides; the figure only orders what is shown. The weighted factors are distance, category,
words, photos and time; a factor nobody knows is left out of the sum and of the weights.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from xaso.kernel.text import fold, trigrams

WEIGHTS = {"distance": 35, "category": 20, "text": 20, "photo": 15, "time": 10}
VERY, PERHAPS = 75.0, 50.0  # from here on "very alike" and "perhaps"; below nothing is shown
CAP_FAR = 45.0  # far apart, and no photo that says otherwise
SENT_AGAIN = 95.0  # the same photo, or the same words and place, from one hand
PHOTO_HOURS, WORDS_MINUTES = 24, 10
EARTH_M = 6_371_000
MOST_SLACK_M = 150  # of two positions' errors together
SAME_SPOT, SAME_VILLAGE = 0.6, 0.3  # where there is no pin to measure from
SAME_GROUP = 0.6
PHOTO_SAME, PHOTO_LIKE = 6, 12  # bits of 64 that may differ
_BITS = (1 << 64) - 1


@dataclass(frozen=True)
class Signs:
    """What is known of a pair. None: not known, left out.

    `distance_m` between two pins, else `place` (0, 0.3, 0.6); `category` 0, 0.6, 1; `text` 0-1;
    `photo_bits` that differ in the nearest pair of photos; `hours` between the two.
    """

    hours: float
    category: float
    distance_m: float | None = None
    slack_m: float = 0
    place: float = 0
    text: float | None = None
    photo_bits: int | None = None
    within_m: int = 250
    days: int = 28
    is_sent_again: bool = False


@dataclass(frozen=True)
class Likeness:
    """The score with the factors it was made of (0-1 each, only the known ones)."""

    score: float
    factors: dict[str, float]

    @property
    def is_very(self) -> bool:
        """Return whether the pair is shown first."""
        return self.score >= VERY

    @property
    def is_shown(self) -> bool:
        """Return whether the pair is worth a person's look."""
        return self.score >= PERHAPS


def compare(signs: Signs) -> Likeness:
    """Return how alike a pair is."""
    factors = {"distance": _distance(signs), "category": signs.category, "time": _time(signs)}
    if signs.text is not None:
        factors["text"] = _clamp((signs.text - 0.2) / 0.5)
    if signs.photo_bits is not None:
        factors["photo"] = _photo(signs.photo_bits)
    score = 100 * sum(WEIGHTS[n] * f for n, f in factors.items()) / sum(WEIGHTS[n] for n in factors)
    if factors["distance"] == 0 and factors.get("photo", 0) < 1:
        score = min(score, CAP_FAR)
    if signs.is_sent_again:
        score = SENT_AGAIN
    return Likeness(round(score, 1), {name: round(value, 3) for name, value in factors.items()})


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two points (latitude, longitude in degrees) on the globe."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, p)) for p in (a, b))
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1, half)))


def words_alike(a: str, b: str) -> float | None:
    """Return how alike two texts are, counted as pg_trgm counts; None if either says nothing."""
    of_a, of_b = _pieces(a), _pieces(b)
    return len(of_a & of_b) / len(of_a | of_b) if of_a and of_b else None


def bits_apart(some: Iterable[int], others: Collection[int]) -> int | None:
    """Return in how many bits the nearest pair of photo hashes differs; None without a pair."""
    return min((((a ^ b) & _BITS).bit_count() for a in some for b in others), default=None)


def spot(*words: str) -> frozenset[str]:
    """Return landmark and road mark folded, without what is empty."""
    return frozenset(filter(None, map(fold, words)))


@lru_cache(maxsize=4_096)
def _pieces(text: str) -> frozenset[str]:
    """Return the trigrams of a text; the same reports are compared again and again."""
    return frozenset(trigrams(text))


def _distance(signs: Signs) -> float:
    if signs.distance_m is None:
        return signs.place
    beyond = max(0.0, signs.distance_m - min(signs.slack_m, MOST_SLACK_M))
    return _clamp(1 - beyond / signs.within_m)


def _time(signs: Signs) -> float:
    return _clamp(1 - signs.hours / (24 * signs.days))


def _photo(bits: int) -> float:
    if bits <= PHOTO_SAME:
        return 1.0
    return 0.5 if bits <= PHOTO_LIKE else 0.0


def _clamp(value: float) -> float:
    return min(1.0, max(0.0, value))
