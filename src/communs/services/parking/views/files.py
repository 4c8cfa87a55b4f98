"""Parking as open data."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.kit.formats import csv_file, feature, feature_collection, json_file
from communs.core.registry.request import Request
from communs.services.parking import queries
from communs.services.parking.queries import datex2
from communs.services.parking.queries.files import LIEUX_COLUMNS
from communs.services.parking.schemas import ROOM_COLUMNS, room_row
from communs.services.parking.views import drawn
from communs.services.parking.views.pages import options_of


@require_safe
def rooms_csv(request: Request) -> HttpResponse:
    """Every place with its counts, as CSV."""
    rows = [room_row(room) for room in queries.availability(timezone.now(), options_of(request))]
    return csv_file(
        "stationnement.csv", ROOM_COLUMNS, ([row[n] for n in ROOM_COLUMNS] for row in rows)
    )


@require_safe
def rooms_geojson(request: Request) -> HttpResponse:
    """Every place with its counts, as GeoJSON; one that is not drawn has no geometry."""
    rooms = queries.availability(timezone.now(), options_of(request))
    features = [feature(_geometry(room), room_row(room), room_row(room)["id"]) for room in rooms]
    return json_file(feature_collection(features), "application/geo+json")


@require_safe
def map_geojson(request: Request) -> HttpResponse:
    """What the map shows, for the moving map."""
    rooms = queries.availability(timezone.now(), options_of(request))
    return json_file(feature_collection(drawn.features_of(rooms)), "application/geo+json")


@require_safe
def lieux_csv(request: Request) -> HttpResponse:  # noqa: ARG001 -- a view
    """Car parks in the national schema."""
    rows = (list(row.values()) for row in queries.lieux(timezone.now()))
    return csv_file("lieux-de-stationnement.csv", LIEUX_COLUMNS, rows)


@require_safe
def parkapi(request: Request) -> HttpResponse:
    """Streets and car parks as ParkAPI v3 has them."""
    items = queries.parking_sites(timezone.now(), options_of(request))
    return json_file({"items": items, "total_count": len(items)})


@require_safe
def datex2_table(request: Request) -> HttpResponse:
    """Streets and car parks as DATEX II 3.7 has them."""
    return xml_file(datex2.table(timezone.now(), options_of(request)))


@require_safe
def datex2_status(request: Request) -> HttpResponse:
    """What is known of them now, as DATEX II 3.7 has it."""
    return xml_file(datex2.status(timezone.now(), options_of(request)))


def xml_file(written: bytes | None) -> HttpResponse:
    """Give an XML document; without a place there is none, as the standard wants one at least."""
    if written is None:
        raise Http404
    response = HttpResponse(written, content_type="application/xml; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _geometry(room: queries.Room) -> dict[str, Any] | None:
    if not room.is_site:
        return room.place.line  # type: ignore[union-attr]
    return {"type": "Point", "coordinates": [room.at[1], room.at[0]]} if room.at else None
