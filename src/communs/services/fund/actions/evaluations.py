"""An experiment is evaluated: figures frozen, effects worked out, a verdict decided by a person."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_text
from communs.core.kit.timespans import PARIS
from communs.services.fund.actions.experiments import hold, move_to
from communs.services.fund.engine.evaluating import series
from communs.services.fund.engine.evaluating.assessing import assess
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.enums import Verdict
from communs.services.fund.models import Evaluation, Experiment
from communs.services.fund.queries.freezing import freeze
from communs.services.fund.rules import kept_away


@action("fund.experiment_evaluated")
def evaluate_experiment(
    *, experiment: Experiment, until: date | None = None, at: datetime, by: Any
) -> Evaluation:
    """Freeze the figures up to a day, work the effects out, and propose a verdict.

    Another evaluation gets the next number: none is ever written over.
    """
    row = hold(experiment)
    if row.state not in (State.MEASURED, State.EVALUATED):
        raise Refused(_("Say first on which day the trial ended: it is evaluated afterwards."))
    today = at.astimezone(PARIS).date()
    last = until or row.ends_on or today
    if last > today or (row.starts_on is not None and last <= row.starts_on):
        raise Refused(
            _("The last day lies after the start, and is not still to come."), field="until"
        )
    frozen = freeze(row, last, on=today)
    results = assess(frozen)
    made = Evaluation.objects.create(
        experiment=row,
        number=Evaluation.objects.filter(experiment=row).count() + 1,
        at=at,
        until=last,
        frozen=frozen,
        digest=series.digest(frozen),
        results=results,
        proposed=results["proposed"],
    )
    record(
        made,
        experiment=row.code,
        number=made.number,
        proposed=made.proposed,
        digest=made.digest,
    )
    return made


@action("fund.verdict_decided")
def decide_verdict(
    *,
    evaluation: Evaluation,
    verdict: str,
    reason: str = "",
    finding: str = "",
    recommendation: str = "",
    final_cost: Decimal | None = None,
    at: datetime,
    by: Any,
) -> Evaluation:
    """Decide, beside the verdict that is proposed; another one says why. It changes no more."""
    row = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    experiment = hold(row.experiment)
    _refuse(row, experiment, by, at)
    why = clean_text(reason)
    if verdict not in Verdict.values:
        raise Refused(_("Choose one of the five verdicts."), field="verdict")
    if verdict != row.proposed and not why:
        raise Refused(
            _("You decide otherwise than what the figures propose: say why."), field="reason"
        )
    row.verdict, row.reason = Verdict(verdict), why
    row.finding, row.recommendation = clean_text(finding), clean_text(recommendation)
    row.final_cost = final_cost
    row.decided_at, row.decided_by = at, getattr(by, "pk", None)
    row.save(
        update_fields=[
            "verdict",
            "reason",
            "finding",
            "recommendation",
            "final_cost",
            "decided_at",
            "decided_by",
        ]
    )
    if experiment.state == State.MEASURED:
        move_to(experiment, State.EVALUATED, at)
    record(
        row,
        experiment=experiment.code,
        number=row.number,
        verdict=row.verdict,
        proposed=row.proposed,
    )
    return row


def undecidable(row: Evaluation) -> str:
    """Say why nobody decides on an evaluation any more, or nothing where somebody may."""
    if row.decided_at is not None:
        return _("This verdict was decided. Make another evaluation to decide again.")
    later = Evaluation.objects.filter(experiment=row.experiment_id, number__gt=row.number)
    return _("A later evaluation exists: decide on that one.") if later.exists() else ""


def _refuse(row: Evaluation, experiment: Experiment, by: Any, at: datetime) -> None:
    refused = undecidable(row)
    if refused:
        raise Refused(refused)
    today = at.astimezone(PARIS).date()
    if by is not None and kept_away(by, experiment, on=today):
        raise Refused(_("This experiment concerns you: somebody else decides."))
