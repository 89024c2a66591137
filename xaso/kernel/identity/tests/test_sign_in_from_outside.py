"""Signing in with an account from outside, against a provider that follows the standard or lies."""

from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from xaso.kernel.identity.models import Official, OutsideIdentity, RoleAssignment
from xaso.kernel.identity.tests.conftest import PASSWORD
from xaso.kernel.identity.tests.fakes.provider import CLIENT, SECRET, Provider
from xaso.kernel.tenancy import actions as tenancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    fake = Provider()
    settings.XASO_OIDC_ISSUER = fake.issuer
    settings.XASO_OIDC_CLIENT_ID, settings.XASO_OIDC_CLIENT_SECRET = CLIENT, SECRET
    settings.XASO_OIDC_NAME = "Cổng thử"
    yield fake
    fake.close()


@pytest.fixture
def lan(someone, binh_lu) -> Official:
    return someone("lan", binh_lu)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args, **_kwargs):
        return None


def at_provider(address: str) -> str:
    """Sign in at the provider as a browser would; return the path it leads back to."""
    from urllib.error import HTTPError

    try:
        build_opener(_Stay()).open(address, timeout=5)
    except HTTPError as answer:
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider did not lead back")


def there_and_back(client: Client, start: str = "/binh-lu/dang-nhap/ngoai/"):
    return client.get(at_provider(client.get(start)["Location"]))


def linked(official: Official) -> Client:
    client = Client()
    client.post("/binh-lu/dang-nhap/", {"login": official.username, "password": PASSWORD})
    assert there_and_back(client, "/binh-lu/tai-khoan/ngoai/noi/").status_code == 302
    return client


def test_the_question_carries_state_nonce_and_pkce(client: Client, provider, binh_lu) -> None:
    address = client.get("/binh-lu/dang-nhap/ngoai/")["Location"]
    asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://testserver/dang-nhap/ngoai/ve/"
    assert len(asked["state"]) >= 43
    assert len(asked["nonce"]) >= 43
    assert SECRET not in address


def test_an_official_links_the_account_once_and_comes_in_with_it(provider, lan) -> None:
    linked(lan)
    link = OutsideIdentity.objects.get()
    assert provider.subject not in link.digest
    client = Client()
    answer = there_and_back(client)
    assert answer["Location"] == "/binh-lu/can-bo/"
    assert client.get("/tai-khoan/").context["official"] == lan


def test_an_unknown_account_gets_no_rights_and_no_account(client: Client, provider, lan) -> None:
    answer = there_and_back(client)
    assert answer.status_code == 403
    assert "chưa được cấp quyền" in answer.content.decode()
    assert client.get("/tai-khoan/").status_code == 302
    assert Official.objects.count() == 1
    assert not OutsideIdentity.objects.exists()


def test_a_linked_account_gives_no_role(provider, lan, binh_lu, settings) -> None:
    settings.XASO_SECOND_FACTOR = False
    linked(lan)
    with tenancy.inside(binh_lu.id):
        RoleAssignment.objects.all().delete()
    client = Client()
    answer = there_and_back(client)
    assert answer["Location"].endswith("/chua-cap-quyen/")
    assert client.get("/binh-lu/can-bo/phan-anh/").status_code == 404


def test_the_second_factor_is_asked_after_the_outside_too(provider, lan) -> None:
    linked(lan)
    totp.TOTP.activate(lan, totp.generate_totp_secret())
    client = Client()
    assert there_and_back(client)["Location"].endswith("/dang-nhap/buoc-hai/")
    assert client.get("/tai-khoan/").status_code == 302


def test_a_closed_account_stays_closed(provider, lan) -> None:
    linked(lan)
    lan.is_active = False
    lan.save()
    assert there_and_back(Client()).status_code == 403


