from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BundlesConfig(AppConfig):
    name = "communs.core.bundles"
    label = "bundles"
    events: ClassVar[Mapping[str, Any]] = {
        "bundles.packed": _("Configuration packed"),
        "bundles.published": _("Configuration published in the catalogue"),
        "bundles.withdrawn": _("Configuration withdrawn from the catalogue"),
        "bundles.received": _("Configuration received, to be looked at"),
        "bundles.set_aside": _("Received configuration set aside"),
        "bundles.tried": _("Configuration tried without effect"),
        "bundles.installed": _("Configuration installed"),
        "bundles.rolled_back": _("Configuration rolled back"),
    }
