"""Bays on the map, as squares that a finger can touch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import cos, radians
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.kit.formats import feature
from communs.core.web import atlas, mapping
from communs.services.delivery import queries
from communs.services.delivery.enums import Presence
from communs.services.delivery.models import Bay

_DEGREE = 111_195.0  # metres of a degree of latitude
_SIDE = 40  # metres
_LEVELS = {
    Presence.FREE: "one",
    Presence.TAKEN: "two",
    Presence.BOOKED: "two",
    Presence.UNKNOWN: "terr",
}


def map_of(at: datetime) -> dict[str, Any]:
    """Give what the map macro needs; nothing when no bay has a place."""
    found = features(queries.standings(queries.bays(on=timezone.localdate(at)), at=at))
    if not found:
        return {"shapes": []}
    about = {one["id"]: one["properties"] for one in found}
    named = [feature(o["geometry"], {"slug": o["id"], "name": o["id"]}, o["id"]) for o in found]
    projection, outlines = mapping.outlines({"features": named}, code="slug", name="name")
    shapes = mapping.shapes(
        outlines,
        hrefs={key: said["href"] for key, said in about.items()},
        levels={key: said["level"] for key, said in about.items()},
        labels={key: said["label"] for key, said in about.items()},
    )
    return {
        "shapes": shapes,
        "view_box": projection.view_box,
        "map_title": _("Map: delivery bays, free, taken or unknown"),
        "legend": [
            {"level": "one", "label": _("a space is free")},
            {"level": "two", "label": _("taken or booked")},
            {"level": "terr", "label": _("nobody knows")},
        ],
        **atlas.base_layer(),
    }


def features(standings: Iterable[queries.Standing]) -> list[dict[str, Any]]:
    """Give bays as GeoJSON polygons, with their words and addresses."""
    found = []
    for one in standings:
        shape = shape_of(one.bay, _SIDE)
        if shape is not None:
            about = {
                "name": one.bay.name,
                "level": _LEVELS[one.presence],
                "label": f"{one.bay} – {one.presence.label}",
                "href": reverse("delivery:bay", args=[one.bay.code]),
            }
            found.append(feature(shape, about, one.bay.code))
    return found


def shape_of(bay: Bay, side: float) -> dict[str, Any] | None:
    """Give a square around a bay, in metres; None where its place is not known."""
    if bay.lat is None or bay.lon is None:
        return None
    up = side / 2 / _DEGREE
    across = up / cos(radians(bay.lat))
    west, east, south, north = bay.lon - across, bay.lon + across, bay.lat - up, bay.lat + up
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
