"""Who hears of what becomes of the register and of applications."""

from communs.services.fund.listeners.agreements import tell_of_agreement
from communs.services.fund.listeners.applications import (
    tell_applicants,
    tell_instructor,
    tell_invited,
)
from communs.services.fund.listeners.commons import (
    follow_copies,
    note_trials,
    tell_of_copy,
    tell_withdrawn,
)
from communs.services.fund.listeners.decisions import tell_decided
from communs.services.fund.listeners.experiments import (
    configure_from_agreement,
    tell_of_experiment,
)
from communs.services.fund.listeners.master_plan import (
    draw_lesson,
    tell_reviewers,
)
from communs.services.fund.listeners.register import REGISTER, tell_agents, tell_pages

__all__ = [
    "REGISTER",
    "configure_from_agreement",
    "draw_lesson",
    "follow_copies",
    "note_trials",
    "tell_agents",
    "tell_applicants",
    "tell_decided",
    "tell_instructor",
    "tell_invited",
    "tell_of_agreement",
    "tell_of_copy",
    "tell_of_experiment",
    "tell_pages",
    "tell_reviewers",
    "tell_withdrawn",
]
