"""The Metrics of the Curb Data Specification 1.1, of days gone by, as CSV."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from communs.core.communities.scope import current
from communs.core.kit.formats import csv_file
from communs.services.delivery import queries
from communs.services.delivery.api import asked
from communs.services.delivery.api.documented import parameters
from communs.services.delivery.engine import terms
from communs.services.delivery.models import Bay, Visit
from communs.services.delivery.queries import curbs

router = Router()
_CSV = "application/vnd.cds+csv;version=1.1"
_SESSION = (
    "session_type", "event_session_id", "event_id_start", "event_id_end", "event_time_start",
    "event_time_end", "curb_zone_id", "vehicle_type",
)  # fmt: skip
_AGGREGATE = ("curb_place_type", "curb_place_id", "metric_type", "date", "hour", "value")
_METRICS = ("total_sessions", "turnover", "average_dwell_time", "occupancy_percent")
_KINDS = ("area", "zone", "space")
_USUAL, _MOST = timedelta(days=28), timedelta(days=100)
_ASKED = (
    "curb_place_type", "curb_place_id", "min_lat", "min_lng", "max_lat", "max_lng", "lat", "lng",
    "radius", "start_time", "end_time",
)  # fmt: skip


@router.get(
    "/metrics/sessions", url_name="delivery_cds_sessions", openapi_extra=parameters(*_ASKED)
)
@asked.cds
def sessions(request: HttpRequest) -> HttpResponse:
    """Give the stops of the four weeks gone by, or of the time that is asked for."""
    begins, ends = _span(request)
    rows = [v for v in _visits(_bays(request), begins, ends) if begins <= v.begins_at < ends]
    return _table("sessions.csv", _SESSION, curbs.sessions(rows))


@router.get(
    "/metrics/aggregates",
    url_name="delivery_cds_aggregates",
    openapi_extra=parameters(*_ASKED, "metric_type"),
)
@asked.cds
def aggregates(request: HttpRequest) -> HttpResponse:
    """Give counts, lengths and occupancy, hour by hour, of the same time."""
    metric = asked.one_of(request, "metric_type", _METRICS)
    (begins, ends), bays = _span(request), _bays(request)
    rows = curbs.aggregates(_visits(bays, begins, ends), bays)
    held = (row for row in rows if metric in {None, row["metric_type"]})
    found = [row for row in held if begins <= curbs.hour_of(row) < ends]
    return _table("aggregates.csv", _AGGREGATE, found)


def _span(request: HttpRequest) -> tuple[datetime, datetime]:
    midnight = terms.bounds(timezone.localdate())[0]
    return asked.span_of(request, midnight, _USUAL, _MOST)


def _bays(request: HttpRequest) -> list[Bay]:
    """Give the bays that are asked for, the nearest first where a point is said."""
    place = asked.place_of(request)
    kind = asked.one_of(request, "curb_place_type", _KINDS) or "zone"
    key = asked.key_of(request, "curb_place_id")
    bays = queries.all_bays().filter(lat__isnull=False)
    rows = [bay for bay in bays if key in {None, _key(bay, kind)}]
    return asked.kept(rows, place, lambda bay: curbs.polygon(bay)["coordinates"][0])


def _key(bay: Bay, kind: str) -> str | None:
    if kind == "area":
        return str(current().pk)
    return str(bay.pk) if kind == "zone" else curbs.only_space(bay)


def _visits(bays: list[Bay], begins: datetime, ends: datetime) -> list[Visit]:
    rows = queries.visits_between(terms.day_of(begins), terms.day_of(ends))
    order = {bay.pk: number for number, bay in enumerate(bays)}
    found = rows.filter(bay__in=bays).select_related("ticket").order_by("begins_at")
    return sorted(found, key=lambda visit: order[visit.bay_id])


def _table(name: str, columns: tuple[str, ...], rows: Any) -> HttpResponse:
    answer = csv_file(name, columns, [list(row.values()) for row in rows])
    answer.headers["Content-Type"] = _CSV
    return answer
