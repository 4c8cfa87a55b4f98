"""Who comes to the bays of the demonstration: drawn alike each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from communs.core.kit.errors import Refused
from communs.core.kit.timespans import PARIS
from communs.services.delivery import actions
from communs.services.delivery.enums import Trouble, VehicleClass
from communs.services.delivery.models import Bay, Carrier
from communs.services.delivery.options import DeliveryOptions

OPTIONS = DeliveryOptions(booking=True)
CARRIER = "transporteur@demo.example"
_VEHICLES = (VehicleClass.VAN,) * 6 + (VehicleClass.TRUCK,) * 3 + tuple(VehicleClass)
_HOURS = (7, 8, 8, 8, 9, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16, 17, 18)
_FRIDAY, _CROWDED = 4, (8, 9)  # when the first bay is always taken
_FORGOTTEN = 0.12  # share of the drivers who do not say that they leave
_DAY = timedelta(days=1)
_SHOPS = (
    ("Boulangerie (fictive)", "012345", time(7), time(8), 15, VehicleClass.VAN),
    ("Primeur (fictif)", "1345", time(7, 30), time(9, 30), 25, VehicleClass.TRUCK),
    ("Pharmacie (fictive)", "012345", time(8), time(10), 10, VehicleClass.CAR),
    ("Fleuriste (fictif)", "24", time(8), time(9), 20, VehicleClass.VAN),
    ("Librairie (fictive)", "13", time(9), time(11), 15, VehicleClass.CARGO_BICYCLE),
    ("Supérette (fictive)", "0245", time(7), time(8, 30), 30, VehicleClass.TRUCK),
)


def stops(bays: Sequence[Bay], days: int, a_day: int, today: date, at: datetime) -> None:
    """Keep the stops of so many days and of today, by the rules that were in force."""
    drawn = Random(6)  # noqa: S311 -- a demonstration, the same each time
    found = [
        stop
        for ago in range(days, -1, -1)
        for stop in _of_day(bays, today - ago * _DAY, a_day, drawn)
        if stop.came <= at
    ]
    actions.keep_history(stops=[_so_far(stop, at) for stop in found], options=OPTIONS, by=None)


def _of_day(bays: Sequence[Bay], day: date, a_day: int, drawn: Random) -> Iterator[actions.Stop]:
    """Draw who comes on a day: mostly in the morning, and more to some bays than to others."""
    count = a_day // 4 if day.weekday() == 6 else a_day  # noqa: PLR2004 -- Sunday
    for _each in range(count):
        number = min(drawn.randrange(len(bays)), drawn.randrange(len(bays)))
        came = _clock(day, drawn.choice(_HOURS), drawn.randrange(60))
        yield _stop(bays[number], came, drawn.randrange(6, 38), drawn)
    if day.weekday() == _FRIDAY:
        for hour in _CROWDED:
            for minute in range(0, 60, 10):
                came = _clock(day, hour, minute + drawn.randrange(5))
                yield _stop(bays[0], came, drawn.randrange(24, 30), drawn)


def _stop(bay: Bay, came: datetime, minutes: int, drawn: Random) -> actions.Stop:
    left = came + timedelta(minutes=minutes)
    said = None if drawn.random() < _FORGOTTEN else left
    return actions.Stop(bay.pk, str(drawn.choice(_VEHICLES)), came, said)


def _so_far(stop: actions.Stop, at: datetime) -> actions.Stop:
    left = stop.left if stop.left is not None and stop.left <= at else None
    return actions.Stop(stop.bay, stop.vehicle, stop.came, left)


def firms(bays: Sequence[Bay], at: datetime) -> Carrier:
    """Let a firm book: a space to come, one where nobody came, and an address no longer called."""
    last = at.astimezone(PARIS).date() + timedelta(days=300)
    name = "Les Coursiers de la Défense (fictifs)"
    carrier = actions.add_carrier(name=name, contact=CARRIER, until=last, by=None)
    missed = _booked(bays[-1], carrier, at - 3 * _DAY)
    if missed is not None:
        actions.release_due(at=at, by=None)
    _booked(bays[-2], carrier, at)
    url = "https://appels.transporteur.example/communs"
    hook = actions.set_hook(carrier=carrier, url=url, by=None).hook
    told: dict[str, Any] = {"carriers": [carrier.pk], "about": "demonstration", "data": {}}
    actions.tell_carriers(kind="booking.accepted", **told, at=at - _DAY, by=None)
    for call in hook.calls.all():
        gone: dict[str, Any] = {"status": 410, "reason": Trouble.GONE}
        actions.keep_answer(call=call, **gone, at=at - _DAY, by=None)
    return carrier


def _booked(bay: Bay, carrier: Carrier, at: datetime) -> Any:
    """Book the first hour that the bay's rules leave, some hours from an instant on."""
    for hours in range(2, 72):
        begins = (at + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
        known: dict[str, Any] = {"minutes": 20, "options": OPTIONS, "at": at, "by": None}
        try:
            return actions.book(bay=bay, carrier=carrier, begins_at=begins, **known)
        except Refused:
            continue
    return None


def shops(bays: Sequence[Bay], carrier: Carrier, today: date, at: datetime) -> None:
    """Declare what comes back to some shops; one of them waits for an answer."""
    for number, (name, days, begins, ends, minutes, vehicle) in enumerate(_SHOPS):
        bay = bays[number // 2 % len(bays)]
        said = {"days": days, "begins": begins, "ends": ends, "minutes": minutes}
        said |= {"vehicle": vehicle, "since": today - timedelta(days=60), "until": None}
        known: dict[str, Any] = {"bay": bay, "contact": "", "at": at, "by": None}
        made = actions.add_merchant(name=name, address=bay.street, **known)
        by_whom = {"carrier": carrier} if number == 0 else {}
        actions.add_recurrence(merchant=made.merchant, recurrence=said | by_whom, by=None)
    given: dict[str, Any] = {"name": "Épicerie (fictive)", "address": bays[-1].street}
    actions.ask_for_merchant(
        **given, bay=bays[-1], contact="", recurrence=said, at=at, on=today, by=None
    )


def reports(bays: Sequence[Bay], at: datetime) -> None:
    """Tell of a blocked bay, and note what an agent saw."""
    note = "Un camion bloque l’entrée chaque matin."
    actions.report_bay(bay=bays[0], kind="blocked", note=note, at=at, by=None)
    actions.check_bay(bay=bays[1], seen="in_order", taken=None, at=at - _DAY, by=None)


def _clock(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)
