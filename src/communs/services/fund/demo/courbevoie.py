"""A second evaluated experiment, whose lesson and success wait for somebody: all of it is made up.

Nothing measures delivery bays before the demonstration: its figures are brought in, and say so.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators import definitions
from communs.core.indicators.actions import import_baseline
from communs.core.indicators.engine.baseline import Figure
from communs.core.people.models import Person
from communs.core.registry import queries as registry
from communs.services.fund import actions
from communs.services.fund.demo.designing import agreed, designed, hour_of, judge

_DAY = timedelta(days=1)
_ROW, _SITE, _BESIDE = 6, "courbevoie", "levallois-perret"
_SERVICE, _OVERSTAYS = "delivery", "delivery.overstays"
_BEFORE, _TRIED, _SINCE_END = 35, 42, 5  # days
_LEVEL, _EFFECT, _TARGET = 31.0, -9.0, "20"  # per cent of the stops
_WEEK = (0.0, 1.5, 0.5, 1.0, 2.5, -2.0, -3.5)  # Monday first
_SOURCE = "Chiffres inventés pour la démonstration"
_LICENCE = "Licence Ouverte 2.0"


def load(at: datetime, manager: Person | None) -> None:
    """Make it where its service runs: its verdict is the latest."""
    if (_SERVICE, _SITE) not in registry.activations_on():
        return
    last = timezone.localdate(at) - _SINCE_END * _DAY
    start = last - (_TRIED - 1) * _DAY
    first = start - _BEFORE * _DAY
    site, beside = (Community.objects.get(slug=slug) for slug in (_SITE, _BESIDE))
    for place, effect in ((site, _EFFECT), (beside, 0.0)):
        _figures(place, first, start, last, effect)
    row = designed(
        _ROW,
        "Rendre les aires de livraison aux livreurs (démonstration)",
        "Un disque numérique fait-il baisser la part des arrêts trop longs ?",
        at,
        manager,
        service=_SERVICE,
    )
    judged = judge(_OVERSTAYS, "", (first, start - _DAY), _TARGET, aim="down")
    row = agreed(row, [judged], (start, last), at, manager, compared=[beside])
    told = hour_of(at, start - 2 * _DAY)
    row = actions.configure_experiment(experiment=row, provenance="2018", at=told, by=manager)
    told = hour_of(at, start)
    row = actions.start_experiment(experiment=row, on=start, at=told, by=manager)
    told = hour_of(at, last + _DAY)
    row = actions.measure_experiment(experiment=row, on=last, at=told, by=manager)
    found = actions.evaluate_experiment(experiment=row, at=told, by=manager)
    actions.decide_verdict(
        evaluation=found,
        verdict=found.proposed,
        finding="Les livreurs restent moins longtemps sur les aires (fictif).",
        recommendation="Essayer le disque sur d’autres rues commerçantes (fictif).",
        at=told + _DAY,
        by=manager,
    )


def _figures(place: Community, first: date, start: date, last: date, effect: float) -> None:
    """Bring in made-up figures, a day each, with a step at the start."""
    drawn = Random(place.slug)  # noqa: S311 -- the same figures each time
    found = []
    for number in range((last - first).days + 1):
        on = first + number * _DAY
        step = effect if on >= start else 0.0
        value = _LEVEL + step + _WEEK[on.weekday()] + drawn.gauss(0, 1.5)
        found.append(Figure(on, Decimal(str(round(value, 1))), 100))
    with within(place):
        import_baseline(
            indicator=definitions.named(_OVERSTAYS),
            figures=found,
            source=_SOURCE,
            licence=_LICENCE,
            at=timezone.now(),
            by=None,
        )
