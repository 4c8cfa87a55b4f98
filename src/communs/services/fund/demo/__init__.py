"""The fund's demonstration: the real register of 2018, and made-up calls beside it."""

from __future__ import annotations

from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.service import Service
from communs.services.fund.demo import commons, cycle, experiments, master_plan, register
from communs.services.fund.demo.register import COMMUNIQUE

__all__ = ["COMMUNIQUE", "load", "load_measured", "load_real"]


def load_real(metropolis: Community) -> None:
    """Import the communiqué of 2018, read as it is."""
    register.load(metropolis)


def load(_service: Service, metropolis: Community) -> None:
    """Make up a programme, its calls, applications at every stage, and the master plan."""
    cycle.load(metropolis)
    with within(metropolis):
        master_plan.load()


def load_measured(metropolis: Community) -> None:
    """Make up experiments from what the services measured, what they teach, who takes them over."""
    experiments.load(metropolis)
    with within(metropolis):
        at = timezone.now()
        master_plan.teach(at)
        commons.load(at)
