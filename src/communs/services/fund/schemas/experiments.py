"""What the API and the files give of experiments and evaluations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from communs.core.registry.service import noop
from communs.services.fund.models import Evaluation, Experiment


class JudgeOut(Schema):
    """An indicator that judges an experiment."""

    indicator: str
    control: str
    aim: str
    baseline_from: date
    baseline_until: date
    target: float | None
    least_days: int


class ExperimentOut(Schema):
    """An experiment that began. A verdict that nobody decided is null."""

    code: str = Field(description=noop("Name of the experiment, for good"))
    title: str
    question: str
    grant: str = Field(description=noop("Reference of the grant that pays it"))
    service: str
    site: str = Field(description=noop("Slug of the commune where it is tried"))
    insee: str | None
    state: str
    starts_on: date | None
    ends_on: date | None
    protocol_sha256: str
    verdict: str | None = Field(description=noop("Decided by a person; null: not decided"))
    verdict_proposed: str | None = Field(description=noop("What followed from the figures alone"))
    decided_at: datetime | None
    evaluation: int | None = Field(description=noop("Number of the evaluation decided on"))
    demonstration: bool


class ExperimentWithProtocol(ExperimentOut):
    """An experiment with how it is judged."""

    indicators: list[JudgeOut]
    comparisons: list[str]


class ExperimentsOut(Schema):
    """A page of experiments."""

    count: int
    offset: int
    limit: int
    experiments: list[ExperimentOut]


class EvaluationOut(Schema):
    """An evaluation: what was found, what was decided, where its figures are."""

    experiment: str
    number: int
    at: datetime
    until: date
    digest: str = Field(description=noop("SHA-256 of the frozen figures, as their file gives them"))
    proposed: str
    verdict: str | None
    reason: str
    finding: str
    recommendation: str
    decided_at: datetime | None
    results: dict[str, Any] = Field(description=noop("One finding an indicator, with its doubts"))


EXPERIMENT_COLUMNS = tuple(ExperimentOut.model_fields)


def experiment_row(one: Experiment) -> dict[str, Any]:
    """Give an experiment as its schema has it, with the last evaluation that was decided."""
    last = next((found for found in one.evaluations.all() if found.decided_at), None)
    return {
        "code": one.code,
        "title": one.title,
        "question": one.question,
        "grant": one.grant.reference,
        "service": one.service,
        "site": one.site.slug,
        "insee": one.site.insee,
        "state": one.state,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "protocol_sha256": one.protocol_sha256,
        "verdict": last.verdict if last else None,
        "verdict_proposed": last.proposed if last else None,
        "decided_at": last.decided_at if last else None,
        "evaluation": last.number if last else None,
        "demonstration": one.demonstration,
    }


def experiment_out(one: Experiment) -> dict[str, Any]:
    """Give an experiment with its protocol."""
    judges = [
        {
            "indicator": judge.indicator,
            "control": judge.control,
            "aim": judge.aim,
            "baseline_from": judge.baseline_from,
            "baseline_until": judge.baseline_until,
            "target": None if judge.target is None else float(judge.target),
            "least_days": judge.least_days,
        }
        for judge in one.indicators.all()
    ]
    compared = [row.other.slug for row in one.comparisons.all()]
    return experiment_row(one) | {"indicators": judges, "comparisons": compared}


def evaluation_out(one: Evaluation, code: str) -> dict[str, Any]:
    """Give an evaluation as its schema has it."""
    return {
        "experiment": code,
        "number": one.number,
        "at": one.at,
        "until": one.until,
        "digest": one.digest,
        "proposed": one.proposed,
        "verdict": one.verdict or None,
        "reason": one.reason,
        "finding": one.finding,
        "recommendation": one.recommendation,
        "decided_at": one.decided_at,
        "results": one.results,
    }
