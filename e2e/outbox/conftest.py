"""A phone with a storage and a worker of its own, behind a network that can be spoilt."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from e2e.conftest import SIZES
from e2e.outbox.resident import CONTROLLED, GRANTED
from e2e.weak_network import weak_network


@pytest.fixture
def air(town) -> Iterator:
    """The network between the phone and the town."""
    with weak_network("127.0.0.1", town.port) as network:
        yield network


@pytest.fixture
def phone(chromium, air) -> Iterator[Callable]:
    """Return a function that makes a phone: a browser with a storage of its own and a worker."""
    made = []

    def new(permissions: list[str] | None = None, *, is_controlled: bool = True) -> SimpleNamespace:
        width, height = SIZES["phone"]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=air.base,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            permissions=GRANTED if permissions is None else permissions,
        )
        made.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if is_controlled:
            page.goto("/binh-lu/")
            page.wait_for_function(CONTROLLED)
        return SimpleNamespace(context=context, page=page)

    yield new
    for context in made:
        context.close()
