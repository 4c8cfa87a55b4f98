"""Pages of delivery bays that no link leads to, and how to bring them about."""

from __future__ import annotations

from tests.journeys.visiting import Visit

SHOWN = "courbevoie"
# Routes that no page links to, each with why.
NOT_PAGES: dict[str, str] = {}

STATES = [
    Visit("/courbevoie/livraison/?q=bezons"),
    Visit("/courbevoie/livraison/?q=zzzzzz"),
    Visit("/courbevoie/livraison/a/nulle-part/", 404),
]

STATES_OF_MEMBERS: list[Visit] = []
