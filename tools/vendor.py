"""Fetch the few browser libraries we ship, at exact versions, and write down what they are.

Run by a maintainer when a version changes (needs npm); the files are committed, so nobody else
needs Node. `xaso/kernel/web/tests/test_ship_libraries.py` re-hashes every file.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "xaso/kernel/web/static/web/vendor"
AXE = ROOT / "e2e/assets"
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=.*\n?")


@dataclass(frozen=True)
class Library:
    """A package: where it comes from, its licence, which files go where."""

    name: str
    version: str
    licence: str
    target: Path
    files: dict[str, str]


LEAFLET_IMAGES = (
    "layers.png",
    "layers-2x.png",
    "marker-icon.png",
    "marker-icon-2x.png",
    "marker-shadow.png",
)
LIBRARIES = (
    Library(
        "htmx.org",
        "2.0.11",
        "0BSD",
        VENDOR,
        {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"},
    ),
    Library(
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        VENDOR,
        {
            "dist/leaflet.js": "leaflet/leaflet.js",
            "dist/leaflet.css": "leaflet/leaflet.css",
            "LICENSE": "leaflet/LICENSE",
            **{f"dist/images/{name}": f"leaflet/images/{name}" for name in LEAFLET_IMAGES},
        },
    ),
    Library(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        AXE,
        {
            "axe.min.js": "axe.min.js",
            "LICENSE": "axe-LICENSE.txt",
            "LICENSE-3RD-PARTY.txt": "axe-LICENSE-3RD-PARTY.txt",
        },
    ),
)


def fetch(library: Library, folder: Path) -> dict[str, bytes]:
    """Return the files of a package: our path → bytes, without pointers to source maps."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{library.name}@{library.version}"], cwd=folder, check=True
    )
    archive = next(folder.glob(f"{library.name}-{library.version}.tgz"))
    with tarfile.open(archive) as packed:
        found = {}
        for theirs, ours in library.files.items():
            member = packed.extractfile(f"package/{theirs}")
            if member is None:
                sys.exit(f"{library.name} has no file {theirs}")
            found[ours] = SOURCE_MAP.sub(b"\n", member.read())
    return found


def describe(library: Library) -> dict[str, object]:
    """Return the manifest's entry of a library, from the files as they lie here."""
    hashes = {
        ours: hashlib.sha256((library.target / ours).read_bytes()).hexdigest()
        for ours in sorted(library.files.values())
    }
    return {
        "name": library.name,
        "version": library.version,
        "licence": library.licence,
        "source": f"https://www.npmjs.com/package/{library.name}/v/{library.version}",
        "change": "the pointer to the source map is left out",
        "sha256": hashes,
    }


def main() -> None:
    """Fetch (unless `--describe`) and write one manifest beside the files of each folder."""
    if "--describe" not in sys.argv:
        for library in LIBRARIES:
            with tempfile.TemporaryDirectory() as folder:
                for path, content in fetch(library, Path(folder)).items():
                    (library.target / path).parent.mkdir(parents=True, exist_ok=True)
                    (library.target / path).write_bytes(content)
    for target in {library.target for library in LIBRARIES}:
        entries = [describe(library) for library in LIBRARIES if library.target == target]
        text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
        (target / "manifest.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
