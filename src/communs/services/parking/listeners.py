"""What parking tells people, if they and their commune wish."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communs.core.notifications.notices import Notice, declare
from communs.core.registry.service import noop

declare(
    Notice(
        key="parking.overstay",
        about=_("stays that last too long"),
        title=noop("Space %(code)s has been taken for too long"),
        text=noop("%(place)s, number %(number)s. A card or a ticket may explain it."),
        urgent=True,  # an hour later, nobody is there any more
    ),
)
