from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "communs.core.notifications"
    label = "notifications"
    events: ClassVar[Mapping[str, Any]] = {
        "notifications.notified": _("People told something"),
        "notifications.wishes_changed": _("Choice of notices changed"),
        "notifications.unsubscribed": _("Notice stopped by the link of an e-mail"),
        "notifications.sent_by_hand": _("Call or text message done by an agent"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "send": _("Send a notice"),
        "gather": _("Gather the notices of the morning"),
        "send_digest": _("Send the notices of the morning"),
    }

    consultations: ClassVar[Mapping[str, Any]] = {
        "notifications.sent": _("Messages sent"),
        "notifications.to_reach": _("People to reach by telephone"),
    }

    def ready(self) -> None:
        """Make the part's permission known."""
        import communs.core.notifications.rules  # noqa: F401 -- after the models it reads
