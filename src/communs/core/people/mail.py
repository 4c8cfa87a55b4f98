"""Sends the letters of accounts; the one door by which they leave."""

from __future__ import annotations

import logging
import smtplib

from django.core.mail import EmailMessage

from communs.core.people.letters import Letter

log = logging.getLogger(__name__)


def send(letter: Letter, *, to: str | None) -> None:
    """Send a letter; one to nobody costs the same work, so that time tells no address apart."""
    message = EmailMessage(letter.subject, letter.text, to=[to or "nobody@communs.invalid"])
    if to is not None:
        deliver(message)


def deliver(message: EmailMessage) -> None:
    """Hand the message to the mail server; a server that is down is logged, and breaks no page."""
    try:
        message.send()
    except (OSError, smtplib.SMTPException):
        log.exception("the mail server refused a message")
