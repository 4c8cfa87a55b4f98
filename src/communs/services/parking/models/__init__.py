"""Tables of parking: where one parks, and what applies there."""

from communs.services.parking.models.places import Overstay, Segment, Site, Space, Zone
from communs.services.parking.models.signs import PermitKind, Placement, Regulation, Tariff

__all__ = [
    "Overstay",
    "PermitKind",
    "Placement",
    "Regulation",
    "Segment",
    "Site",
    "Space",
    "Tariff",
    "Zone",
]