@pytest.mark.parametrize(
    "lie",
    [
        "nonce",
        "no nonce",
        "aud",
        "no aud",
        "iss",
        "azp",
        "expired",
        "no exp",
        "no sub",
        "signature",
        "kid",
        "alg none",
        "alg HS256",
        "cut short",
    ],
)
def test_a_token_that_is_not_true_is_not_believed(provider, lan, lie: str) -> None:
    linked(lan)
    client = Client()
    address = client.get("/binh-lu/dang-nhap/ngoai/")["Location"]
    provider.lie = lie
    answer = client.get(at_provider(address))
    assert answer.status_code == 403, lie
    assert client.get("/tai-khoan/").status_code == 302
    provider.lie = ""
    assert there_and_back(client).status_code == 302


@pytest.mark.parametrize("lie", ["no JSON", "flood", "plain http", "issuer of discovery"])
def test_a_provider_out_of_order_gets_a_sentence(
    client: Client, provider, binh_lu, lie: str
) -> None:
    address = client.get("/binh-lu/dang-nhap/ngoai/")["Location"]
    back = at_provider(address)
    provider.lie = lie
    answer = client.get(back)
    assert answer.status_code == 503, lie
    assert "dùng mật khẩu" in answer.content.decode()


def test_a_provider_that_is_down_gets_a_sentence(client: Client, provider) -> None:
    provider.close()
    assert client.get("/dang-nhap/ngoai/").status_code == 503


def test_an_answer_nobody_asked_for_is_not_believed(client: Client, provider, lan) -> None:
    linked(lan)
    mine = client.get("/dang-nhap/ngoai/")["Location"]
    back = at_provider(mine)
    assert Client().get(back).status_code == 403  # another browser
    wrong_state = back.replace("state=", "state=x")
    assert client.get(wrong_state).status_code == 403
    assert client.get(back).status_code == 403  # the question is used up


def test_an_answer_is_used_once(provider, lan) -> None:
    linked(lan)
    client = Client()
    back = at_provider(client.get("/dang-nhap/ngoai/")["Location"])
    assert client.get(back).status_code == 302
    client.logout()
    assert client.get(back).status_code == 403


def test_one_outside_account_serves_one_official(provider, lan, someone, binh_lu) -> None:
    linked(lan)
    hoa = someone("hoa", binh_lu)
    client = Client()
    client.post("/binh-lu/dang-nhap/", {"login": hoa.username, "password": PASSWORD})
    answer = there_and_back(client, "/binh-lu/tai-khoan/ngoai/noi/")
    assert answer.status_code == 409
    assert OutsideIdentity.objects.get().official == lan


def test_linking_asks_again_who_it_is(provider, lan) -> None:
    client = Client()
    client.force_login(lan)  # signed in, but proved nothing lately
    answer = client.get("/binh-lu/tai-khoan/ngoai/noi/")
    assert answer["Location"].startswith("/binh-lu/tai-khoan/hoi-lai/")
    done = client.post(answer["Location"], {"password": PASSWORD})
    assert done["Location"] == "/binh-lu/tai-khoan/ngoai/noi/"
    assert client.get(done["Location"])["Location"].startswith(provider.issuer)


def test_an_official_unlinks_their_own_account_only(provider, lan, someone, binh_lu) -> None:
    client = linked(lan)
    key = OutsideIdentity.objects.get().pk
    other = Client()
    someone("hoa", binh_lu)
    other.post("/binh-lu/dang-nhap/", {"login": "hoa", "password": PASSWORD})
    assert other.post(f"/binh-lu/tai-khoan/ngoai/{key}/go/").status_code == 404
    assert client.post(f"/binh-lu/tai-khoan/ngoai/{key}/go/").status_code == 302
    assert not OutsideIdentity.objects.exists()


def test_without_a_provider_there_is_no_such_door(client: Client, settings, binh_lu) -> None:
    settings.XASO_OIDC_ISSUER = ""
    assert client.get("/dang-nhap/ngoai/").status_code == 404
    assert "/ngoai/" not in client.get("/dang-nhap/").content.decode()
