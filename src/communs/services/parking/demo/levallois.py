"""Levallois-Perret: two paid zones, residents, a market, a car park that counts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from communs.core.communities.scope import current
from communs.core.kit.timespans import PARIS
from communs.services.parking.actions import (
    set_panel,
    set_permit,
    set_regulation,
    set_site,
    set_tariff,
    set_zone,
    work_out_outlooks,
)
from communs.services.parking.demo.drawing import Street, counter, fit, network, street
from communs.services.parking.demo.life import days_until, live, lived
from communs.services.parking.demo.size import Size
from communs.services.parking.demo.town import grow
from communs.services.parking.models import Segment, Site, Zone

WORKDAYS = "012345"
STREETS = (
    Street(
        name="Rue du Marché-Couvert", side="odd", corners=("rue des Acacias", "rue Neuve"),
        ends=((48.8929, 2.2871), (48.8938, 2.2896)), spaces="LSSSSSDSSSMM",
    ),
    Street(
        name="Rue du Marché-Couvert", side="even", corners=("rue des Acacias", "rue Neuve"),
        ends=((48.8931, 2.2869), (48.8940, 2.2894)), spaces="SSSSDSSSSSEE",
    ),
    Street(
        name="Rue des Acacias", side="odd", corners=("rue du Marché-Couvert", "quai Fleuri"),
        ends=((48.8927, 2.2868), (48.8945, 2.2852)), spaces="SSSSSDSSSSSS",
    ),
    Street(
        name="Rue Neuve", side="even", corners=("rue du Marché-Couvert", "rue des Ateliers"),
        ends=((48.8941, 2.2899), (48.8922, 2.2913)), spaces="SSSSSSDSSSSS",
    ),
    Street(
        name="Rue des Ateliers", side="odd", corners=("rue Neuve", "rue des Acacias"),
        ends=((48.8920, 2.2911), (48.8914, 2.2878)), spaces="BBSSSSSSDSSS",
    ),
)  # fmt: skip
_RED = 2


def fill(at: datetime, size: Size) -> None:
    """Make zones, prices, streets, a car park, sensors, and months of life."""
    red = set_zone(name="Zone rouge", colour="red", note="Courte durée.", by=None)
    orange = set_zone(name="Zone orange", colour="orange", note="Longue durée.", by=None)
    spaces = []
    for number, drawn in enumerate(STREETS):
        spaces += street(drawn, red if number < _RED else orange, first=number * 20, at=at)
    park = set_site(
        name="Parc de la Halle (fictif)", kind="building",
        address="5 rue des Ateliers, 92300, Levallois-Perret", lat=48.8917, lon=2.2893,
        capacity=210, capacity_disabled=5, capacity_electric=12, height_cm=190,
        subscribers_only=False, operator="Régie municipale de stationnement (fictive)",
        operator_siret=current().siret or "", national_id="92044-P-901", at=at, by=None,
    )  # fmt: skip
    _prices(red, orange, park, at)
    market = spaces[0].segment
    if market is not None:
        _market(market, at)
    source = network("levallois-places", "Capteurs de places (démonstration)")
    fit(source, spaces[:20], "70b3d57ed0b2", at)
    counter(source, park, free=37, code="parc-halle", at=at)
    more = grow(source, (red, orange, orange), (48.8900, 2.2760), size.spaces - len(spaces), at)
    days = days_until(at, size.days)
    live(*lived([*spaces, *more]), days, None)
    set_panel(name="Parc de la Halle (fictif)", counts=park, stale_after=1440, by=None)
    work_out_outlooks(on=days[-1] + timedelta(days=1), by=None)


def _prices(red: Zone, orange: Zone, park: Site, at: datetime) -> None:
    hours: dict[str, Any] = {"days": WORKDAYS, "begins": time(9), "ends": time(20), "by": None}
    short = set_tariff(
        name="Tarif rouge", free_minutes=15, **hours,
        steps=[[30, 150], [60, 300], [90, 450], [120, 600]],
    )  # fmt: skip
    long = set_tariff(
        name="Tarif orange", free_minutes=15, **hours,
        steps=[[60, 200], [120, 400], [240, 800], [360, 1200]],
    )  # fmt: skip
    residents = set_tariff(name="Tarif des résidents", steps=[[720, 180]], most_cents=180, **hours)
    inside = set_tariff(
        name="Tarif du parc", on_holidays=True, free_minutes=30, by=None,
        steps=[[60, 280], [120, 520]], further_minutes=30, further_cents=110, most_cents=2400,
    )  # fmt: skip
    order: dict[str, Any] = {
        "order_reference": "2026-88 (fictif)",
        "order_on": at.astimezone(PARIS).date() - timedelta(days=300),
        "by": None,
    }
    for zone, tariff, most in ((red, short, 120), (orange, long, 360)):
        set_regulation(
            title=f"{zone.name} : stationnement payant", where="zone", zone=zone,
            charge="tariff", tariff=tariff, **order,
        )  # fmt: skip
        set_regulation(
            title=f"{zone.name} : durée la plus longue", where="zone", zone=zone, effect="terms",
            most_minutes=most, days=WORKDAYS, begins=time(9), ends=time(20), holidays=False,
            **order,
        )  # fmt: skip
    set_regulation(
        title="Résidents de la zone orange", where="zone", zone=orange, who="residents",
        effect="terms", most_minutes=10_080, charge="tariff", tariff=residents, **order,
    )  # fmt: skip
    set_regulation(
        title="Parc de la Halle", where="places", places=[park], charge="tariff", tariff=inside,
        **order,
    )  # fmt: skip
    _kinds(order)
    set_permit(
        name="Abonnement de résident",
        who="residents",
        month_cents=2_500,
        how="En ligne, ou au guichet du stationnement avec un justificatif de domicile.",
        by=None,
    )


def _kinds(order: dict[str, Any]) -> None:
    set_regulation(
        title="Places réservées aux personnes handicapées", where="commune", kind="disabled",
        who="disabled", effect="reserves", **order,
    )  # fmt: skip
    set_regulation(
        title="Bornes de recharge", where="commune", kind="electric", who="electric",
        effect="reserves", most_minutes=180, **order,
    )  # fmt: skip
    set_regulation(
        title="Arrêts minute", where="commune", kind="short", most_minutes=15, charge="free",
        days=WORKDAYS, begins=time(8), ends=time(20), **order,
    )  # fmt: skip


def _market(segment: Segment, at: datetime) -> None:
    set_regulation(
        title="Marché du mercredi et du samedi",
        nature="recurring",
        effect="forbids",
        where="places",
        places=[segment],
        days="25",
        begins=time(5),
        ends=time(15),
        order_reference="2026-90 (fictif)",
        order_on=at.astimezone(PARIS).date() - timedelta(days=300),
        by=None,
    )
