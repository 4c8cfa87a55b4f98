from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "communs.core.api"
    label = "api"
    events: ClassVar[Mapping[str, Any]] = {
        "api.token_made": _("Key for a program made"),
        "api.token_taken_back": _("Key for a program taken back"),
    }
