"""Campaigns with what they changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from communs.services.parking.engine import campaigns as engine
from communs.services.parking.engine.campaigns import Estimate, Figures, Measure, Target
from communs.services.parking.engine.uses import Use
from communs.services.parking.enums import Part
from communs.services.parking.models import Campaign, CampaignZone, Segment, Site
from communs.services.parking.queries.uses import kept

Days = Mapping[date, Figures]


@dataclass(frozen=True, slots=True)
class Judged:
    """A campaign with its estimates, and the use of both periods where something was tried."""

    campaign: Campaign
    has_control: bool
    estimates: dict[Measure, Estimate]
    before: Use
    after: Use
    days: dict[tuple[Part, bool], int]
    demonstration: bool


def campaigns() -> list[Campaign]:
    """Give every campaign with its zones, the latest first."""
    return list(Campaign.objects.prefetch_related("zones__zone"))


def campaign(slug: str) -> Campaign | None:
    """Give one campaign with its zones, or None."""
    return Campaign.objects.prefetch_related("zones__zone").filter(slug=slug).first()


def zones_of(found: Campaign, part: Part) -> list[Any]:
    """Give the zones of a part of a campaign, by name."""
    held = [row.zone for row in found.zones.all() if row.part == part]
    return sorted(held, key=lambda zone: zone.name)


def target_of(found: Campaign) -> Target:
    """Give the band and the hours that a campaign aims at."""
    return Target(found.low, found.high, found.hour_from, found.hour_until)


def judged(found: Campaign) -> Judged:
    """Judge a campaign by the days that were worked out; six queries."""
    parts = _parts(found)
    uses = {False: Use(), True: Use()}
    days: dict[tuple[Part, bool], Days] = {}
    made_up = False
    periods = (
        (False, found.before_from, found.before_until),
        (True, found.measured_from, found.measured_until),
    )
    for after, first, last in periods:
        held: dict[Part, dict[date, list[Any]]] = {part: defaultdict(list) for part in Part}
        for one in kept(first, last):
            part = parts.get(one.place)
            if part is not None:
                held[part][one.on].append(one.day)
                made_up |= one.demonstration
                if part == Part.TRIED:
                    uses[after].add(one.day)
        for part, by_day in held.items():
            days[part, after] = _figures(by_day, found)
    tried = days[Part.TRIED, False], days[Part.TRIED, True]
    has_control = any(row.part == Part.CONTROL for row in found.zones.all())
    control = (days[Part.CONTROL, False], days[Part.CONTROL, True]) if has_control else None
    estimates = {measure: engine.estimate(tried, control, measure) for measure in Measure}
    counts = {key: len(held) for key, held in days.items()}
    return Judged(found, has_control, estimates, uses[False], uses[True], counts, made_up)


def figures_on(on: date, part: Part) -> Figures | None:
    """Give a day's figures of a part of the campaign that it belongs to; None without one.

    Of several, the one that was measured last. Two queries.
    """
    found = Campaign.objects.filter(before_from__lte=on, measured_until__gte=on).first()
    if found is None:
        return None
    mine = Q()
    for place in ("segment", "site"):
        zone = f"{place}__zone__campaigns__"
        mine |= Q(**{f"{zone}campaign": found, f"{zone}part": part})
    days = (one.day for one in kept(on, on, mine))
    return engine.figures(days, target_of(found))


def _figures(by_day: Mapping[date, list[Any]], found: Campaign) -> Days:
    target = target_of(found)
    return {day: engine.figures(places, target) for day, places in by_day.items()}


def _parts(found: Campaign) -> dict[UUID, Part]:
    """Give the part of each place whose zone is in the campaign."""
    rows = CampaignZone.objects.filter(campaign=found).order_by()
    of_zone = {zone: Part(part) for zone, part in rows.values_list("zone", "part")}
    places = [
        row
        for model in (Segment, Site)
        for row in model.objects.filter(zone__in=list(of_zone)).order_by().values_list("pk", "zone")
    ]
    return {place: of_zone[zone] for place, zone in places}
