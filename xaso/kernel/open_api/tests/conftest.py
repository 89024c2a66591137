"""A commune with a small API, and clients that call it."""

from collections.abc import Callable

import pytest
from django.test import Client

from xaso.kernel.places.models import Place

HERE = "/binh-lu/api/v1/mau/places"


@pytest.fixture
def sample(settings, inside_binh_lu):
    """Serve the small API in Bình Lư."""
    settings.ROOT_URLCONF = "xaso.kernel.open_api.tests.sample"
    return inside_binh_lu


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def places(sample) -> Callable[[int], None]:
    """Return a function that makes places, some of them at the same latitude."""

    def make(count: int) -> None:
        Place.objects.bulk_create(
            Place(commune=sample, text=f"p{n}", lat=n // 3, lon=1, precision="exact")
            for n in range(count)
        )

    return make
