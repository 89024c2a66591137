"""Static files under hashed names, style sheets in one piece, all compressed once (whitenoise)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'@import url\("([\w./-]+)"\);\s*')
# What must stay as it is (texts and addresses) comes first, so that it is never looked into.
_PIECE = re.compile(r"(\"[^\"]*\"|'[^']*'|url\([^)]*\))|/\*.*?\*/|\s+", re.DOTALL)
_AROUND = re.compile(r"(\"[^\"]*\"|'[^']*'|url\([^)]*\))|\s*([{};,])\s*")


class Hashed(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names; a file that was never collected keeps its plain name.

    An error page must not fail because a stylesheet is missing, and tests run without collecting.
    Our own style sheets lose comments and blanks, and take in what they import: every request of a
    first visit costs half a kilobyte of headers, and on a weak line a wait.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one for a file that is not there."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name

    def post_process(
        self,
        paths: dict[str, Any],
        dry_run: bool = False,  # noqa: FBT001, FBT002  (Django's signature)
        **options: Any,  # noqa: ANN401
    ) -> Iterator[tuple[str, str, bool]]:
        """Shrink our style sheets and scripts, then name and compress everything."""
        kinds = (".css", ".js")
        ours = {n: at for n, at in paths.items() if n.endswith(kinds) and "vendor/" not in n}
        for name, (storage, path) in ({} if dry_run else ours).items():
            shrink = sheet if name.endswith(".css") else script
            Path(self.path(name)).write_text(shrink(Path(storage.path(path))), encoding="utf-8")
            paths[name] = (self, name)  # from here on the shrunken copy is the source
        yield from super().post_process(paths, dry_run=dry_run, **options)


def sheet(file: Path) -> str:
    """Return a style sheet with what it imports from its own folder, without comments."""
    text = file.read_text(encoding="utf-8")
    whole = _IMPORT.sub(lambda found: sheet(file.parent / found.group(1)), text)
    bare = _PIECE.sub(_kept(" "), whole)
    return _AROUND.sub(lambda found: found.group(1) or found.group(2), bare).strip() + "\n"


def script(file: Path) -> str:
    """Return a script without indents and lines of comment alone; line ends stay where they are.

    A text over several lines (an odd backtick on one of them) leaves the script as it is.
    """
    text = file.read_text(encoding="utf-8")
    bare = re.sub(r"\A/\*.*?\*/\n", "", text, flags=re.DOTALL)
    lines = [line.strip() for line in bare.split("\n")]
    kept = [line for line in lines if line and not line.startswith("//")]
    if any(line.count("`") % 2 for line in kept):
        return text
    return "\n".join(kept) + "\n"


def _kept(blank: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found.group(1) or ("" if found.group(0).startswith("/*") else blank)
