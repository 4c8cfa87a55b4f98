from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SensingConfig(AppConfig):
    name = "communs.core.sensing"
    label = "sensing"
    events: ClassVar[Mapping[str, Any]] = {
        "sensing.source_added": _("Source of readings added"),
        "sensing.source_set": _("Source of readings set"),
        "sensing.secret_renewed": _("Secret of a source renewed"),
        "sensing.thing_commissioned": _("Sensor put in place"),
        "sensing.thing_withdrawn": _("Sensor withdrawn"),
        "sensing.states_changed": _("Sensors’ states changed"),
        "sensing.checked_on_the_spot": _("Sensor checked on the spot"),
        "sensing.entity_described": _("Description of a sensor added by its network"),
        "sensing.entity_changed": _("Description of a sensor changed by its network"),
        "sensing.entity_removed": _("Description of a sensor removed by its network"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "prepare_months": _("Prepare the tables of readings for the months to come"),
        "drop_empty_months": _("Drop the tables of readings of months that hold none any more"),
        "let_readings_go": _("Remove readings whose time is over"),
    }

    def ready(self) -> None:
        """Make the part's permission known."""
        import communs.core.sensing.rules  # noqa: F401 -- after the models it reads
