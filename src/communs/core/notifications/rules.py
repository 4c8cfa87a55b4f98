"""Who may see what was sent, and call those who asked to be called."""

from __future__ import annotations

from communs.core.access.enums import Role
from communs.core.access.rules import declare, holds

REACH = "notifications.reach"

declare({REACH: holds(Role.ADMINISTRATOR, Role.EDITOR)})
