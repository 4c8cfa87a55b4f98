"""OpenID Connect, as far as signing in goes: who is asked, what they answer, whether it is proven.

Follows OpenID Connect Core 1.0 (code flow), RFC 7636 (PKCE), and the signed `userinfo` of
FranceConnect v2 and ProConnect. Every failure is an `Unproven`, with a sentence for the reader.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from communs.core.people import identities
from communs.core.people.identities import FRANCECONNECT, PROCONNECT, Issuer

ALGORITHMS = {"RS256": "RSA", "ES256": "EC"}
LEVELS = {"eidas1", "eidas2", "eidas3"}
TIMEOUT = 5  # seconds
LONGEST_SUBJECT = 191  # what the library keeps; the norm allows 255, nobody goes so far
LEEWAY = 30  # seconds between clocks
_AN_HOUR, _A_MINUTE = 3600, 60
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Unproven(Exception):
    """Who somebody is was not established; the reason is for the log, the sentence for them."""

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(reason)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Challenge:
    """What was sent along, and must come back unchanged or be shown later."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Challenge:
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @property
    def hashed(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Proof:
    """Who the provider says somebody is, once everything was checked."""

    claims: dict[str, Any]
    id_token: str


def discover(issuer: Issuer) -> dict[str, Any]:
    """Give the provider's description of itself, kept for an hour."""
    key = f"people.oidc:{issuer.issuer}"
    found = cache.get(key)
    if found is None:
        address = f"{issuer.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _json(_get(address))
        if str(found.get("issuer", "")).rstrip("/") != issuer.issuer.rstrip("/"):
            raise _unproven("the description is of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
            if not _is_safe(str(found.get(name, ""))):
                raise _unproven(f"no usable {name}")
        cache.set(key, found, _AN_HOUR)
    return found


def address_to_ask(issuer: Issuer, challenge: Challenge, *, come_back: str) -> str:
    """Give the provider's page where somebody says who they are."""
    query = {
        "response_type": "code",
        "client_id": issuer.client_id,
        "redirect_uri": come_back,
        "scope": issuer.scope,
        "state": challenge.state,
        "nonce": challenge.nonce,
        "code_challenge": challenge.hashed,
        "code_challenge_method": "S256",
    }
    if issuer.assurance:
        query["acr_values"] = issuer.assurance
    return f"{discover(issuer)['authorization_endpoint']}?{urlencode(query)}"


def prove(issuer: Issuer, code: str, *, nonce: str, verifier: str, come_back: str) -> Proof:
    """Exchange the code for an identity, and check all of it."""
    tokens = _exchange(issuer, code, verifier, come_back)
    id_token, access = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str) or not isinstance(access, str):
        raise _unproven("a token is missing")
    claims = _verified(issuer, id_token, require=["exp", "iat", "iss", "aud", "sub"])
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise _unproven("another nonce")
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise _unproven("a subject that is none")
    _check_party(issuer, claims)
    said = _userinfo(issuer, access)
    if said.get("sub") != claims["sub"]:
        raise _unproven("userinfo is about somebody else")
    return Proof({**claims, **said}, id_token)


def end_session_address(request: HttpRequest) -> str | None:
    """Give where the provider ends the session it began; none if it did not, or cannot be asked."""
    held = request.session.get(identities.SESSION_KEY) or {}
    issuer = identities.named(held.get("key", ""))
    if issuer is None:
        return None
    try:
        address = discover(issuer).get("end_session_endpoint")
    except Unproven:
        return None
    home = request.build_absolute_uri("/")
    query = {
        "id_token_hint": held["id_token"],
        "post_logout_redirect_uri": home,
        "state": secrets.token_urlsafe(32),
    }
    return f"{address}?{urlencode(query)}" if address else None


def _check_party(issuer: Issuer, claims: dict[str, Any]) -> None:
    party = claims.get("azp", issuer.client_id)
    if party != issuer.client_id:
        raise _unproven("issued for another party")
    level = claims.get("acr")
    asked = issuer.kind == FRANCECONNECT or (issuer.kind == PROCONNECT and level is not None)
    if asked and level not in LEVELS:
        raise Unproven(_("This identity is not sure enough for this site."), f"acr {level}")


def _exchange(issuer: Issuer, code: str, verifier: str, come_back: str) -> dict[str, Any]:
    config = discover(issuer)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": come_back,
        "code_verifier": verifier,
    }
    ways = config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    basic = "client_secret_post" not in ways
    who = {"client_id": issuer.client_id, "client_secret": issuer.client_secret}
    answer = _send(
        "POST",
        config["token_endpoint"],
        data=form if basic else form | who,
        auth=(issuer.client_id, issuer.client_secret) if basic else None,
    )
    return _json(answer)


def _userinfo(issuer: Issuer, access: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {access}"}
    answer = _get(discover(issuer)["userinfo_endpoint"], headers=headers)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "application/jwt":
        return _verified(issuer, answer.text.strip(), require=["iss", "aud", "sub"])
    if issuer.signs_userinfo:
        raise _unproven("userinfo is not signed")
    return _json(answer)


def _verified(issuer: Issuer, token: str, *, require: list[str]) -> dict[str, Any]:
    config = discover(issuer)
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg", "")
        if algorithm not in ALGORITHMS:
            raise _unproven(f"algorithm {algorithm}")
        return jwt.decode(
            token,
            _key(config["jwks_uri"], header.get("kid"), algorithm),
            algorithms=[algorithm],
            audience=issuer.client_id,
            issuer=config["issuer"],
            leeway=LEEWAY,
            options={"require": require},
        )
    except jwt.PyJWTError as error:
        raise _unproven(f"{type(error).__name__}: {error}") from error


def _key(address: str, kid: Any, algorithm: str) -> Any:
    """Give the provider's public key of that name; a new name makes the list be read again."""
    for fresh in (False, True):
        for found in _keys(address, fresh=fresh):
            fits = found.get("kty") == ALGORITHMS[algorithm] and found.get("use", "sig") == "sig"
            if fits and found.get("kid") == kid:
                return jwt.PyJWK(found, algorithm).key
    raise _unproven(f"no key {kid}")


def _keys(address: str, *, fresh: bool) -> list[dict[str, Any]]:
    key, pause = f"people.jwks:{address}", f"people.jwks.read:{address}"
    found = cache.get(key)
    if found is None or (fresh and cache.add(pause, 1, _A_MINUTE)):
        listed = _json(_get(address)).get("keys")
        found = [k for k in listed if isinstance(k, dict)] if isinstance(listed, list) else []
        cache.set(key, found, _AN_HOUR)
    return found


def _get(address: str, **more: Any) -> requests.Response:
    return _send("GET", address, **more)


def _send(method: str, address: str, **more: Any) -> requests.Response:
    try:
        answer = requests.request(method, address, timeout=TIMEOUT, allow_redirects=False, **more)
    except requests.RequestException as error:
        raise Unproven(
            _("The identity provider does not answer. Try again later, or sign in by e-mail."),
            f"{type(error).__name__} at {address}",
        ) from error
    if answer.status_code != requests.codes.ok:
        raise _unproven(f"{answer.status_code} from {address}")
    return answer


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise _unproven("not JSON") from error
    if not isinstance(found, dict):
        raise _unproven("not an object")
    return found


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _unproven(reason: str) -> Unproven:
    sentence = _("The identity provider’s answer could not be verified. Nobody was signed in.")
    return Unproven(sentence, reason)
