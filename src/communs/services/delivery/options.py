"""What a commune may set here without code."""

from __future__ import annotations

from pydantic import Field

from communs.core.registry.service import STAYS_HOME, Options, noop

PLATE_MOST_HOURS = 48


class DeliveryOptions(Options):
    """Settings of delivery bays."""

    introduction: str = Field(
        default="",
        max_length=300,
        json_schema_extra=STAYS_HOME,
        title=noop("Sentence at the top of the page"),
        description=noop("Leave empty to show the usual one."),
    )
    sign_text: str = Field(
        default="",
        max_length=200,
        title=noop("Words under the code, on the sign"),
        description=noop("Leave empty to show the usual ones."),
    )
    disc_minutes: int = Field(
        default=30,
        ge=5,
        le=240,
        title=noop("Minutes of a disc, where the rule gives none"),
        description=noop("Between 5 and 240."),
    )
    grace_minutes: int = Field(
        default=5,
        ge=0,
        le=60,
        title=noop("Minutes of patience after the end of a disc"),
        description=noop("A stop counts as too long only after them."),
    )
    plate_hours: int = Field(
        default=24,
        ge=1,
        le=PLATE_MOST_HOURS,
        title=noop("Hours during which the print of a plate is kept"),
        description=noop("The plate itself is never kept. Between 1 and 48."),
    )
    tries_a_minute: int = Field(
        default=10,
        ge=1,
        le=100,
        title=noop("Discs and reports from one address a minute"),
        description=noop("Against mistakes and mischief. Between 1 and 100."),
    )
    booking: bool = Field(
        default=False,
        title=noop("Carriers may book"),
        description=noop("A booked space is kept for the carrier, then given back."),
    )
    booking_share: int = Field(
        default=50,
        ge=1,
        le=100,
        title=noop("Share of a bay’s day that may be booked, in per cent"),
        description=noop("What remains is for whoever comes."),
    )
    booking_grace: int = Field(
        default=10,
        ge=0,
        le=30,
        title=noop("Minutes during which a booked space waits"),
        description=noop("Then it is given back to everybody."),
    )
    booking_most: int = Field(
        default=3,
        ge=1,
        le=50,
        title=noop("Bookings of one carrier a day"),
        description=noop("So that everybody has a chance."),
    )
    saturated_percent: int = Field(
        default=80,
        ge=30,
        le=100,
        title=noop("Share from which an hour is saturated, in per cent"),
        description=noop("Of the time of a bay’s spaces."),
    )
    quiet_percent: int = Field(
        default=15,
        ge=1,
        le=50,
        title=noop("Share below which a bay is hardly used, in per cent"),
        description=noop("At its busiest hour of the week."),
    )
