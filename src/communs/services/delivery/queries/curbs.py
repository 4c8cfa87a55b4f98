"""Bays and their use as the Curb Data Specification 1.1 has them; neither plate nor operator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import cos, radians
from typing import Any
from uuid import UUID, uuid5

from communs.core.communities.models import Community
from communs.core.communities.owned import OwnedQuerySet
from communs.core.kit.timespans import PARIS
from communs.core.sensing.models import Thing
from communs.core.sensing.queries import believed, milliseconds
from communs.services.delivery.engine import advice, terms
from communs.services.delivery.models import Bay, Placement, Policy, Visit
from communs.services.delivery.queries.bays import Standing, bays, standings

_DEGREE = 111_195.0  # metres of a degree of latitude
_SPACE_M, _WIDTH_M = 10.0, 2.5  # of a space whose length is not known, to draw it
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Curbs:
    """What is published at an instant; bays whose place nobody gave are left out."""

    standings: Sequence[Standing]
    placements: dict[UUID, list[Policy]]
    at: datetime

    @property
    def updated(self) -> datetime:
        """Give when bays and rules were last changed; the beginning of the day without any."""
        changes = [one.bay.changed_at for one in self.standings]
        changes += [p.published_at for rows in self.placements.values() for p in rows]
        return max(changes, default=terms.bounds(terms.day_of(self.at))[0])


def curbs(*, at: datetime, rows: OwnedQuerySet | None = None, now: bool = True) -> Curbs:
    """Read all that the endpoints need, in a constant number of queries.

    Of another time than now it is not told what is free: a sensor's word is of now alone.
    """
    asked = bays(on=terms.day_of(at)) if rows is None else rows
    placed_bays = asked.filter(lat__isnull=False).select_related("thing")
    found = standings(placed_bays, at=at)
    if not now:
        found = [replace(one, free=None) for one in found]
    placements: dict[UUID, list[Policy]] = {one.bay.pk: [] for one in found}
    placed = Placement.objects.filter(bay__in=list(placements)).select_related("policy")
    for row in placed.order_by("policy__priority", "policy__version"):
        placements[row.bay_id].append(row.policy)
    return Curbs(found, placements, at)


def zones(known: Curbs) -> list[dict[str, Any]]:
    """Give each bay as a curb zone, with the policies of today and those of before."""
    today = terms.day_of(known.at)
    return [_zone(one, known.placements[one.bay.pk], today) for one in known.standings]


def policies(known: Curbs) -> list[dict[str, Any]]:
    """Give every version of every rule, once."""
    found = {p.pk: p for rows in known.placements.values() for p in rows}
    return [_policy(policy) for policy in found.values()]


def areas(known: Curbs, community: Community) -> list[dict[str, Any]]:
    """Give one area: the box around the bays; none without a bay."""
    if not known.standings:
        return []
    rings = [polygon(one.bay)["coordinates"][0] for one in known.standings]
    lons = [lon for ring in rings for lon, _lat in ring]
    lats = [lat for ring in rings for _lon, lat in ring]
    box = _ring(min(lons), min(lats), max(lons), max(lats))
    return [
        {
            "curb_area_id": str(community.pk),
            "geometry": {"type": "Polygon", "coordinates": [box]},
            "name": community.name,
            "published_date": min(_day_ms(one.bay.since) for one in known.standings),
            "last_updated_date": max(milliseconds(one.bay.changed_at) for one in known.standings),
            "curb_zone_ids": [str(one.bay.pk) for one in known.standings],
        }
    ]


def spaces(known: Curbs) -> list[dict[str, Any]]:
    """Give every space; in a bay of several, nobody knows which one is free."""
    return [space for one in known.standings for space in _spaces(one, known.at)]


def objects(known: Curbs) -> list[dict[str, Any]]:
    """Give the sign of each bay, with its code."""
    return [
        {
            "curb_object_id": str(uuid5(one.bay.pk, "sign")),
            "geometry": {"type": "Point", "coordinates": [one.bay.lon, one.bay.lat]},
            "curb_zone_id": str(one.bay.pk),
            "object_type": "signage",
            "name": one.bay.code,
            "published_date": _day_ms(one.bay.since),
            "last_updated_date": milliseconds(one.bay.changed_at),
        }
        for one in known.standings
    ]


def events(visits: Iterable[Visit]) -> Iterator[dict[str, Any]]:
    """Give the beginning and the end of stops of days gone by, to the minute."""
    for visit in visits:
        yield _event(visit, "park_start", visit.begins_at)
        if visit.ends_at is not None:
            yield _event(visit, "park_end", visit.ends_at)


def status(known: Curbs) -> list[dict[str, Any]]:
    """Give whether sensors are believed now."""
    things = [one.bay.thing for one in known.standings if one.bay.thing is not None]
    online = believed([thing.pk for thing in things], at=known.at)
    return [
        {
            "data_source_device_id": str(thing.pk),
            "data_source_type": "other",
            "sensor_status_is_commissioned": _serves(thing),
            "sensor_status_is_online": thing.pk in online,
        }
        for thing in things
    ]


def sessions(visits: Iterable[Visit]) -> Iterator[dict[str, Any]]:
    """Give each stop of days gone by as a session."""
    for visit in visits:
        ended = visit.ends_at is not None
        yield {
            "session_type": "parking",
            "event_session_id": _session(visit),
            "event_id_start": _event_id(visit, "park_start"),
            "event_id_end": _event_id(visit, "park_end") if ended else "",
            "event_time_start": _to_minute(visit.begins_at),
            "event_time_end": _to_minute(visit.ends_at) if visit.ends_at else "",
            "curb_zone_id": str(visit.bay_id),
            "vehicle_type": _vehicle(visit),
        }


def aggregates(visits: Sequence[Visit], zones_known: Iterable[Bay]) -> Iterator[dict[str, Any]]:
    """Give counts, mean length and occupancy of each bay, day and hour in which something stood.

    An hour that has no line had no stop that anybody told of.
    """
    found: dict[UUID, dict[date, list[Visit]]] = defaultdict(lambda: defaultdict(list))
    for visit in visits:
        found[visit.bay_id][visit.day].append(visit)
    for bay in zones_known:
        for day, own in sorted(found[bay.pk].items()):
            yield from _of_day(bay, day, own)


def hour_of(aggregate: Mapping[str, Any]) -> datetime:
    """Give the instant at which the hour of an aggregate begins."""
    day = date.fromisoformat(aggregate["date"])
    return datetime.combine(day, time(aggregate["hour"]), PARIS)


def only_space(bay: Bay) -> str | None:
    """Give the space of a bay that has one alone; of several, nobody knows which was meant."""
    return _space_id(bay, 1) if bay.spaces == 1 else None


def polygon(bay: Bay) -> dict[str, Any]:
    """Give the outline of a bay: its own, or a rectangle of its length around its place."""
    if bay.shape:
        return dict(bay.shape)
    length = float(bay.length_m) if bay.length_m is not None else _SPACE_M * bay.spaces
    lat, lon = bay.lat or 0.0, bay.lon or 0.0
    up = _WIDTH_M / 2 / _DEGREE
    across = length / 2 / _DEGREE / cos(radians(lat))
    ring = _ring(lon - across, lat - up, lon + across, lat + up)
    return {"type": "Polygon", "coordinates": [ring]}


def _zone(one: Standing, placed: Sequence[Policy], today: date) -> dict[str, Any]:
    bay = one.bay
    now = [p for p in placed if p.since <= today and (p.until is None or p.until >= today)]
    past = [p for p in placed if p.until is not None and p.until < today]
    zone = {
        "curb_zone_id": str(bay.pk),
        "geometry": polygon(bay),
        "curb_policy_ids": [str(policy.pk) for policy in now],
        "prev_policies": [
            {
                "curb_policy_ids": [str(policy.pk)],
                "start_date": _day_ms(policy.since),
                "end_date": _day_ms(policy.until + timedelta(days=1)),
            }
            for policy in past
            if policy.until is not None
        ],
        "published_date": _day_ms(bay.since),
        "last_updated_date": milliseconds(bay.changed_at),
        "start_date": _day_ms(bay.since),
        "name": bay.name,
        "user_zone_id": bay.code,
        "street_name": bay.street,
        "num_spaces": bay.spaces,
        "curb_space_ids": [_space_id(bay, number) for number in range(1, bay.spaces + 1)],
        "curb_object_ids": [str(uuid5(bay.pk, "sign"))],
        "jurisdiction_type": "public",
    }
    if bay.length_m is not None:
        zone["length"] = round(bay.length_m * 100)
    if bay.until is not None:
        zone["end_date"] = _day_ms(bay.until + timedelta(days=1))
    if one.free is not None:
        zone |= {"available_spaces": one.free, "available": one.free > 0}
    return zone


def _policy(policy: Policy) -> dict[str, Any]:
    rule: dict[str, Any] = {"activity": policy.activity}
    if policy.activity == terms.LOADING:
        rule["purposes"] = ["delivery", "freight"]
    if policy.most_minutes is not None:
        rule |= {"max_stay": policy.most_minutes, "max_stay_unit": "minute"}
    if policy.no_return_minutes:
        rule |= {"no_return": policy.no_return_minutes, "no_return_unit": "minute"}
    rules = [rule | {"user_classes": [vehicle]} for vehicle in policy.vehicles] or [rule]
    return {
        "curb_policy_id": str(policy.pk),
        "name": policy.name,
        "published_date": milliseconds(policy.published_at),
        "priority": policy.priority,
        "rules": rules,
        "time_spans": _time_spans(policy),
    }


def _time_spans(policy: Policy) -> list[dict[str, Any]]:
    """Give the hours; past midnight in two, as 1.1 has no span over two days."""
    span: dict[str, Any] = {"start_date": _day_ms(policy.since)}
    if policy.until is not None:
        span["end_date"] = _day_ms(policy.until + timedelta(days=1))
    if policy.holidays is not None:
        period = "public holidays"
        span |= {"designated_period": period, "designated_period_except": not policy.holidays}
    days = [int(day) for day in policy.days]
    begins = f"{policy.begins:%H:%M}" if policy.begins else "00:00"
    ends = f"{policy.ends:%H:%M}" if policy.ends else "24:00"
    if begins < ends or ends == "00:00":
        late = "24:00" if ends == "00:00" else ends
        return [span | _hours(days, begins, late)]
    after = [(day + 1) % 7 for day in days]
    return [span | _hours(days, begins, "24:00"), span | _hours(sorted(after), "00:00", ends)]


def _hours(days: Sequence[int], begins: str, ends: str) -> dict[str, Any]:
    return {
        "days_of_week": [_DAYS[day] for day in days],
        "time_of_day_start": begins,
        "time_of_day_end": ends,
    }


def _spaces(one: Standing, at: datetime) -> Iterator[dict[str, Any]]:
    bay = one.bay
    ring = polygon(bay)["coordinates"][0]
    west, east = min(lon for lon, _ in ring), max(lon for lon, _ in ring)
    south, north = min(lat for _, lat in ring), max(lat for _, lat in ring)
    length = float(bay.length_m) / bay.spaces if bay.length_m is not None else _SPACE_M
    step = (east - west) / bay.spaces
    for number in range(bay.spaces):
        box = _ring(west + number * step, south, west + (number + 1) * step, north)
        space = {
            "curb_space_id": _space_id(bay, number + 1),
            "geometry": {"type": "Polygon", "coordinates": [box]},
            "name": f"{bay.code}-{number + 1}",
            "published_date": _day_ms(bay.since),
            "last_updated_date": milliseconds(bay.changed_at),
            "curb_zone_id": str(bay.pk),
            "space_number": number + 1,
            "length": round(length * 100),
        }
        if one.free in {0, bay.spaces}:  # of all spaces alike, one knows of each
            space |= {"available": one.free > 0, "availability_time": _to_minute(at)}
        yield space


def _event(visit: Visit, kind: str, at: datetime) -> dict[str, Any]:
    event = {
        "event_id": _event_id(visit, kind),
        "event_type": kind,
        "event_purpose": visit.ticket.purpose if visit.ticket else "unspecified",
        "event_location": {"type": "Point", "coordinates": [visit.bay.lon, visit.bay.lat]},
        "event_time": _to_minute(at),
        "event_publication_time": _day_ms(visit.day + timedelta(days=1)),
        "event_session_id": _session(visit),
        "curb_zone_id": str(visit.bay_id),
        "data_source_type": "other" if visit.ticket is None else "data_feed",
        "data_source_device_id": str(uuid5(visit.bay_id, "disc")),
        "vehicle_type": _vehicle(visit),
    }
    if visit.ticket is None and visit.bay.thing_id is not None:
        event["data_source_device_id"] = str(visit.bay.thing_id)
    return event


def _of_day(bay: Bay, day: date, visits: Sequence[Visit]) -> Iterator[dict[str, Any]]:
    stops = [(visit.begins_at, end) for visit in visits if (end := _end(visit)) is not None]
    cells = advice.cells(stops, [], [], spaces=bay.spaces, days=[day])
    for hour in range(24):
        own = [v for v in visits if advice.slot_of(v.begins_at)[1] == hour]
        known = [v.ends_at - v.begins_at for v in own if v.ends_at is not None]
        values: dict[str, float] = {}
        if own:
            values |= {"total_sessions": len(own), "turnover": float(len(own))}
        if known:
            minutes = sum(known, timedelta()) / timedelta(minutes=1) / len(known)
            values["average_dwell_time"] = round(minutes, 1)
        share = cells[day.weekday(), hour].share
        if share:
            values["occupancy_percent"] = round(share * 100, 1)
        for metric, value in values.items():
            yield {
                "curb_place_type": "zone",
                "curb_place_id": str(bay.pk),
                "metric_type": metric,
                "date": day.isoformat(),
                "hour": hour,
                "value": value,
            }


def _end(visit: Visit) -> datetime | None:
    """Give when a stop ended, or else its disc; None where neither is known."""
    return visit.ends_at or (visit.ticket.allowed_until if visit.ticket else None)


def _ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _space_id(bay: Bay, number: int) -> str:
    return str(uuid5(bay.pk, f"space {number}"))


def _session(visit: Visit) -> str:
    return str(uuid5(visit.bay_id, f"{visit.ticket_id or ''} {milliseconds(visit.begins_at)}"))


def _event_id(visit: Visit, kind: str) -> str:
    return str(uuid5(UUID(_session(visit)), kind))


def _vehicle(visit: Visit) -> str:
    return str(visit.ticket.vehicle) if visit.ticket else "unspecified"


def _serves(thing: Thing) -> bool:
    return thing.commissioned_at is not None and thing.withdrawn_at is None


def _day_ms(day: date) -> int:
    return milliseconds(terms.bounds(day)[0])


def _to_minute(at: datetime) -> int:
    return milliseconds(at) // _MINUTE_MS * _MINUTE_MS
