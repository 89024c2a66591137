"""People of Bình Lư for the stories of this room."""

from collections.abc import Callable

import pytest

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions
from xaso.kernel.identity.models import Official, Role
from xaso.kernel.tenancy import actions as tenancy

PASSWORD = "nuong ngo tren suon nui"


@pytest.fixture
def someone(request) -> Callable[..., Official]:
    """Return a function that opens an account with a role in a commune."""
    if "committed" not in request.fixturenames:
        request.getfixturevalue("db")

    def opened(username: str, commune, role: Role | None = Role.OFFICER) -> Official:
        official, _ = actions.add_official(
            actions.NewOfficial(username, username.replace(".", " ").title()),
            commune=commune,
            by=SYSTEM,
            password=PASSWORD,
        )
        if role is not None:
            with tenancy.inside(commune.id):
                actions.give_role(official, role, commune=commune, by=SYSTEM)
        return official

    return opened
