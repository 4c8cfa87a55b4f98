"""Open data of bays, as files."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.kit.formats import csv_file, feature_collection, json_file
from communs.core.registry.request import Request
from communs.services.delivery import queries
from communs.services.delivery.schemas import BAY_COLUMNS, bay_row
from communs.services.delivery.views import drawn

_GEOJSON = "application/geo+json"


@require_safe
def bays_csv(_request: Request) -> HttpResponse:
    """Every bay, as open data."""
    at = timezone.now()
    found = queries.standings(queries.bays(on=timezone.localdate(at)), at=at)
    rows = (list(bay_row(one).values()) for one in found)
    return csv_file("aires-de-livraison.csv", BAY_COLUMNS, rows)


@require_safe
def bays_geojson(_request: Request) -> HttpResponse:
    """Every bay whose place is known, for the moving map and for others."""
    at = timezone.now()
    found = queries.standings(queries.bays(on=timezone.localdate(at)), at=at)
    return json_file(feature_collection(drawn.features(found)), _GEOJSON)


@require_safe
def cds_events(_request: Request) -> HttpResponse:
    """Lead to the curb events of yesterday, the latest day that is published."""
    day = timezone.localdate() - timedelta(days=1)
    return redirect(f"{reverse('api:delivery_cds_events')}?day={day.isoformat()}")
