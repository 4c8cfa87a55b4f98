from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "communs.core.registry"
    label = "registry"
    events: ClassVar[Mapping[str, Any]] = {
        "registry.service_set": _("Service set"),
    }
