from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "communs.core.privacy"
    label = "privacy"
    events: ClassVar[Mapping[str, Any]] = {
        "privacy.consent_given": _("Consent given"),
        "privacy.consent_withdrawn": _("Consent withdrawn"),
        "privacy.data_exported": _("Copy of one’s data taken"),
        "privacy.person_erased": _("Account erased"),
        "privacy.controller_set": _("Contact for personal data changed"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "let_go": _("Delete what has been kept as long as was said"),
        "warn_the_absent": _("Warn accounts unused for three years, and erase them"),
    }
