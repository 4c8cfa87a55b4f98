"""Bays and rules of the demonstration: streets are near the real ones, all the rest is made up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from communs.services.delivery import actions
from communs.services.delivery.models import Bay, Policy

LAT, LON = 48.8977, 2.2560
STREETS = (
    "rue de Bezons", "rue de la Montagne", "rue du Marché", "rue des Ajoncs", "rue de l’Industrie",
    "boulevard de la Mission", "quai du Port", "rue des Étudiants", "rue de l’Abreuvoir",
    "rue de la Station",
)  # fmt: skip
TERMS: dict[str, Any] = {
    "name": "Livraisons de jour",
    "days": "012345",
    "begins": time(7),
    "ends": time(20),
    "holidays": False,
    "activity": "loading",
    "vehicles": [],
    "most_minutes": 30,
    "no_return_minutes": 60,
    "extension_minutes": 15,
    "priority": 10,
}
NIGHT = TERMS | {
    "name": "Nuits et dimanches",
    "days": "0123456",
    "begins": None,
    "ends": None,
    "holidays": None,
    "activity": "parking",
    "most_minutes": None,
    "no_return_minutes": 0,
    "extension_minutes": 0,
    "priority": 50,
}
MARKET = TERMS | {
    "name": "Jours de marché",
    "days": "25",
    "begins": time(7),
    "ends": time(14),
    "activity": "no parking",
    "most_minutes": None,
    "no_return_minutes": 0,
    "extension_minutes": 0,
    "priority": 1,
}


def bays(count: int, opened: date, at: datetime) -> list[Bay]:
    """Make bays on a grid of streets."""
    found = []
    for number in range(count):
        row, column = divmod(number, 5)
        given: dict[str, Any] = {
            "name": f"Aire {number + 1}",
            "street": f"{2 + 7 * number} {STREETS[number % len(STREETS)]}",
            "spaces": 1 + number % 3 // 2,
            "length_m": None if not number % 6 else Decimal(10 + number % 4 * 2),
            "lat": round(LAT + (row - count / 10 + 0.5) * 0.0018, 6),
            "lon": round(LON + (column - 2) * 0.004, 6),
            "shape": None,
            "thing": None,
        }
        found.append(actions.add_bay(**given, on=opened, at=at, by=None))
    return found


def rules(bays: list[Bay], opened: date, today: date, at: datetime) -> None:
    """Put three rules into force; one has a version of before, with shorter stops."""
    since: dict[str, Any] = {"until": None, "at": at, "by": None}
    before = _enacted(TERMS | {"most_minutes": 20}, bays, opened, at)
    revised = today - timedelta(days=60)
    actions.revise_policy(
        policy=before, terms=TERMS, order_reference="", bays=bays, since=revised, **since
    )
    _enacted(NIGHT, bays, opened, at)
    _enacted(MARKET, bays[2:4], opened, at)
    for terms in (TERMS, NIGHT, MARKET):
        actions.save_template(terms=terms, by=None)


def _enacted(terms: dict[str, Any], bays: list[Bay], since: date, at: datetime) -> Policy:
    more: dict[str, Any] = {"order_reference": "", "until": None, "at": at, "by": None}
    return actions.enact_policy(terms=terms, bays=bays, since=since, **more)
