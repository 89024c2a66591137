"""The name a person gave a file: kept for people, never used as a path."""

from pathlib import PurePosixPath

from xaso.kernel.text.folding import clean_line

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif", "hif"),
    "image/avif": ("avif",),
    "application/pdf": ("pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "text/csv": ("csv",),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a", "mp4"),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/webm": ("webm", "weba"),
    "audio/wav": ("wav",),
}
PICTURES = frozenset(e for t, many in EXTENSIONS.items() if t.startswith("image/") for e in many)
_LONGEST = 120  # characters; leaves room for the extension in any file system
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*\x00', "_"))
_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


def extension(name: str) -> str:
    """Return the extension of a name in lower case, or an empty text."""
    return PurePosixPath(_last_part(name)).suffix.removeprefix(".").lower()


def cleaned(name: str, media_type: str) -> str:
    """Return a name that is safe to show and to save: no path, no control or direction characters.

    The extension is that of the content; Windows device names get a line in front.
    """
    stem = PurePosixPath(_last_part(name)).stem.strip(". ")[:_LONGEST].strip(". ") or "tep"
    if stem.split(".")[0].lower() in _DEVICES:
        stem = f"_{stem}"
    given, known = extension(name), EXTENSIONS[media_type]
    return f"{stem}.{given if given in known else known[0]}"


def _last_part(name: str) -> str:
    """Return the part after the last slash or backslash, with harmless characters only."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return clean_line(last.translate(_FORBIDDEN))
