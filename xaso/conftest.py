"""What every room's tests can ask for."""

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from xaso.testing import shared

# A machine that stands still for a moment is no fault of what is tested: nothing here is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture
def shared_data() -> Callable[[str], Any]:
    """Read a file of the shared test vectors; skip, saying why, where they are absent."""
    return lambda name: json.loads(shared(name).read_text(encoding="utf-8"))


@pytest.fixture
def shared_table() -> Callable[[str], list[dict[str, str]]]:
    """Read a shared table of comma-separated values, as `shared_data` does."""

    def read(name: str) -> list[dict[str, str]]:
        with shared(name).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    return read
