"""Writes about notices: telling people, and what people say of how they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from communs.core.communities.models import Community
from communs.core.journal.actions import action, nothing_done, record
from communs.core.notifications import hours, notices, queries, questions
from communs.core.notifications.enums import Channel, Pace, SendingState
from communs.core.notifications.models import OPEN, Notification, Preference, Reach, Sending
from communs.core.notifications.notices import Notice
from communs.core.people.models import Person
from communs.core.privacy.consents import agreeing, keep_answers


@dataclass(frozen=True, slots=True)
class Link:
    """Where a notification leads: a page, in a community."""

    place: Community
    route: str
    args: tuple[Any, ...] = ()


@action("notifications.notified")
def notify(
    *,
    notice: str,
    people: Iterable[Person],
    subject: models.Model | str,
    once: str,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    link: Link | None = None,
    by: Any = None,
) -> list[Notification]:
    """Tell people something, in the community in force; who was told it already is left alone.

    `once` names the news: a listener gives its event's key, so that hearing twice tells once.
    """
    kind = notices.named(notice)
    kind.check(data or {})
    told = Notification.objects.filter(once=once).values_list("person", flat=True)
    new = [person for person in people if person.pk not in set(told)]
    if not new:
        nothing_done()
        return []
    facts: dict[str, Any] = {"notice": notice, "once": once, "at": at, "data": dict(data or {})}
    facts["subject"] = name = (
        subject if isinstance(subject, str) else f"{subject._meta.label_lower}:{subject.pk}"
    )
    if link:
        facts |= {"place": link.place, "route": link.route, "args": list(link.args)}
    rows = Notification.objects.bulk_create([Notification(person=p, **facts) for p in new])
    _send(kind, rows, at)
    record(name, notice=notice, people=[str(person.pk) for person in new])
    return rows


def _send(kind: Notice, rows: list[Notification], at: datetime) -> None:
    people = [row.person for row in rows]
    reach, chosen = queries.reaches(people), queries.choices(kind.key, people)
    texted = agreeing(people, questions.TEXTS.key)
    made = [
        Sending(notification=row, channel=channel, together=_waits(kind, channel, reach, row))
        for row in rows
        for channel in _ways(
            kind, reach[row.person_id], chosen, row, texted=row.person_id in texted
        )
    ]
    Sending.objects.bulk_create(made)
    for sending in made:
        _queue(kind, sending, at)


def _ways(
    kind: Notice, reach: Reach, chosen: dict, row: Notification, *, texted: bool
) -> list[Channel]:
    """Give the ways by which a notification leaves, as its reader wishes."""
    key = row.person_id
    ways = []
    by_default = Channel.EMAIL in kind.channels
    if kind.always or chosen.get((key, Channel.EMAIL), by_default):
        ways.append(Channel.CALL if reach.call_me else Channel.EMAIL)
    if texted and reach.phone and chosen.get((key, Channel.SMS), Channel.SMS in kind.channels):
        ways.append(Channel.SMS)
    return ways


def _waits(kind: Notice, channel: Channel, reach: dict, row: Notification) -> bool:
    slow = reach[row.person_id].pace != Pace.AT_ONCE
    return slow and kind.can_wait and channel == Channel.EMAIL


def _queue(kind: Notice, sending: Sending, at: datetime) -> None:
    """Have it sent by a worker, unless it waits for others or for an agent."""
    from communs.core.notifications.jobs import send  # the job imports what sends

    if sending.channel == Channel.EMAIL and not sending.together:
        send.enqueue(str(sending.pk))
    elif sending.channel == Channel.SMS and settings.COMMUNS_SMS_URL:
        due = at if kind.urgent else hours.waking(at)
        send.using(run_after=due).enqueue(str(sending.pk))


def mark_read(*, person: Any, at: datetime, key: Any = None) -> int:
    """Keep that a person has read one notification, or all; no event: reading changes nothing."""
    rows = Notification.objects.filter(person=person, read_at=None)
    return (rows.filter(pk=key) if key else rows).update(read_at=at)


@action("notifications.wishes_changed")
def set_wishes(
    *,
    person: Person,
    language: str,
    pace: str,
    phone: str,
    call_me: bool,
    wanted: Mapping[tuple[str, str], bool],
    at: datetime,
    by: Any,
) -> None:
    """Keep how a person wishes to be reached, and which notices they want by which way."""
    values = {"language": language, "pace": pace, "phone": phone, "call_me": call_me}
    Reach.objects.update_or_create(person=person, defaults=values)
    for (notice, channel), wish in wanted.items():
        _prefer(person, notice, channel, wanted=wish)
    texts = any(wish for (_notice, channel), wish in wanted.items() if channel == Channel.SMS)
    answers = {questions.TEXTS.key: texts, questions.CALLS.key: call_me}
    keep_answers(answers, person=person, at=at)
    refused = sorted(f"{notice} {channel}" for (notice, channel), on in wanted.items() if not on)
    record(person, pace=pace, refused=refused)


@action("notifications.unsubscribed")
def unsubscribe(*, person: Person, notice: str, by: Any) -> None:
    """Stop a notice's e-mails; asked by the link in one of them."""
    if notices.named(notice).always:
        nothing_done()
        return
    _prefer(person, notice, Channel.EMAIL, wanted=False)
    record(person, notice=notice)


def _prefer(person: Person, notice: str, channel: str, *, wanted: bool) -> None:
    Preference.objects.update_or_create(
        person=person, notice=notice, channel=channel, defaults={"wanted": wanted}
    )


@action("notifications.sent_by_hand")
def settle(*, sending: Sending, reached: bool, at: datetime, by: Any) -> None:
    """Keep that an agent called or wrote, or that nobody answered; the latter stays to be done."""
    mine = Sending.objects.filter(pk=sending.pk, state__in=OPEN)
    values: dict[str, Any] = {"attempts": sending.attempts + 1, "sent_by": by.pk}
    values["state"] = SendingState.SENT if reached else SendingState.FAILED
    values["sent_at"] = at if reached else None
    if mine.update(**values):
        record(sending, channel=sending.channel, reached=reached)
    else:
        nothing_done()


def stop(*, person: UUID, purpose: str) -> None:
    """Do what the withdrawal of a consent means here; the event is the withdrawal's own."""
    if purpose == questions.TEXTS.key:
        Preference.objects.filter(person=person, channel=Channel.SMS).update(wanted=False)
    elif purpose == questions.CALLS.key:
        Reach.objects.filter(person=person).update(call_me=False)
