"""The letters of accounts, and what accounts leave behind: old sessions, old wrong passwords."""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from communs.core.jobs.timetable import every
from communs.core.people import mail
from communs.core.people.models import FailedSignIns

log = logging.getLogger(__name__)
_FIRST = 50  # somebody waits before their screen


@task(attempts=8, priority=_FIRST, forgets=True)
def post(sealed: str) -> None:
    """Hand a letter to the mail server; a code is worthless after 15 minutes, so 20 is enough."""
    try:
        mail.deliver(sealed)
    except smtplib.SMTPException as error:
        reason = mail.refusal(error)
        if not reason:
            raise
        log.warning("the mail server refused a letter: %s", reason[:3])  # its words may name whom


@task()
def let_go() -> None:
    """Remove sessions that are over, and wrong passwords older than a day."""
    call_command("clearsessions", verbosity=0)
    FailedSignIns.objects.filter(last__lt=timezone.now() - timedelta(days=1)).delete()


every("15 4 * * *", let_go)
