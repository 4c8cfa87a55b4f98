"""Every page of accounts is ours, in both languages, and the library shows none of its own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern
from django.views.generic.base import TemplateResponseMixin

from communs.core.people import urls

REACHED = {
    pattern.name: getattr(pattern.callback, "__wrapped__", pattern.callback)
    for pattern in urls.urlpatterns
    if isinstance(pattern, URLPattern)
}


def views_shown() -> list[Any]:
    """The library's views that an address of ours leads to, itself or through one of ours."""
    classes = {getattr(view, "view_class", None) for view in REACHED.values()}
    shown = {cls for cls in classes if cls and issubclass(cls, TemplateResponseMixin)}
    return sorted(shown, key=lambda cls: cls.__name__)


@pytest.mark.parametrize("view", views_shown(), ids=lambda cls: cls.__name__)
def test_a_page_that_can_be_reached_is_ours(view: Any) -> None:
    if view.template_name is None:  # the passkey's sign-in shows no page of its own
        assert view is webauthn.LoginWebAuthnView
        return
    found = get_template(view.template_name)
    assert "communs/core/people/templates" in found.template.filename


def test_every_page_of_the_library_is_ours_or_has_no_address() -> None:
    modules = (account, factor, recovery, totp, webauthn, social)
    theirs = {
        view.template_name
        for module in modules
        for view in vars(module).values()
        if isinstance(view, type) and isinstance(getattr(view, "template_name", None), str)
    }
    shown = {view.template_name for view in views_shown()}
    unrouted = {
        "account/email_confirm.html",
        "account/phone_change.html",
        "account/confirm_phone_verification_code.html",
        "account/password_reset_done.html",
        "account/password_reset_from_key_done.html",
        "account/request_login_code.html",
        "account/signup_by_passkey.html",
        "account/verification_sent.html",
        "mfa/recovery_codes/download.txt",
        "mfa/trust.html",
        "mfa/webauthn/signup_form.html",
        "socialaccount/authentication_error.html",
        "socialaccount/login_cancelled.html",
    }
    by_function = {"account/confirm_email_verification_code.html"}
    assert theirs - shown - by_function == unrouted
    for name in by_function:
        assert "communs/core/people" in get_template(name).template.filename


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/en", "/antony", "/en/antony"])
def test_pages_answer_under_every_prefix(prefix: str) -> None:
    for path in ("connexion/", "inscription/", "mot-de-passe/oublie/", "ferme/"):
        response = Client().get(f"{prefix}/compte/{path}")
        assert response.status_code == 200
        leads = set(re.findall(r'action="(/[^"]*compte/[^"]*)"', response.content.decode()))
        assert [to for to in leads if not to.startswith(f"{prefix}/compte/")] == []


@pytest.mark.django_db
def test_no_page_says_which_library_made_it(signed_in: Client) -> None:
    for path in ("", "securite/", "sessions/", "identites/", "adresse/", "mot-de-passe/"):
        assert b"allauth" not in signed_in.get(f"/antony/compte/{path}").content
