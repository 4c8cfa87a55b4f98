"""How identities from elsewhere become accounts here."""

from __future__ import annotations

# ruff: noqa: ARG002 -- the library gives the signatures
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communs.core.people import identities
from communs.core.people.actions import sign_up_from_elsewhere
from communs.core.people.identities import Issuer
from communs.core.people.models import Person


class SocialAdapter(DefaultSocialAccountAdapter):
    """Providers are settings, not rows; only a verified address of an agent opens an account."""

    error_messages = {
        "connected_other": _("This identity already belongs to another account."),
        "disconnect_last": _("This is your only way to sign in."),
        "email_taken": _("This address cannot be used. Choose another one."),
        "invalid_token": _("The identity provider’s answer could not be verified."),
        "no_password": _("This is your only way to sign in."),
        "no_verified_email": _("Verify your e-mail address first."),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        del request
        return [
            _app(issuer)
            for issuer in identities.issuers()
            if provider in (None, "oidc", issuer.key) and client_id in (None, issuer.client_id)
        ]

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Ask nothing more of somebody whose name and verified address came along."""
        known = any(address.verified for address in sociallogin.email_addresses)
        return known and bool(sociallogin.user and sociallogin.user.name)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        person: Any = sociallogin.user
        person.email, person.name = data.get("email", ""), data.get("name", "")
        return person

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        person: Any = sociallogin.user
        return {"email": person.email, "name": person.name}

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Person:
        person: Any = sociallogin.user
        person.set_unusable_password()
        if form:
            person.email, person.name = form.cleaned_data["email"], form.cleaned_data["name"]
        sign_up_from_elsewhere(person=person, provider=sociallogin.account.provider, by=None)
        sociallogin.save(request)
        return person


def _app(issuer: Issuer) -> SocialApp:
    return SocialApp(
        provider="oidc",
        provider_id=issuer.key,
        name=issuer.label,
        client_id=issuer.client_id,
        secret=issuer.client_secret,
        settings={
            "email_authentication": not issuer.for_residents,
            "verified_email": issuer.trusted and not issuer.for_residents,
        },
    )
