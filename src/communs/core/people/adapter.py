"""How the sign-in library does things here: its words, its letters, its redirects, its limits."""

from __future__ import annotations

# ruff: noqa: ARG002, PLR0917 -- the library gives the signatures
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from communs.core.people import actions, attempts, mail
from communs.core.people.letters import letter
from communs.core.people.models import Person

UNKNOWN = "account/email/unknown_account"
_LATER = _("Too many attempts. Wait five minutes, then try again.")

_AGAIN = {
    "code": _("Receive a code by e-mail"),
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code of your application"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
_SAID = {
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is chosen."),
    "account/messages/email_confirmed.txt": _("Your e-mail address is verified."),
    "mfa/messages/totp_activated.txt": _("Your authenticator application is added."),
    "mfa/messages/totp_deactivated.txt": _("Your authenticator application is removed."),
    "mfa/messages/webauthn_added.txt": _("Your passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("Your passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes are made."),
    "socialaccount/messages/account_connected.txt": _("This way to sign in is added."),
    "socialaccount/messages/account_disconnected.txt": _("This way to sign in is removed."),
    "socialaccount/messages/account_connected_other.txt": _(
        "This identity already belongs to another account."
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: one e-mail address each, a name, perhaps a password."""

    error_messages = {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is already your address."),
        "email_password_mismatch": _("This e-mail address and password do not go together."),
        "email_taken": _("This address cannot be used. Choose another one."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not the right one. Check the latest message received."),
        "incorrect_password": _("This is not your password."),
        "invalid_login": _("This e-mail address and password do not go together."),
        "invalid_password_reset": _("This link no longer works. Ask for a new code."),
        "max_email_addresses": _("An account has one address. Change it instead."),
        "rate_limited": _LATER,
        "same_as_current": _("This is already your address."),
        "select_only_one": _("Choose only one."),
        "too_many_login_attempts": _LATER,
        "unverified_primary_email": _("Verify your e-mail address first."),
    }

    def is_safe_url(self, url: str) -> bool:
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the passkey script speaks JSON."""
        asked = request.headers.get("Accept") == "application/json"
        return asked and request.path == reverse("mfa_login_webauthn")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("web:home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("people:account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail.send(
            letter(template_prefix, context), to=None if template_prefix == UNKNOWN else email
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        self.send_mail(template_prefix, email or user.email, context or {})

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or _SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def set_password(self, user: Person, password: str) -> None:
        actions.change_password(person=user, password=password, by=user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not attempts.begin(credentials.get("email", ""), at=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        person = super().authenticate(request, **credentials)
        if person is not None:
            attempts.forgive(credentials.get("email", ""))
        return person

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        attempts.forgive(credentials.get("email", ""))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Give the ways to prove again who one is; a code by e-mail where there is no other."""
        by_code = {"id": "code", "url": reverse("people:again")}
        found = super().get_reauthentication_methods(user) or [by_code]
        return [{**method, "description": _AGAIN[method["id"]]} for method in found]

    def is_reauthentication_required(self, *, app: str, **facts: Any) -> bool:
        """Ask again for a proof, unless one was given within five minutes."""
        request = context.request
        fresh = app_settings.REAUTHENTICATION_TIMEOUT
        proofs = [r["at"] for r in get_authentication_records(request, request.user)]
        if any(time.time() - at < fresh for at in proofs):
            return False
        if not get_reauthentication_flows(request.user):
            raise ReauthenticationRequired  # the library would let in who has no other proof
        return super().is_reauthentication_required(app=app, **facts)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Give the reader's address; a server on a socket knows none."""
        from allauth.core.internal.httpkit import get_client_ip

        return get_client_ip(request) or "0.0.0.0"  # noqa: S104 -- no address to listen on
