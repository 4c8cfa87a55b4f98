"""What a commune may set here without code."""

from __future__ import annotations

from pydantic import Field, field_validator

from communs.core.registry.service import STAYS_HOME, Options, noop

LEAST_CARD_HOURS = 12  # Code de l’action sociale et des familles, L. 241-3


class ParkingOptions(Options):
    """Settings of parking."""

    introduction: str = Field(
        default="",
        max_length=300,
        json_schema_extra=STAYS_HOME,
        title=noop("Sentence at the top of the page"),
        description=noop("Leave empty to show the usual one."),
    )
    card_most_hours: int = Field(
        default=0,
        ge=0,
        le=168,
        title=noop("Longest stay with a disabled person’s card, in hours"),
        description=noop("0 for no limit. The law accepts none below 12 hours."),
    )
    grace_minutes: int = Field(
        default=5,
        ge=0,
        le=60,
        title=noop("Minutes of patience before a stay is shown as too long"),
        description=noop("Between 0 and 60."),
    )
    tell_wardens: bool = Field(
        default=False,
        title=noop("Tell agents of each stay that lasts too long"),
        description=noop("Every five minutes, once a stay; each agent chooses how to be told."),
    )
    show_map: bool = Field(
        default=True,
        title=noop("Show the map"),
        description=noop("The list stays in any case."),
    )

    @field_validator("card_most_hours")
    @classmethod
    def not_below_the_law(cls, hours: int) -> int:
        """Refuse a limit that the law does not accept; 0 is none."""
        if 0 < hours < LEAST_CARD_HOURS:
            raise ValueError(noop("Write 0, or 12 hours or more: the law accepts no less."))
        return hours
