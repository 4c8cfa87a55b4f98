"""Each night: answers whose time is over go with their files, and nobody is there any more."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from django.db.models import ProtectedError
from django.utils import timezone
from django_tasks import task

from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.forms import actions, presence, queries
from communs.core.forms.models import Answers, Presence
from communs.core.jobs.timetable import every


def with_due() -> Iterable[Community]:
    """Give the communities some of whose answers are past their time, or whose pages were open."""
    with across("which communities have answers whose time is over"):
        due = Answers.everywhere.filter(expires_at__lte=timezone.now()).order_by()
        keys = set(due.values_list("community", flat=True).distinct())
        keys |= set(Presence.everywhere.order_by().values_list("community", flat=True).distinct())
    return Community.objects.filter(pk__in=keys)


@task()
def let_go() -> int:
    """Remove the answers whose time is over; give how many. What a service still holds stays."""
    now, gone = timezone.now(), 0
    presence.let_go(at=now)
    for answers in list(queries.due(at=now)):
        with contextlib.suppress(ProtectedError):
            actions.expire(answers=answers, at=now, by=None)
            gone += 1
    return gone


every("50 3 * * *", let_go, where=with_due)
