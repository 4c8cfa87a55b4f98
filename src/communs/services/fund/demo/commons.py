"""The demonstration's commons: what was proven is offered, and one commune takes it over.

The latest of several successes waits for somebody to offer it. It does nothing as long as nothing
was evaluated as a success.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from communs.core.bundles import actions as bundles
from communs.core.bundles.documents import opened
from communs.core.bundles.enums import Licence
from communs.core.bundles.models import Bundle
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators import definitions
from communs.core.indicators.actions import import_baseline
from communs.core.indicators.engine.baseline import Figure
from communs.core.registry import queries as registry
from communs.services.fund import actions
from communs.services.fund.models import Common, Evaluation, ProtocolIndicator, Replication
from communs.services.fund.queries import commons

_TAKER = "sceaux"
_DAY = timedelta(days=1)
_WAVE = (0, 2, 1, 3, 2, -3, -5)  # hundredths of the value, Monday first
_COUNTED = 100
_NOTES = "Les réglages de l’essai, tels qu’ils étaient à l’évaluation."
_SOURCE = "Chiffres inventés pour la démonstration"
_LICENCE = "Licence Ouverte 2.0"


def load(at: datetime) -> None:
    """Offer what was proven but the latest, and have another commune take the first over."""
    proven = commons.offerable().filter(experiment__demonstration=True).order_by("decided_at")
    found = list(proven)
    for evaluation in found:
        begun = min(at, (evaluation.decided_at or at) + 2 * _DAY)
        bundle = _shared(evaluation, begun)
        if bundle is not None and (len(found) == 1 or evaluation != found[-1]):
            common = _offered(evaluation, bundle, begun)
            if not Replication.objects.exists():
                _taken_over(common, bundle, begun, at)


def _shared(evaluation: Evaluation, at: datetime) -> Bundle | None:
    service = registry.by_key(evaluation.experiment.service)
    if service is None:
        return None
    with within(evaluation.experiment.site):
        packed = bundles.pack(service=service, licence=Licence.ETALAB, notes=_NOTES, at=at, by=None)
        return bundles.publish(bundle=packed, by=None)


def _offered(evaluation: Evaluation, bundle: Bundle, at: datetime) -> Common:
    return actions.offer_common(
        evaluation=evaluation,
        bundle=bundle.pk,
        title=evaluation.experiment.title,
        summary=evaluation.finding[:500],
        at=at,
        by=None,
    )


def _taken_over(common: Common, bundle: Bundle, begun: datetime, at: datetime) -> None:
    """Ask, install, measure with made-up figures, confirm: what the pages do, by the same acts."""
    place = Community.objects.get(slug=_TAKER)
    row = actions.ask_replication(
        common=common, place=place, message="Demande inventée.", at=begun, by=None
    )
    with within(place):
        held = bundles.install(document=opened(bundle.document), switch_on=True, at=begun, by=None)
    kept = actions.Held(held.digest, held.version, held.at)
    row = actions.note_installation(common=common, place=place, held=kept, by=None)
    days = [begun.date() + n * _DAY for n in range((at.date() - begun.date()).days)]
    asked = commons.protocol(common)
    enough = all(one.least_days <= len(days) for one in asked)
    if enough and all(_measured(one, common, place, days, at) for one in asked):
        actions.measure_replication(replication=row, on=at.date(), at=at, by=None)
        reason = f"Effet retrouvé à {place.name}, sur des chiffres inventés pour la démonstration."
        actions.confirm_replication(replication=row, reason=reason, at=at, by=None)


def _measured(
    asked: ProtocolIndicator, common: Common, place: Community, days: list[date], at: datetime
) -> bool:
    """Bring in made-up figures around what the original measured; none where it measured none."""
    results = common.evaluation.results.get("indicators", ())
    told = {one["key"]: one.get("before_after") for one in results}.get(asked.indicator)
    if not told:
        return False
    mean = Decimal(str(told["after"]))
    figures = [
        Figure(day, mean * (_COUNTED + _WAVE[day.weekday()]) / _COUNTED, _COUNTED) for day in days
    ]
    with within(place):
        import_baseline(
            indicator=definitions.named(asked.indicator),
            figures=figures,
            source=_SOURCE,
            licence=_LICENCE,
            at=at,
            by=None,
        )
    return True
