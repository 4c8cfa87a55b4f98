from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "communs.core.indicators"
    label = "indicators"
    events: ClassVar[Mapping[str, Any]] = {
        "indicators.measured_again": _("Indicator measured again"),
        "indicators.baseline_imported": _("Earlier figures imported"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "measure_yesterday": _("Measure the day that ended"),
    }

    def ready(self) -> None:
        """Make the part's permission known."""
        import communs.core.indicators.rules  # noqa: F401 -- after the models it reads
