"""What we ship from others is exactly what its manifest says, with its licence."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from xaso.kernel.web import collected

STATIC = Path(collected.__file__).parent / "static/web"
ROOT = STATIC.parents[4]
FOLDERS = [STATIC / "vendor", ROOT / "e2e/assets"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_file_is_the_one_in_the_manifest(folder):
    listed = {
        path: digest
        for library in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for path, digest in library["sha256"].items()
    }
    there = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "manifest.json"
    }
    assert there == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_library_comes_with_its_licence(folder):
    for library in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        assert library["version"]
        assert library["licence"]
        assert any("LICENSE" in path for path in library["sha256"])


def weight(*names: str) -> float:
    """Return kB (1,024 bytes) on the wire: gzip -9."""
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names) / 1024


def test_citizens_pages_stay_light():
    assert weight("tokens.css", "xaso.css") <= 12
    fonts = [STATIC / f"fonts/be-vietnam-pro-{weight}.woff2" for weight in (400, 600)]
    assert sum(font.stat().st_size for font in fonts) / 1024 <= 16
    assert weight("xaso.js") <= 10


def test_officials_pages_stay_light():
    assert weight("desk.css", "desk.js", "vendor/htmx/htmx.min.js") <= 30


def test_nothing_of_ours_calls_another_host():
    for file in [*STATIC.glob("*.css"), *STATIC.glob("*.js")]:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        text = text.replace("http%3A//www.w3.org/2000/svg", "")
        assert "http:" not in text, file.name
        assert "https:" not in text, file.name
