"""What accounts' e-mails say, in the language of the page that caused them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from communs.core.communities.scope import scope

Said = Callable[[dict[str, Any]], tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and a plain text; a code never stands in a subject."""

    subject: str
    text: str


def letter(name: str, facts: dict[str, Any]) -> Letter:
    """Write the letter that the library calls `name`; raises KeyError for one never written."""
    subject, paragraphs = _LETTERS[name](facts)
    community = scope().community
    signature = community.full_name if community else "Communs"
    return Letter(
        f"{signature} — {subject}", "\n\n".join([*paragraphs, f"-- \n{signature}"]) + "\n"
    )


def _code(facts: dict[str, Any]) -> tuple[str, list[str]]:
    return _("your code"), [
        _("Here is the code to write on the page that asked for it:"),
        f"    {facts['code']}",
        _("It serves once, for 15 minutes. Give it to nobody: we never ask for it by telephone."),
        _("If you asked for nothing, ignore this message: without the code nobody gets in."),
    ]


def _exists(_facts: dict[str, Any]) -> tuple[str, list[str]]:
    return _("you already have an account"), [
        _("Somebody, you no doubt, wanted to use this address for an account."),
        _("It has one already: sign in with it, a code by e-mail is enough."),
        _("If you asked for nothing, ignore this message: nothing was changed."),
    ]


def _changed(subject: Callable[[], str], sentence: Callable[[dict[str, Any]], str]) -> Said:
    def said(facts: dict[str, Any]) -> tuple[str, list[str]]:
        alarm = _("If it was not you: sign in, change your password and end the other sessions.")
        return subject(), [sentence(facts), alarm]

    return said


_LETTERS: dict[str, Said] = {
    "account/email/login_code": _code,
    "account/email/unknown_account": lambda _facts: _code({"code": "0000-0000"}),
    "account/email/email_confirmation": _code,
    "account/email/email_confirmation_signup": _code,
    "account/email/password_reset_code": _code,
    "account/email/account_already_exists": _exists,
    "account/email/password_changed": _changed(
        lambda: _("password changed"), lambda _facts: _("The password of your account was changed.")
    ),
    "account/email/password_reset": _changed(
        lambda: _("password changed"), lambda _facts: _("The password of your account was changed.")
    ),
    "account/email/password_set": _changed(
        lambda: _("password chosen"), lambda _facts: _("Your account now has a password.")
    ),
    "account/email/email_changed": _changed(
        lambda: _("e-mail address changed"),
        lambda facts: (
            _("Your account now uses the address %(address)s instead of this one.")
            % {"address": facts["to_email"]}
        ),
    ),
    "mfa/email/totp_activated": _changed(
        lambda: _("second factor added"),
        lambda _facts: _("An authenticator application now protects your account."),
    ),
    "mfa/email/totp_deactivated": _changed(
        lambda: _("second factor removed"),
        lambda _facts: _("The authenticator application no longer protects your account."),
    ),
    "mfa/email/webauthn_added": _changed(
        lambda: _("passkey added"), lambda _facts: _("A passkey was added to your account.")
    ),
    "mfa/email/webauthn_removed": _changed(
        lambda: _("passkey removed"), lambda _facts: _("A passkey was removed from your account.")
    ),
    "mfa/email/recovery_codes_generated": _changed(
        lambda: _("new recovery codes"),
        lambda _facts: _("New recovery codes were made for your account; the old ones are void."),
    ),
    "socialaccount/email/account_connected": _changed(
        lambda: _("way to sign in added"),
        lambda facts: (
            _("You can now sign in with %(provider)s.") % {"provider": facts["provider"].name}
        ),
    ),
    "socialaccount/email/account_disconnected": _changed(
        lambda: _("way to sign in removed"),
        lambda facts: (
            _("You can no longer sign in with %(provider)s.") % {"provider": facts["provider"].name}
        ),
    ),
}
