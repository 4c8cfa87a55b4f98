"""Carriers' addresses and the calls made to them."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import Q

from communs.core.communities.owned import OwnedQuerySet
from communs.core.communities.scope import current
from communs.services.delivery.engine import calling
from communs.services.delivery.enums import CallState
from communs.services.delivery.models import Call, Carrier, Hook

TEST = "test"


def hook_of(carrier: Carrier) -> Hook | None:
    """Give a carrier's address, or None."""
    return Hook.objects.filter(carrier=carrier).first()


def hooks(*, on: date) -> OwnedQuerySet:
    """Give the addresses that are called that day."""
    return Hook.objects.filter(stopped_at=None, carrier__until__gte=on)


def calls_of(hook: Hook) -> OwnedQuerySet:
    """Give the calls to an address, the latest first."""
    return Call.objects.filter(hook=hook)


def call_to_make(key: UUID) -> Call | None:
    """Give a call that waits to be made, or None; where calls have stopped, only a test is."""
    going = Q(hook__stopped_at=None) | Q(kind=TEST)
    rows = Call.objects.filter(going, pk=key, state=CallState.WAITING)
    return rows.select_related("hook").first()


def message_of(call: Call, *, at: datetime) -> tuple[bytes, dict[str, str]] | None:
    """Give the body and the headers of a call; None where its secret can no longer be read."""
    secret = opened(call.hook.secret)
    if secret is None:
        return None
    said = {"type": call.kind, "timestamp": call.at.isoformat(), "community": current().slug}
    body = json.dumps(said | {"data": call.data}, ensure_ascii=False).encode()
    key, stamp = str(call.pk), int(at.timestamp())
    return body, {
        "Content-Type": "application/json",
        "User-Agent": "Communs",
        "webhook-id": key,
        "webhook-timestamp": str(stamp),
        "webhook-signature": calling.signature(secret, key, stamp, body),
    }


def sealed(secret: str) -> str:
    """Seal a secret with the installation's key: a copy of the database signs nothing."""
    return _box(settings.SECRET_KEY).encrypt(secret.encode()).decode()


def opened(text: str) -> str | None:
    """Open a sealed secret; None under another key."""
    try:
        return _box(settings.SECRET_KEY).decrypt(text.encode()).decode()
    except InvalidToken:
        return None


@lru_cache(maxsize=2)
def _box(secret: str) -> Fernet:
    digest = hashlib.sha256(b"communs.services.delivery:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
