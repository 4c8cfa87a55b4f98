"""What a form shows of a row that is to be changed."""

from __future__ import annotations

from typing import Any

from django.forms import model_to_dict

from communs.services.parking.enums import Part
from communs.services.parking.models import (
    Campaign,
    Panel,
    Regulation,
    Segment,
    Site,
    Space,
)
from communs.services.parking.queries import campaigns, panels, places


def initial_of(row: Any) -> dict[str, Any]:
    """Give the columns of a row as the fields of its form have them."""
    values = model_to_dict(row)
    for name in ("zone", "tariff"):
        pointed = getattr(row, name, None)
        values[name] = pointed.code if pointed else None
    if isinstance(row, Space | Site) and row.lat is not None:
        values["point"] = (row.lat, row.lon)
    return values | _where(row)


def _where(row: Any) -> dict[str, Any]:
    if isinstance(row, Panel):
        return {"counts": panels.key_of(row)}
    if isinstance(row, Campaign):
        fields = {"tried_in": Part.TRIED, "control": Part.CONTROL}
        zones = {name: campaigns.zones_of(row, part) for name, part in fields.items()}
        return {name: [zone.code for zone in held] for name, held in zones.items()}
    if isinstance(row, Space):
        return {"place": places.key_of(places.place_of(row))}
    if isinstance(row, Regulation):
        held = (one.segment or one.site for one in row.placements.all())
        return {"places": [places.key_of(place) for place in held if place]}
    if isinstance(row, Segment) and row.line:
        points = row.line["coordinates"]
        return {"line": "\n".join(f"{lat}, {lon}" for lon, lat, *_more in points)}
    return {}
