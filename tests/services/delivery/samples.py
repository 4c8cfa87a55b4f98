"""Bays, rules and discs made for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from communs.services.delivery import actions
from communs.services.delivery.models import Bay, Merchant, Policy, Recurrence
from communs.services.delivery.options import DeliveryOptions

DAY = date(2026, 3, 2)  # a Monday
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # ten o'clock in Paris
OPTIONS = DeliveryOptions()
# For whom each route is, as tests/conformance/test_isolation.py asks.
FOR_WHOM = {
    "delivery:patrol": "whoever holds a role here",
    "delivery:check": "whoever holds a role here",
    "delivery:reports": "whoever holds a role here",
    "delivery:moderate": "whoever holds a role here",
    "delivery:manage": "editors here",
    "delivery:add_*": "editors here",
    "delivery:change_bay": "editors here",
    "delivery:close_bay": "editors here",
    "delivery:revise_policy": "editors here",
    "delivery:end_policy": "editors here",
    "delivery:order*": "editors here",
    "delivery:sign": "editors here",
    "delivery:use*": "editors here",
    "delivery:end_carrier": "editors here",
    "delivery:run_*": "editors here",
    "api:delivery_merchants": "editors here",
    "api:delivery_add_*": "editors here",
    "api:delivery_curb_files": "editors here",
    "delivery:*": "everybody",
    "api:delivery_*": "everybody",  # a carrier's bookings ask who it is: test_bookings.py
}


def make(count: int) -> None:
    """Make `count` bays in the community in force, besides those it has."""
    held = Bay.objects.count()
    for number in range(held + 1, held + count + 1):
        placed(bay_made(f"Aire {number}"))


def bay_made(name: str = "Aire de la gare", **values: Any) -> Bay:
    """Make one bay in the community in force."""
    given: dict[str, Any] = {
        "street": "12 rue de la Gare",
        "spaces": 1,
        "length_m": None,
        "lat": 48.8977,
        "lon": 2.2560,
        "shape": None,
        "thing": None,
    }
    return actions.add_bay(name=name, **given | values, on=DAY, at=AT, by=None)


def terms_of(**values: Any) -> dict[str, Any]:
    """Give the words of a rule: loading from 7 to 20, Monday to Saturday, half an hour."""
    return {
        "name": "Livraisons",
        "days": "012345",
        "begins": time(7),
        "ends": time(20),
        "holidays": None,
        "activity": "loading",
        "vehicles": [],
        "most_minutes": 30,
        "no_return_minutes": 60,
        "extension_minutes": 15,
        "priority": 10,
    } | values


def placed(*bays: Bay, since: date = DAY, until: date | None = None, **values: Any) -> Policy:
    """Put a rule into force in bays."""
    return actions.enact_policy(
        terms=terms_of(**values),
        order_reference="",
        bays=bays,
        since=since,
        until=until,
        at=AT,
        by=None,
    )


def started(bay: Bay, at: datetime = AT, **values: Any) -> actions.Started:
    """Start a disc."""
    given: dict[str, Any] = {"vehicle": "van", "purpose": "delivery", "plate": ""}
    given |= {"options": OPTIONS} | values
    return actions.start_ticket(bay=bay, **given, at=at, by=None)


def shop_made(bay: Bay, *, whole: bool = False, contact: str = "") -> Any:
    """Add a shop that a bay serves; `whole` gives the secret of its page too."""
    number = Merchant.objects.count() + 1
    known: dict[str, Any] = {"bay": bay, "contact": contact, "at": AT, "by": None}
    made = actions.add_merchant(name=f"Commerce {number}", address="4 rue du Port", **known)
    return made if whole else made.merchant


def recurs(shop: Merchant, **values: Any) -> Recurrence:
    """Declare a delivery of half an hour, on Mondays between eight and nine."""
    given: dict[str, Any] = {
        "days": "0",
        "begins": time(8),
        "ends": time(9),
        "minutes": 30,
        "vehicle": "van",
        "since": DAY,
        "until": None,
    }
    return actions.add_recurrence(merchant=shop, recurrence=given | values, by=None)
