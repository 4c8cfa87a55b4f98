"""Pages of the fund that no link leads to; the metropolis runs it, see tests/journeys/visits.py."""

from __future__ import annotations

from tests.journeys.visiting import Visit

SHOWN = ""
# Routes that no page links to, each with why.
NOT_PAGES = {
    "fund:index": "leads to the register",
    "fund:map_geojson": "what the interactive map draws",
}

STATES: list[Visit] = []

STATES_OF_MEMBERS: list[Visit] = []
