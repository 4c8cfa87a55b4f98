"""What the sign-in library’s tables keep about people: they cannot say it themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communs.core.kit.privacy import ACCOUNT, Fate


@dataclass(frozen=True, slots=True)
class Privacy:
    """The same as `class Privacy` in a table of ours."""

    personal: tuple[str, ...]
    what: Promise
    purpose: Promise
    keep_days: int
    whose: Mapping[str, Fate]
    secret: tuple[str, ...] = ()
    kept_from: str | None = None


THIRD_PARTY = {
    "account.EmailAddress": Privacy(
        ("user", "email"),
        _("The verified e-mail address of each account"),
        _("To send codes, and to know that the address is its person’s"),
        1096,
        whose={"user": Fate.ERASE},
        kept_from=ACCOUNT,
    ),
    "mfa.Authenticator": Privacy(
        ("user", "data"),
        _("Second factors: secrets (encrypted), public keys of passkeys and their names"),
        _("To protect accounts with a second proof"),
        1096,
        whose={"user": Fate.ERASE},
        secret=("data",),
        kept_from=ACCOUNT,
    ),
    "socialaccount.SocialAccount": Privacy(
        ("user", "uid", "extra_data"),
        _("Identities from elsewhere: the provider’s key, the name, an agent’s organisation"),
        _("To sign in with FranceConnect, ProConnect or a community’s own directory"),
        1096,
        whose={"user": Fate.ERASE},
        kept_from=ACCOUNT,
    ),
    "socialaccount.SocialToken": Privacy(
        ("account", "token"),
        _("Tokens of identity providers: none is kept, the table stays empty"),
        _("Nothing: the library declares it"),
        1,
        whose={"account__user": Fate.ERASE},
        secret=("token", "token_secret"),
    ),
    "usersessions.UserSession": Privacy(
        ("user", "ip", "user_agent"),
        _("Open sessions: network address, browser, first and last use"),
        _("To let people see where they are signed in, and end it"),
        1,
        whose={"user": Fate.ERASE},
        secret=("session_key", "data"),
    ),
    "sessions.Session": Privacy(
        ("session_data",),
        _("What a browser’s cookie points at: who is signed in, since when"),
        _("To stay signed in from one page to the next, twelve hours at most"),
        1,
        whose={},  # ended with the row of UserSession that names it
        secret=("session_key", "session_data"),
    ),
}
