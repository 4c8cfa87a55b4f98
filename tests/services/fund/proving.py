"""Evaluated experiments, offered successes and copies of them: made for what comes after."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from communs.core.bundles import actions as bundles
from communs.core.bundles.documents import Document, opened
from communs.core.bundles.models import Bundle, Installation
from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.models import Observation
from communs.core.journal.delivery import deliver
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.services.fund import actions
from communs.services.fund.enums import ExperimentState, Verdict
from communs.services.fund.models import (
    Common,
    Evaluation,
    Experiment,
    Grant,
    Programme,
    ProtocolIndicator,
    Replication,
    Round,
)
from communs.services.fund.queries import commons

AT = datetime(2026, 11, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SERVICE = "parking"
INDICATOR = "parking.rotation"
RESULTS = {
    "indicators": [
        {"key": INDICATOR, "effect": 0.6, "low": 0.2, "high": 1.0, "finding": "better"},
        {"key": "parking.gone", "effect": None, "low": None, "high": None, "finding": "unusable"},
    ],
    "proposed": "adapt",
    "rule": "target_not_reached",
}
_numbers = itertools.count(1)


def metropolis() -> Community:
    return Community.objects.get(kind=Kind.METROPOLIS)


def place(slug: str) -> Community:
    return Community.objects.get(slug=slug)


def granted(slug: str = "antony", challenge: str | None = "agile", **values: Any) -> Grant:
    """Make a grant of a round of its own, in the community in force."""
    number = next(_numbers)
    programme, _made = Programme.objects.get_or_create(
        code="essai", defaults={"acronym": "ESSAI", "name": "Fonds d’essai"}
    )
    day = date(2001, 1, 1) + number * DAY
    award = Round.objects.create(programme=programme, awarded_on=day, body="Bureau")
    given: dict[str, Any] = {
        "round": award,
        "number": 1,
        "reference": f"essai-{number}",
        "beneficiary": place(slug),
        "beneficiary_as_published": slug,
        "title": f"Essai {number}",
        "title_as_published": f"Essai {number}",
        "awarded_on": day,
        "challenge": challenge,
        "words": "essai",
    }
    return Grant.objects.create(**given | values)


def tried(
    grant: Grant | None = None, *, state: str = ExperimentState.EVALUATED, least: int = 3
) -> Experiment:
    """Make an experiment of a grant, judged by one indicator."""
    found = grant or granted()
    row = Experiment.objects.create(
        grant=found,
        code=f"essai-{found.reference}",
        title=f"Stationnement, {found.reference}",
        service=SERVICE,
        site=found.beneficiary,
        question="Est-ce que la rotation augmente ?",
        state=state,
        state_since=AT,
        starts_on=date(2026, 3, 1),
        agreed_at=AT - 120 * DAY,
        protocol_sha256="0" * 64,
    )
    ProtocolIndicator.objects.create(
        experiment=row,
        position=1,
        indicator=INDICATOR,
        aim="up",
        baseline_from=date(2026, 2, 1),
        baseline_until=date(2026, 2, 28),
        least_days=least,
    )
    return row


def evaluated(
    experiment: Experiment | None = None, verdict: str = Verdict.ADAPT, **values: Any
) -> Evaluation:
    """Make an evaluation that somebody decided on; the next one of its experiment."""
    found = experiment or tried()
    given: dict[str, Any] = {
        "experiment": found,
        "number": found.evaluations.count() + 1,
        "at": AT - DAY,
        "until": date(2026, 10, 30),
        "frozen": {},
        "digest": "1" * 64,
        "results": RESULTS,
        "proposed": verdict,
        "verdict": verdict,
        "reason": "",
        "finding": "Les places tournent plus vite.",
        "recommendation": "Essayer ailleurs.",
        "decided_at": AT,
    }
    return Evaluation.objects.create(**given | values)


def shared(slug: str = "antony", *, at: datetime = AT, **options: Any) -> Bundle:
    """Have a commune set its parking, pack it and publish it."""
    service = by_key(SERVICE)
    assert service is not None
    with within(place(slug)):
        set_service(service=service, on=True, options=options, by=None)
        bundle = bundles.pack(service=service, licence="etalab-2.0", notes="", at=at, by=None)
        return bundles.publish(bundle=bundle, by=None)


def offered(evaluation: Evaluation | None = None, bundle: Bundle | None = None) -> Common:
    """Put a success of Antony's in the catalogue, in the community in force."""
    made = actions.offer_common(
        evaluation=evaluation or evaluated(),
        bundle=(bundle or shared()).pk,
        title="Stationnement d’Antony",
        summary="La rotation augmente.",
        at=AT,
        by=None,
    )
    return again(made)


def again(common: Common) -> Any:
    """Read a common again, counted."""
    found = commons.common(common.code)
    assert found is not None
    return found


def document_of(bundle: Bundle) -> Document:
    return opened(bundle.document)


def installed(slug: str, document: Document, *, at: datetime = AT) -> Installation:
    """Have a commune install a configuration and switch its service on; the fund hears of it."""
    with within(place(slug)):
        row = bundles.install(document=document, switch_on=True, at=at, by=None)
    deliver(at)
    return row


def copy_of(common: Common, slug: str) -> Replication | None:
    """Give the latest copy of a common in a commune."""
    rows = common.replications.filter(place__slug=slug).select_related("place", "common")
    return rows.order_by("-requested_at", "-pk").first()


def observed(slug: str, days: int, value: str = "4.2", *, since: datetime = AT) -> None:
    """Make an observation of the indicator on each of so many days."""
    with within(place(slug)):
        for n in range(days):
            Observation.objects.create(
                indicator=INDICATOR,
                version=1,
                day=since.date() + n * DAY,
                value=Decimal(value),
                numerator=Decimal(value),
                denominator=Decimal(1),
                at=since + (n + 1) * DAY,
            )


def confirmed(common: Common, slug: str = "sceaux") -> Replication:
    """Have a commune install, measure and be confirmed."""
    installed(slug, document_of_common(common))
    observed(slug, 10)
    row = copy_of(common, slug)
    assert row is not None
    at = AT + 10 * DAY
    actions.measure_replication(replication=row, on=at.date(), at=at, by=None)
    return actions.confirm_replication(
        replication=row, reason="Même effet qu’à Antony.", at=at, by=None
    )


def document_of_common(common: Common) -> Document:
    found = commons.bundle_of(common)
    assert found is not None
    return document_of(found)
