"""What a phone fetches to send its first report: the form's own scripts stay small."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from xaso.kernel.web import files

pytestmark = pytest.mark.django_db
MOST = 10 * 1024  # bytes, brotli


def _bytes(name: str) -> int:
    return len(brotli.compress(files.script(Path(finders.find(name))).encode(), quality=11))


def test_the_forms_scripts_are_ten_kilobytes(client: Client, binh_lu) -> None:
    html = client.get("/binh-lu/phan-anh/gui/").content.decode()
    at_once = re.findall(r'<script src="/static/([^"]+)"', html)
    later = re.search(r'data-sau="([^"]+)"', html)[1].split()
    assert len(at_once) >= 3
    assert len(later) == 4
    sizes = {name: _bytes(name) for name in at_once}
    print(sizes, sum(sizes.values()), {src: _bytes(src.removeprefix("/static/")) for src in later})
    assert sum(sizes.values()) <= MOST, sizes
