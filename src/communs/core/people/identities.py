"""The identity providers of this installation, from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

FRANCECONNECT, PROCONNECT = "franceconnect", "proconnect"
SESSION_KEY = "identity"
_SCOPES = {
    FRANCECONNECT: "openid given_name family_name email",
    PROCONNECT: "openid given_name usual_name email siret uid",
}


@dataclass(frozen=True, slots=True)
class Issuer:
    """Somebody whose word is taken for who a person is (OpenID Connect)."""

    key: str
    label: str
    kind: str
    issuer: str
    client_id: str
    client_secret: str
    trusted: bool = False  # its e-mail addresses are its own, verified though it does not say so
    communities: tuple[str, ...] = ()  # slugs where it is offered; none: everywhere

    @property
    def scope(self) -> str:
        return _SCOPES.get(self.kind, "openid profile email")

    @property
    def for_residents(self) -> bool:
        """FranceConnect knows people by a key of their own: its addresses open no account."""
        return self.kind == FRANCECONNECT

    @property
    def signs_userinfo(self) -> bool:
        return self.kind in (FRANCECONNECT, PROCONNECT)

    @property
    def assurance(self) -> str:
        """The level of assurance asked for and checked (eIDAS), where the provider has some."""
        return "eidas1" if self.signs_userinfo else ""


def issuers() -> list[Issuer]:
    """Give every identity provider of the installation."""
    return [
        Issuer(**{**given, "communities": tuple(given.get("communities", ()))})
        for given in settings.COMMUNS_OIDC
    ]


def named(key: str) -> Issuer | None:
    """Give the identity provider of that key."""
    return next((issuer for issuer in issuers() if issuer.key == key), None)


def offered(request: Any) -> list[Issuer]:
    """Give the identity providers that a community's sign-in page offers."""
    slug = request.community.slug if request.community else ""
    return [i for i in issuers() if not i.communities or slug in i.communities]
