"""Who may set sources and put sensors in place, and who may check them."""

from communs.core.access.enums import Role
from communs.core.access.rules import declare, holds

MANAGE = "sensing.manage"
COMMISSION = "sensing.commission"

declare(
    {
        MANAGE: holds(Role.ADMINISTRATOR, Role.EDITOR),
        COMMISSION: holds(Role.ADMINISTRATOR, Role.EDITOR, Role.AGENT),
    }
)
