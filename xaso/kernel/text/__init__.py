"""Vietnamese text: folding for search, similarity, order, numbers, dates, spoken codes, phones.

Pure functions on plain values; no tables. The names below are the room's door, together with the
modules `spoken_code`, `phone`, `dates` and `numbers`.
"""

from xaso.kernel.text.dates import gio, moment, ngay
from xaso.kernel.text.folding import clean_line, clean_text, fold, fold_tight, nfc
from xaso.kernel.text.numbers import so
from xaso.kernel.text.similarity import similarity, trigrams
from xaso.kernel.text.sorting import person_sort_key, sort_key
from xaso.kernel.text.spoken_code import damm

__all__ = [
    "clean_line",
    "clean_text",
    "damm",
    "fold",
    "fold_tight",
    "gio",
    "moment",
    "nfc",
    "ngay",
    "person_sort_key",
    "similarity",
    "so",
    "sort_key",
    "trigrams",
]
