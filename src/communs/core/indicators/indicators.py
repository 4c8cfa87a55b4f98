"""What the house measures of itself; nobody's visits are followed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communs.core.indicators.definitions import indicator
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Direction, Unit
from communs.core.journal.models import Event
from communs.core.registry.models import Activation


@indicator(
    key="house.services_on",
    title=_("Services switched on"),
    description=_("Services that are switched on here by the community itself, on that day."),
    unit=Unit.COUNT,
    direction=Direction.NONE,
    aggregate=Aggregate.LAST,
    past=False,
)
def services_on(_on: date) -> int:
    """Count the services that are on now: an activation keeps no past."""
    return Activation.objects.filter(on=True).count()


@indicator(
    key="house.actions",
    title=_("Actions in the journal"),
    description=_(
        "Everything that was done here and written in the journal that day, by people and by the"
        " site itself. Reading pages is not counted."
    ),
    unit=Unit.COUNT,
    direction=Direction.NONE,
    aggregate=Aggregate.SUM,
)
def actions(on: date) -> int | None:
    """Count the events of a local day; None before the journal's first one."""
    begin, end = (_midnight(day) for day in (on, on + timedelta(days=1)))
    count = Event.objects.filter(at__gte=begin, at__lt=end).count()
    begun = count or Event.objects.filter(at__lt=begin).exists()
    return count if begun else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
