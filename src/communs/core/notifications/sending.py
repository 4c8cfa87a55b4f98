"""Sends what waits: one message, or those that waited for a morning together.

A message leaves at least once: killed between the server's yes and our own note of it, it leaves
again, under the same Message-ID, by which mail programs show one copy.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.utils import translation

from communs.core.communities.addresses import absolute, url_of
from communs.core.communities.scope import current
from communs.core.notifications import hours, letters, queries, texting
from communs.core.notifications.enums import Channel, SendingState
from communs.core.notifications.models import OPEN, Reach, Sending
from communs.core.notifications.wording import words_of
from communs.core.people import mail

ATTEMPTS = 8
_TROUBLE = (OSError, smtplib.SMTPException, texting.Undeliverable)


def send(key: UUID, *, at: datetime) -> str:
    """Send one message and give its state; raises what went wrong while another try is due."""
    row = queries.sendings().filter(pk=key, state__in=OPEN, together=False).first()
    if row is None:
        return ""
    reach = queries.reach_of(row.notification.person)
    carry = _by_mail if row.channel == Channel.EMAIL else _by_text
    return _attempt([row], lambda: carry(row, reach), at)


def gather(day: date) -> list[UUID]:
    """Claim, for that morning, what waits for it; give the accounts that have something.

    A person gets one message a day: who already has one that day waits for the next.
    """
    waiting = Sending.objects.filter(together=True, state__in=OPEN)
    served = Sending.objects.filter(digest_on=day).values("notification__person")
    fresh = waiting.filter(digest_on=None).exclude(notification__person__in=served)
    people = set(fresh.values_list("notification__person", flat=True))
    slow = {r.person_id: r.pace for r in Reach.objects.filter(person__in=people)}
    leaving = [key for key in people if hours.leaves_on(slow.get(key, ""), day)]
    fresh.filter(notification__person__in=leaving).update(digest_on=day)
    due = waiting.filter(digest_on=day).order_by()
    return sorted(due.values_list("notification__person", flat=True).distinct())


def send_digest(person: UUID, day: date, *, at: datetime) -> str:
    """Send what one person waited for, in one message."""
    rows = queries.sendings().filter(
        notification__person=person, together=True, digest_on=day, state__in=OPEN
    )
    found = list(rows.order_by("id"))
    if not found:
        return ""
    reach = queries.reach_of(found[0].notification.person)
    message = letters.digest([row.notification for row in found], reach, day)
    return _attempt(found, message.send, at)


def _by_mail(row: Sending, reach: Reach) -> None:
    letters.letter(row, reach).send()


def _by_text(row: Sending, reach: Reach) -> None:
    carrier = texting.carrier()
    if carrier is None or not reach.phone:
        raise texting.Undeliverable
    carrier.text(to=reach.phone, words=text_message(row, reach), key=row.pk.hex)


def text_message(row: Sending, reach: Reach) -> str:
    """Give the words of a text message: what it is about, and where to read it."""
    with translation.override(reach.language):
        title = words_of(row.notification).title
        return texting.short(title, absolute(url_of(current(), "notifications:list")))


def _attempt(rows: list[Sending], carry: Callable[[], object], at: datetime) -> str:
    """Try once, and keep what came of it."""
    try:
        carry()
    except _TROUBLE as error:
        return _failed(rows, error)
    _keep(rows, state=SendingState.SENT, sent_at=at, reason="")
    return SendingState.SENT


def _failed(rows: list[Sending], error: Exception) -> str:
    last_word = mail.refusal(error)
    over = bool(last_word) or isinstance(error, texting.Undeliverable)
    over = over or rows[0].attempts + 1 >= ATTEMPTS
    reason = f"{type(error).__name__} {last_word}".strip()[:300]
    _keep(rows, state=SendingState.GIVEN_UP if over else SendingState.FAILED, reason=reason)
    if not over:
        raise error
    return SendingState.GIVEN_UP


def _keep(rows: list[Sending], **values: object) -> None:
    keys = [row.pk for row in rows]
    Sending.objects.filter(pk__in=keys).update(attempts=rows[0].attempts + 1, **values)
