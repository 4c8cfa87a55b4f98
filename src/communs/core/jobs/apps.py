from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "communs.core.jobs"
    label = "jobs"
    tasks: ClassVar[Mapping[str, Any]] = {
        "let_go": _("Delete tasks whose time is over"),
    }

    def ready(self) -> None:
        """Have every part's `jobs` declare its tasks and its lines of the timetable."""
        autodiscover_modules("jobs")
