"""The Curbs and Events of the Curb Data Specification 1.1: curbs as they are, events gone by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from communs.core.api.problems import problem
from communs.core.communities.scope import current
from communs.core.kit.formats import json_file
from communs.core.sensing.queries import milliseconds
from communs.services.delivery import queries
from communs.services.delivery.api import asked
from communs.services.delivery.api.documented import parameters
from communs.services.delivery.engine import terms
from communs.services.delivery.queries import curbs

router = Router()
_JSON = "application/vnd.cds+json;version=1.1"
_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
_PLACE = ("min_lat", "min_lng", "max_lat", "max_lng", "lat", "lng", "radius")
_AT = ("curb_area_id", "curb_zone_id", "curb_space_id", "curb_object_id")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@router.get(
    "/curbs/zones",
    url_name="delivery_cds_zones",
    openapi_extra=parameters("area", *_PLACE, "include_geometry", "time"),
)
@asked.cds
def zones(request: HttpRequest) -> HttpResponse:
    """Give curb zones: delivery bays, those of a time if one is said."""
    known = _known(request)
    if asked.key_of(request, "area") not in {None, str(current().pk)}:
        return _answer({"zones": []}, known.updated)
    rows = asked.kept(curbs.zones(known), asked.place_of(request), _ring)
    if not asked.flag_of(request, "include_geometry", usual=True):
        rows = [{name: said for name, said in row.items() if name != "geometry"} for row in rows]
    return _answer({"zones": rows}, known.updated)


@router.get(
    "/curbs/zones/{uuid:key}",
    url_name="delivery_cds_zone",
    openapi_extra=parameters("time", "show_historic"),
)
@asked.cds
def zone(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give one curb zone; a closed one only if it was open at the time, or if asked for."""
    if asked.flag_of(request, "show_historic", usual=False):
        bays = queries.all_bays()
    else:
        bays = queries.bays(on=terms.day_of(_time(request)))
    known = curbs.curbs(at=_time(request), rows=bays.filter(pk=key), now=_is_now(request))
    return _one(curbs.zones(known), "curb_zone_id", key, known.updated)


@router.get("/curbs/policies", url_name="delivery_cds_policies", openapi_extra=parameters("ids"))
@asked.cds
def policies(request: HttpRequest) -> HttpResponse:
    """Give policies: every version of every rule."""
    known = curbs.curbs(at=timezone.now())
    keys = asked.keys_of(request, "ids")
    rows = [row for row in curbs.policies(known) if not keys or row["curb_policy_id"] in keys]
    return _answer({"policies": rows}, known.updated)


