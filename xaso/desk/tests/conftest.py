"""Fixtures of the rooms below that the desk's stories use too."""

from xaso.kernel.identity.tests.conftest import someone as someone
from xaso.kernel.notifications.tests.conftest import fake as fake
from xaso.kernel.notifications.tests.conftest import tell as tell
