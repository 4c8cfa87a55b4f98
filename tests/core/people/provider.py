"""An identity provider on a loopback port, which can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT, SECRET = "communs", "a shared secret"
_KEYS = {
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
}
_STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What it knows of the person, how it signs, and what it does wrong."""

    address: str
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    userinfo: str = "jwt"  # or "json"
    change_token: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    change_userinfo: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[[dict[str, Any]], str] | None = None
    statuses: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    described_as: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def authorise(self, location: str) -> str:
        """Answer the browser that came with this address: gives where it is sent back."""
        parts = urlsplit(location)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.address}/authorize"
        self.asked = dict(parse_qsl(parts.query))
        back = urlsplit(self.asked["redirect_uri"])
        query = urlencode({"code": "the-code", "state": self.asked["state"]})
        return f"{back.path}?{query}"

    def answer(self, method: str, path: str, form: dict[str, str], auth: str) -> tuple[str, str]:
        self.requests.append(f"{method} {path}")
        if path in self.bodies:
            return "application/json", self.bodies[path]
        if path == "/userinfo":
            return self._userinfo(auth)
        given = {
            "/.well-known/openid-configuration": self._configuration,
            "/jwks": self._jwks,
            "/token": lambda: self._tokens(form),
        }[path]()
        return "application/json", json.dumps(given)

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.described_as or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/end",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _jwks(self) -> dict[str, Any]:
        rsa_key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEYS["RS256"].public_key()))
        ec_key = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(_KEYS["ES256"].public_key()))
        return {"keys": [rsa_key | {"kid": "RS256", "use": "sig"}, ec_key | {"kid": "ES256"}]}

    def _tokens(self, form: dict[str, str]) -> dict[str, Any]:
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        )
        expected = {
            "grant_type": "authorization_code",
            "code": "the-code",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uri": self.asked["redirect_uri"],
        }
        self.faults += [name for name, value in expected.items() if form.get(name) != value]
        if challenge.decode().rstrip("=") != self.asked["code_challenge"]:
            self.faults.append("code_verifier")
        claims = self._standard() | {"nonce": self.asked["nonce"], "exp": time.time() + 60}
        token = (self.sign or self.signed)(self.change_token(claims))
        return {"access_token": "the-access", "token_type": "Bearer", "id_token": token}

    def _userinfo(self, auth: str) -> tuple[str, str]:
        if auth != "Bearer the-access":
            self.faults.append("bearer")
        claims = self.change_userinfo(self._standard() | self.claims)
        if self.userinfo == "json":
            return "application/json", json.dumps(claims)
        return "application/jwt; charset=utf-8", self.signed(claims)

    def _standard(self) -> dict[str, Any]:
        sub = self.claims.get("sub", "the-person")
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": sub, "iat": now}
        return claims | ({"acr": self.claims["acr"]} if "acr" in self.claims else {})

    def signed(self, claims: dict[str, Any], *, kid: str = "") -> str:
        kid = kid or self.algorithm
        return jwt.encode(claims, _KEYS[self.algorithm], self.algorithm, headers={"kid": kid})

    def unsigned(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, None, "none", headers={"kid": "RS256"})

    def signed_by_a_stranger(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, _STRANGER, "RS256", headers={"kid": "RS256"})

    def signed_with_an_unknown_key(self, claims: dict[str, Any]) -> str:
        return self.signed(claims, kid="yesterday")

    def signed_with_the_public_key(self, claims: dict[str, Any]) -> str:
        """HS256 with the public key as its secret, made by hand: the library refuses to."""
        public = _KEYS["RS256"].public_key()
        secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        head = {"alg": "HS256", "kid": "RS256", "typ": "JWT"}
        parts = [_part(json.dumps(head).encode()), _part(json.dumps(claims).encode())]
        seal = hmac.digest(secret, ".".join(parts).encode(), "sha256")
        return ".".join([*parts, _part(seal)])


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize?"):
                self._send_back()
            else:
                self._say("GET", {})

        def _send_back(self) -> None:
            """Answer a browser as if the person had proven who they are."""
            path = provider.authorise(f"{provider.address}{self.path}")
            asked = urlsplit(provider.asked["redirect_uri"])
            self.send_response(302)
            self.send_header("Location", f"{asked.scheme}://{asked.netloc}{path}")
            self.end_headers()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._say("POST", dict(parse_qsl(self.rfile.read(length).decode())))

        def _say(self, method: str, form: dict[str, str]) -> None:
            auth = self.headers.get("Authorization", "")
            kind, body = provider.answer(method, self.path, form, auth)
            self.send_response(provider.statuses.get(self.path, 200))
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
