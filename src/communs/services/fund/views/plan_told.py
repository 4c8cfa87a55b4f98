"""What the pages of the master plan show, in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communs.core.kit.localised import number
from communs.services.fund.enums import Challenge
from communs.services.fund.models import Grant
from communs.services.fund.queries.master_plan import UNCLASSIFIED, Row, Rung
from communs.services.fund.views import proofs


def rungs() -> list[dict[str, str]]:
    """Give each rung with what it means; the pages say it beside the figures."""
    meant = {
        Rung.FUNDED: _("A grant was awarded. It counts under its first challenge."),
        Rung.LIVE: _(
            "The experiment has begun, or the service that answers to the grant is switched on"
            " where it should be."
        ),
        Rung.PROVEN: _(
            "The latest evaluation that somebody decided on says “to be generalised” or “to be"
            " adapted”."
        ),
        Rung.REPLICATED: _("Another commune runs it, measured it, and it was confirmed there."),
    }
    return [{"key": str(rung), "label": str(rung.label), "means": meant[rung]} for rung in Rung]


def row(found: Row) -> dict[str, Any]:
    """Give a challenge with its figures; each leads to the rows behind it."""
    key = found.challenge.value if found.challenge else UNCLASSIFIED
    return {
        "key": key,
        "label": label(found.challenge),
        "href": reverse("fund:challenge", args=[key]),
        "figures": [_figure(found, rung) for rung in Rung],
        "silent": found.silent,
        "workstreams": [one for one in found.workstreams if one.closed_on is None],
        "closed": [one for one in found.workstreams if one.closed_on is not None],
        "lessons": found.lessons,
        "lesson_count": found.lesson_count,
    }


def tabs(found: Row, current: Rung) -> list[dict[str, Any]]:
    """Give the rungs of a challenge as tabs; an unknown count is left out."""
    return [
        {
            "label": str(rung.label),
            "href": f"?etape={rung.value}",
            "current": rung is current,
            "count": found.known(rung),
        }
        for rung in Rung
    ]


def grant(found: Grant) -> dict[str, Any]:
    """Give a grant as a row of a challenge: how far its experiment is, and what it ended with."""
    experiment = next(iter(found.experiments.all()), None)
    decided = list(experiment.evaluations.all()) if experiment else []
    last = max(decided, key=lambda one: one.number, default=None)
    if last is not None and experiment is not None:
        last.experiment = experiment
    return {
        "grant": found,
        "href": reverse("fund:grant", args=[found.reference]),
        "experiment": experiment,
        "experiment_href": proofs.experiment_href(experiment) if experiment else "",
        "verdict": last.get_verdict_display() if last else "",
        "verdict_href": proofs.evaluation_href(last) if last else "",
    }


def label(challenge: Challenge | None) -> str:
    """Name a challenge, or say that there is none."""
    return str(challenge.label) if challenge else _("Without a challenge")


def _figure(found: Row, rung: Rung) -> dict[str, Any]:
    key = found.challenge.value if found.challenge else UNCLASSIFIED
    count = found.known(rung)
    return {
        "rung": str(rung.label),
        "value": None if count is None else number(count),
        "href": f"{reverse('fund:challenge', args=[key])}?etape={rung.value}",
    }
