from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "communs.core.web"
    label = "web"
    events: ClassVar[Mapping[str, Any]] = {
        "web.look_set": _("Colours chosen"),
        "web.host_set": _("Host name set"),
        "web.siret_set": _("SIRET of a community set"),
        "web.journal_exported": _("Journal taken out"),
        "web.job_retried": _("Task tried again"),
        "web.job_dropped": _("Task dropped"),
        "web.delivery_retried": _("Delivery tried again"),
        "web.delivery_dropped": _("Delivery dropped"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "check_journal": _("Check the journal"),
    }
    consultations: ClassVar[Mapping[str, Any]] = {
        "web.members": _("Members of the community"),
        "web.journal": _("Journal of what was done"),
    }
