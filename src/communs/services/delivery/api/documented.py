"""Parameters of the Curb Data Specification, as the API's own description tells them."""

from __future__ import annotations

from typing import Any

_NUMBER = {"type": "number"}
_KEY = {"type": "string", "format": "uuid"}
_TIME = {"type": "integer", "description": "Milliseconds since 1970."}
_FLAG = {"type": "string", "enum": ["true", "false"]}
_SCHEMAS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("min_lat", "min_lng", "max_lat", "max_lng", "lat", "lng", "radius"), _NUMBER),
    **dict.fromkeys(
        ("area", "zone", "space", "curb_area_id", "curb_zone_id", "curb_space_id"), _KEY
    ),
    **dict.fromkeys(("curb_object_id", "curb_place_id"), _KEY),
    **dict.fromkeys(("time", "start_time", "end_time"), _TIME),
    **dict.fromkeys(("include_geometry", "show_historic"), _FLAG),
    "ids": {"type": "string", "description": "UUIDs, with commas."},
    "event_time": {"type": "string", "description": "An hour (UTC), as 2026-03-02T09."},
    "day": {"type": "string", "format": "date", "description": "Besides the specification."},
    "curb_place_type": {"type": "string", "enum": ["area", "zone", "space"]},
    "metric_type": {
        "type": "string",
        "enum": ["total_sessions", "turnover", "average_dwell_time", "occupancy_percent"],
    },
}


def parameters(*names: str) -> dict[str, Any]:
    """Tell parameters of a query, none of them required."""
    return {
        "parameters": [
            {"name": name, "in": "query", "required": False, "schema": _SCHEMAS[name]}
            for name in names
        ]
    }
