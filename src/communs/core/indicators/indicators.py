"""What the house measures of itself; nobody's visits are followed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communs.core.forms import queries as forms
from communs.core.indicators.definitions import About, Ratio, indicator
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Direction, Unit
from communs.core.journal.models import Event
from communs.core.registry.models import Activation

_FEW = 5  # people, under which no figure about them is published


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


@indicator(
    key="house.forms_finished",
    title=_("Forms sent within two weeks"),
    description=_(
        "Of the forms that people began two weeks before that day, the share that was sent since."
        " Trials by those who write forms are not counted."
    ),
    unit=Unit.PERCENT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    min_people=_FEW,
)
def forms_finished(on: date) -> Ratio:
    """Give the share of a day's forms that was sent in the two weeks after."""
    begun, end = (_midnight(on - timedelta(days=days)) for days in (14, 13))
    count, sent = forms.begun_and_sent(begin=begun, end=end, by=_midnight(on + timedelta(days=1)))
    return Ratio(sent, count)


@indicator(
    key="house.forms_time",
    title=_("Hours from beginning a form to sending it"),
    description=_(
        "Median over the forms sent that day, nights and pauses included; below it, half of them."
    ),
    unit=Unit.HOUR,
    direction=Direction.DOWN,
    aggregate=Aggregate.MEAN,
    decimals=1,
    min_people=_FEW,
)
def forms_time(on: date) -> About:
    """Give the median hours of the forms sent on a day; unknown on a day without one."""
    begin, end = (_midnight(day) for day in (on, on + timedelta(days=1)))
    spans = [sent - begun for begun, sent in forms.sending(begin=begin, end=end)]
    hours = [Decimal(span // timedelta(seconds=1)) / 3600 for span in spans]
    return About(median(hours) if hours else None, len(hours))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
