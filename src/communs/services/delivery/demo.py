"""A commune where the service lives; bays, rules and stops are made up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.kit.timespans import PARIS
from communs.core.registry.actions import set_service
from communs.core.registry.service import Service
from communs.services.delivery import actions
from communs.services.delivery.enums import Errand, VehicleClass
from communs.services.delivery.models import Bay, Policy
from communs.services.delivery.options import DeliveryOptions

COMMUNE = "courbevoie"
OPTIONS = DeliveryOptions(booking=True)
LAT, LON = 48.8977, 2.2560
STREETS = (
    "rue de Bezons", "rue de la Montagne", "rue du Marché", "rue des Ajoncs", "rue de l’Industrie",
    "boulevard de la Mission", "quai du Port", "rue des Étudiants", "rue de l’Abreuvoir",
    "rue de la Station",
)  # fmt: skip
DAYS, A_DAY = 16, 4
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


def load(service: Service, _metropolis: Community) -> None:
    """Switch the service on in one commune, with bays, rules and some weeks of stops."""
    at = timezone.now()
    today = timezone.localdate(at)
    with within(Community.objects.get(slug=COMMUNE)):
        set_service(service=service, on=True, options={"booking": True}, by=None)
        opened = today - timedelta(days=200)
        bays = _bays(opened, at)
        _rules(bays, opened, today, at)
        _stops(bays, today, at)
        for ago in range(DAYS, 0, -1):
            day = today - timedelta(days=ago)
            actions.make_visits(day=day, grace=timedelta(minutes=5), by=None)
        note = "Un camion bloque l’entrée chaque matin."
        actions.report_bay(bay=bays[0], kind="blocked", note=note, at=at, by=None)


def _bays(opened: date, at: datetime) -> list[Bay]:
    found = []
    for number in range(20):
        row, column = divmod(number, 5)
        given: dict[str, Any] = {
            "name": f"Aire {number + 1}",
            "street": f"{2 + 7 * number} {STREETS[number % len(STREETS)]}",
            "spaces": 1 + number % 3 // 2,
            "length_m": None if not number % 6 else Decimal(10 + number % 4 * 2),
            "lat": round(LAT + (row - 1.5) * 0.003, 6),
            "lon": round(LON + (column - 2) * 0.004, 6),
            "shape": None,
            "thing": None,
        }
        found.append(actions.add_bay(**given, on=opened, at=at, by=None))
    return found


def _rules(bays: list[Bay], opened: date, today: date, at: datetime) -> None:
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


def _stops(bays: list[Bay], today: date, at: datetime) -> None:
    """Start and end discs at hours drawn alike each time; a refusal is counted as in the street."""
    drawn = Random(6)  # noqa: S311 -- a demonstration, the same each time
    for ago in range(DAYS, -1, -1):
        day = today - timedelta(days=ago)
        minutes = sorted(drawn.randrange(7 * 60, 19 * 60) for _stop in range(A_DAY))
        for minute in minutes:
            begins = datetime.combine(day, time(minute // 60, minute % 60), PARIS)
            bay = bays[min(drawn.randrange(20), drawn.randrange(20))]
            vehicle = drawn.choice((*VehicleClass.values, VehicleClass.VAN, VehicleClass.VAN))
            stay = timedelta(minutes=drawn.randrange(6, 38))
            if begins <= at:
                _stop(bay, str(vehicle), begins, begins + stay, at)


def _stop(bay: Bay, vehicle: str, begins: datetime, ends: datetime, at: datetime) -> None:
    given: dict[str, Any] = {"purpose": Errand.DELIVERY, "plate": "", "options": OPTIONS}
    try:
        made = actions.start_ticket(bay=bay, vehicle=vehicle, **given, at=begins, by=None)
    except Refused as refusal:
        full = isinstance(refusal, actions.Full)
        actions.note_turning(bay=bay, full=full, at=begins, by=None)
        return
    if ends <= at:
        actions.end_ticket(ticket=made.ticket, at=ends, by=None)
