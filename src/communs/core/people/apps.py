from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "communs.core.people"
    label = "people"
    events: ClassVar[Mapping[str, Any]] = {
        "people.signed_up": _("Account made"),
        "people.password_changed": _("Password changed"),
        "people.address_changed": _("E-mail address changed"),
        "people.second_factor_added": _("Second factor added"),
        "people.second_factor_removed": _("Second factor removed"),
        "people.identity_connected": _("Way to sign in added"),
        "people.identity_disconnected": _("Way to sign in removed"),
        "people.sessions_ended": _("Sessions ended"),
        "people.name_changed": _("Name changed"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "post": _("Send a letter of an account"),
        "let_go": _("Delete sessions and attempts whose time is over"),
    }

    def ready(self) -> None:
        from communs.core.people import edges  # models are loaded only now

        edges.connect()
