"""Who may bring figures in and have them counted again; the files that bring them."""

from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.access.rules import declare, holds
from communs.core.files import purposes
from communs.core.files.engine.verdict import MEGA

MANAGE = "indicators.manage"
BASELINE = "indicators.baseline"

declare({MANAGE: holds(Role.ADMINISTRATOR, Role.EDITOR)})
purposes.declare(
    purposes.Purpose(
        BASELINE, _("Earlier figures"), ("csv",), max_bytes=20 * MEGA, permission=MANAGE
    )
)
