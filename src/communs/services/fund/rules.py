"""Who may do what in the fund."""

from __future__ import annotations

from communs.core.access.enums import Role
from communs.core.access.rules import declare, holds

EDIT = "fund.edit"

declare({EDIT: holds(Role.ADMINISTRATOR, Role.EDITOR)})
