"""How a program's key is written, and whose it is."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date
from typing import Any
from uuid import UUID

from communs.core.api.models import Token

_WRITTEN = re.compile(r"communs_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


def written(token: Token, secret: str) -> str:
    """Give the key as its program sends it: its prefix lets leaked keys be looked for."""
    return f"communs_{token.pk.hex}_{secret}"


def digest_of(secret: str) -> str:
    """Give what is kept of a secret; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def bearer(text: str, *, on: date) -> Any | None:
    """Give the person for whom this key acts here, held to what the key may do, or None."""
    parts = _WRITTEN.fullmatch(text)
    if parts is None:
        return None
    token = Token.objects.filter(pk=UUID(parts[1])).select_related("person").first()
    if token is None or not hmac.compare_digest(token.digest, digest_of(parts[2])):
        return None
    if not (token.serves(on) and token.person.is_active):
        return None
    if token.last_used_on != on:
        Token.objects.filter(pk=token.pk).update(last_used_on=on)
    token.person.held_to = frozenset(token.permissions)
    return token.person
