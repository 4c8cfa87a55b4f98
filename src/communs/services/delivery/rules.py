"""Who may do what here."""

from __future__ import annotations

from communs.core.access.enums import Role
from communs.core.access.rules import declare, holds

EDIT = "delivery.edit"
CHECK = "delivery.check"

declare(
    {
        EDIT: holds(Role.ADMINISTRATOR, Role.EDITOR),
        CHECK: holds(Role.ADMINISTRATOR, Role.EDITOR, Role.AGENT),
    }
)
