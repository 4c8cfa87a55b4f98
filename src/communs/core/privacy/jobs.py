"""What happens by itself when the time of something is over."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from communs.core.communities.addresses import absolute, url_of
from communs.core.communities.scope import current
from communs.core.jobs.timetable import every, everyone
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.kit.privacy import ACCOUNT
from communs.core.privacy import actions, queries
from communs.core.privacy.declarations import Declaration, declarations


@task()
def let_go() -> dict[str, int]:
    """Delete what has been kept as long as was said, in every table that counts from a column."""
    now = timezone.now()
    swept = [one for one in declarations() if one.is_owned and _counts_from_a_column(one)]
    gone = {one.label: actions.let_go(one, at=now) for one in reversed(swept)}
    return {label: count for label, count in gone.items() if count}


@task()
def warn_the_absent() -> dict[str, int]:
    """Warn the accounts that nobody used for three years; erase those warned thirty days ago."""
    now = timezone.now()
    today = timezone.localdate(now)
    spared = actions.spare(on=today)
    gone = 0
    for departure in list(queries.departing(on=today)):
        try:
            actions.erase(person=departure.person, at=now, by=None)
            gone += 1
        except Refused:
            continue  # it administers a community from some day on: somebody must choose first
    link = absolute(url_of(current(), "account_login"))
    for person in queries.unused(on=today):
        actions.warn(person=person, link=link, on=today)
    return {"spared": spared, "erased": gone}


def _counts_from_a_column(declaration: Declaration) -> bool:
    counted = declaration.keep_days is not None and declaration.kept_from not in {None, ACCOUNT}
    return counted and not issubclass(declaration.model, Event)  # the journal lets go by itself


every("30 3 * * *", let_go, where=everyone)
every("45 4 * * *", warn_the_absent)
