"""What the API takes and gives; the open data have the same columns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from communs.core.registry.service import noop
from communs.services.parking import queries
from communs.services.parking.engine.campaigns import Measure
from communs.services.parking.engine.regulations import Answer
from communs.services.parking.engine.uses import together
from communs.services.parking.enums import Part, SpaceKind, Verdict
from communs.services.parking.models import Outlook, Site
from communs.services.parking.queries.campaigns import Judged, zones_of
from communs.services.parking.queries.panels import Shown
from communs.services.parking.queries.uses import Kept


class RoomOut(Schema):
    """A street or a car park with what is known of its spaces now."""

    id: str = Field(description=noop("Name of the place, for good: rue:… or parc:…"))
    name: str = Field(description=noop("What people call it"))
    kind: Literal["street", "car_park"] = Field(description=noop("Street or car park"))
    zone: str | None = Field(description=noop("Code of its zone"))
    lat: float | None = Field(description=noop("Latitude of its middle or its entrance"))
    lon: float | None = Field(description=noop("Longitude of the same"))
    free: int = Field(description=noop("Spaces known to be free"))
    taken: int = Field(description=noop("Spaces known to be taken"))
    unknown: int = Field(description=noop("Spaces of which nothing is believed"))
    total: int | None = Field(description=noop("All of them; empty when nobody said how many"))
    allowed_now: bool | None = Field(description=noop("May anybody park there now; empty: unknown"))
    paid_now: bool | None = Field(description=noop("Is it paid for now; empty: unknown"))
    most_minutes: int | None = Field(description=noop("Longest stay that applies now, if any"))
    heard_at: datetime | None = Field(description=noop("Newest news of a sensor there"))


class RoomsOut(Schema):
    """Every place that answers."""

    count: int
    read_at: datetime
    places: list[RoomOut]


class DayOut(Schema):
    """A street or a car park on a day, as sensors told it."""

    place: str = Field(description=noop("Name of the place: rue:… or parc:…"))
    zone: str | None = Field(description=noop("Code of its zone"))
    day: date = Field(description=noop("Day, from midnight to midnight in Paris"))
    spaces: int = Field(description=noop("Spaces in service, with or without a sensor"))
    known_share: float | None = Field(
        description=noop("Share of the time of all spaces in which their state is known")
    )
    occupancy: float | None = Field(
        description=noop("Share of the known time in which spaces are taken; empty: unknown")
    )
    arrivals: int = Field(description=noop("Stays that were seen to begin"))
    rotation: float | None = Field(
        description=noop("Stays that begin, by space and day known; empty: unknown")
    )
    stays: int = Field(description=noop("Stays whose both ends are known"))
    dwell_median: float | None = Field(description=noop("Minutes: half of them are shorter"))
    dwell_p90: float | None = Field(description=noop("Minutes: nine in ten are shorter"))
    demonstration: bool = Field(description=noop("Made up for a demonstration"))


class DaysOut(Schema):
    """Days of places."""

    count: int
    days: list[DayOut]


class EstimateOut(Schema):
    """One measure of a campaign: before, while measured, and what is left of the change."""

    measure: Measure
    before: float | None = Field(description=noop("Where it is tried, before; empty: unknown"))
    measured: float | None = Field(description=noop("Where it is tried, while measured"))
    control_before: float | None = Field(description=noop("In control zones, before"))
    control_measured: float | None = Field(description=noop("In control zones, while measured"))
    difference: float | None = Field(
        description=noop("Change less that of the control zones; empty: not enough data")
    )
    low: float | None = Field(description=noop("Lower end of its interval of 95 %, by days"))
    high: float | None = Field(description=noop("Upper end of the same"))


class CampaignOut(Schema):
    """A campaign, judged."""

    name: str
    tried_in: list[str]
    control: list[str]
    before_from: date
    before_until: date
    measured_from: date
    measured_until: date
    band: tuple[int, int]
    demonstration: bool
    measures: list[EstimateOut]


class OutlookOut(Schema):
    """What to expect of a place on a day, from the weeks before; null is unknown."""

    day: date
    chances: list[list[float | None]] = Field(
        description=noop("Chance of a free space, by weekday from Monday, then by hour")
    )
    occupancy: list[float | None] = Field(description=noop("Occupancy expected that day, by hour"))
    scores: dict[str, Any] = Field(
        description=noop("How good chances and occupancy were on days that they had not seen")
    )
    demonstration: bool


class PanelOut(Schema):
    """What a panel by the road shows now."""

    name: str
    text: str
    free: int | None
    known: int
    unknown: int
    heard_at: datetime | None
    stale: bool
    stale_after_minutes: int


class SpaceOut(Schema):
    """A space and what is known of it."""

    code: str
    place: str
    number: int
    kind: SpaceKind
    state: Literal["free", "taken", "unknown"]
    since: datetime | None
    heard_at: datetime | None
    lat: float | None
    lon: float | None


class NearOut(SpaceOut):
    """A space known to be free, and how far it is as the crow flies."""

    metres: int


class NearestOut(Schema):
    """The free spaces nearest to a point."""

    read_at: datetime
    spaces: list[NearOut]


class SpacesOut(Schema):
    """The spaces of a place."""

    count: int
    spaces: list[SpaceOut]


class AnswerOut(Schema):
    """May one park there, until when, for how much; null is unknown, never a yes."""

    allowed: bool | None
    until: datetime | None
    fits: bool | None
    price_cents: int | None
    reasons: list[str]
    rules: list[str]


class SensorIn(Schema):
    """The sensor that is put in a space."""

    code: str = Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]+$")


class SensorOut(Schema):
    """The sensor of a space."""

    space: str
    sensor: str
    source: str


class VerdictIn(Schema):
    """What a warden found; `since` as the list of long stays says it, in milliseconds."""

    since: int = Field(ge=0, le=10**15)
    verdict: Verdict


class LateOut(Schema):
    """A space that has been taken for longer than is allowed there."""

    code: str
    place: str
    kind: SpaceKind
    since: int
    taken_since: datetime
    had_to_leave: datetime


ROOM_COLUMNS = tuple(RoomOut.model_fields)


def room_row(room: queries.Room) -> dict[str, Any]:
    """Give a place as its schema has it."""
    lat, lon = room.at or (None, None)
    counts, now = room.counts, room.now
    return {
        "id": queries.key_of(room.place),
        "name": queries.told(room.place),
        "kind": "car_park" if isinstance(room.place, Site) else "street",
        "zone": room.place.zone.code if room.place.zone else None,
        "lat": lat,
        "lon": lon,
        "free": counts.free,
        "taken": counts.taken,
        "unknown": counts.unknown,
        "total": counts.total or None,
        "allowed_now": now.allowed if now else None,
        "paid_now": room.pays_now,
        "most_minutes": now.most_minutes if now else None,
        "heard_at": room.heard,
    }


DAY_COLUMNS = tuple(DayOut.model_fields)


def day_row(place: queries.Place, kept: Kept) -> dict[str, Any]:
    """Give a place on a day as its schema has it."""
    use = together([kept.day])
    return {
        "place": queries.key_of(place),
        "zone": place.zone.code if place.zone else None,
        "day": kept.on,
        "spaces": kept.spaces,
        "known_share": _rounded(use.quality, 4),
        "occupancy": _rounded(use.occupancy, 4),
        "arrivals": use.arrivals,
        "rotation": _rounded(use.rotation, 2),
        "stays": len(use.dwells),
        "dwell_median": use.dwell(0.5),
        "dwell_p90": _rounded(use.dwell(0.9), 1),
        "demonstration": kept.demonstration,
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


ESTIMATE_COLUMNS = tuple(EstimateOut.model_fields)


def estimate_rows(found: Judged) -> list[dict[str, Any]]:
    """Give the measures of a campaign as their schema has them."""
    return [
        {
            "measure": measure.value,
            "before": _rounded(one.before, 4),
            "measured": _rounded(one.after, 4),
            "control_before": _rounded(one.control_before, 4),
            "control_measured": _rounded(one.control_after, 4),
            "difference": _rounded(one.effect, 4),
            "low": _rounded(one.low, 4),
            "high": _rounded(one.high, 4),
        }
        for measure, one in found.estimates.items()
    ]


def campaign_row(found: Judged) -> dict[str, Any]:
    """Give a campaign as its schema has it."""
    row = found.campaign
    zones = {part: [zone.code for zone in zones_of(row, part)] for part in Part}
    names = ("name", "before_from", "before_until", "measured_from", "measured_until")
    return {
        **{name: getattr(row, name) for name in names},
        "tried_in": zones[Part.TRIED],
        "control": zones[Part.CONTROL],
        "band": [row.low, row.high],
        "demonstration": found.demonstration,
        "measures": estimate_rows(found),
    }


def outlook_row(found: Outlook, whole: Outlook | None) -> dict[str, Any]:
    """Give what to expect of a place as its schema has it."""
    return {
        "day": found.day,
        "chances": found.chances,
        "occupancy": found.ahead,
        "scores": whole.scores if whole else {},
        "demonstration": found.demonstration,
    }


def panel_row(shown: Shown) -> dict[str, Any]:
    """Give what a panel shows as its schema has it; unchanged news give the same answer."""
    return {
        "name": shown.panel.name,
        "text": shown.text,
        "free": shown.free,
        "known": shown.counts.free + shown.counts.taken,
        "unknown": shown.counts.unknown,
        "heard_at": shown.heard,
        "stale": shown.stale,
        "stale_after_minutes": shown.panel.stale_after,
    }


def space_row(found: queries.Seen) -> dict[str, Any]:
    """Give a space as its schema has it."""
    row = found.space
    return {
        "code": row.code,
        "place": queries.key_of(queries.place_of(row)),
        "number": row.number,
        "kind": row.kind,
        "state": found.presence.value,
        "since": found.since,
        "heard_at": found.heard,
        "lat": row.lat,
        "lon": row.lon,
    }


def near_row(found: queries.Near) -> dict[str, Any]:
    """Give a space with its distance as its schema has it."""
    return {**space_row(found.seen), "metres": round(found.metres)}


def answer_row(found: Answer) -> dict[str, Any]:
    """Give an answer as its schema has it."""
    return {
        "allowed": found.allowed,
        "until": found.until,
        "fits": found.fits,
        "price_cents": found.price_cents,
        "reasons": [reason.value for reason in found.reasons],
        "rules": [rule.key for rule in found.rules],
    }


def late_row(late: queries.Late) -> dict[str, Any]:
    """Give a stay that lasts too long as its schema has it."""
    return {
        "code": late.space.code,
        "place": queries.key_of(queries.place_of(late.space)),
        "kind": late.space.kind,
        "since": late.since_ms,
        "taken_since": late.since,
        "had_to_leave": late.had_to_leave,
    }
