"""Streets, spaces and rules made for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from communs.core.sensing.actions import add_source
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.enums import Property
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source, Thing
from communs.core.sensing.queries import milliseconds
from communs.services.parking.actions import (
    bind_sensor,
    set_campaign,
    set_panel,
    set_permit,
    set_regulation,
    set_segment,
    set_site,
    set_space,
    set_tariff,
    set_zone,
)
from communs.services.parking.models import Campaign, PlaceDay, Segment, Site, Space, Zone
from communs.services.parking.options import ParkingOptions

AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)  # Tuesday, 10:30 in Paris
OPTIONS = ParkingOptions()
# For whom each route is, as tests/conformance/test_isolation.py asks.
FOR_WHOM = {
    "parking:fit_sensor": "whoever holds a role here",
    "parking:release_sensor": "whoever holds a role here",
    "parking:patrol": "whoever holds a role here",
    "parking:answer_overstay": "whoever holds a role here",
    "parking:manage": "editors here",
    "parking:manage_spaces": "editors here",
    "parking:add_*": "editors here",
    "parking:change_*": "editors here",
    "parking:remove_rule": "editors here",
    "parking:*": "everybody",
    "api:parking_overstays": "whoever holds a role here",
    "api:parking_answer_overstay": "whoever holds a role here",
    "api:parking_sensor": "whoever holds a role here",
    "api:release_sensor": "whoever holds a role here",
    "api:parking_*": "everybody",
}


def make(count: int) -> None:
    """Make `count` of everything in the community in force, besides what it has."""
    held = Segment.objects.count()
    for number in range(held + 1, held + count + 1):
        zone = set_zone(name=f"Zone {number}", colour="blue", by=None)
        segment = street(f"Rue {number}", zone=zone, spaces=2)
        site = car_park(f"Parc {number}", zone=zone)
        space(site=site)
        tariff = set_tariff(name=f"Tarif {number}", steps=[[60, 200]], by=None)
        set_regulation(
            title=f"Règle {number}",
            where="zone",
            zone=zone,
            charge="tariff",
            tariff=tariff,
            by=None,
        )
        set_regulation(
            title=f"Marché {number}",
            nature="recurring",
            effect="forbids",
            days="5",
            where="places",
            places=[segment, site],
            by=None,
        )
        set_permit(name=f"Carte {number}", by=None)
        campaign(f"Essai {number}", tried_in=[zone])
        set_panel(name=f"Panneau {number}", counts=zone, by=None)
        a_day(segment, AT.date() - timedelta(days=number))


def street(name: str, *, zone: Zone | None = None, spaces: int = 0, **values: Any) -> Segment:
    """Make one side of a street, with some spaces."""
    line = {"type": "LineString", "coordinates": [[2.2960, 48.7534], [2.2980, 48.7524]]}
    known = {"line": line, "from_street": "rue A", "to_street": "rue B"} | values
    made = set_segment(street=name, zone=zone, at=AT, by=None, **known)
    for _number in range(spaces):
        space(segment=made)
    return made


def car_park(name: str, **values: Any) -> Site:
    """Make a car park."""
    known: dict[str, Any] = {"lat": 48.7391, "lon": 2.2873} | values
    return set_site(name=name, at=AT, by=None, **known)


def campaign(name: str, **values: Any) -> Campaign:
    """Make a campaign: a week before, then two weeks measured."""
    known: dict[str, Any] = {
        "before_from": date(2026, 2, 2),
        "before_until": date(2026, 2, 8),
        "measured_from": date(2026, 2, 16),
        "measured_until": date(2026, 3, 1),
        "by": None,
    }
    return set_campaign(name=name, **(known | values))


def a_day(place: Segment, day: date, *, share: float = 0.7, spaces: int = 2, **values: Any) -> None:
    """Write a day of a street as it would be worked out, so full at every hour."""
    seconds = spaces * 3_600
    free = spaces - round(share * spaces)
    hour = [seconds, round(share * seconds), spaces, free]
    known: dict[str, Any] = {"arrivals": 4 * spaces, "dwells": [30, 60, 90]} | values
    possible = spaces * 86_400
    row = PlaceDay(
        segment=place, day=day, spaces=spaces, possible=possible, hours=[hour] * 24, **known
    )
    row.save()


def space(**values: Any) -> Space:
    """Make a space, with a sensor or not."""
    return set_space(by=None, **({"lat": 48.7530, "lon": 2.2970} | values))


def sensor(
    where: Space,
    *said: tuple[datetime, float],
    code: str = "",
    source: Source | None = None,
    at: datetime = AT,
) -> Space:
    """Put a sensor in a space, and have it say these values at these instants."""
    stream = source or network()
    name = code or f"a{Thing.objects.count():015x}"
    bind_sensor(space=where, code=name, source=stream, at=at, by=None)
    readings = [
        Reading(name, Property.PRESENCE, milliseconds(moment), number, value)
        for number, (moment, value) in enumerate(said)
    ]
    take(source=Source.objects.get(pk=stream.pk), readings=readings, at=milliseconds(at))
    where.refresh_from_db()
    return where


def network(slug: str = "capteurs") -> Source:
    """Give the network of sensors of tests, made once a community."""
    held = Source.objects.filter(slug=slug).first()
    return held or add_source(slug=slug, name="Capteurs", by=None)[0]
