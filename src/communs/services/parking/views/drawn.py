"""Streets and car parks as the map macro and the moving map draw them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _

from communs.core.kit.formats import feature
from communs.core.web import atlas, mapping
from communs.services.parking import queries
from communs.services.parking.engine.drawing import band, square
from communs.services.parking.models import Segment, Site
from communs.services.parking.queries import Room
from communs.services.parking.views import words

Line = tuple[tuple[float, float], ...]
_STREET, _SITE = 14, 34  # metres: wide enough to be seen and touched


def map_of(rooms: Sequence[Room]) -> dict[str, Any]:
    """Give what the map macro needs; nothing when no place is drawn."""
    drawn = {queries.key_of(room.place): room for room in rooms if _where(room)}
    if not drawn:
        return {"shapes": []}
    where = tuple((key, str(room.place), _where(room)) for key, room in drawn.items())
    projection, outlines = _outlined(where)
    pages = _pages()
    shapes = mapping.shapes(
        outlines,
        hrefs={key: pages[room.is_site] % room.place.slug for key, room in drawn.items()},
        levels={key: level(room) for key, room in drawn.items()},
        labels={
            key: f"{queries.told(room.place)} – {words.counted(room.counts)}"
            for key, room in drawn.items()
        },
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
    line = _where(room)
    return _drawn(line) if line else None


def _where(room: Room) -> Line:
    """Give a street's line, or the point of a car park; nothing where nobody drew it."""
    if room.is_site:
        return ((room.at[1], room.at[0]),) if room.at else ()
    line = cast(Segment, room.place).line
    return tuple((point[0], point[1]) for point in line["coordinates"]) if line else ()


def _drawn(line: Line) -> dict[str, Any]:
    if len(line) == 1:
        return square(*line[0], _SITE)
    return band(line, _STREET)


@lru_cache(maxsize=16)
def _outlined(
    where: tuple[tuple[str, str, Line], ...],
) -> tuple[mapping.Projection, list[mapping.Outline]]:
    """Draw places; streets hardly ever move, so that a drawing is kept for the next reader."""
    features = [
        feature(_drawn(line), {"slug": key, "name": name}, key) for key, name, line in where
    ]
    return mapping.outlines({"features": features}, code="slug", name="name")


def _pages() -> dict[bool, str]:
    """Give the pages of car parks and of streets, with a place for the name."""
    names = {True: "parking:site", False: "parking:segment"}
    return {
        is_site: reverse(name, args=["x"]).replace("%", "%%").removesuffix("x/") + "%s/"
        for is_site, name in names.items()
    }
