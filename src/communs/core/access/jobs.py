"""Letting go of what is too old."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from communs.core.access.models import Delegation, Invitation, Membership
from communs.core.jobs.timetable import every, everyone

_A_MONTH = timedelta(days=30)


@task()
def let_go() -> int:
    """Delete invitations, delegations and memberships whose time is over."""
    now = timezone.now()
    today = timezone.localdate(now)
    gone = Invitation.objects.filter(expires_at__lt=now - _A_MONTH).delete()[0]
    for model in (Delegation, Membership):
        limit = today - timedelta(days=model.Privacy.keep_days)
        gone += model.objects.filter(until__lt=limit).delete()[0]
    return gone


every("20 4 * * *", let_go, where=everyone)
