"""What every room's tests can ask for."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from xaso.testing import shared


@pytest.fixture
def shared_data() -> Callable[[str], Any]:
    """Read a file of the shared test vectors; skip, saying why, where they are absent."""
    return lambda name: json.loads(shared(name).read_text(encoding="utf-8"))
