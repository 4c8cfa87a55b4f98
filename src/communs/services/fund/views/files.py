"""The register as open data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.communities.enums import Kind
from communs.core.communities.models import Affiliation, Community
from communs.core.kit.formats import csv_file, feature, feature_collection, json_file
from communs.core.kit.periods import in_force
from communs.core.web import atlas
from communs.services.fund import queries
from communs.services.fund.models import Grant
from communs.services.fund.schemas import GRANT_COLUMNS, grant_row, round_row
from communs.services.fund.views import shown
from communs.services.fund.views.asking import strictly_asked_of


@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    """The grants asked for, as CSV."""
    rows = _rows(queries.grants(strictly_asked_of(request)))
    return csv_file(
        "registre.csv", GRANT_COLUMNS, ([row[n] for n in GRANT_COLUMNS] for row in rows)
    )


@require_safe
def register_json(request: HttpRequest) -> HttpResponse:
    """The grants asked for, as JSON, with each round's totals."""
    rows = _rows(queries.grants(strictly_asked_of(request)))
    rounds = [round_row(row) for row in queries.rounds()]
    return json_file({"rounds": rounds, "count": len(rows), "grants": rows})


@require_safe
def register_geojson(request: HttpRequest) -> HttpResponse:
    """The beneficiaries of the grants asked for, as GeoJSON; a territory is its communes."""
    grants = list(queries.grants(strictly_asked_of(request)))
    return json_file(feature_collection(_features(grants)), "application/geo+json")


@require_safe
def register_map_geojson(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- a view
    """What the map of grants shows, for the moving map."""
    day = queries.latest_day() or timezone.localdate()
    features = atlas.features_of(day, levels=shown.levels(day))
    return json_file(feature_collection(features), "application/geo+json")


def _rows(grants: Any) -> list[dict[str, Any]]:
    found = list(grants)
    answers = queries.answers(found)
    return [grant_row(grant, answers[grant.pk]) for grant in found]


def _features(grants: list[Grant]) -> list[dict[str, Any]]:
    answers = queries.answers(grants)
    held: dict[Community, list[dict[str, Any]]] = {}
    for grant in grants:
        row = grant_row(grant, answers[grant.pk])
        held.setdefault(grant.beneficiary, []).append(row)
    outlines = _outlines(grants)
    return [
        feature(
            outlines.get(body.slug),
            {
                "slug": body.slug,
                "name": body.name,
                "kind": body.kind,
                "count": len(rows),
                "grants": rows,
            },
            body.slug,
        )
        for body, rows in held.items()
    ]


def _outlines(grants: list[Grant]) -> dict[str, dict[str, Any]]:
    """Give the geometry of each beneficiary; a territory's is made of its communes' on the day."""
    slugs = {grant.beneficiary.slug for grant in grants}
    rows = Community.objects.filter(slug__in=slugs, outline__isnull=False).select_related("outline")
    found = {row.slug: row.outline.geometry for row in rows}
    for grant in grants:
        body = grant.beneficiary
        if body.kind == Kind.TERRITORY and body.slug not in found:
            held = Affiliation.objects.filter(in_force(grant.awarded_on), group=body)
            parts = held.values_list("member__outline__geometry", flat=True)
            polygons = [polygon for part in parts if part for polygon in _polygons(part)]
            found[body.slug] = {"type": "MultiPolygon", "coordinates": polygons}
    return found


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    whole = geometry["coordinates"]
    return whole if geometry["type"] == "MultiPolygon" else [whole]
