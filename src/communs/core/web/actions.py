"""Writes of the pages that belong to no service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import gettext as _
from stdnum.fr import siret as sirets

from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.jobs import keeping
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job
from communs.core.journal.actions import action, nothing_done, record
from communs.core.journal.enums import Delivery
from communs.core.journal.models import Undelivered
from communs.core.kit.errors import Refused


@action("web.look_set")
def set_look(*, brand: str, warm: str, by: Any) -> Community:
    """Keep the colours of the community in force."""
    here = current()
    here.brand, here.warm = brand.lower(), warm.lower()
    here.save(update_fields=["brand", "warm"])
    record(here, brand=here.brand, warm=here.warm)
    return here


@action("web.host_set")
def set_host(*, community: Community, host: str, by: Any) -> Community:
    """Give a community a host name of its own, or none; the metropolis' journal keeps it."""
    host = host.lower().rstrip(".")
    if host == (community.host or ""):
        nothing_done()
        return community
    if host and not validate_host(host, settings.ALLOWED_HOSTS):
        raise Refused(_("This site does not answer to it: add it to COMMUNS_HOSTS."), field="host")
    if host and Community.objects.filter(host=host).exists():
        raise Refused(_("Another community has this host name."), field="host")
    before, community.host = community.host, host or None
    community.save(update_fields=["host"])
    record(community, before=before, host=community.host)
    return community


@action("web.siret_set")
def set_siret(*, community: Community, siret: str, by: Any) -> Community:
    """Keep the SIRET of a community, or that it is not known; open data name bodies by it."""
    number = sirets.compact(siret)
    if number and not sirets.is_valid(number):
        sentence = _("This is no SIRET: fourteen digits, the last of which checks the others.")
        raise Refused(sentence, field="siret")
    if number and community.siren and not number.startswith(community.siren):
        sentence = _("The SIRET of %(name)s begins with its SIREN number, %(siren)s.")
        known = {"name": community.name, "siren": community.siren}
        raise Refused(sentence % known, field="siret")
    if number and Community.objects.filter(siret=number).exclude(pk=community.pk).exists():
        raise Refused(_("Another community has this SIRET."), field="siret")
    community.siret = number or None
    community.save(update_fields=["siret"])
    record(community, siret=community.siret)
    return community


@action("web.journal_exported")
def note_export(*, by: Any) -> None:
    """Say that the journal of the community in force was taken out."""
    record(current())


@action("web.job_retried")
def retry_job(*, job: Job, at: datetime, by: Any) -> None:
    """Put a job that was given up back in the queue."""
    if not keeping.try_again(job, at=at):
        raise Refused(_("Only a task that was given up can be tried again."))
    record(job, task=job.task)


@action("web.job_dropped")
def drop_job(*, job: Job, by: Any) -> None:
    """Delete a job that waits or was given up; one at work or done stays."""
    open_or_dead = Job.objects.filter(pk=job.pk, state__in=[JobState.WAITING, JobState.DEAD])
    if not open_or_dead.delete()[0]:
        raise Refused(_("This task is at work or done: it cannot be dropped."))
    record(job, task=job.task)


@action("web.delivery_retried")
def retry_delivery(*, failure: Undelivered, at: datetime, by: Any) -> None:
    """Have a listener told again, its attempts forgotten."""
    rows = Undelivered.objects.filter(pk=failure.pk, state=Delivery.DEAD)
    if not rows.update(state=Delivery.WAITING, due_at=at, attempts=0):
        raise Refused(_("Only a delivery that was given up can be tried again."))
    record(failure, event=str(failure.event_id), listener=failure.listener)


@action("web.delivery_dropped")
def drop_delivery(*, failure: Undelivered, by: Any) -> None:
    """Forget that a listener failed: it will not be told."""
    if not Undelivered.objects.filter(pk=failure.pk).delete()[0]:
        raise Refused(_("This delivery is no longer there."))
    record(failure, event=str(failure.event_id), listener=failure.listener)
