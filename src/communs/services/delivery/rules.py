"""Who may do what here."""

from __future__ import annotations

from typing import Any

import rules

from communs.core.access.enums import Role
from communs.core.access.rules import declare, holds
from communs.services.delivery.models import Carrier

EDIT = "delivery.edit"
BOOK = "delivery.book"
CHECK = "delivery.check"


@rules.predicate
def carries(person: Any, _subject: Any = None) -> bool:
    """Tell whether an account acts for a carrier here."""
    if person is None or not person.is_authenticated:
        return False
    return Carrier.objects.filter(contact=person.email.lower()).exists()


declare(
    {
        BOOK: carries,
        EDIT: holds(Role.ADMINISTRATOR, Role.EDITOR),
        CHECK: holds(Role.ADMINISTRATOR, Role.EDITOR, Role.AGENT),
    }
)
