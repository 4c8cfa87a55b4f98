"""Addresses of accounts; the names are the library's, so that its own redirects lead here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path
from django.views.decorators.cache import never_cache

from communs.core.people.views import again, elsewhere, entering, own

View = Callable[..., Any]
REST = 300  # seconds; see attempts.REST
LATER = {"too_many_login_attempts", "rate_limited"}


def _plainly(view: View) -> View:
    """Answer 422 to a form that was refused, 429 to one sent too often; keep nothing in caches."""

    @never_cache
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **options)
        codes = _refusals(response) if request.method == "POST" else set()
        if codes & LATER:
            response.status_code = 429
            response.headers["Retry-After"] = str(REST)
        elif codes:
            response.status_code = 422
        return response

    return run


def _refusals(response: HttpResponse) -> set[str]:
    context = getattr(response, "context_data", None) or {}
    forms = [value for value in context.values() if isinstance(value, BaseForm) and value.is_bound]
    data = [
        error for form in forms for errors in form.errors.as_data().values() for error in errors
    ]
    return {error.code or "invalid" for error in data}


def _page(address: str, view: View, name: str) -> URLPattern:
    return path(f"compte/{address}", _plainly(view), name=name)


_own = [
    _page("", own.account, "account"),
    _page("nom/", own.name, "name"),
    _page("confirmation/code/", again.ReauthenticateByCode.as_view(), "again"),
]

urlpatterns = [
    path("", include((_own, "people"))),
    _page("connexion/", entering.SignIn.as_view(), "account_login"),
    _page("connexion/code/", entering.ConfirmSignIn.as_view(), "account_confirm_login_code"),
    _page("connexion/code/demande/", entering.ask_for_code, "account_request_login_code"),
    _page("connexion/second-facteur/", factor.authenticate, "mfa_authenticate"),
    _page("connexion/cle/", webauthn.login_webauthn, "mfa_login_webauthn"),
    _page("deconnexion/", entering.SignOut.as_view(), "account_logout"),
    _page("inscription/", entering.SignUp.as_view(), "account_signup"),
    _page("ferme/", account.account_inactive, "account_inactive"),
    _page("confirmation/", account.reauthenticate, "account_reauthenticate"),
    _page("confirmation/second-facteur/", factor.reauthenticate, "mfa_reauthenticate"),
    _page("confirmation/cle/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _page("adresse/", account.email, "account_email"),
    _page("adresse/code/", account.email_verification_sent, "account_email_verification_sent"),
    _page("mot-de-passe/", account.password_change, "account_change_password"),
    _page("mot-de-passe/choisir/", account.password_set, "account_set_password"),
    _page("mot-de-passe/oublie/", account.password_reset, "account_reset_password"),
    _page(
        "mot-de-passe/oublie/code/",
        account.confirm_password_reset_code,
        "account_confirm_password_reset_code",
    ),
    _page(
        "mot-de-passe/oublie/nouveau/",
        account.complete_password_reset,
        "account_complete_password_reset",
    ),
    _page("sessions/", own.sessions, "usersessions_list"),
    _page("securite/", factor.index, "mfa_index"),
    _page("securite/application/", totp.activate_totp, "mfa_activate_totp"),
    _page("securite/application/retirer/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _page("securite/codes/", recovery.view_recovery_codes, "mfa_view_recovery_codes"),
    _page(
        "securite/codes/refaire/", recovery.generate_recovery_codes, "mfa_generate_recovery_codes"
    ),
    _page("securite/cles/", webauthn.list_webauthn, "mfa_list_webauthn"),
    _page("securite/cles/ajouter/", webauthn.add_webauthn, "mfa_add_webauthn"),
    _page("securite/cles/<int:pk>/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    _page("securite/cles/<int:pk>/retirer/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    _page("identites/", own.Connections.as_view(), "socialaccount_connections"),
    _page("identites/inscription/", social.signup, "socialaccount_signup"),
    _page("identites/<slug:key>/", elsewhere.leave, "identity_leave"),
    _page("identites/<slug:key>/retour/", elsewhere.come_back, "identity_return"),
]
