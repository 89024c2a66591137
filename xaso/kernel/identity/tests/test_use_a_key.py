"""A machine uses the API with a key: what the key names, until it ends, in its commune."""

from datetime import timedelta

import pytest

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions, permissions, queries
from xaso.kernel.identity.models import ApiKey
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db


def _new(scopes=("reports.read",), days: int = 30) -> actions.NewKey:
    return actions.NewKey("Cổng tỉnh", scopes, clock.now() + timedelta(days=days))


def test_a_key_opens_what_it_names_and_nothing_more(inside_binh_lu) -> None:
    key, text = actions.create_api_key(inside_binh_lu, _new(), by=SYSTEM)
    machine = actions.use_api_key(text, inside_binh_lu)
    assert machine.kind == "machine"
    opened = {name for name in permissions.TABLE if queries.may(machine, name)}
    assert opened == {"reports.read"}
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert text not in (key.digest, key.prefix)
    assert text.partition("_")[2].partition("_")[2] not in key.digest


def test_a_busy_machine_writes_once_a_minute(inside_binh_lu, django_assert_num_queries) -> None:
    _, text = actions.create_api_key(inside_binh_lu, _new(), by=SYSTEM)
    actions.use_api_key(text, inside_binh_lu)
    with django_assert_num_queries(1):
        assert actions.use_api_key(text, inside_binh_lu)


@pytest.mark.parametrize(
    "wrong", ["", "xaso", "xaso__", "xaso_abc_def", "bearer", "xaso_" + "a" * 300, "é_\x00_1"]
)
def test_something_that_is_no_key_opens_nothing(inside_binh_lu, wrong: str) -> None:
    actions.create_api_key(inside_binh_lu, _new(), by=SYSTEM)
    assert actions.use_api_key(wrong, inside_binh_lu) is None


def test_the_right_prefix_with_a_wrong_secret_opens_nothing(inside_binh_lu) -> None:
    key, text = actions.create_api_key(inside_binh_lu, _new(), by=SYSTEM)
    assert actions.use_api_key(f"xaso_{key.prefix}_{'A' * 43}", inside_binh_lu) is None
    assert actions.use_api_key(text[:-1], inside_binh_lu) is None


def test_a_key_ends_on_its_day_and_when_it_is_revoked(inside_binh_lu) -> None:
    key, text = actions.create_api_key(inside_binh_lu, _new(), by=SYSTEM)
    with clock.at(key.expires_at):
        assert actions.use_api_key(text, inside_binh_lu) is None
    actions.revoke_api_key(key, by=SYSTEM)
    assert actions.use_api_key(text, inside_binh_lu) is None
    first = ApiKey.objects.get().revoked_at
    actions.revoke_api_key(key, by=SYSTEM)
    assert ApiKey.objects.get().revoked_at == first


def test_the_neighbour_s_key_opens_nothing(binh_lu, ban_bo) -> None:
    with tenancy.inside(binh_lu.id):
        _, text = actions.create_api_key(binh_lu, _new(), by=SYSTEM)
    with tenancy.inside(ban_bo.id):
        assert actions.use_api_key(text, ban_bo) is None
        assert actions.use_api_key(text, binh_lu) is None


@pytest.mark.parametrize("scopes", [(), ("identity.manage",), ("reports.read", "audit.read")])
def test_a_key_never_manages_people(inside_binh_lu, scopes) -> None:
    with pytest.raises(actions.UnknownScope):
        actions.create_api_key(inside_binh_lu, _new(scopes), by=SYSTEM)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_key_ends_within_a_year(inside_binh_lu, days: int) -> None:
    with pytest.raises(actions.KeyNeedsEnd):
        actions.create_api_key(inside_binh_lu, _new(days=days), by=SYSTEM)
