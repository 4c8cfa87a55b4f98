"""What pages may listen to: events turned into topics, by those who declare them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from communs.core.journal.models import Event


@dataclass(frozen=True, slots=True)
class Message:
    """A few plain facts for who listens to a topic; never anything personal."""

    topic: str
    data: dict[str, Any] = field(default_factory=dict)


Translator = Callable[[Event], Iterable[Message]]

_by_event: dict[str, list[Translator]] = {}
_public: set[str] = set()


def translates(*events: str, topics: Sequence[str] = ()) -> Callable[[Translator], Translator]:
    """Have a function turn these events into messages; `topics` are those that anybody may hear.

    A part does so in its `listeners`. Other topics need a ticket.
    """

    def keep(translator: Translator) -> Translator:
        for name in events:
            _by_event.setdefault(name, []).append(translator)
        _public.update(topics)
        return translator

    return keep


def heard_of() -> list[str]:
    """Give the names of the events that anything is made of."""
    return sorted(_by_event)


def messages_of(event: Event) -> list[Message]:
    """Give what an event says to open pages."""
    found = [message for tell in _by_event.get(event.name, ()) for message in tell(event)]
    return list({message.topic: message for message in found}.values())


def is_public(topic: str) -> bool:
    """Tell whether anybody may hear this topic."""
    return topic in _public


def of_person(key: object) -> str:
    """Give the topic of one account's notices; only its ticket opens it."""
    return f"person.{getattr(key, 'hex', key)}"
