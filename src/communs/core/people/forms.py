"""The library's forms in our words: labels, help, and what browsers may fill in."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.fields import SetPasswordField
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context, ratelimit
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communs.core.people.codes import CodeByMail
from communs.core.people.models import Person

LONGEST_PASSWORD = 1000


class Address(forms.EmailField):
    """An e-mail address, kept in small letters."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        wrong = {"invalid": _("Write an e-mail address such as name@example.org.")}
        label = label or _("E-mail address")
        super().__init__(
            label=label, widget=widget, error_messages=wrong, max_length=254, **options
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class Password(forms.CharField):
    """A password already chosen; pasting and password managers are welcome."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Password"))
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        super().__init__(strip=False, max_length=LONGEST_PASSWORD, widget=widget, **options)


class NewPassword(SetPasswordField):
    """A password to choose: long, and not one of the common ones."""

    def __init__(self) -> None:
        words = _("At least 12 characters. Several words together are easy to remember.")
        super().__init__(label=_("New password"), help_text=words, max_length=LONGEST_PASSWORD)
        self.widget.attrs.pop("placeholder", None)


def _code(label: Any, *, numeric: bool = True) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}
    if numeric:
        attrs["inputmode"] = "numeric"
    return forms.CharField(label=label, max_length=40, widget=forms.TextInput(attrs=attrs))


def _name(label: Any) -> forms.CharField:
    words = _("As others will read it.")
    widget = forms.TextInput(attrs={"autocomplete": "name"})
    return forms.CharField(label=label, max_length=120, help_text=words, widget=widget)


def account_of(email: str) -> Any:
    """Give the account to which a code may be sent; raises ValidationError when too often."""
    if not ratelimit.consume(context.request, action="request_login_code", key=email):
        raise get_adapter().validation_error("too_many_login_attempts")
    found = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
    return found[0] if found else None


class SignInForm(account.LoginForm):
    """An address, and a password for those who have one; without it a code is sent."""

    password = Password(
        required=False,
        help_text=_("No password, or forgotten? Leave this empty: we send you a code."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = Address()
        self.order_fields(["login", "password"])

    def _setup_password_field(self) -> None:
        """Keep the field, though nobody signs up with a password."""

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        del phone
        try:
            self.user = account_of(email or "")
        except forms.ValidationError as refusal:
            self.add_error("login", refusal)
        return self.cleaned_data

    def _login_by_code(
        self, request: HttpRequest, redirect_url: str | None, credentials: Any
    ) -> Any:
        CodeByMail.start(request, user=self.user, email=credentials["email"])
        query = {REDIRECT_FIELD_NAME: redirect_url} if redirect_url else None
        return headed_redirect_response("account_confirm_login_code", query=query)


class SignUpForm(forms.Form):
    """Who somebody is, before their address is verified by a code."""

    name = _name(_("Your name"))
    email = Address()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.known = account_of(email)
        return email


class SignUpFromElsewhereForm(social.SignupForm):
    """What an identity provider left unsaid, or unverified."""

    name = _name(_("Your name"))
    field_order = ("name", "email")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"] = Address()
        self.order_fields(["name", "email"])


class DisconnectForm(social.DisconnectForm):
    """Any identity may go: a code by e-mail always leads in."""

    def clean(self) -> dict[str, Any]:
        return forms.Form.clean(self) or {}


class ConfirmSignInForm(account.ConfirmLoginCodeForm):
    code = _code(_("Code received by e-mail"))


class ConfirmAddressForm(account.ConfirmEmailVerificationCodeForm):
    code = _code(_("Code received by e-mail"))


class ConfirmResetForm(account.ConfirmPasswordResetCodeForm):
    code = _code(_("Code received by e-mail"))


class AddressForm(account.AddEmailForm):
    email = Address(_("New e-mail address"))


class ResetForm(account.ResetPasswordForm):
    email = Address()


class ChoosePasswordForm(account.SetPasswordForm):
    password1 = NewPassword()
    password2 = None  # a password that can be pasted and replaced by a code needs no second typing


class ChangePasswordForm(account.ChangePasswordForm):
    oldpassword = Password(label=_("Present password"))
    password1 = NewPassword()
    password2 = None


class ReplacePasswordForm(account.ResetPasswordKeyForm):
    password1 = NewPassword()
    password2 = None


class ReauthenticateForm(account.ReauthenticateForm):
    password = Password()


class NameForm(forms.Form):
    """The name that others see."""

    name = _name(_("Your name"))

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"name": person.name}, **options})


_FACTOR = _("Code of your application, or recovery code")


class SecondFactorForm(factor.AuthenticateForm):
    code = _code(_FACTOR, numeric=False)


class ReauthenticateFactorForm(factor.ReauthenticateForm):
    code = _code(_FACTOR, numeric=False)


class ActivateTotpForm(totp.ActivateTOTPForm):
    code = _code(_("Code shown by your application"))


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of this passkey"),
        required=False,
        max_length=60,
        help_text=_("To tell it from others: “telephone”, “office key”."),
    )
    passwordless = forms.BooleanField(
        label=_("Use it alone, without password or code"), required=False, initial=True
    )


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of this passkey"), max_length=60)
