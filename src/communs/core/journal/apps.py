from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "communs.core.journal"
    label = "journal"
    tasks: ClassVar[Mapping[str, Any]] = {
        "seal": _("Seal the journal of the day"),
        "stamp": _("Have a seal stamped"),
        "let_go": _("Let go of events whose time is over"),
    }

    def ready(self) -> None:
        """Have every part's `listeners` say what they listen to."""
        autodiscover_modules("listeners")
