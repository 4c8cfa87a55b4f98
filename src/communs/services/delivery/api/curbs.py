"""The Curb Data Specification 1.1: curbs as they are, events and metrics of days gone by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from communs.core.communities.scope import current
from communs.core.kit.formats import csv_file, json_file
from communs.core.sensing.queries import milliseconds
from communs.services.delivery import queries
from communs.services.delivery.queries import curbs

router = Router()
_JSON = "application/vnd.cds+json;version=1.1"
_CSV = "application/vnd.cds+csv;version=1.1"
_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
_SESSION = (
    "session_type", "event_session_id", "event_id_start", "event_id_end", "event_time_start",
    "event_time_end", "curb_zone_id", "vehicle_type",
)  # fmt: skip
_AGGREGATE = ("curb_place_type", "curb_place_id", "metric_type", "date", "hour", "value")
_DAYS = 28

Ids = Annotated[str, Query(max_length=4000, description="UUIDs, with commas")]
Place = Annotated[UUID | None, Query()]


@router.get("/curbs/zones", url_name="delivery_cds_zones")
def zones(request: HttpRequest) -> HttpResponse:
    """Give curb zones: delivery bays."""
    return _answer("zones", curbs.zones(curbs.curbs(at=timezone.now())))


@router.get("/curbs/policies", url_name="delivery_cds_policies")
def policies(request: HttpRequest, ids: Ids = "") -> HttpResponse:
    """Give policies: every version of every rule."""
    found = curbs.policies(curbs.curbs(at=timezone.now()))
    asked = {part.strip().lower() for part in ids.split(",") if part.strip()}
    kept = [one for one in found if not asked or one["curb_policy_id"] in asked]
    return _answer("policies", kept)


@router.get("/curbs/areas", url_name="delivery_cds_areas")
def areas(request: HttpRequest) -> HttpResponse:
    """Give curb areas: the surroundings of the bays."""
    return _answer("areas", curbs.areas(curbs.curbs(at=timezone.now()), current()))


@router.get("/curbs/spaces", url_name="delivery_cds_spaces")
def spaces(request: HttpRequest) -> HttpResponse:
    """Give curb spaces."""
    return _answer("spaces", curbs.spaces(curbs.curbs(at=timezone.now())))


@router.get("/curbs/objects", url_name="delivery_cds_objects")
def objects(request: HttpRequest) -> HttpResponse:
    """Give curb objects: signs."""
    return _answer("objects", curbs.objects(curbs.curbs(at=timezone.now())))


@router.get("/events/events", url_name="delivery_cds_events")
def events(
    request: HttpRequest, day: date | None = None, curb_zone_id: Place = None
) -> HttpResponse:
    """Give the beginnings and ends of the stops of a day gone by: yesterday unless said."""
    last = timezone.localdate() - timedelta(days=1)
    asked = min(day or last, last)
    return _answer("events", list(curbs.events(_visits(asked, asked, curb_zone_id))))


@router.get("/events/status", url_name="delivery_cds_status")
def status(request: HttpRequest) -> HttpResponse:
    """Give the state of sensors."""
    return _answer("status", curbs.status(curbs.curbs(at=timezone.now())))


@router.get("/metrics/sessions", url_name="delivery_cds_sessions")
def sessions(request: HttpRequest, curb_place_id: Place = None) -> HttpResponse:
    """Give the stops of the four weeks gone by."""
    found = curbs.sessions(_last_weeks(curb_place_id))
    return _table("sessions.csv", _SESSION, [list(one.values()) for one in found])


@router.get("/metrics/aggregates", url_name="delivery_cds_aggregates")
def aggregates(request: HttpRequest, curb_place_id: Place = None) -> HttpResponse:
    """Give counts, lengths and occupancy of the four weeks gone by, hour by hour."""
    found = curbs.aggregates(_last_weeks(curb_place_id), queries.bays(on=timezone.localdate()))
    return _table("aggregates.csv", _AGGREGATE, [list(one.values()) for one in found])


def _last_weeks(bay: UUID | None) -> list[Any]:
    last = timezone.localdate() - timedelta(days=1)
    return _visits(last - timedelta(days=_DAYS - 1), last, bay)


def _visits(first: date, last: date, bay: UUID | None) -> list[Any]:
    rows = queries.visits_between(first, last).select_related("bay", "ticket")
    rows = rows.filter(bay__lat__isnull=False)
    return list(rows.filter(bay=bay) if bay else rows)


def _answer(name: str, rows: list[dict[str, Any]]) -> HttpResponse:
    body = {
        "version": "1.1.0",
        "time_zone": "Europe/Paris",
        "last_updated": milliseconds(timezone.now()),
        "currency": "EUR",
        "author": current().name,
        "license_url": _LICENCE,
        "data": {name: rows},
    }
    return json_file(body, _JSON)


def _table(name: str, columns: tuple[str, ...], rows: list[list[Any]]) -> HttpResponse:
    answer = csv_file(name, columns, rows)
    answer.headers["Content-Type"] = _CSV
    return answer
