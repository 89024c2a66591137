"""An OpenID Connect provider on a loopback port: discovery, keys, authorisation, token.

It follows the standard (code once, PKCE checked, exact redirect address) and lies on request:
`provider.lie = "nonce"` and so on spoil one thing about the next id_token.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "xaso-test", "only for tests"


@cache
def _keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    """Make the provider's key and a stranger's, once: they take a tenth of a second each."""
    one, other = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in "12")
    return one, other


class Provider:
    """The provider and what it was asked; `subject` is who signs in there next."""

    def __init__(self) -> None:
        self.key, self.other_key = _keys()
        self.subject = "001088000001"
        self.lie = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def discovery(self) -> dict[str, Any]:
        issuer = self.issuer
        return {
            "issuer": "https://mix-up.example" if self.lie == "issuer of discovery" else issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": "http://far.example/token"
            if self.lie == "plain http"
            else f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Sign the person in and return where the browser goes back to."""
        self.asked.append(query)
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        return f"{query['redirect_uri']}?{back}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Exchange a code; None when the standard says no."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        claims |= {
            "nonce": {"nonce": "another"},
            "aud": {"aud": "someone-else"},
            "iss": {"iss": "https://evil.example"},
            "expired": {"iat": now - 7200, "exp": now - 3600},
            "azp": {"aud": [CLIENT, "someone-else"], "azp": "someone-else"},
        }.get(self.lie, {})
        if self.lie.startswith("no "):
            claims.pop(self.lie.removeprefix("no "))
        return self._signed(claims)

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"kid": "unknown" if self.lie == "kid" else "one"}
        if self.lie == "alg none":
            return jwt.encode(claims, None, algorithm="none", headers=header)
        if self.lie == "alg HS256":  # signed with our public client secret instead of their key
            return jwt.encode(claims, SECRET * 4, algorithm="HS256", headers=header)
        key = self.other_key if self.lie == "signature" else self.key
        token = jwt.encode(claims, key, algorithm="RS256", headers=header)
        return token[:-8] if self.lie == "cut short" else token

    def get(self, address: str) -> tuple[str, dict[str, Any] | None]:
        """Return (where to go, or the JSON to answer) for a path; ("", None) is a 404."""
        parts = urlsplit(address)
        if parts.path == "/authorize":
            return self.authorize({k: v[0] for k, v in parse_qs(parts.query).items()}), None
        pages = {"/.well-known/openid-configuration": self.discovery, "/keys": self.keys}
        return "", pages[parts.path]() if parts.path in pages else None

    def body(self, value: dict[str, Any]) -> bytes:
        spoilt = {"no JSON": b"<html>", "flood": b'{"x": "' + b"x" * 300_000 + b'"}'}
        return spoilt.get(self.lie, json.dumps(value).encode())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                there, found = provider.get(self.path)
                if there:
                    self.send_response(302)
                    self.send_header("Location", there)
                    self.end_headers()
                elif found is None:
                    self.send_error(404)
                else:
                    self._json(found, 200)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                answer = provider.token({k: v[0] for k, v in parse_qs(body).items()})
                self._json(answer or {"error": "invalid_grant"}, 200 if answer else 400)

            def _json(self, value: dict[str, Any], status: int) -> None:
                text = provider.body(value)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_args: object) -> None:
                return

        return Handler
