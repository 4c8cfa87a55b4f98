from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "communs.core.journal"
    label = "journal"

    def ready(self) -> None:
        """Have every part's `listeners` say what they listen to."""
        autodiscover_modules("listeners")
