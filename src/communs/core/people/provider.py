"""What the sign-in library must know of our identity providers; it looks for this module."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.base import Provider, ProviderAccount

_KEPT = ("siret", "name")  # of all that a provider says, what is kept


class Identity(ProviderAccount):
    """Somebody as a provider knows them."""

    def to_str(self) -> str:
        return str(self.account.extra_data.get("name") or self.account.get_provider().name)


class OpenIdProvider(Provider):
    """Any of the installation's issuers: their checked claims become an account's facts."""

    id = "oidc"
    name = "OpenID Connect"
    account_class = Identity
    uses_apps = True

    def __init__(self, request: Any, app: Any = None) -> None:
        super().__init__(request, app=app)
        self.name = self.app.name

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        facts = {"siret": data.get("siret"), "name": _name(data)}
        return {key: str(facts[key])[:120] for key in _KEPT if facts[key]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": _text(data.get("email")), "name": _name(data)}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        email = _text(data.get("email"))
        verified = data.get("email_verified") is True
        return [EmailAddress(email=email.lower(), verified=verified, primary=True)] if email else []


def _name(data: dict[str, Any]) -> str:
    family = data.get("usual_name") or data.get("family_name")
    given = data.get("given_name")
    whole = " ".join(_text(part) for part in (given, family) if _text(part))
    return (whole or _text(data.get("name")))[:120]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


provider_classes = [OpenIdProvider]
