from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "communs.core.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Have every part's `jobs` declare its tasks and its lines of the timetable."""
        autodiscover_modules("jobs")
