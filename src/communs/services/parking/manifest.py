"""What the rest of the house knows of this service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from communs.core.registry.service import Dataset, Format, MenuEntry, Service
from communs.services.parking.options import ParkingOptions


class Parking(Service):
    """Where there is room to park, what applies there, and what it costs."""

    name = "communs.services.parking"
    label = "parking"
    slug = "stationnement"
    title = _("Parking")
    summary = _("Where there is room, what applies, for how much.")
    icon = "parking"
    rows: ClassVar[tuple[int, ...]] = (3, 12)
    options = ParkingOptions
    permissions: ClassVar[Mapping[str, Any]] = {
        "parking.edit": _("Set streets, spaces, rules and tariffs of parking"),
        "parking.patrol": _("Put parking sensors in place, look at stays that last too long"),
    }
    events: ClassVar[Mapping[str, Any]] = {
        "parking.zone_set": _("Parking zone set"),
        "parking.site_set": _("Car park set"),
        "parking.segment_set": _("Street with parking set"),
        "parking.space_set": _("Parking space set"),
        "parking.tariff_set": _("Parking tariff set"),
        "parking.permit_set": _("Kind of parking permit set"),
        "parking.regulation_set": _("Parking rule set"),
        "parking.regulation_removed": _("Parking rule removed"),
        "parking.sensor_bound": _("Sensor put in a parking space"),
        "parking.sensor_released": _("Sensor taken from a parking space"),
        "parking.overstay_answered": _("Long stay looked at on the spot"),
        "parking.use_worked_out": _("Use of parking spaces worked out"),
        "parking.outlooks_worked_out": _("What to expect of parking worked out"),
        "parking.campaign_set": _("Parking campaign set"),
        "parking.panel_set": _("Parking panel set"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "tell_wardens": _("Tell wardens of stays that last too long"),
        "work_out_use": _("Work out how parking spaces were used"),
        "work_out_outlooks": _("Work out what to expect of parking"),
    }
    menu: ClassVar[Sequence[MenuEntry]] = [
        MenuEntry(_("Parking"), "parking:index"),
    ]
    datasets: ClassVar[Sequence[Dataset]] = [
        Dataset(
            key="room",
            title=_("Room to park"),
            description=_(
                "Every street and car park with its spaces that are free, taken and unknown now."
                " A space without a sensor that may be believed is unknown, never free."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.services.parking.schemas:RoomOut",
            formats=[
                Format("CSV", "parking:rooms_csv", "text/csv", "RFC 4180"),
                Format("GeoJSON", "parking:rooms_geojson", "application/geo+json", "RFC 7946"),
                Format("ParkAPI", "parking:parkapi", "application/json", "ParkAPI v3"),
                Format("XML (status)", "parking:datex2_status", "application/xml", "DATEX II 3.7"),
                Format("XML (table)", "parking:datex2_table", "application/xml", "DATEX II 3.7"),
            ],
        ),
        Dataset(
            key="use",
            title=_("Use of parking spaces"),
            description=_(
                "Every street and car park by day: rotation, length of stays, occupancy, and how"
                " much of it is known. Worked out each night; the last four weeks without dates."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.services.parking.schemas:DayOut",
            formats=[
                Format("CSV", "parking:measures_csv", "text/csv", "RFC 4180"),
            ],
        ),
        Dataset(
            key="lieux",
            title=_("Car parks"),
            description=_(
                "Car parks with their capacity and prices, as the national base of parking takes"
                " them. One of which something required is unknown is left out."
            ),
            licence="Licence Ouverte 2.0",
            formats=[
                Format("CSV", "parking:lieux_csv", "text/csv", "Lieux de stationnement 0.1.5"),
            ],
        ),
    ]
