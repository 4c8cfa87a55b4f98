"""What delivery bays measure of themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext_lazy as _

from communs.core.indicators.definitions import Ratio, indicator
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Direction, Unit
from communs.services.delivery.engine import terms
from communs.services.delivery.models import Ticket, Turning
from communs.services.delivery.queries.bays import bays
from communs.services.delivery.queries.use import dwell_minutes, saturated_hours, visits_between


@indicator(
    key="delivery.discs",
    title=_("Delivery discs"),
    description=_("Digital discs that were started that day."),
    unit=Unit.COUNT,
    direction=Direction.UP,
    aggregate=Aggregate.SUM,
)
def discs(on: date) -> int:
    """Count the discs of a day."""
    begins, ends = terms.bounds(on)
    return Ticket.objects.filter(started_at__gte=begins, started_at__lt=ends).count()


@indicator(
    key="delivery.dwell",
    title=_("Median length of a stop, in minutes"),
    description=_("Of the stops of that day whose end is known. Unknown where none is."),
    unit=Unit.COUNT,
    direction=Direction.DOWN,
    aggregate=Aggregate.MEAN,
    decimals=1,
)
def dwell(on: date) -> Decimal | None:
    """Give the median; None when no stop of the day has a known end."""
    rows = visits_between(on, on).filter(ends_at__isnull=False)
    lengths = dwell_minutes(list(rows.values_list("begins_at", "ends_at")))
    return Decimal(str(round(median(lengths), 1))) if lengths else None


@indicator(
    key="delivery.turnover",
    title=_("Stops a bay"),
    description=_("Stops of that day for each delivery bay that was open."),
    unit=Unit.COUNT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def turnover(on: date) -> Ratio:
    """Give the stops of a day, and the bays."""
    return Ratio(visits_between(on, on).count(), bays(on=on).count())


@indicator(
    key="delivery.overstays",
    title=_("Stops that last too long"),
    description=_("Share of the stops with a disc and a known end that went past it."),
    unit=Unit.PERCENT,
    direction=Direction.DOWN,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def overstays(on: date) -> Ratio:
    """Give the stops that went past the end of their disc, among those of which it is known."""
    rows = visits_between(on, on).filter(overstayed__isnull=False)
    return Ratio(rows.filter(overstayed=True).count(), rows.count())


@indicator(
    key="delivery.turned_away",
    title=_("Drivers who found a bay full"),
    description=_("How often a disc was refused that day because no space was left."),
    unit=Unit.COUNT,
    direction=Direction.DOWN,
    aggregate=Aggregate.SUM,
)
def turned_away(on: date) -> int:
    """Count the refusals of a day."""
    begins, ends = terms.bounds(on)
    return Turning.objects.filter(full=True, at__gte=begins, at__lt=ends).count()


@indicator(
    key="delivery.saturated_hours",
    title=_("Saturated hours"),
    description=_(
        "Hours of that day, bay by bay, in which four fifths of the spaces’ time or more was taken."
    ),
    unit=Unit.HOUR,
    direction=Direction.DOWN,
    aggregate=Aggregate.SUM,
)
def saturated(on: date) -> int | None:
    """Count them; None while no stop of the day was made out."""
    return saturated_hours(on=on, share=0.8)
