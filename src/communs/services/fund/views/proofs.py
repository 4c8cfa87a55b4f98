"""Where the evidence of an experiment is read, and what it says in short."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communs.services.fund.models import Evaluation, Experiment
from communs.services.fund.queries import finding_words


def experiment_href(experiment: Experiment) -> str:
    """Give the address of an experiment's page."""
    return reverse("fund:experiment", args=[experiment.code])


def evaluation_href(evaluation: Evaluation) -> str:
    """Give the address of an evaluation's report."""
    return reverse("fund:evaluation", args=[evaluation.experiment.code, evaluation.number])


def effects(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Give what each indicator shows: the effect with its interval; None is unknown."""
    return [_effect(one) for one in evaluation.results.get("indicators", ())]


def _effect(one: dict[str, Any]) -> dict[str, Any]:
    key, effect = one["key"], one["effect"]
    known = {
        "effect": finding_words.figure(key, effect, sign=True),
        "interval": finding_words.interval(key, one["low"], one["high"]),
    }
    told = None if effect is None else _("%(effect)s (%(interval)s)") % known
    return {"label": finding_words.title_of(key), "value": told}
