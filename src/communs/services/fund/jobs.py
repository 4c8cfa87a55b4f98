"""What goes by itself: drafts that nobody wrote in for as long as their form says."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django_tasks import task

from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.jobs.timetable import every
from communs.services.fund import actions, queries
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application


@task()
def forget_drafts() -> int:
    """Erase the drafts whose time is over; give how many."""
    at = timezone.now()
    due = list(queries.forgotten_drafts(at=at))
    for application in due:
        actions.forget_draft(application=application, at=at, by=None)
    return len(due)


def with_drafts() -> Iterable[Community]:
    """Give the communities that have drafts."""
    with across("which communities have drafts of applications"):
        rows = Application.everywhere.filter(stage=Stage.DRAFT).order_by()
        keys = list(rows.values_list("community", flat=True).distinct())
    return Community.objects.filter(pk__in=keys)


# Before the answers themselves go, at ten to four.
every("40 3 * * *", forget_drafts, where=with_drafts)
