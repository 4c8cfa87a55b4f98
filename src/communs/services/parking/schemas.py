"""What the API takes and gives; the open data have the same columns."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from communs.core.registry.service import noop
from communs.services.parking import queries
from communs.services.parking.engine.regulations import Answer
from communs.services.parking.enums import SpaceKind, Verdict
from communs.services.parking.models import Site


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
