"""Experiments for tests, with days observed in the site and in what it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.models import Observation
from communs.services.fund import actions
from communs.services.fund.models import Evaluation, Experiment, Grant, Programme, Round
from tests.services.fund.trying import lived

START = date(2026, 3, 2)
BEFORE, AFTER = 60, 90
FIRST = START - timedelta(days=BEFORE)
LAST = START + timedelta(days=AFTER - 1)
AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
KEY, CONTROL = "parking.tried_rotation", "parking.control_rotation"
OTHER_KEY = "parking.tried_in_band"


@dataclass
class Tried:
    """An experiment of a grant of 2018, in a commune, with its protocol agreed."""

    experiment: Experiment
    site: Community

    def fresh(self) -> Experiment:
        return Experiment.objects.get(pk=self.experiment.pk)

    def started(self) -> Experiment:
        """Configure and start it on its day."""
        row = actions.configure_experiment(experiment=self.experiment, at=AT, by=None)
        return actions.start_experiment(experiment=row, on=START, at=AT, by=None)

    def changed(self, *judges: actions.Judge) -> Experiment:
        """Start it, then change by what it is judged."""
        return actions.set_protocol(
            experiment=self.started(),
            question=self.experiment.question,
            starts_on=START,
            ends_on=LAST,
            indicators=judges,
            reason="La référence a été mal mesurée.",
            at=AT,
            by=None,
        )

    def measured(self) -> Experiment:
        """Bring it to its end."""
        row = self.started()
        return actions.measure_experiment(experiment=row, on=LAST, at=AT, by=None)

    def evaluated(self, **more: Any) -> Evaluation:
        """Bring it to its first evaluation."""
        row = self.measured()
        return actions.evaluate_experiment(experiment=row, at=AT, by=None, **more)


def granted(beneficiary: Community, reference: str = "essai-2018") -> Grant:
    """Make a grant of the register, without a file."""
    programme, _made = Programme.objects.get_or_create(
        code="essai", defaults={"acronym": "ESSAI", "name": "Fonds d’essai"}
    )
    round_, _made = Round.objects.get_or_create(
        programme=programme, awarded_on=date(2025, 11, 27), defaults={"body": "Bureau"}
    )
    return Grant.objects.create(
        round=round_,
        number=Grant.objects.filter(round=round_).count() + 1,
        reference=reference,
        beneficiary=beneficiary,
        beneficiary_as_published=beneficiary.name,
        title="Stationnement",
        title_as_published="Stationnement",
        awarded_on=date(2025, 11, 27),
        challenge="agile",
        words="stationnement",
    )


def judge(key: str = KEY, **more: Any) -> actions.Judge:
    """Give an indicator that should rise, against the sixty days before the start."""
    values: dict[str, Any] = {
        "aim": "up",
        "baseline_from": FIRST,
        "baseline_until": START - timedelta(days=1),
    }
    return actions.Judge(indicator=key, **(values | more))


def designed(
    site: Community,
    *judges: actions.Judge,
    grant: Grant | None = None,
    compared: Sequence[Community] = (),
    agreed: bool = True,
    **more: Any,
) -> Tried:
    """Design an experiment and set its protocol."""
    row = actions.design_experiment(
        grant=grant or granted(site),
        title="Stationner moins longtemps",
        question="Un disque plus court fait-il tourner les places ?",
        service="parking",
        site=site,
        at=AT,
        by=None,
        **more,
    )
    row = actions.set_protocol(
        experiment=row,
        question=row.question,
        starts_on=START,
        ends_on=LAST,
        indicators=judges or [judge()],
        comparisons=compared,
        at=AT,
        by=None,
    )
    if agreed:
        row = actions.agree_protocol(experiment=row, at=AT, by=None)
    return Tried(row, site)


def observe(
    place: Community,
    values: Iterable[float | None],
    key: str = KEY,
    *,
    first: date = FIRST,
    version: int = 1,
) -> None:
    """Keep one value a day."""
    with within(place):
        Observation.objects.bulk_create(
            [
                Observation(
                    indicator=key,
                    version=version,
                    day=first + timedelta(days=number),
                    value=Decimal(str(round(value, 6))),
                    at=AT,
                )
                for number, value in enumerate(values)
                if value is not None
            ]
        )


def live_series(seed: int = 7, effect: float = 8.0, towns: int = 4) -> list[list[float | None]]:
    """Make the days of a site and of towns beside it."""
    return lived(seed, before=BEFORE, after=AFTER, effect=effect, towns=towns)


def towns(count: int = 3) -> list[Community]:
    """Give communes to compare with."""
    slugs = ("sceaux", "bagneux", "montreuil", "nanterre", "vincennes")[:count]
    return [Community.objects.get(slug=slug) for slug in slugs]


def with_figures(site: Community, *, effect: float = 8.0, **more: Any) -> Tried:
    """Make an experiment beside three communes, all of them observed."""
    places = towns()
    for place, values in zip((site, *places), live_series(effect=effect), strict=True):
        observe(place, values)
    return designed(site, compared=places, **more)
