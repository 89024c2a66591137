"""What a message says, cut to what its channel carries. No channel here says who somebody is."""

import unicodedata

from xaso.kernel.text.masking import masked

LONGEST_SMS = 160
# GSM 03.38, the basic table: what costs one of the 160 places. Its extension table is left out.
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_SHORTEST_TITLE = 40


# In GSM 03.38's extension table: each costs two places.
_GSM_TWO = frozenset("^{}\\[~]|€\f")


def parts(text: str) -> int:
    """Return how many SMS a company charges for a text (GSM 03.38, 3GPP TS 23.040).

    In GSM-7 one part holds 160 places, one of several 153; a single letter outside, as most
    Vietnamese ones with accents are, makes it UCS-2: 70, or 67 UTF-16 units in each of several.
    """
    if all(c in GSM_7 or c in _GSM_TWO for c in text):
        return _split([2 if c in _GSM_TWO else 1 for c in text], 160, 153)
    return _split([len(c.encode("utf-16-be")) // 2 for c in text], 70, 67)


def _split(sizes: list[int], alone: int, joined: int) -> int:
    """Return the number of parts; no letter is cut in two."""
    if sum(sizes) <= alone:
        return 1
    count, left = 1, joined
    for size in sizes:
        if size > left:
            count, left = count + 1, joined
        left -= size
    return count


def plain(text: str) -> str:
    """Return a text in letters every phone shows: no accents, nothing outside GSM 03.38."""
    bare = text.replace("đ", "d").replace("Đ", "D").replace("–", "-").replace("…", "...")
    apart = unicodedata.normalize("NFKD", bare)
    kept = (c for c in apart if not unicodedata.category(c).startswith("M"))
    return " ".join("".join(c if c in GSM_7 else " " for c in kept).split())


def sms(title: str, link: str = "") -> str:
    """Return an SMS of at most 160 GSM-7 characters: the title, and where to look if it fits.

    Numbers of persons, phones and mail addresses that slipped into a title are blanked; the link
    is never cut: half an address leads nowhere.
    """
    said = plain(masked(title).replace("•••", "***"))
    end = f". Xem: {link}" if link else ""
    if len(end) > LONGEST_SMS - _SHORTEST_TITLE or any(c not in GSM_7 for c in end):
        end = ""
    return f"{said[: LONGEST_SMS - len(end)].rstrip()}{end}"


def short(title: str, link: str = "") -> str:
    """Return the same for channels that carry accents."""
    said = masked(title)
    return f"{said}. Xem: {link}" if link else said
