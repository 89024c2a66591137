"""A process is ready before its first visitor."""

import sys

from django.conf import settings

from xaso.kernel.web import warming


def test_every_template_and_address_is_known_beforehand() -> None:
    known = warming.warm()
    assert known > 50
    assert settings.ROOT_URLCONF in sys.modules
    assert settings.SHARED_URLCONF in sys.modules
