"""The data home: the one folder outside the checkout, and which checkout it belongs to."""

import os
from pathlib import Path

import xaso
from xaso.cli.words import Trouble

OWNER = "owner"


def default() -> Path:
    """Return XASO_HOME, else /var/lib/xaso for root, else ~/.local/share/xaso."""
    given = os.environ.get("XASO_HOME")
    if given:
        return Path(given).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/xaso")
    return Path.home() / ".local" / "share" / "xaso"


def checkout() -> Path:
    """Return the folder this program runs from."""
    return Path(xaso.__file__).resolve().parent.parent


def owner_of(home: Path) -> Path | None:
    """Return the checkout a data home belongs to; None when nobody has claimed it."""
    try:
        written = (home / OWNER).read_text().strip()
    except OSError:
        return None
    return Path(written) if written else None


def claim(home: Path) -> None:
    """Make a data home ours, or refuse with a sentence when another living checkout has it."""
    owner, ours = owner_of(home), checkout()
    if owner == ours:
        return
    if owner is not None and (owner / "xaso" / "__init__.py").exists():
        raise Taken(home, owner)
    try:
        home.mkdir(parents=True, exist_ok=True)
        _sign(home, ours)
    except OSError as error:
        raise Trouble(
            f"Không ghi được thư mục dữ liệu {home}: {error.strerror}. "
            "Hãy đặt XASO_HOME tới một nơi ghi được.",
            f"The data home {home} cannot be written: {error.strerror}. "
            "Please set XASO_HOME to a place that can be written.",
        ) from None


def _sign(home: Path, owner: Path) -> None:
    """Write the owner in one move: who starts at the same moment never reads half a name."""
    draft = home / f"{OWNER}.{os.getpid()}"
    draft.write_text(f"{owner}\n")
    draft.replace(home / OWNER)


class Taken(Trouble):
    """Another checkout uses this data home."""

    def __init__(self, home: Path, owner: Path) -> None:
        """Word the sentence."""
        super().__init__(
            f"Thư mục dữ liệu {home} thuộc về bản cài ở {owner}. Mỗi bản cài cần nơi riêng: hãy "
            f"đặt XASO_HOME tới thư mục khác, hoặc xoá tệp {home / OWNER} nếu bản kia đã bỏ.",
            f"The data home {home} belongs to the installation at {owner}. Each needs its own: set "
            f"XASO_HOME to another folder, or remove {home / OWNER} if the other is retired.",
        )
