"""What accounts leave behind: sessions that ended, old counts of wrong passwords."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from communs.core.jobs.timetable import every
from communs.core.people.models import FailedSignIns


@task()
def let_go() -> None:
    """Remove sessions that are over, and wrong passwords older than a day."""
    call_command("clearsessions", verbosity=0)
    FailedSignIns.objects.filter(last__lt=timezone.now() - timedelta(days=1)).delete()


every("15 4 * * *", let_go)
