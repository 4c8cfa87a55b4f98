"""Sends the letters of accounts; the one door by which they leave.

A letter is a job: the page answers before any mail server does, and a server that is down is
tried again. The job's row is unreadable without the installation's key, since letters hold codes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import smtplib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage

from communs.core.communities.scope import across, scope, within
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job
from communs.core.people.letters import Letter

_FOR_GOOD = 500  # codes from here on are a mail server's last word (RFC 5321)


def send(letter: Letter, *, to: str | None) -> None:
    """Send a letter; one to nobody costs the same work, so that time tells no address apart."""
    from communs.core.people.jobs import post  # the job imports what delivers

    facts = {"subject": letter.subject, "text": letter.text, "to": to}
    sealed = _box(settings.SECRET_KEY).encrypt(json.dumps(facts).encode()).decode()
    if scope().community is None:  # a command, before any community is loaded: no queue is there
        deliver(sealed)
    else:
        post.enqueue(sealed)


def deliver(sealed: str) -> None:
    """Hand a sealed letter to the mail server; raises OSError or SMTPException while it cannot."""
    facts = json.loads(_box(settings.SECRET_KEY).decrypt(sealed.encode()))
    if facts["to"] is not None:
        EmailMessage(facts["subject"], facts["text"], to=[facts["to"]]).send()


def forget(address: str) -> int:
    """Delete the letters to an address that did not leave, wherever they wait; gives how many."""
    from communs.core.people.jobs import post  # the job imports what delivers

    with across("letters to an account that is erased"):
        rows = Job.everywhere.filter(task=post.module_path).exclude(state=JobState.DONE)
        waiting = [row for row in rows.select_related("community") if _is_to(row, address)]
    for row in waiting:
        with within(row.community):
            row.delete()
    return len(waiting)


def _is_to(job: Job, address: str) -> bool:
    """Tell whether a letter goes to an address; one of a former key can be read by nobody."""
    try:
        facts = json.loads(_box(settings.SECRET_KEY).decrypt(str(job.args[0]).encode()))
    except (IndexError, InvalidToken):
        return False
    return bool(facts["to"] == address)


def refusal(error: Exception) -> str:
    """Give a mail server's last word on a message, or nothing if it is worth another try."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ""  # our settings are wrong, not the message: somebody will put them right
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers: list[tuple[int, bytes | str]] = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    else:
        return ""
    if any(code < _FOR_GOOD for code, _words in answers):
        return ""
    code, words = answers[0]
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{code} {said}"[:300]


@lru_cache(maxsize=2)
def _box(secret: str) -> Fernet:
    digest = hashlib.sha256(b"communs.people.mail:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
