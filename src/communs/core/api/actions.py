"""A program's key is made once, shown once, and taken back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from communs.core.access.rules import may
from communs.core.api.models import Token
from communs.core.api.tokens import digest_of, written
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line

LONGEST = timedelta(days=366)
_MOST = 20  # tokens of a person in a community


@action("api.token_made")
def make_token(
    *, name: str, permissions: Sequence[str], until: date, on: date, by: Any
) -> tuple[Token, str]:
    """Make a token with some of what its person may do here; give it with what is shown once."""
    title = clean_line(name)
    if not title:
        raise Refused(_("Give the program a name."), field="name")
    if not on <= until <= on + LONGEST:
        raise Refused(_("Choose a last day within a year from today."), field="until")
    if not permissions or not all(may(by, one) for one in permissions):
        raise Refused(_("Choose among what you may do yourself."), field="permissions")
    if Token.objects.filter(person=by).count() >= _MOST:
        raise Refused(_("You have many keys already: take one back first."))
    secret = secrets.token_urlsafe(32)
    token = Token(person=by, name=title, permissions=sorted(set(permissions)), made_on=on)
    token.until, token.digest = until, digest_of(secret)
    token.save(force_insert=True)
    record(token, permissions=token.permissions, until=until.isoformat())
    return token, written(token, secret)


@action("api.token_taken_back")
def take_back(*, token: Token, by: Any) -> None:
    """End a token; the program that has it is refused from now on."""
    record(token, permissions=token.permissions)
    token.delete()
