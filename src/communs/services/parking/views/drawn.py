"""Streets and car parks as the map macro and the moving map draw them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communs.core.kit.formats import feature
from communs.core.web import atlas, mapping
from communs.services.parking import queries
from communs.services.parking.engine.drawing import band, square
from communs.services.parking.models import Site
from communs.services.parking.queries import Room
from communs.services.parking.views import words

_STREET, _SITE = 14, 34  # metres: wide enough to be seen and touched


def map_of(rooms: Sequence[Room]) -> dict[str, Any]:
    """Give what the map macro needs; nothing when no place is drawn."""
    features = features_of(rooms)
    if not features:
        return {"shapes": []}
    named = [
        feature(f["geometry"], {"slug": f["id"], "name": f["properties"]["name"]}, f["id"])
        for f in features
    ]
    projection, outlines = mapping.outlines({"features": named}, code="slug", name="name")
    about = {f["id"]: f["properties"] for f in features}
    shapes = mapping.shapes(
        outlines,
        hrefs={key: said["href"] for key, said in about.items()},
        levels={key: said["level"] for key, said in about.items()},
        labels={key: said["label"] for key, said in about.items()},
    )
    return {
        "shapes": shapes,
        "view_box": projection.view_box,
        "map_title": _("Map: streets and car parks with their free spaces"),
        "legend": legend(),
        **atlas.base_layer(),
    }


def features_of(rooms: Sequence[Room]) -> list[dict[str, Any]]:
    """Give the drawn places as GeoJSON polygons with their words and addresses."""
    found = []
    for room in rooms:
        shape = _shape(room)
        if shape is not None:
            name = queries.told(room.place)
            about = {
                "name": name,
                "level": level(room),
                "label": f"{name} – {words.counted(room.counts)}",
                "href": href(room.place),
            }
            found.append(feature(shape, about, queries.key_of(room.place)))
    return found


def level(room: Room) -> str:
    """Give how a place is drawn: room is known, none is, or nothing is known."""
    if room.counts.free:
        return "one"
    return "two" if room.counts.taken else "terr"


def legend() -> list[dict[str, str]]:
    """Give the map's key."""
    return [
        {"level": "one", "label": _("a free space is known")},
        {"level": "two", "label": _("no free space is known")},
        {"level": "terr", "label": _("nothing is known")},
    ]


def href(place: queries.Place) -> str:
    """Give the page of a street or a car park."""
    name = "parking:site" if isinstance(place, Site) else "parking:segment"
    return reverse(name, args=[place.slug])


def _shape(room: Room) -> dict[str, Any] | None:
    place = room.place
    if isinstance(place, Site):
        return None if room.at is None else square(room.at[1], room.at[0], _SITE)
    return band(place.line["coordinates"], _STREET) if place.line else None
