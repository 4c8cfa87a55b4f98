"""Streets, spaces and sensors of a demonstration, from a few figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from communs.core.kit.timespans import PARIS
from communs.core.sensing.actions import add_source, commission
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.enums import Property
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source
from communs.core.sensing.queries import milliseconds
from communs.services.parking.actions import bind_sensor, set_segment, set_space
from communs.services.parking.enums import SpaceKind
from communs.services.parking.models import Segment, Site, Space, Zone

_FOR_EVER = 20 * 365 * 86_400  # seconds: what is shown does not go stale overnight
KINDS = {
    "S": SpaceKind.STANDARD, "D": SpaceKind.DISABLED, "E": SpaceKind.ELECTRIC,
    "M": SpaceKind.SHORT, "B": SpaceKind.MOTORCYCLE, "L": SpaceKind.DELIVERY,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """One side of a street: its ends in degrees, its spaces by the letters of their kinds."""

    name: str
    side: str
    ends: tuple[tuple[float, float], tuple[float, float]]  # latitude, longitude
    corners: tuple[str, str]
    spaces: str


def street(drawn: Street, zone: Zone | None, first: int, at: datetime) -> list[Space]:
    """Make a side of a street with its spaces; codes are numbers, so that they stay the same."""
    (lat, lon), (last_lat, last_lon) = drawn.ends
    row = set_segment(
        street=drawn.name,
        side=drawn.side,
        from_street=drawn.corners[0],
        to_street=drawn.corners[1],
        zone=zone,
        line={"type": "LineString", "coordinates": [[lon, lat], [last_lon, last_lat]]},
        at=at,
        by=None,
    )
    return [
        _space(row, number, letter, _between(drawn.ends, number, len(drawn.spaces)), first)
        for number, letter in enumerate(drawn.spaces, start=1)
    ]


def network(slug: str, name: str) -> Source:
    """Add a network of sensors of the demonstration."""
    source, _secret = add_source(
        slug=slug, name=name, demonstration=True, by=None,
        silent_after=_FOR_EVER, stuck_after=None,
    )  # fmt: skip
    return source


def fit(source: Source, spaces: list[Space], prefix: str, at: datetime) -> None:
    """Put a sensor in each of these spaces, and have it speak; every tenth never does."""
    said: list[Reading] = []
    for number, space in enumerate(spaces, start=1):
        code = f"{prefix}{number:04x}"
        commission(source=source, code=code, at=at, by=None)
        bind_sensor(space=space, code=code, source=source, at=at, by=None)
        if number % 10:
            said += _said(code, number, space, at)
    take(source=source, readings=said, at=milliseconds(at))


def counter(source: Source, site: Site, free: int, code: str, at: datetime) -> None:
    """Give a car park a counter that says how many spaces are free."""
    thing = commission(
        source=source, code=code, property=Property.FREE, at=at, name=site.name, by=None
    )
    site.thing = thing
    site.save(update_fields=["thing"])
    said = [Reading(code, "free", milliseconds(at - timedelta(minutes=2)), 1, float(free))]
    take(source=source, readings=said, at=milliseconds(at))


def _said(code: str, number: int, space: Space, at: datetime) -> list[Reading]:
    """Give what a sensor said yesterday at about eleven, and what it says since this morning."""
    yesterday = datetime.combine(at.astimezone(PARIS).date() - timedelta(1), time(10, 40), PARIS)
    since = at - timedelta(minutes=7 + number * 11 % 53)
    if space.kind == SpaceKind.SHORT:
        since = at - timedelta(minutes=12 + number * 17 % 60)
    taken = float(number * 7 % 10 < 6)  # noqa: PLR2004 -- six in ten
    before = float(number * 3 % 10 < 7)  # noqa: PLR2004 -- seven in ten
    moments = ((yesterday, before), (since - timedelta(minutes=30), 1 - taken), (since, taken))
    spoken = [*moments, (at - timedelta(minutes=1 + number % 9), taken)]
    return [
        Reading(code, "presence", milliseconds(moment), sequence, value)
        for sequence, (moment, value) in enumerate(spoken, start=1)
    ]


def _space(row: Segment, number: int, letter: str, point: tuple[float, float], first: int) -> Space:
    return set_space(
        segment=row,
        number=number,
        kind=KINDS[letter],
        lat=point[0],
        lon=point[1],
        code=f"P{first + number:03d}",
        by=None,
    )


def _between(
    ends: tuple[tuple[float, float], tuple[float, float]], number: int, of: int
) -> tuple[float, float]:
    share = number / (of + 1)
    (lat, lon), (last_lat, last_lon) = ends
    return round(lat + share * (last_lat - lat), 6), round(lon + share * (last_lon - lon), 6)
