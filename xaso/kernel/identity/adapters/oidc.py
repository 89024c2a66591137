"""Sign-in at an outside provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636).

Strict on purpose: the id_token is verified by the provider's published keys even though it comes
over our own connection, only RS256 and ES256 count, and issuer, audience, nonce, expiry and
authorised party must all be right. No user-info call: the id_token says who it is.
"""

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

import jwt

ALGORITHMS = ["RS256", "ES256"]
_LEEWAY = 60  # seconds two clocks may differ
_SECONDS = 5
_MOST = 200_000  # bytes of any answer
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class NotTrue(Exception):
    """What the provider answered cannot be believed; the text is for the log."""


class Unreachable(Exception):
    """The provider does not answer, or not with what the standard says."""


@dataclass(frozen=True)
class Provider:
    """Where to ask: from the environment of the installation."""

    issuer: str
    client_id: str
    secret: str
    name: str


@dataclass(frozen=True)
class Asked:
    """What we asked, kept in the browser's session until the answer comes."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str

    def kept(self) -> dict[str, str]:
        """Return it as plain values for the session."""
        return asdict(self)


@dataclass(frozen=True)
class Claims:
    """Who the provider says it is."""

    issuer: str
    subject: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0913, PLR0917
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


def ask(provider: Provider, redirect_uri: str) -> tuple[str, Asked]:
    """Return the address to send the browser to, and what to keep. Raises Unreachable."""
    known = _discover(provider)
    asked = Asked(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        redirect_uri=redirect_uri,
    )
    digest = hashlib.sha256(asked.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "scope": "openid",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    start = _address(known, "authorization_endpoint")
    return f"{start}{'&' if '?' in start else '?'}{urlencode(query)}", asked


def answer(provider: Provider, asked: Asked, code: str) -> Claims:
    """Exchange a code and return whom the verified id_token names.

    Raises Unreachable, and NotTrue when anything about the token is wrong.
    """
    known = _discover(provider)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.redirect_uri,
        "client_id": provider.client_id,
        "client_secret": provider.secret,
        "code_verifier": asked.verifier,
    }
    tokens = _call(_address(known, "token_endpoint"), form)
    keys = _call(_address(known, "jwks_uri"))
    return _verified(provider, str(tokens.get("id_token", "")), keys, asked.nonce)


def _verified(provider: Provider, token: str, keys: Mapping[str, Any], nonce: str) -> Claims:
    try:
        header = jwt.get_unverified_header(token)
        key = _key(keys, str(header.get("kid", "")))
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=_LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise NotTrue(f"id_token: {error}") from error
    if not secrets.compare_digest(str(claims["nonce"]), nonce):
        raise NotTrue("id_token: another nonce")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise NotTrue("id_token: another authorised party")
    return Claims(provider.issuer, str(claims["sub"]))


def _key(keys: Mapping[str, Any], kid: str) -> jwt.PyJWK:
    """Return the signing key of a name; without a name, the only one there is."""
    known = [k for k in jwt.PyJWKSet.from_dict(dict(keys)).keys if k.key_type in {"RSA", "EC"}]
    fitting = [k for k in known if k.key_id == kid] if kid else known
    if len(fitting) != 1:
        raise NotTrue(f"id_token: no single key {kid!r}")
    return fitting[0]


def _discover(provider: Provider) -> Mapping[str, Any]:
    known = _call(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if known.get("issuer") != provider.issuer:
        raise Unreachable("The provider's configuration names another issuer.")
    return known


def _address(known: Mapping[str, Any], name: str) -> str:
    """Return an endpoint of the provider: https, or http on this machine."""
    address = str(known.get(name, ""))
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return address
    raise Unreachable(f"{name} of the provider is not an https address.")


def _call(address: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """Get (or post a form to) an address and return its JSON object."""
    data = urlencode(form).encode() if form else None
    request = urllib.request.Request(address, data, {"Accept": "application/json"})  # noqa: S310
    try:
        with _opener.open(request, timeout=_SECONDS) as response:
            text = response.read(_MOST + 1)
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
        raise Unreachable(f"{urlsplit(address).path}: {error}") from error
    try:
        found = json.loads(text) if len(text) <= _MOST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreachable(f"{urlsplit(address).path}: no JSON object")
    return found
