"""Discs: by their secret, by their bay, by the print of a plate."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.crypto import salted_hmac

from communs.core.communities.owned import OwnedQuerySet
from communs.core.communities.scope import current
from communs.services.delivery.models import Ticket
from communs.services.delivery.queries.bays import in_force


def secret_digest(secret: str) -> str:
    """Give what is kept of the secret of a disc."""
    return hashlib.sha256(secret.encode()).hexdigest()


def print_of(plate: str) -> str:
    """Give the print of a plate: keyed, and another one in each community."""
    return salted_hmac(f"delivery.plate.{current().pk}", plate, algorithm="sha256").hexdigest()


def ticket_of(secret: str) -> Ticket | None:
    """Give the disc that a secret opens, or None."""
    rows = Ticket.objects.select_related("bay")
    return rows.filter(digest=secret_digest(secret)).first()


def valid_tickets(*, at: datetime) -> OwnedQuerySet:
    """Give the discs that count at an instant, those that end first before the others."""
    return Ticket.objects.filter(in_force(at)).order_by("allowed_until")
