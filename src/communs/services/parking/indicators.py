"""What parking measures of itself; of whom parks, nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from communs.core.indicators.definitions import Ratio, indicator
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Direction, Unit
from communs.services.parking.engine.campaigns import Measure
from communs.services.parking.engine.uses import DAY
from communs.services.parking.enums import Part
from communs.services.parking.models import Space
from communs.services.parking.queries.campaigns import figures_on
from communs.services.parking.queries.measures import morning
from communs.services.parking.queries.uses import whole


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


@indicator(
    key="parking.time_known",
    title=_("Time of which the state of spaces is known"),
    description=_(
        "Share of the time of all spaces in service during which a sensor that may be believed"
        " told whether they were free or taken."
    ),
    unit=Unit.PERCENT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def time_known(on: date) -> Ratio:
    """Give the seconds of spaces known among all; of a day that was not worked out, unknown."""
    use = whole(on, on).use
    return Ratio(use.known, use.possible)


@indicator(
    key="parking.rotation",
    title=_("Rotation of parking spaces"),
    description=_(
        "Stays that were seen to begin, by space and day of which the state is known. What nobody"
        " knew counts neither way."
    ),
    unit=Unit.COUNT,
    direction=Direction.NONE,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def rotation(on: date) -> Ratio:
    """Give the stays that began, over the known time in days of spaces."""
    use = whole(on, on).use
    return Ratio(use.arrivals, _decimal(use.known / DAY))


@indicator(
    key="parking.dwell",
    title=_("Mean length of stays"),
    description=_("Hours that a stay lasts, of the stays whose beginning and end are both known."),
    unit=Unit.HOUR,
    direction=Direction.NONE,
    aggregate=Aggregate.RATIO,
    decimals=2,
)
def dwell(on: date) -> Ratio:
    """Give the hours of stays over their number."""
    dwells = whole(on, on).use.dwells
    return Ratio(_decimal(sum(dwells) / 60), len(dwells))


def _of_campaign(on: date, part: Part, measure: Measure) -> Ratio:
    """Measure a part of the campaign that the day belongs to; without one, it is of nothing."""
    found = figures_on(on, part)
    if found is None:
        return Ratio(0, 0)
    share = found[measure]
    return Ratio(_decimal(share.part), _decimal(share.whole))


def _said(title: Any, where: Any) -> str:
    return str(title) % {"where": where}


_titled = lazy(_said, str)  # in the reader's language, once there is one


def _decimal(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


_PARTS = {
    Part.TRIED: ("tried", _("where something is tried")),
    Part.CONTROL: ("control", _("in control zones")),
}
_MEASURES = {
    Measure.ROTATION: ("rotation", _("Rotation %(where)s"), Unit.COUNT, 1),
    Measure.IN_BAND: ("in_band", _("Hours in the band aimed at, %(where)s"), Unit.PERCENT, 1),
    Measure.SEARCH: ("search", _("Estimated seconds of search, %(where)s"), Unit.COUNT, 0),
}


def _declare(part: Part, measure: Measure) -> None:
    """Declare a measure of campaigns: a baseline is its series before the measured days."""
    (prefix, where), (name, title, unit, decimals) = _PARTS[part], _MEASURES[measure]

    def take(on: date) -> Ratio:
        return _of_campaign(on, part, measure)

    indicator(
        key=f"parking.{prefix}_{name}",
        title=_titled(title, where),
        description=_(
            "Of the parking campaign that the day belongs to, over its hours; its page says what"
            " is compared, and how it is estimated. Unknown without a campaign."
        ),
        unit=unit,
        direction=Direction.UP if measure == Measure.IN_BAND else Direction.NONE,
        aggregate=Aggregate.RATIO,
        decimals=decimals,
    )(take)


for _part in _PARTS:
    for _measure in _MEASURES:
        _declare(_part, _measure)
