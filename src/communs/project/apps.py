from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "communs.project"
    label = "project"
    events: ClassVar[Mapping[str, Any]] = {
        "operation.restored": _("Backup restored"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {"back_up": _("Make a backup")}

    def ready(self) -> None:
        """Have /sante ask what no page can be trusted without."""
        from django.utils import timezone  # models are loaded only now

        from communs.core.web import platform
        from communs.core.web.views import health
        from communs.project import findings

        def no_grave_error() -> bool:
            grave = findings.findings(at=timezone.now(), questions=findings.GRAVE[2:])
            return findings.worst(grave) != findings.ERROR

        health.probes.append(no_grave_error)
        platform.checks.append(lambda at: findings.findings(at=at))
