"""What parking measures of itself; of whom parks, nothing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from communs.core.indicators.definitions import Ratio, indicator
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Direction, Unit
from communs.services.parking.models import Space
from communs.services.parking.queries.measures import morning


@indicator(
    key="parking.spaces_in_service",
    title=_("Parking spaces in service"),
    description=_("Spaces described one by one that can be used, with or without a sensor."),
    unit=Unit.COUNT,
    direction=Direction.NONE,
    aggregate=Aggregate.LAST,
    past=False,
)
def spaces_in_service(_on: date) -> int:
    """Count them now: when a space came into service is not kept."""
    return Space.objects.filter(in_service=True).count()


@indicator(
    key="parking.fresh_spaces",
    title=_("Parking spaces with fresh news"),
    description=_(
        "Share of the spaces in service whose sensor spoke between ten and eleven in the morning."
        " A space without a sensor counts as one without news."
    ),
    unit=Unit.PERCENT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def fresh_spaces(on: date) -> Ratio:
    """Give the spaces heard of within the hour before eleven, among all."""
    found = morning(on)
    return Ratio(found.heard, found.spaces)


@indicator(
    key="parking.occupancy_at_eleven",
    title=_("Occupancy at eleven"),
    description=_(
        "Share of the spaces that were taken at eleven in the morning, among those of which the"
        " state was known then. Spaces that nobody knew of are not counted as free."
    ),
    unit=Unit.PERCENT,
    direction=Direction.NONE,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def occupancy_at_eleven(on: date) -> Ratio:
    """Give the spaces taken at eleven among the known ones; of none known, unknown."""
    found = morning(on)
    return Ratio(found.taken, found.known)