@router.get("/curbs/policies/{uuid:key}", url_name="delivery_cds_policy")
@asked.cds
def policy(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give one policy."""
    known = curbs.curbs(at=timezone.now())
    return _one(curbs.policies(known), "curb_policy_id", key, known.updated)


@router.get("/curbs/areas", url_name="delivery_cds_areas", openapi_extra=parameters(*_PLACE))
@asked.cds
def areas(request: HttpRequest) -> HttpResponse:
    """Give curb areas: the surroundings of the bays."""
    known = curbs.curbs(at=timezone.now())
    rows = asked.kept(curbs.areas(known, current()), asked.place_of(request), _ring)
    return _answer({"areas": rows}, known.updated)


@router.get("/curbs/areas/{uuid:key}", url_name="delivery_cds_area")
@asked.cds
def area(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give one curb area."""
    known = curbs.curbs(at=timezone.now())
    return _one(curbs.areas(known, current()), "curb_area_id", key, known.updated)


@router.get(
    "/curbs/spaces",
    url_name="delivery_cds_spaces",
    openapi_extra=parameters("zone", *_PLACE, "time"),
)
@asked.cds
def spaces(request: HttpRequest) -> HttpResponse:
    """Give curb spaces."""
    known, held = _known(request), asked.key_of(request, "zone")
    rows = asked.kept(curbs.spaces(known), asked.place_of(request), _ring)
    rows = [row for row in rows if held in {None, row["curb_zone_id"]}]
    return _answer({"spaces": rows}, known.updated)


@router.get(
    "/curbs/spaces/{uuid:key}", url_name="delivery_cds_space", openapi_extra=parameters("time")
)
@asked.cds
def space(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give one curb space."""
    known = _known(request)
    return _one(curbs.spaces(known), "curb_space_id", key, known.updated)


@router.get(
    "/curbs/objects",
    url_name="delivery_cds_objects",
    openapi_extra=parameters("time", "zone", "space"),
)
@asked.cds
def objects(request: HttpRequest) -> HttpResponse:
    """Give curb objects: signs. None belongs to a space."""
    known, held = _known(request), asked.key_of(request, "zone")
    rows = [row for row in curbs.objects(known) if held in {None, row["curb_zone_id"]}]
    return _answer({"objects": [] if asked.key_of(request, "space") else rows}, known.updated)


@router.get(
    "/curbs/objects/{uuid:key}", url_name="delivery_cds_object", openapi_extra=parameters("time")
)
@asked.cds
def an_object(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give one curb object."""
    known = _known(request)
    return _one(curbs.objects(known), "curb_object_id", key, known.updated)


@router.get(
    "/events/events",
    url_name="delivery_cds_events",
    openapi_extra=parameters("event_time", "day", *_AT),
)
@asked.cds
def events(request: HttpRequest) -> HttpResponse:
    """Give the beginnings and ends of stops in an hour (UTC), or on a day: of days gone by.

    Without either, those of the last sixty minutes, of which none is published yet.
    """
    now = timezone.now()
    begins, ends = _between(request, now)
    last = timezone.localdate(now) - _DAY
    visits = queries.visits_between(terms.day_of(begins) - _DAY, min(last, terms.day_of(ends)))
    rows = visits.filter(bay__lat__isnull=False).select_related("bay", "ticket")
    found = curbs.events(_there(request, rows))
    first, end = milliseconds(begins), milliseconds(ends)
    told = [event for event in found if first <= event["event_time"] < end]
    told.sort(key=lambda event: event["event_time"], reverse=True)
    return _answer({"events": told}, terms.bounds(last)[1])


@router.post("/events/event", url_name="delivery_cds_push", include_in_schema=False)
def push(request: HttpRequest) -> HttpResponse:
    """Say that events are not taken here: the specification leaves it open, and wants this word."""
    return problem(501, "Events are made here from discs and sensors; none are taken.")


@router.get("/events/status", url_name="delivery_cds_status", openapi_extra=parameters(*_AT))
@asked.cds
def status(request: HttpRequest) -> HttpResponse:
    """Give the state of sensors."""
    bays = queries.bays(on=timezone.localdate()).select_related("thing")
    keys = [bay.pk for bay in _there(request, bays)]
    known = curbs.curbs(at=timezone.now(), rows=bays.filter(pk__in=keys))
    return _answer({"status": curbs.status(known)}, known.at.replace(second=0, microsecond=0))


def _known(request: HttpRequest) -> curbs.Curbs:
    return curbs.curbs(at=_time(request), now=_is_now(request))


def _time(request: HttpRequest) -> datetime:
    return asked.time_of(request, "time") or timezone.now()


def _is_now(request: HttpRequest) -> bool:
    """Tell whether no other time is asked for: only of now is it known what is free."""
    return "time" not in request.GET


def _between(request: HttpRequest, now: datetime) -> tuple[datetime, datetime]:
    hour, day = asked.hour_of(request, "event_time"), asked.day_of(request, "day")
    if hour is not None:
        return hour, hour + _HOUR
    return (now - _HOUR, now) if day is None else terms.bounds(day)


def _there(request: HttpRequest, rows: Iterable[Any]) -> list[Any]:
    """Give the stops or the bays of the area, the zone or the space that is asked for."""
    area, zone, space, thing = (asked.key_of(request, name) for name in _AT)
    if area not in {None, str(current().pk)} or thing is not None:
        return []
    bays = [(row, getattr(row, "bay", row)) for row in rows]
    return [
        row
        for row, bay in bays
        if zone in {None, str(bay.pk)} and space in {None, curbs.only_space(bay)}
    ]


def _ring(row: dict[str, Any]) -> Sequence[Any]:
    return list(row["geometry"]["coordinates"][0])


def _one(rows: Iterable[dict[str, Any]], name: str, key: UUID, updated: datetime) -> HttpResponse:
    """Answer one object, or that it is not here."""
    found = next((row for row in rows if row[name] == str(key)), None)
    if found is None:
        raise Http404(str(key))
    return _answer(found, updated)


def _answer(data: dict[str, Any], updated: datetime) -> HttpResponse:
    body = {
        "version": "1.1.0",
        "time_zone": "Europe/Paris",
        "last_updated": milliseconds(updated),
        "currency": "EUR",
        "author": current().name,
        "license_url": _LICENCE,
        "data": data,
    }
    return json_file(body, _JSON)
