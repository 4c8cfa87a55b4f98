"""What the rest of the house knows of this service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from communs.core.registry.service import Dataset, Format, MenuEntry, Service
from communs.services.delivery.options import DeliveryOptions

_CDS_JSON = "application/vnd.cds+json;version=1.1"
_CDS_CSV = "application/vnd.cds+csv;version=1.1"


class Delivery(Service):
    """Delivery bays with a digital disc, their rules and their use."""

    name = "communs.services.delivery"
    label = "delivery"
    slug = "livraison"
    title = _("Delivery bays")
    summary = _("Where to unload, for how long, with a digital disc")
    icon = "truck"
    rows: ClassVar[tuple[int, ...]] = (6,)
    options = DeliveryOptions
    permissions: ClassVar[Mapping[str, Any]] = {
        "delivery.edit": _("Run delivery bays and their rules"),
        "delivery.book": _("Book delivery bays for one’s firm"),
        "delivery.check": _("Check delivery bays in the street"),
    }
    events: ClassVar[Mapping[str, Any]] = {
        "delivery.bay_added": _("Delivery bay added"),
        "delivery.bay_changed": _("Delivery bay corrected"),
        "delivery.bay_closed": _("Delivery bay closed"),
        "delivery.policy_enacted": _("Rule of delivery bays put into force"),
        "delivery.policy_revised": _("Rule of delivery bays replaced"),
        "delivery.policy_ended": _("Rule of delivery bays ended"),
        "delivery.template_saved": _("Usual rule of delivery bays kept"),
        "delivery.ticket_started": _("Delivery disc started"),
        "delivery.ticket_extended": _("Delivery disc made longer"),
        "delivery.ticket_ended": _("Delivery disc ended"),
        "delivery.turned_away": _("Driver turned away from a delivery bay"),
        "delivery.plates_forgotten": _("Prints of plates erased"),
        "delivery.bay_checked": _("Delivery bay checked"),
        "delivery.bay_reported": _("Delivery bay reported as blocked"),
        "delivery.carrier_added": _("Carrier added"),
        "delivery.carrier_ended": _("Carrier ended"),
        "delivery.booked": _("Delivery bay booked"),
        "delivery.booking_honoured": _("Booked delivery bay used"),
        "delivery.booking_cancelled": _("Booking of a delivery bay cancelled"),
        "delivery.bookings_released": _("Booked delivery bays given back"),
        "delivery.booking_refused": _("Booking of a delivery bay refused"),
        "delivery.hook_set": _("Carrier’s address to be called set"),
        "delivery.hook_removed": _("Carrier’s address to be called taken away"),
        "delivery.hook_tested": _("Carrier’s address to be called tried"),
        "delivery.hook_stopped": _("Carrier’s address is called no more"),
        "delivery.hook_resumed": _("Carrier’s address is called again"),
        "delivery.carriers_told": _("Carriers’ addresses to be called about something"),
        "delivery.calls_forgotten": _("Log of calls to carriers erased"),
        "delivery.curbs_read": _("CurbLR file of delivery bays read"),
        "delivery.curbs_installed": _("CurbLR file of delivery bays installed"),
        "delivery.history_kept": _("Discs of days gone by taken in"),
        "delivery.merchant_asked": _("Shop asked for its deliveries to be counted"),
        "delivery.merchant_added": _("Shop with recurring deliveries added"),
        "delivery.merchant_answered": _("Shop with recurring deliveries answered"),
        "delivery.merchant_ended": _("Shop with recurring deliveries ended"),
        "delivery.merchant_page_renewed": _("New address given to a shop’s page"),
        "delivery.recurrence_added": _("Recurring delivery declared"),
        "delivery.recurrence_ended": _("Recurring delivery ended"),
        "delivery.recurrence_paused": _("Days left out of a recurring delivery"),
        "delivery.pause_lifted": _("Days of a recurring delivery put back"),
        "delivery.visits_made": _("Stops of a day made out"),
        "delivery.report_read": _("Report of a delivery bay read"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "give_back": _("Give back booked spaces where nobody came"),
        "make_visits_out": _("Make out yesterday’s stops from discs and sensors"),
        "tell": _("Call a carrier’s address"),
        "forget_calls": _("Erase the log of calls to carriers after a month"),
        "forget_plates": _("Erase the prints of plates whose delay is over"),
    }
    menu: ClassVar[Sequence[MenuEntry]] = [
        MenuEntry(_("Delivery bays"), "delivery:index"),
    ]
    datasets: ClassVar[Sequence[Dataset]] = [
        Dataset(
            key="bays",
            title=_("Delivery bays"),
            description=_("Every delivery bay: place, spaces, rule of the hour, room when known."),
            licence="Licence Ouverte 2.0",
            formats=[
                Format("CSV", "delivery:bays_csv", "text/csv", "RFC 4180"),
                Format("GeoJSON", "delivery:bays_geojson", "application/geo+json", "RFC 7946"),
            ],
        ),
        Dataset(
            key="curbs",
            title=_("Curbs, their rules and their use"),
            description=_("Zones and rules of delivery bays, and stops of days gone by."),
            licence="Licence Ouverte 2.0",
            formats=[
                Format("JSON (zones)", "delivery:cds_zones", _CDS_JSON, "CDS 1.1"),
                Format("JSON (policies)", "delivery:cds_policies", _CDS_JSON, "CDS 1.1"),
                Format("JSON (events)", "delivery:cds_events", _CDS_JSON, "CDS 1.1"),
                Format("CSV (sessions)", "delivery:cds_sessions", _CDS_CSV, "CDS 1.1"),
            ],
        ),
    ]
