"""A resident's device is known again in its commune, and agrees to things."""

import pytest
from django.core import signing
from django.db import IntegrityError, transaction

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions, queries
from xaso.kernel.identity.actions.residents import Agreed
from xaso.kernel.identity.models import Consent, Device
from xaso.kernel.tenancy import actions as tenancy

pytestmark = pytest.mark.django_db


def _asks(rf, commune, cookie: str | None):
    request = rf.get("/")
    request.commune = commune
    if cookie is not None:
        request.COOKIES[queries.DEVICE_COOKIE] = cookie
    return request


def _signed(token: str) -> str:
    return signing.get_cookie_signer(queries.DEVICE_COOKIE + queries.DEVICE_SALT).sign(token)


def test_the_same_phone_is_the_same_resident(rf, inside_binh_lu) -> None:
    device, token = actions.issue_device(inside_binh_lu)
    request = _asks(rf, inside_binh_lu, _signed(token))
    assert queries.device(request) == device
    assert queries.actor(request) == Actor("resident", str(device.pk), "web")
    assert actions.issue_device(inside_binh_lu, token=token) == (device, token)


@pytest.mark.parametrize("cookie", [None, "", "x", "forged:token", "a" * 5000])
def test_a_forged_cookie_is_nobody(rf, inside_binh_lu, cookie) -> None:
    actions.issue_device(inside_binh_lu)
    request = _asks(rf, inside_binh_lu, cookie)
    assert queries.device(request) is None
    assert queries.actor(request).id == ""


def test_an_unsigned_token_is_nobody(rf, inside_binh_lu) -> None:
    _, token = actions.issue_device(inside_binh_lu)
    assert queries.device(_asks(rf, inside_binh_lu, token)) is None


def test_two_communes_cannot_match_their_devices(binh_lu, ban_bo) -> None:
    with tenancy.inside(binh_lu.id):
        device, token = actions.issue_device(binh_lu)
        here = device.digest
    with tenancy.inside(ban_bo.id):
        assert not Device.objects.exists()
        there, _ = actions.issue_device(ban_bo, token=token)
        assert there.digest != here
        assert token not in (here, there.digest)


def test_consent_is_given_once_per_wording_and_withdrawn(inside_binh_lu) -> None:
    device, _ = actions.issue_device(inside_binh_lu)
    resident = Actor("resident", str(device.pk), "web")
    first = actions.give_consent(inside_binh_lu, resident, Agreed("sms", "2026-1"), by=resident)
    assert first == actions.give_consent(
        inside_binh_lu, resident, Agreed("sms", "2026-1"), by=resident
    )
    second = actions.give_consent(inside_binh_lu, resident, Agreed("sms", "2026-2"), by=resident)
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    actions.withdraw_consent(second, by=resident)
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 0
    assert Consent.objects.count() == 2


def test_two_open_consents_to_one_purpose_cannot_be(inside_binh_lu) -> None:
    row = {
        "commune": inside_binh_lu,
        "subject_kind": "resident",
        "subject": "1",
        "purpose": "sms",
        "text_version": "1",
        "method": "screen",
    }
    Consent.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(**row)
