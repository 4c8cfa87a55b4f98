"""Experiments and their evaluations, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from communs.services.fund.enums import Challenge, ExperimentState
from communs.services.fund.queries import experiments as queries
from communs.services.fund.schemas import (
    EvaluationOut,
    ExperimentsOut,
    ExperimentWithProtocol,
    evaluation_out,
    experiment_out,
    experiment_row,
)

router = Router()


@router.get("/experimentations", response=ExperimentsOut, url_name="fund_experiments")
def experiments(
    request: HttpRequest,
    state: ExperimentState | None = None,
    challenge: Challenge | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """List the experiments that began, with their verdict."""
    rows = queries.public_experiments()
    if state:
        rows = rows.filter(state=state)
    if challenge:
        rows = rows.filter(grant__challenge=challenge)
    found = [experiment_row(one) for one in rows[offset : offset + limit]]
    return {"count": rows.count(), "offset": offset, "limit": limit, "experiments": found}


@router.get("/experimentations/{code}", response=ExperimentWithProtocol, url_name="fund_experiment")
def experiment(request: HttpRequest, code: str) -> dict[str, Any]:
    """Give an experiment with how it is judged."""
    return experiment_out(_experiment(code))


@router.get(
    "/experimentations/{code}/evaluations/{int:number}",
    response=EvaluationOut,
    url_name="fund_evaluation",
)
def evaluation(request: HttpRequest, code: str, number: int) -> dict[str, Any]:
    """Give an evaluation whose verdict was decided."""
    found = queries.evaluation(_experiment(code), number)
    if found is None or found.decided_at is None:
        raise Http404(code)
    return evaluation_out(found, code)


def _experiment(code: str) -> Any:
    found = queries.public_experiments().filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found
