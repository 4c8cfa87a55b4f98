"""The demonstration's master plan: workstreams by challenge, and what evaluations taught."""

from __future__ import annotations

from datetime import datetime, timedelta

from communs.services.fund import actions
from communs.services.fund.enums import Challenge, LessonState
from communs.services.fund.models import Lesson
from communs.services.fund.queries import master_plan

_MADE_UP = "Chantier inventé pour la démonstration."
# The first two challenges as the metropolis presents its plan; the others are examples.
_WORKSTREAMS = (
    (Challenge.CONNECTED, "Fibre", ""),
    (Challenge.CONNECTED, "Réseaux mobiles", ""),
    (Challenge.CONNECTED, "Wi-Fi public", ""),
    (Challenge.AGILE, "Administration en ligne", ""),
    (Challenge.AGILE, "Outils d’aide à la décision", ""),
    (Challenge.INCLUSIVE, "Aide au numérique (exemple)", _MADE_UP),
    (Challenge.RESILIENT, "Rues et livraisons (exemple)", _MADE_UP),
    (Challenge.ATTRACTIVE, "Données ouvertes (exemple)", _MADE_UP),
    (Challenge.COLLABORATIVE, "Services mis en commun (exemple)", _MADE_UP),
)
_DAY = timedelta(days=1)


def load() -> None:
    """Write the workstreams, in the community in force."""
    for challenge, title, summary in _WORKSTREAMS:
        actions.add_workstream(challenge=challenge, title=title, summary=summary, by=None)


def teach(at: datetime) -> None:
    """Draw a lesson from each decided evaluation; the oldest enters the plan, the others wait."""
    found = master_plan.untold(None, on=at.date()).filter(experiment__demonstration=True)
    for evaluation in found.filter(decided_at__isnull=False).order_by("decided_at"):
        challenge = master_plan.challenge_of(evaluation)
        finding = evaluation.finding or evaluation.reason
        if challenge and finding:
            actions.propose_lesson(
                evaluation=evaluation,
                challenge=challenge,
                finding=finding,
                recommendation=evaluation.recommendation,
                at=evaluation.decided_at or at,
                by=None,
            )
    first = Lesson.objects.order_by("written_at", "pk").first()
    if first is not None:
        reviewed = min(at, first.written_at + _DAY)
        actions.review_lesson(lesson=first, outcome=LessonState.ACCEPTED, at=reviewed, by=None)
