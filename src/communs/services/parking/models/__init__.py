"""Tables of parking: where one parks, what applies there, how it is used."""

from communs.services.parking.models.campaigns import Campaign, CampaignZone
from communs.services.parking.models.panels import Panel
from communs.services.parking.models.places import Overstay, Segment, Site, Space, Zone
from communs.services.parking.models.signs import PermitKind, Placement, Regulation, Tariff
from communs.services.parking.models.uses import Outlook, PlaceDay, Stay

__all__ = [
    "Campaign",
    "CampaignZone",
    "Outlook",
    "Overstay",
    "Panel",
    "PermitKind",
    "PlaceDay",
    "Placement",
    "Regulation",
    "Segment",
    "Site",
    "Space",
    "Stay",
    "Tariff",
    "Zone",
]
