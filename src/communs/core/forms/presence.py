"""Who else writes in the same answers now; forgotten after a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from communs.core.forms.engine.walking import places
from communs.core.forms.models import Answers, Presence
from communs.core.forms.telling import label_of

A_WHILE = timedelta(minutes=1)
_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who has these answers open, and the question they are at."""

    name: str
    path: str
    label: str


def note(*, answers: Answers, person: Any, field: str, at: datetime) -> None:
    """Say that somebody is there, at a question or at none; no event is made of it."""
    if not getattr(person, "is_authenticated", False):
        return
    values = {"field": field[:_LONGEST], "at": at}
    Presence.objects.update_or_create(answers=answers, person=person, defaults=values)


def leave(*, answers: Answers, person: Any) -> None:
    """Say that somebody went."""
    Presence.objects.filter(answers=answers, person=person).delete()


def colleagues(answers: Answers, *, person: Any, at: datetime) -> list[Colleague]:
    """Give who else is there; one query."""
    rows = Presence.objects.filter(answers=answers, at__gt=at - A_WHILE).select_related("person")
    others = [row for row in rows if row.person_id != getattr(person, "pk", None)]
    whole = places(answers.version.read(), answers.values) if others else ()
    labels = {place.path: label_of(place) for place in whole}
    return [Colleague(row.person.name, row.field, labels.get(row.field, "")) for row in others]


def let_go(*, at: datetime) -> int:
    """Forget who was there."""
    count: int = Presence.objects.filter(at__lte=at - A_WHILE).delete()[0]
    return count
