"""A site of the middleware tests' own addresses."""

import pytest
from django.test import Client

from xaso.kernel.web.middleware import directory


@pytest.fixture(autouse=True)
def fresh_directory():
    """Start with an empty memory of communes: ids differ between tests."""
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def site(settings, binh_lu):
    """Return a browser on the shared host, with the commune Bình Lư open."""
    settings.ROOT_URLCONF = "xaso.kernel.web.tests.urls"
    return Client(raise_request_exception=False)
