"""What people are asked to agree to, and what they answered: the latest answer counts.

A part declares its questions; what needs a yes looks at `agreed` before it acts. A consent asked
again in other words is another version, and the earlier yes no longer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused
from communs.core.privacy.enums import Way
from communs.core.privacy.models import Consent


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's last answer to a question asked here; a question no longer asked is its name."""

    row: Consent
    title: str
    in_force: bool

    @property
    def way(self) -> str:
        return str(Way(self.row.way).label)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is done only for who agreed: its words, and their version."""

    key: str
    title: Promise | str
    wording: Promise | str
    version: int = 1


_questions: dict[str, Question] = {}


def ask_for(question: Question) -> Question:
    """Make a question known; its key begins with the part's or service's name."""
    _questions[question.key] = question
    return question


def questions() -> list[Question]:
    """Give every question, by name."""
    return [_questions[key] for key in sorted(_questions)]


def question(key: str) -> Question:
    """Give a question; raises Refused for one that nobody asks."""
    if key not in _questions:
        raise Refused(_("Nobody asks for this consent."), field="purpose")
    return _questions[key]


def latest(person: Any) -> dict[str, Consent]:
    """Give a person's latest answer to each question asked here: one query."""
    found: dict[str, Consent] = {}
    for row in Consent.objects.filter(person=person.pk).order_by("id"):
        found[row.purpose] = row
    return found


def answers_of(person: Any) -> list[Answer]:
    """Give a person's last answers here, the latest first."""
    rows = sorted(latest(person).values(), key=lambda row: row.at, reverse=True)
    return [_read(row) for row in rows]


def agreed(person: Any, key: str) -> bool:
    """Tell whether a person said yes, last, to the question as it is asked now."""
    return bool(agreeing([person], key))


def agreeing(people: Iterable[Any], key: str) -> set[UUID]:
    """Give the keys of those people who said yes, last, to the question as it is asked now."""
    last: dict[UUID, bool] = {}
    rows = Consent.objects.filter(person__in=[one.pk for one in people], purpose=key)
    for row in rows.order_by("id"):
        last[row.person] = row.given and row.version == question(key).version
    return {person for person, yes in last.items() if yes}


def keep_answers(
    answers: Mapping[str, bool],
    *,
    person: Any,
    at: datetime,
    way: Way = Way.SITE,
    noted_by: UUID | None = None,
) -> list[Consent]:
    """Keep the answers that change something; called inside an action, which records."""
    before = latest(person)
    new = [
        Consent(
            person=person.pk,
            purpose=key,
            version=question(key).version,
            given=given,
            wording=str(question(key).wording),
            way=way,
            noted_by=noted_by,
            at=at,
        )
        for key, given in answers.items()
        if _differs(before.get(key), given, question(key).version)
    ]
    return list(Consent.objects.bulk_create(new))


def counts(keys: Iterable[str]) -> dict[str, int]:
    """Give how many people agree today to each question: one query, however many people."""
    wanted = set(keys)
    last: dict[tuple[UUID, str], bool] = {}
    rows = Consent.objects.filter(purpose__in=wanted).order_by("id")
    for person, purpose, given in rows.values_list("person", "purpose", "given").iterator():
        last[person, purpose] = given
    return {
        key: sum(yes for (_p, purpose), yes in last.items() if purpose == key) for key in wanted
    }


def _differs(before: Consent | None, given: bool, version: int) -> bool:
    if before is None:
        return given  # a no that nobody asked for is no answer
    return (before.given, before.version if given else version) != (given, version)


def _read(row: Consent) -> Answer:
    asked = _questions.get(row.purpose)
    if asked is None:
        return Answer(row, row.purpose, in_force=False)
    return Answer(row, str(asked.title), row.given and row.version == asked.version)
