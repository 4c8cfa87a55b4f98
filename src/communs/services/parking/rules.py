"""Who may do what here."""

from __future__ import annotations

from communs.core.access.enums import Role
from communs.core.access.rules import declare, holds

EDIT = "parking.edit"
PATROL = "parking.patrol"

declare(
    {
        EDIT: holds(Role.ADMINISTRATOR, Role.EDITOR),
        PATROL: holds(Role.ADMINISTRATOR, Role.EDITOR, Role.AGENT),
    }
)
