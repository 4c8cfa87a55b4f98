from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "communs.core.jobs"
    label = "jobs"
    tasks: ClassVar[Mapping[str, Any]] = {
        "let_go": _("Delete tasks whose time is over"),
    }
