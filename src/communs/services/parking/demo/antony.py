"""Antony: a blue zone, minute-stops, forty sensors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from communs.core.kit.timespans import PARIS
from communs.services.parking.actions import (
    set_campaign,
    set_panel,
    set_permit,
    set_regulation,
    set_site,
    set_zone,
    work_out_outlooks,
)
from communs.services.parking.demo.drawing import Street, fit, network, street
from communs.services.parking.demo.life import Trial, days_until, live, lived
from communs.services.parking.demo.size import Size
from communs.services.parking.demo.town import grow
from communs.services.parking.models import Campaign, Zone

_CAMPAIGN_DAYS, _MEASURED = 56, 42
_LONG_LIFE, _WEEKS_BEFORE = 77, 4  # days lived that leave room for weeks to compare with
WORKDAYS = "012345"
STREETS = (
    Street(
        name="Rue de la Mairie", side="odd", corners=("place du Marché", "avenue de la Gare"),
        ends=((48.7541, 2.2962), (48.7529, 2.2989)), spaces="MMSSSSDSSSSSEE",
    ),
    Street(
        name="Rue de la Mairie", side="even", corners=("place du Marché", "avenue de la Gare"),
        ends=((48.7539, 2.2960), (48.7527, 2.2987)), spaces="LSSSSSSDSSSSMM",
    ),
    Street(
        name="Avenue de la Gare", side="odd", corners=("rue de la Mairie", "rue des Tilleuls"),
        ends=((48.7527, 2.2992), (48.7549, 2.3006)), spaces="MMMSSSSSSDSSEESS",
    ),
    Street(
        name="Rue des Tilleuls", side="even", corners=("avenue de la Gare", "rue de l’École"),
        ends=((48.7550, 2.3003), (48.7562, 2.2969)), spaces="SSSSSDSSSSSS",
    ),
    Street(
        name="Rue de l’École", side="odd", corners=("rue des Tilleuls", "place du Marché"),
        ends=((48.7561, 2.2966), (48.7543, 2.2959)), spaces="MMSSSSDSSS",
    ),
    Street(
        name="Place du Marché", side="both", corners=("rue de la Mairie", "rue des Lavandières"),
        ends=((48.7538, 2.2954), (48.7545, 2.2945)), spaces="LLDDSSSSSSSSBB",
    ),
    Street(
        name="Rue des Lavandières", side="even", corners=("place du Marché", "rue du Parc"),
        ends=((48.7543, 2.2940), (48.7527, 2.2924)), spaces="SSSSSSDSSSSS",
    ),
    Street(
        name="Rue du Parc", side="odd", corners=("rue des Lavandières", "rue du Château"),
        ends=((48.7525, 2.2926), (48.7512, 2.2957)), spaces="SSSSSSSSDSSSSS",
    ),
    Street(
        name="Rue du Château", side="even", corners=("rue du Parc", "rue de la Mairie"),
        ends=((48.7513, 2.2960), (48.7526, 2.2984)), spaces="SSSSSSSDSSSS",
    ),
)  # fmt: skip
_IN_THE_ZONE = 6


def fill(at: datetime, size: Size) -> None:
    """Make streets, rules, sensors, and months of life in which a campaign is under way."""
    blue = set_zone(name="Zone bleue du centre", colour="blue", note="Disque obligatoire.", by=None)
    spaces = []
    for number, drawn in enumerate(STREETS):
        zone = blue if number < _IN_THE_ZONE else None
        spaces += street(drawn, zone, first=number * 20, at=at)
    set_site(
        name="Parking du Parc (fictif)",
        kind="surface",
        address="12 rue du Parc, 92160, Antony",
        lat=48.7516,
        lon=2.2929,
        at=at,
        by=None,
    )
    _rules(blue, spaces[0].segment, at)
    source = network("antony-places", "Capteurs de places (démonstration)")
    fit(source, spaces[:40], "70b3d57ed0a1", at)
    station = set_zone(name="Quartier de la gare", colour="green", by=None)
    zones = (blue, station, None)
    more = grow(source, zones, (48.7570, 2.2880), size.spaces - len(spaces), at)
    days = days_until(at, size.days)
    row = _campaign(blue, station, days)
    live(*lived([*spaces, *more]), days, Trial(blue, row.measured_from) if row else None)
    _panels(blue, station)
    work_out_outlooks(on=days[-1] + timedelta(days=1), by=None)


def _campaign(tried: Zone, control: Zone, days: Sequence[date]) -> Campaign | None:
    """Try shorter stays in the blue zone for the last weeks; a short life has no room for that."""
    if len(days) < _CAMPAIGN_DAYS:
        return None
    measured = days[-_MEASURED]
    weeks = _WEEKS_BEFORE if len(days) >= _LONG_LIFE else 1
    monday = measured - timedelta(days=measured.weekday() + 7 * weeks)
    return set_campaign(
        name="Une heure et demie au plus (fictif)",
        tried="Disque limité à 90 minutes, avec des rappels sur les panneaux.",
        tried_in=[tried], control=[control], before_from=monday,
        before_until=monday + timedelta(days=7 * weeks - 1), measured_from=measured,
        measured_until=days[-1], by=None,
    )  # fmt: skip


def _panels(blue: Zone, station: Zone) -> None:
    for name, zone in (("Entrée du centre", blue), ("Avenue de la Gare", station)):
        set_panel(name=f"{name} (fictif)", stands_at=name, counts=zone, stale_after=1440, by=None)


def _rules(blue: Zone, works_at: Any, at: datetime) -> None:
    today = at.astimezone(PARIS).date()
    order: dict[str, Any] = {
        "order_reference": "2026-114 (fictif)",
        "order_on": today - timedelta(days=200),
    }
    set_regulation(title="Stationnement libre", where="commune", charge="free", by=None, **order)
    for title, begins, ends in (
        ("Zone bleue le matin", time(9), time(12)),
        ("Zone bleue l’après-midi", time(14), time(19)),
    ):
        set_regulation(
            title=title, where="zone", zone=blue, effect="terms", most_minutes=90,
            days=WORKDAYS, begins=begins, ends=ends, holidays=False, by=None, **order,
        )  # fmt: skip
    set_regulation(
        title="Places réservées aux personnes handicapées", where="commune", kind="disabled",
        who="disabled", effect="reserves", by=None, **order,
    )  # fmt: skip
    set_regulation(
        title="Bornes de recharge", where="commune", kind="electric", who="electric",
        effect="reserves", most_minutes=240, by=None, **order,
    )  # fmt: skip
    set_regulation(
        title="Arrêts minute", where="commune", kind="short", most_minutes=20,
        days=WORKDAYS, begins=time(8), ends=time(19), holidays=False, by=None, **order,
    )  # fmt: skip
    set_regulation(
        title="Livraisons le matin", where="commune", kind="delivery", who="professionals",
        effect="reserves", most_minutes=30, days=WORKDAYS, begins=time(6), ends=time(11),
        by=None, **order,
    )  # fmt: skip
    set_regulation(
        title="Travaux de voirie", nature="order", effect="forbids", where="places",
        places=[works_at], since=today + timedelta(days=5), until=today + timedelta(days=6),
        order_reference="2026-131 (fictif)", order_on=today - timedelta(days=9), by=None,
    )  # fmt: skip
    set_permit(
        name="Carte de résident de la zone bleue",
        who="residents",
        how="Au guichet de la mairie, avec un justificatif de domicile.\nOu par courrier.",
        by=None,
    )
